"""What stops a run before anything is changed, with the complete message.

A `Problem` is a value: checks return problems, and all that were found are reported together by `stops.Refused`. A
platform's messages are in its own folder and have the same form.
"""

from __future__ import annotations

from ..model import Claim, Problem
from .message import Message

# --- where the project is -----------------------------------------------------------------------------


_FIRST_COMMIT = (
    "Before the first commit, list in .gitignore what to leave out, one pattern per line: __pycache__/,\n"
    "*.sqlite3, your virtual environment (venv/) and files with secrets (.env).\n"
    'Then run: git add --all, and git commit -m "Initial commit"'
)

no_manage_py = Message(
    code="no-manage-py",
    found="There is no manage.py in {folder}.",
    remedy="Run the command in the folder that contains your project's manage.py.\n"
    "If a script of another name does its work, add a manage.py too, as django-admin startproject writes it.",
)

django_not_loaded = Message(
    code="django-not-loaded",
    found="Django cannot be imported by {interpreter}: {reason}",
    remedy="Run this command with a Python version that this Django supports, or upgrade Django.",
    see="https://docs.djangoproject.com/en/stable/faq/install/#what-python-version-can-i-use-with-django",
)

no_django = Message(
    code="no-django",
    found="Django is not installed for {interpreter}, which runs this command.",
    remedy="Activate the environment of your project, and install simple-deploy there.\n"
    "Or run simple-deploy PATH, which uses the environment in the project's folder .venv, venv or env.",
)

no_rehearsal = Message(
    code="no-rehearsal",
    found="The command `rehearse` needs simple-deploy-matrix, which is not installed here.",
    remedy="Install it in this environment, from where simple-deploy was installed.{commands:\nOr run: *}",
)

folder_name = Message(
    code="folder-name",
    found="The path of the project contains a character that other programs cannot handle: {folder}",
    remedy="Rename the folder and run the command again.",
)

git_missing = Message(
    code="git-missing",
    found="The git command was not found.",
    remedy="Install Git, open a new terminal and run the command again.",
    see="https://git-scm.com/downloads",
)

no_repository = Message(
    code="no-repository",
    found="The project in {folder} is not in a Git repository.",
    remedy="Create one: git init\n" + _FIRST_COMMIT,
)

git_failed = Message(
    code="git-failed",
    found="This Git command failed: {command}\n{message}",
    remedy="Fix what Git reports and run the command again.",
)

no_commit = Message(
    code="no-commit",
    found="The Git repository has no commits yet.",
    remedy="Commit your project.\n" + _FIRST_COMMIT,
)

unclean = Message(
    code="git-unclean",
    found="There are uncommitted changes:{lines:\n  *}",
    remedy="Commit or stash them, so that your changes stay apart from ours. To continue anyway,\n"
    "add --ignore-unclean-git: your changes stay uncommitted, and only our files are committed.",
)

no_git_identity = Message(
    code="no-git-identity",
    found="Git has no author identity, so it cannot commit: {message}",
    remedy='Set one: git config --global user.name "Your Name", and git config --global user.email you@example.com',
)

ignored = Message(
    code="git-ignored",
    found="Git ignores files that the platform needs: {paths}.",
    remedy="Remove the matching line from .gitignore (find it with git check-ignore -v) and commit the file.",
)

not_committed = Message(
    code="not-committed",
    found="Git would not commit files that production needs:{files:\n  *}",
    remedy="To have Git commit them:{remedies:\n  *}\n"
    "Then commit or discard what git status shows, and run the command again.",
)

not_tried = Message(
    code="not-tried",
    found="The commit could not be tested in a temporary folder: {reason}.",
    remedy="Make the temporary folder (TMPDIR) writable or free some disk space, then run the same command again.",
)

unfinished = Message(
    code="git-unfinished",
    found="A {operation} is in progress in this repository.",
    remedy="Finish or abort it ({finish}), then run the command again.",
)

detached_head = Message(
    code="detached-head",
    found="No branch is checked out (detached HEAD), so the configuration commit would be on no branch.",
    remedy="Check out the branch to deploy: git switch NAME",
)

newer_deployed = Message(
    code="newer-deployed",
    found="{platform} runs the commit {commit:.12}, which is not part of your current branch.\n"
    "The push would be rejected, or overwrite someone else's work.",
    remedy="Merge it: git fetch --all, then git merge {commit:.12}; or check out the branch that contains it.\n"
    "If you rewrote the history on purpose, push once yourself with --force.",
)

misplaced = Message(
    code="misplaced",
    found="The file {path!a} must be written, but {reason}.",
    remedy="Replace it with a regular file inside the project and commit it.",
)

half_written = Message(
    code="half-written",
    found="An earlier run was killed while it wrote files, and some of them are incomplete.",
    remedy="Run without --dry-run: that first restores every file to its state before that run.",
)

receipt_unreadable = Message(
    code="receipt-unreadable",
    found="{path}, the record of earlier runs, is ignored because it could not be read: {reason}.",
    remedy="Only --undo and --destroy need it. Remove the app with the platform's CLI, and revert the files with Git.",
)

receipt_foreign = Message(
    code="receipt-foreign",
    found="{path}, the record of earlier runs, is ignored because it was not written in this repository.",
    remedy="Only --undo and --destroy need it. If you copied the project without its .git folder, run them in the "
    "original project.",
)

own_folder_foreign = Message(
    code="own-folder-foreign",
    found="The path {path} {what}, so simple_deploy_logs is ignored; {instead} is used instead.",
    remedy="Make {instead} writable, or remove simple_deploy_logs, also from Git: git rm -r simple_deploy_logs",
)


# --- undo and destroy -----------------------------------------------------------------------------------


def nothing_to_undo(path: str, platform: str | None) -> Problem:
    """No run has changed a file, or every run that did is undone."""
    run = f"run for {platform}" if platform else "run"
    return Problem(
        code="nothing-to-undo",
        found=f"There is nothing to undo: {path} records no {run} whose file changes are still in place.",
        remedy="To go back further, use Git: git log lists your commits.",
    )


undo_later_first = Message(
    code="undo-later-first",
    found="A later run for {later} changed files that the run for {asked} changed too: {paths}.",
    remedy="Undo that run first: --undo --platform {later}",
)


def other_branch(made_on: str | None, here: str | None) -> Problem:
    """The run to undo was made on another branch."""
    was = f"on the branch {made_on}" if made_on else "on a detached HEAD"
    now = f"the branch {here}" if here else "no branch"
    return Problem(
        code="other-branch",
        found=f"The last run was made {was}, and {now} is checked out now, so nothing was undone.",
        remedy=f"Switch to it first: git switch {made_on}, then run --undo"
        if made_on
        else "Check out that commit, then run --undo.",
    )


backup_missing = Message(
    code="backup-missing",
    found="The content of {path} before the last run is no longer available: {reason}.",
    remedy="If it was committed, Git has it: git log -- {path}",
)

edited_since = Message(
    code="edited-since",
    found="Edited since the last run: {paths}. There is no terminal to ask what to do with them.",
    remedy="Add --yes to undo all other files and keep these edits, or run the command in a terminal.",
)


def no_created_app(path: str, app: str | None, manual: str) -> Problem:
    """According to the receipt, no run of ours created the app."""
    what = f"the app {app}" if app else "an app"
    return Problem(
        code="no-created-app",
        found=f"{path} has no record that simple_deploy created {what} for this project, so nothing was removed.",
        remedy=f"If you are sure, remove it yourself: {manual}",
    )


uncertain_app = Message(
    code="uncertain-app",
    found="{path} records that simple_deploy started to create the app {app}, but not that it succeeded.\n"
    "Someone else may have created it, so nothing was removed.",
    remedy="If you are sure that it is yours, remove it yourself: {manual}",
)

unidentified_app = Message(
    code="unidentified-app",
    found="{path} records that simple_deploy created the app {app}, but not its ID on the platform, so nothing was "
    "removed.",
    remedy="Run simple_deploy --automate-all again: it records the ID. Or remove the app yourself: {manual}",
)

another_app = Message(
    code="another-app",
    found="The app {app} has the ID {found}, but {path} records the ID {recorded} for the app that simple_deploy "
    "created, so nothing was removed.",
    remedy="If you are sure, remove it yourself: {manual}",
)

another_name = Message(
    code="another-name",
    found='{path} calls the app with the ID {app_id} "{app}", but its name on {name} is "{found}", so nothing was '
    "removed.",
    remedy="If you renamed it, rename it back to {app} on {name} and run the same command again, or remove it there.",
)

another_account = Message(
    code="another-account",
    found="The account {account} has no access to the app {app}, which the account {recorded} created.",
    remedy="Log in as {recorded} and run the same command again.",
)

destroy_needs_name = Message(
    code="destroy-needs-name",
    found="To destroy the app {app}, you must give its name, and there is no terminal to type it in.",
    remedy="Add --yes --deployed-project-name {app}",
)


workflow_unknown = Message(
    code="workflow-unknown",
    found="{name} has no CI workflow in simple_deploy.",
    remedy="Leave out --ci, and write the workflow yourself with the commands of {name}.",
)


# --- what was deployed ---------------------------------------------------------------------------------

nothing_deployed = Message(
    code="nothing-deployed",
    found="This project has no record of a deployment{to}.",
    remedy="Deploy it: python -m simple_deploy --platform NAME --automate-all\n"
    "If it was deployed from elsewhere, name the app: --platform NAME --deployed-project-name APP",
)

deployed_to_several = Message(
    code="deployed-to-several",
    found="This project was deployed to several platforms: {names}.",
    remedy="Choose one: {names:--platform *}",
)

app_not_found = Message(
    code="app-not-found",
    found="{name} shows no app {app} on the account {account}.",
    remedy="Check the name, or log in to the account that owns the app: {login}",
)

no_address = Message(
    code="no-address",
    found="{name} does not report the address of {app}: {reason}.",
    remedy="If the app was never deployed, run: python -m simple_deploy --platform {platform} --automate-all",
)

not_shown = Message(
    code="not-shown",
    found="The package for {name} cannot show the {what} of an app.",
    remedy="Use the CLI of {name}.",
)


# --- settings -----------------------------------------------------------------------------------------

settings_not_found = Message(
    code="settings-not-found",
    found="The settings module {module} for production could not be loaded: {reason}",
    remedy="Correct that, or give a variable that it lacks: --env NAME=VALUE. To use other settings:"
    "{others:\n  --settings *}",
)

settings_above = Message(
    code="settings-above",
    found="manage.py names the settings module {module}, which Python finds from {folder} only. manage.py does not\n"
    "look for modules there, so it works only where PYTHONPATH names that folder, as a Dockerfile may do, or where\n"
    "the project itself is installed.",
    remedy="Add two lines below the imports of {manage_py}, and commit:\n"
    "from pathlib import Path\n"
    "sys.path.insert(0, str(Path(__file__).resolve().{place}))",
)

settings_passed_over = Message(
    code="settings-passed-over",
    found="{module} looks like the settings for production, but could not be used. {reason}",
    remedy="Make it importable: install what it imports, and create what it opens.",
)

settings_refuse = Message(
    code="settings-refuse",
    found="The site would get the settings {loaded}, which are for development. {reason}",
    remedy="Give production what its settings ask for, for example --env NAME=VALUE.\n"
    "To deploy the settings for development: --settings {loaded}",
)

settings_lack_package = Message(
    code="settings-package-missing",
    found="The site would get the settings {loaded}. {reason}\n"
    "Production has {module}, because {manifest} lists it, but it is not installed here.",
    remedy="Install what {manifest} lists, and run this again.\nTo deploy with other settings: --settings {loaded}",
)

settings_lack_requirements = Message(
    code="settings-requirements",
    found="The site would get the settings {loaded}. {reason}\n"
    "{file} lists {module}, but production is installed from {manifest}.",
    remedy="Write the line -r {file} into {manifest}, commit, install what it lists, and run this again.\n"
    "To deploy with other settings: --settings {loaded}",
)

settings_in_code = Message(
    code="settings-in-code",
    found="There is no settings module that production can load: {script} configures Django in its own code.",
    remedy="Move the settings into a module, and have manage.py and the WSGI script set DJANGO_SETTINGS_MODULE to it.\n"
    "If the site has another manage.py, for example in example/, run the command in that folder.",
)

settings_unnamed = Message(
    code="settings-unnamed",
    found="manage.py names no settings module: it sets no DJANGO_SETTINGS_MODULE before it calls Django."
    "{starts:\nIts code can start another program (*). Builds and releases run manage.py, so the\n"
    "platform may have to have that program.}",
    remedy="Name the module that production loads:{candidates:\n  --settings *}",
)

settings_need_manage_py = Message(
    code="settings-need-manage-py",
    found="The settings module {module} that {by} names could not be loaded: {reason}",
    remedy='{asked}Correct what "python manage.py check{option}" reports. If it reports nothing, add\n'
    '"simple_deploy" to INSTALLED_APPS and use manage.py: python manage.py simple_deploy{option}',
)

settings_lack_variables = Message(
    code="settings-lack-variables",
    found="The settings module {module} that {by} names could not be loaded: {reason}\n"
    "It reads variables that this shell does not have:{variables:\n  *}",
    remedy="Set them as you do for development, and run this command again. The site gets its own values:\n"
    "--env {first}=VALUE",
)

settings_lack_values = Message(
    code="settings-lack-values",
    found="The settings module {module} that {by} names could not be loaded, although each variable that it needs had\n"
    "a placeholder: {reason}",
    remedy="Give it the values for production that it asks for: --env NAME=VALUE or --env-file FILE\n"
    'If that is not the reason, correct what "python manage.py check{option}" reports.',
)

settings_lack_a_module = Message(
    code="module-not-installed",
    found="The settings module {module} could not be loaded: {reason}",
    remedy="Install your project's requirements for the Python that runs this command, or use the one that has them.\n"
    "If no requirement brings the module {missing}, add {package}, and commit.",
)

settings_ignored_module = Message(
    code="settings-module-ignored",
    found="The settings module {module} could not be loaded: {reason}\n"
    "{file} is missing here, and Git ignores it: no clone has it, and the site would not have it either.",
    remedy="Make the settings work without it: catch the ImportError, or read the values from environment variables.\n"
    "If it is part of the project and holds no secrets, create it{source}, and commit it: git add --force {file!w}",
)

settings_ignored = Message(
    code="settings-ignored",
    found="{file} is missing here, with the settings module {module} that manage.py names, and Git ignores it: no\n"
    "clone has it, and the site would not have it either.",
    remedy="Make that file as your project's guide says, let it read secrets from environment variables, and commit\n"
    "it: git add --force {file!w}",
)

settings_outside = Message(
    code="settings-outside",
    found="The settings module {module} is in {path}, outside the Git repository.",
    remedy="Name a settings module inside the project: --settings your_project.settings",
)

no_urlconf = Message(
    code="no-urlconf",
    found="The settings module {module} does not set ROOT_URLCONF, so Django would find no page.",
    remedy="Set ROOT_URLCONF there, or name the module with the site's settings: --settings MODULE",
    see="https://docs.djangoproject.com/en/stable/ref/settings/#root-urlconf",
)

broken_block = Message(
    code="broken-block",
    found="The simple_deploy block in {path} is damaged: {reason}.",
    remedy="Restore the marker line, or delete the whole block; it will be written again.",
)

not_text = Message(
    code="not-text",
    found="{path} cannot be read as text: {reason}.",
    remedy="Save it as UTF-8 and run the command again.",
)

not_a_file = Message(
    code="not-a-file",
    found="{path} exists but is not a readable file.",
    remedy="Move it or make it readable, then run the command again.",
)

link = Message(
    code="link",
    found="{path} is a link that {reason}.",
    remedy="Replace it with a regular file inside the project and commit it.",
)

written_twice = Message(
    code="written-twice",
    found="{names} are links to the same file, {path}, but they need different contents.",
    remedy="Replace each link with its own file and commit them.",
)

other_case = Message(
    code="other-case",
    found="Git has {other}, and {platform} reads {path} only. On this computer, the two names are the same file.",
    remedy="Rename it, and commit: git mv {other!w} {path!w}",
)

django_too_old = Message(
    code="django-too-old",
    found="The project uses Django {found}, but simple_deploy needs Django 3.2 or newer.",
    remedy="Upgrade one release at a time, as the page below describes.",
    see="https://docs.djangoproject.com/en/stable/howto/upgrade-version/",
)

pythons_disagree = Message(
    code="pythons-disagree",
    found="Two files name different versions of Python: {found}.",
    remedy="Pick one, write it to .python-version, and remove the other file: git rm {older}",
)

python_too_old = Message(
    code="python-too-old",
    found="{path} says Python {version}, but Django {django} needs Python {oldest} or newer.",
    remedy="Set the version that you use locally, or any version from {oldest} on, in {path} and commit.",
)

python_excluded = Message(
    code="python-excluded",
    found='{path} says Python {version}, but {manifest} allows only "{allowed}".',
    remedy="Make them agree: change {path}, or allow {version} in {manifest} and update the lock file. Then commit.",
)


# --- package managers ---------------------------------------------------------------------------------


def no_package_manager(below: str | None) -> Problem:
    """Nothing lists the project's requirements; `below` is a file that lists them where no platform looks."""
    if below:
        return Problem(
            code="no-package-manager",
            found=f"{below} is below the Git root, where platforms do not look for it.",
            remedy="Move it and its lock file to the Git root (git mv) and commit, or write a requirements.txt\n"
            "next to manage.py.",
        )
    return Problem(
        code="no-package-manager",
        found="No file lists the packages that the project needs. Searched at the Git root: requirements.txt,\n"
        "requirements.in, requirements/, Pipfile, pyproject.toml, setup.py and lock files;\n"
        "next to manage.py: requirements files.",
        remedy="If you use pip, create one: python -m pip freeze --exclude simple-deploy > requirements.txt\n"
        "Then commit it.",
    )


several_package_managers = Message(
    code="several-package-managers",
    found="The project has files of several package managers: {found}.",
    remedy="Keep the files of one, remove the others (git rm), and commit: some platforms refuse several.\n"
    "Or choose the one to use in production: {choices}",
)

other_package_manager = Message(
    code="other-package-manager",
    found="The project has no file of {chosen}. It has {found}.",
    remedy="Leave out --package-manager, or name one of these.",
)

conflict_marker = Message(
    code="conflict-marker",
    found='{path} contains a merge conflict marker: "{line}".',
    remedy="Resolve the conflict, delete the three markers, and commit.",
)

not_a_requirement = Message(
    code="not-a-requirement",
    found="{path} has lines that pip cannot read:{lines:\n  *}",
    remedy="Write NAME==VERSION instead of each, or delete it, and commit. python -m pip list --format=freeze writes\n"
    "such lines; conda list and plain pip list do not.",
)

version_too_old = Message(
    code="version-too-old",
    found="{file} requires {package}{specifier}, but production needs {package} {oldest} or newer: {reason}.",
    remedy="Allow {package}>={oldest}, update the lock file if there is one, and commit.",
)

only_here = Message(
    code="only-here",
    found="{path} installs from a path on this machine, which production does not have:{requirements:\n  *}",
    remedy="Replace each with a release of that package (NAME==VERSION), or remove the line, and commit. In a conda\n"
    "environment, pip freeze writes such lines; python -m pip list --format=freeze writes versions.",
)

platforms_refuse = Message(
    code="package-manager-refused",
    found="The project uses {name} ({file}), and the Git root has no file that platforms can install from.",
    remedy="{remedy}",
)

several_requirements_files = Message(
    code="several-requirements-files",
    found="There is no requirements.txt at the Git root, and production could use any of these:{found:\n  *}",
    remedy="Pick one: for example, write a requirements.txt with the line -r {first}, and commit it.",
)

include_missing = Message(
    code="include-missing",
    found="{path} includes {included}, which is not in the repository, so the installation in production would fail.",
    remedy="Restore {included}, or remove the line from {path}, and commit.",
)

variable_not_read = Message(
    code="variable-not-read",
    found="The settings read {variable} from a file that production does not have, not from the environment ({place}).",
    remedy="Let the environment take precedence over the file, which may be missing. With python-dotenv:\n"
    '  {{**dotenv_values(".env"), **os.environ}}\n'
    "Commit, and set the variable: --env {variable}=VALUE",
)

include_outside = Message(
    code="include-outside",
    found="{path} includes {included}, which is outside of the repository, so production would not have it.",
    remedy="Copy that file into the repository, include the copy, and commit. Or remove the line from {path}.",
)

manifest_closed = Message(
    code="manifest-closed",
    found="{manifest} lacks packages that production needs: {missing}.\nThey cannot be added automatically: {reason}.",
    remedy="Add them the way you generate {manifest}, commit, and run the command again.",
)

dynamic_dependencies = Message(
    code="dynamic-dependencies",
    found='{manifest} declares its dependencies as dynamic (dynamic = ["dependencies"]): {backend} computes\n'
    "them during the build, so packages that production lacks cannot be detected or added.",
    remedy='List them in [project], dependencies = [...], and remove the word from "dynamic";\n'
    "or commit a requirements.txt for production.",
)

not_toml = Message(
    code="not-toml",
    found="{path} is not valid TOML: {reason}.",
    remedy="Fix it and run the command again.",
)

closed_file = Message(
    code="closed-file",
    found="Nothing can be added to {path}: {reason}.",
    remedy="Give that table its own header, with one key per line, and commit.",
)

wrong_type = Message(
    code="wrong-type",
    found="{path} has a value of the wrong type: {reason}.",
    remedy="Fix that value, commit, and run the command again.",
)

not_json = Message(
    code="not-json",
    found="{path} is not valid JSON: {reason}.",
    remedy="Regenerate it with its package manager and commit it.",
)

package_manager_missing = Message(
    code="package-manager-missing",
    found="{name} must update the lock file, but the command {program} was not found.",
    remedy="Install it: {install}\nOr add the packages on a machine that has {name}, commit, and run this again.",
)

manifest_missing = Message(
    code="manifest-missing",
    found="There is a {lock} but no {manifest} that it was made from.",
    remedy="Restore {manifest}, or delete {lock} if it is no longer used (git rm), and commit.",
)

not_for_production = Message(
    code="not-for-production",
    found="Production needs {names}, but {manifest} declares it only for other environments\n"
    "(as an extra, or for another operating system).",
    remedy="Make the entry apply on Linux without an extra, update the lock file and commit both.",
)

lock_stale = Message(
    code="lock-stale",
    found="{lock} is out of date with {manifest}: it was not updated after the last change.",
    remedy="Update it with {name}, review the changes, and commit both.",
)

lock_missing = Message(
    code="lock-missing",
    found="There is a {manifest} but no {lock}, so production's versions are not pinned.",
    remedy="Create it: {command}\nThen commit it (and check that .gitignore does not exclude it).",
)

lock_failed = Message(
    code="lock-failed",
    found="The new packages could not be locked. This command failed: {command}\n{said}",
    remedy="If versions conflict, change the requirement named above.\n"
    "If the package index could not be reached, try again later.",
)


# --- trial --------------------------------------------------------------------------------------------

trial_failed = Message(
    code="trial-failed",
    found="On {platform}, your project would fail ({part}): {reason}",
    remedy="Fix that line and commit. If it cannot happen in production, --no-trial skips this check.",
)

page_loads_locally = Message(
    code="page-loads-locally",
    found="The page at / loads files from a server of your computer, which visitors cannot reach: {file}",
    remedy="Turn off the development mode of your front end in production{setting}, and have its files built\n"
    "or in Git. Then commit. Where DEBUG decides, read DEBUG from an environment variable: this run sets it to\n"
    "False, and the settings block turns off only DEBUG itself.\n"
    "If production has another address there, --no-trial skips this check.",
)

page_files_unserved = Message(
    code="page-files-unserved",
    found="The page at / refers to {file}. Only the URLs of development serve it: Django's static() in them\n"
    "does nothing without DEBUG, so visitors would see the page without it.",
    remedy="Make it a static file: move it into a folder static/ of an app, or one of STATICFILES_DIRS, have\n"
    '"django.contrib.staticfiles" in INSTALLED_APPS, and refer to it by {{% static %}}. Then commit.\n'
    "If production serves it in another way, --no-trial skips this check.",
    see="https://docs.djangoproject.com/en/stable/howto/static-files/",
)

page_fails = Message(
    code="page-fails",
    found="On {platform}, the page at {address} would fail: {reason}",
    remedy="Fix that and commit. If it cannot happen in production, --no-trial skips this check.",
)

page_not_combined = Message(
    code="page-not-combined",
    found="On {platform}, the page at {address} would fail: what django-compressor combines there depends on the\n"
    "request, for example on the visitor's language, and the build has none.",
    remedy="Within {{% compress %}}, keep what is the same on every request, and move the rest out of it.\n"
    "Or list the values that it depends on in COMPRESS_OFFLINE_CONTEXT.",
    see="https://django-compressor.readthedocs.io/en/stable/scenarios.html",
)

installs_packages = Message(
    code="manage-py-installs",
    found="{manage_py} starts a package installer before it comes to Django's commands: {command}\n"
    "The build and the release on {platform} run that script, in an environment that is already complete.",
    remedy="Rename it, write a manage.py with these lines, and commit:\n"
    "  import os, sys\n"
    "  from django.core.management import execute_from_command_line\n"
    '  os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")\n'
    "  execute_from_command_line(sys.argv)",
)

no_commands = Message(
    code="no-commands",
    found="{manage_py} does not run Django's commands, and {platform} needs it for migrate and collectstatic.",
    remedy="Give that script another name, add a manage.py as django-admin startproject writes it, and commit.",
    see="https://docs.djangoproject.com/en/stable/ref/django-admin/",
)

start_fails = Message(
    code="start-fails",
    found="On {platform}, the site would not start. {place} starts {application}, and that fails:\n  {reason}",
    remedy="Correct that command, and commit. The site's own application is {own}: gunicorn {wanted}",
)

redirects_away = Message(
    code="redirects-away",
    found="On {platform}, {by} would send every visitor to the site's address there with {prefix} in front. No site\n"
    "answers at that host.",
    remedy="Let a variable turn that on, which you set when your own domain is connected, and commit; for example:\n"
    'PREPEND_WWW = os.environ.get("PREPEND_WWW") == "1"',
    see="https://docs.djangoproject.com/en/stable/ref/settings/#prepend-www",
)

refuses_host = Message(
    code="refuses-host",
    found="On {platform}, every visitor would get 400 Bad Request: the site's own code refuses its address there.\n"
    "  {reason}",
    remedy="Let that line accept the hosts in settings.ALLOWED_HOSTS, and commit. If it compares with a variable that\n"
    "has the site's address: --no-trial deploys the site and shows the address; then set the variable to it.",
    see="https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts",
)

site_by_host = Message(
    code="site-by-host",
    found="The page at {address} looks for the Site with the host of the request (django.contrib.sites), since the\n"
    "settings have no SITE_ID. On {platform}, a new database only has the Site example.com, so the page would fail.\n"
    "  {reason}",
    remedy="Set SITE_ID = 1 in the settings, and commit. Or, for several sites with one database, write a migration\n"
    "that makes a Site with the domain that it reads from a variable.",
    see="https://docs.djangoproject.com/en/stable/ref/contrib/sites/#enabling-the-sites-framework",
)

queries_while_loading = Message(
    code="queries-while-loading",
    found="{place} queries the database while the site is loaded. On {platform}, the first release has no tables yet:\n"
    "migrate loads the same code, and would fail.",
    remedy="Query where the result is used: in a view, or in a form's __init__. Data that every site needs belongs in\n"
    "a migration. Or catch django.db.DatabaseError at that line. Then commit.",
    see="https://docs.djangoproject.com/en/stable/ref/applications/#django.apps.AppConfig.ready",
)

writes_below_folder = Message(
    code="read-only-folder",
    found="On {platform}, your project's folder is read-only while the site runs, and the site writes to it:\n"
    "  {reason}",
    remedy="Write to the folder tempfile.gettempdir() instead, and logs to the console. If the files must last, let\n"
    "the platform keep that folder: its guide explains how. If it cannot happen in production, --no-trial skips this.",
)

build_would_fail = Message(
    code="build-would-fail",
    found="The build on {platform}, which collects static files, could not load your settings: {reason}",
    remedy="A build has none of your values, only placeholders for variables that have no default. Give the variable\n"
    'a default that your settings accept, for example os.environ.get("NAME", "value"), and commit. If it cannot\n'
    "happen in production, --no-trial skips this check.",
)

service_unreachable = Message(
    code="service-unreachable",
    found="{setting} ({place}) has the address {address}, which {platform} cannot reach, so pages would fail.",
    remedy="Read the address from a variable: in that line, write instead of the address\n"
    '  os.environ.get("{variable}", "{default}")\n'
    "Commit, and give the address of a service that production can reach: --env {variable}=ADDRESS\n"
    "To do without: remove {setting}, and a SESSION_ENGINE that uses it, from the settings for production.\n"
    "If another part of production provides that address, --no-trial skips this check.",
)

no_broker = Message(
    code="no-broker",
    found="The code starts Celery tasks and no setting has the address of a broker, so Celery sends them to\n"
    "{address}. {platform} cannot reach that, so pages would fail.",
    remedy="Give the address of a broker, which Celery reads from this variable: --env CELERY_BROKER_URL=ADDRESS\n"
    "It is that of a RabbitMQ, or of a Redis if the requirements have celery[redis].\n"
    "To run tasks at once, without a broker: CELERY_TASK_ALWAYS_EAGER = True\n"
    "If another part of production provides that address, --no-trial skips this check.",
)

default_unreachable = Message(
    code="default-unreachable",
    found="The settings read {variable} ({place}), whose default leads to {address}, which {platform} cannot reach,\n"
    "so pages would fail.",
    remedy="Give the {what} of a service that production can reach: --env {variable}={value}{instead}{more}",
)

given_unreachable = Message(
    code="given-unreachable",
    found="The value given for {variable} ({place}) leads to {address}, which {platform} cannot reach, so pages would\n"
    "fail.",
    remedy="Give the {what} of a service that production can reach: --env {variable}={value}{instead}{more}\n"
    "It replaces the value of --env-file. If production does reach that address, --no-trial skips this check.",
)

checks_failed = Message(
    code="checks-failed",
    found="On {platform}, Django's system checks would stop the release:{found:\n  *}",
    remedy="Fix these errors and commit. If a check is wrong, add its ID to SILENCED_SYSTEM_CHECKS.",
    see="https://docs.djangoproject.com/en/stable/ref/checks/",
)

checks_failed_by_value = Message(
    code="checks-failed-by-value",
    found="On {platform}, Django's system checks would stop the release:{found:\n  *}\n"
    "Settings in these errors get their values from variables:{variables:\n  *}",
    remedy="Give each a value that the checks accept: --env {first}=VALUE. Errors in the code: fix them and commit.",
    see="https://docs.djangoproject.com/en/stable/ref/checks/",
)

packages_incompatible = Message(
    code="packages-incompatible",
    found="On {platform}, your site could not be loaded, because two packages, or a package and Python, do not fit\n"
    "together: {reason}",
    remedy="Change the version of one of them in {manifest} (a newer one often fits), install it here, and commit.",
)

removed_module = Message(
    code="python-lacks-module",
    found="An installed package, or your code, needs the module {module}, which Python {python} does not have. Python\n"
    "{older} is the last version that has it. {reason}",
    remedy="Install what the project needs with Python {older} or older, write that version into .python-version,\n"
    "commit, and run this again. Or install versions of Django and the other packages that support Python {python}.",
    see="https://docs.djangoproject.com/en/stable/faq/install/#what-python-version-can-i-use-with-django",
)

other_versions_fail = Message(
    code="other-versions-fail",
    found="The site can be loaded with the packages that are installed here, and not with production's: {versions}.\n"
    "{reason}",
    remedy="Require what works in {manifest}: {pins}.\n"
    "Or install what production has, change your code for it, and commit.",
)

loaded_too_early = Message(
    code="loaded-too-early",
    found="On {platform}, {script} could not be loaded: it imports code that needs Django before Django is set up.\n"
    "{reason}",
    remedy="Call get_asgi_application() or get_wsgi_application() on a line of its own, and move such imports, as of\n"
    "routing or consumers, below that line. Use its result where the call was:\n"
    "  django_application = get_asgi_application()\n"
    "Commit. runserver sets Django up first, so it does not show this.",
    see="https://channels.readthedocs.io/en/stable/installation.html",
)

django_in_extra = Message(
    code="django-in-extra",
    found="Only extras of {manifest} have Django, and requirements.txt does not say which one production installs: "
    "{extras}.",
    remedy="Make this the only line of requirements.txt, with the extra that production needs, and commit:\n"
    "-e .[{first}]",
)

django_in_extra_locked = Message(
    code="django-in-extra-locked",
    found="Only extras of {manifest} have Django, and platforms install {lock} without extras: {extras}.",
    remedy="In {manifest}, move the packages that production needs from there to dependencies in [project].\n"
    "Then update {lock}, and commit both.",
)

workspace_member = Message(
    code="workspace-member",
    found="Platforms install the project of the {manifest} at the Git root, which does not require Django. A member "
    "of its workspace does: {members}.",
    remedy="Make the site's project one of its requirements, and commit. In {first}:\n"
    "[tool.uv]\n"
    "package = false\n"
    "Then at the Git root: uv add {member}",
    see="https://docs.astral.sh/uv/concepts/projects/workspaces/",
)

packages_overlap = Message(
    code="packages-overlap",
    found="Two packages install {file}, each its own: {first} and {second}.\n"
    "Production may get the other one than you have here, and the site would fail.",
    remedy="Remove the one that your code does not use from {manifest}, here too: python -m pip uninstall NAME\n"
    "Then install the other again: python -m pip install --force-reinstall NAME\n"
    "Try the site, and commit. If both work, --no-trial skips this check.",
)

translations_broken = Message(
    code="translations",
    found="The build would stop at these translations, which Git does not have in their compiled form:{found:\n  *}",
    remedy="Fix these lines (python manage.py compilemessages shows them too), and commit.",
)

trial_untracked = Message(
    code="trial-untracked",
    found="Production would not have {path}, because Git does not track it: {reason}",
    remedy="If it is part of the project, commit it: git add --force {path!w}\n"
    "If it holds secrets, make the settings work without it, or read the values from environment variables.",
)

module_off_path = Message(
    code="module-off-path",
    found="Python looks for modules in this folder of the project only where manage.py, PYTHONPATH or an installation\n"
    "adds it to sys.path, and {platform} serves the site without them: {folder}\n{reason}",
    remedy="Add the folder to sys.path, as a path below that of __file__, at the beginning of {script} and of\n"
    "manage.py, and commit.\n"
    "Where your own package is to bring the module, add it to the packages that its build installs.",
)

path_of_this_machine = Message(
    code="path-of-this-machine",
    found="{platform} does not have this folder of your computer: {folder}\n{reason}",
    remedy="Build the path from BASE_DIR, the folder of your code, or read it from an environment variable.\n"
    "Then commit.",
)

left_out_of_build = Message(
    code="left-out-of-build",
    found="Production would not have {path}, because {file} keeps it out of the build: {reason}",
    remedy="Remove the line of {file} that matches it, and commit.",
)

folder_untracked = Message(
    code="folder-untracked",
    found="Production would not have the folder {folder}, because Git has no file in it: {reason}",
    remedy="Create it in the settings, before that line: Path(...).mkdir(parents=True, exist_ok=True)\n"
    "Or keep it in Git: add an empty file {folder}/.gitkeep, git add --force {keep!w}, and commit.",
)

requirements_conflict = Message(
    code="requirements-conflict",
    found="Production cannot install what {manifest} asks for, with Python {python}: {reason}",
    remedy="Change the versions so that they are compatible, and commit.",
)

front_end_lock = Message(
    code="front-end-lock",
    found="The build of the front end would stop: {lock} does not fit {package}.{differences:\n  *}",
    remedy="In the folder of {package}, run: {update}\nThen commit {lock}.",
)

pre_releases_only = Message(
    code="pre-releases-only",
    found="Production cannot install {requirement}, which {manifest} asks for. Only pre-releases meet that, and the\n"
    "pip of Python {python} installs one only where a requirement names one.",
    remedy="Ask for {pin} in {manifest}, and commit. Or choose Python 3.13 or newer: its pip installs\n"
    "a pre-release where there is nothing else.",
)

database_not_replaced = Message(
    code="database-not-replaced",
    found="The default database uses {engine} ({path}), which stores documents ({vendor}). On {platform} the site\n"
    "would get PostgreSQL, which has no types for the fields of these models.",
    remedy="Use an engine for PostgreSQL as the default database. Otherwise deploy the site by hand: simple_deploy\n"
    "does not set up a database for {vendor}.",
)

requirement_not_found = Message(
    code="requirement-not-found",
    found="Production cannot install {requirement}, which {manifest} asks for: the package index does not have it.",
    remedy="Correct the name or version, or remove it from {manifest}, and commit. Older versions of pip freeze on\n"
    "Ubuntu list pkg-resources, which is no package of its own: remove it.",
)

requirement_other_system = Message(
    code="requirement-other-system",
    found="Production cannot install {requirement}, which {manifest} asks for: it exists for {system} only.",
    remedy="Production runs Linux. Remove it from {manifest}, or limit it to {system}, and commit:\n"
    "{requirement}; sys_platform == '{value}'",
)

requirement_unbuildable = Message(
    code="requirement-unbuildable",
    found="Production cannot install {requirement}, which {manifest} asks for. It is built from source, and its build\n"
    "fails with the setuptools of today: {reason}",
    remedy="Ask for a newer version of it in {manifest}, install that version here, try the site, and commit.",
)

project_unbuildable = Message(
    code="project-unbuildable",
    found="{platform} installs your project as a package, and cannot build it from what Git has. A platform has no\n"
    "Git history. {reason}",
    remedy="Try it without the folder .git, correct it, and commit:\n"
    "git archive --output ../copy.tar HEAD; unpack it elsewhere, and run there: python -m pip wheel --no-deps .",
)

no_migrations = Message(
    code="no-migrations",
    found="Production would have no tables for the models of {apps}: Git has no migrations for them.",
    remedy="Run python manage.py makemigrations{apps: *}, and commit the new files. If .gitignore\n"
    "excludes migrations, remove that line.",
)

unknown_types = Message(
    code="unknown-types",
    found="The database on {platform} is PostgreSQL, which does not have the types of these fields:{found:\n  *}",
    remedy="Use fields of Django's own, such as TextField, or return another type from db_type where\n"
    'connection.vendor is "postgresql". Then commit.',
    see="https://docs.djangoproject.com/en/stable/howto/custom-model-fields/#custom-database-types",
)

types_not_converted = Message(
    code="types-not-converted",
    found="The database on {platform} is PostgreSQL, which cannot change the types of these columns:{found:\n  *}",
    remedy="In these migrations, write RemoveField and AddField instead of AlterField, and commit. Or delete the\n"
    "app's migrations, run python manage.py makemigrations, and commit; a database that exists must be made again.",
)

migrations_conflict = Message(
    code="migrations-conflict",
    found="Several migrations are the last ones of their app, so the release would stop:{found:\n  *}",
    remedy="Run python manage.py makemigrations --merge, and commit what it writes.",
)

migrations_circular = Message(
    code="migrations-circular",
    found="These migrations depend on each other, so the release would stop:{found:\n  *}",
    remedy="Take one of these dependencies out, or move what needs it into a later migration. Then commit.",
)

migration_missing = Message(
    code="migration-missing",
    found="The release would stop: production does not have a migration that another one needs.\n{reason}",
    remedy="Commit the migration if you have it, or add its app to INSTALLED_APPS. If it exists nowhere, let the\n"
    "other one depend on a migration that exists. Then commit.",
)

model_swapped = Message(
    code="model-swapped",
    found="On {platform}, the release would stop: PostgreSQL has no table for a model that your settings replace, and\n"
    "these migrations refer to it:{found:\n  *}",
    remedy="In them, write settings.AUTH_USER_MODEL instead of the model's name, and in their dependencies\n"
    "migrations.swappable_dependency(settings.AUTH_USER_MODEL). Then commit.",
    see="https://docs.djangoproject.com/en/stable/topics/auth/customizing/#substituting-a-custom-user-model",
)

first_release_fails = Message(
    code="first-release-fails",
    found="On {platform}, the first release would stop: a migration fails while the database is new.\n{reason}",
    remedy="Let it work without any rows, for example with filter().first() or get_or_create(), and with the models\n"
    "of apps.get_model. Django makes permissions and sites only after the last migration. Then commit.\n"
    "If it cannot happen in production, --no-trial skips this check.",
    see="https://docs.djangoproject.com/en/stable/topics/migrations/#data-migrations",
)

value_rejected = Message(
    code="value-rejected",
    found="The database on {platform} is PostgreSQL, which rejects a value that a migration writes. SQLite takes it.\n"
    "{reason}",
    remedy="Write a value that the field has room for. Or give the field more room (max_length, BigIntegerField), in\n"
    "a migration before that one. Then commit. If it cannot happen in production, --no-trial skips this check.",
)

sql_of_another_database = Message(
    code="sql-of-another-database",
    found="The database on {platform} is PostgreSQL, which rejects the SQL of these migrations:{found:\n  *}",
    remedy="Write it as PostgreSQL understands it, or with Django's operations. What only another database needs, run\n"
    "in RunPython, where schema_editor.connection.vendor is that database. Then commit.",
    see="https://docs.djangoproject.com/en/stable/ref/migration-operations/#runpython",
)

https_hidden = Message(
    code="https-hidden",
    found="{file} starts waitress, which removes the header that says whether a visitor uses HTTPS. The site would\n"
    "redirect every page to itself: {command}",
    remedy="Add --trusted-proxy='*' --trusted-proxy-headers=x-forwarded-proto to that command, and commit.",
    see="https://docs.pylonsproject.org/projects/waitress/en/stable/reverse-proxy.html",
)

program_missing = Message(
    code="program-missing",
    found="The build on {platform} would start programs that no requirement in {manifest} installs:{programs:\n  *}",
    remedy="For Sass: add django-libsass to {manifest}, and in COMPRESS_PRECOMPILERS write "
    '"django_libsass.SassCompiler"\n'
    "instead of the command. For another precompiler: compile the files before you commit, and let templates name the\n"
    "compiled files without this type. For a filter: remove it from COMPRESS_FILTERS.\n"
    "For django-pipeline: as CSS_COMPRESSOR and JS_COMPRESSOR, write a class that starts no program, such as\n"
    '"pipeline.compressors.NoopCompressor".',
    see="https://django-compressor.readthedocs.io/en/stable/settings.html#django.conf.settings.COMPRESS_PRECOMPILERS",
)

static_bucket_missing = Message(
    code="static-bucket-missing",
    found="A deployment to {platform} would store the static files in a bucket, but the settings have no name for it "
    "({setting}).",
    remedy="Set it, and what else the bucket needs: --env {variable}=VALUE\n"
    'Or have the files stored with the site: in the settings of production, leave STORAGES["staticfiles"] as it is\n'
    "by default.",
)

static_folders_relative = Message(
    code="static-folders-relative",
    found="The build starts manage.py in the Git root, and these folders of STATICFILES_DIRS depend on where it is\n"
    "started, so their files would be missing:{folders:\n  *}",
    remedy='Write each one as an absolute path, for example BASE_DIR / "{first}", and commit.',
)

module_undeclared = Message(
    code="module-undeclared",
    found="Production would not have the module {module}: no requirement in {manifest} provides it. {reason}",
    remedy="{how} {package} {where} {manifest}, update the lock file if there is one, and commit.\n"
    "{extras:It is in the extra * of your own package, which production can install too: -e .[*]\n}"
    "If only development needs it, load it only there, for example where a variable turns DEBUG on:\n"
    'DEBUG = os.environ.get("DEBUG", "True") == "True". Where DEBUG decides what is loaded, this run sets it to False.',
)

application_missing = Message(
    code="application-missing",
    found="The settings name the application that a server starts as {application}, and there is no such module.",
    remedy="Correct WSGI_APPLICATION or ASGI_APPLICATION in the settings, or write that script, and commit.",
    see="https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/",
)

debug_on = Message(
    code="debug-on",
    found="DEBUG would be on in production, so visitors would see code and settings. The code sets it, or a file of\n"
    "variables that Git tracks does.",
    remedy="Remove DEBUG from that file or that code, and commit.",
)

module_gone = Message(
    code="module-gone",
    found="Production would not have the module {module}: {within} is installed, and does not contain it. {reason}",
    remedy="If {within} is a package from {manifest}, use the name that the installed version has, or require a\n"
    "version with that module. If it is part of the project, add the file to Git. Then commit.",
)

other_settings = Message(
    code="other-settings",
    found="On {platform}, the site would load the settings {loaded} instead of {module}.",
    remedy='In manage.py and the WSGI script, call os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...), which '
    "keeps a value that is already set. Or name the right module: --settings {loaded}",
)


# --- variables ----------------------------------------------------------------------------------------

variables_missing = Message(
    code="variables-missing",
    found="The settings read variables that have no value on {name}, and no default that works there:{variables:\n  *}",
    remedy="Set each one: --env {first}=VALUE. Or read them from a file with the values for\n"
    "production: --env-file FILE{more}",
)


def eager_instead(switch: str) -> str:
    """The part of that remedy on Celery: what to set, to do without a broker and a worker."""
    return f"\nTo run Celery's tasks at once, in the process that starts them, without a broker: {switch}"


def redis_wanted(variable: str, platform: str, cost: str, way: str) -> str:
    """The end of that remedy if one of the variables seems to be the address of a Redis: how to have one there."""
    return f"\n{variable} seems to be the address of a Redis. One on {platform} costs {cost}:\n{way}."


variables_unreadable = Message(
    code="env-file",
    found="The variables in {file} could not be read: {reason}.",
    remedy="Write one NAME=VALUE per line, in UTF-8. The path is relative to the current folder.",
)

variable_unset = Message(
    code="env-unset",
    found="The option --env {name} uses the value of {name} in this shell, where it is not set.",
    remedy="Set it first, or give the value: --env {name}=VALUE",
)


# --- platform and its CLI -----------------------------------------------------------------------------

platform_unknown = Message(
    code="platform-unknown",
    found="No platform called {name} is installed.",
    remedy="Install the package that provides it, or choose another one: {known:--platform *}",
)

platform_twice = Message(
    code="platform-twice",
    found="Several installed packages provide a platform called {name}: {sources}.",
    remedy="Uninstall all but one of them.",
)

platform_broken = Message(
    code="platform-broken",
    found="The platform {name} of {source} cannot be used: {reason}.",
    remedy="Install a version of that package that works with this one, or uninstall it.",
)

platform_needed = Message(
    code="platform-needed",
    found="Several platforms are available; choose one with --platform.",
    remedy="Add one of: {known:--platform *}{limits:\n*.}",
)

database_unknown = Message(
    code="database-unknown",
    found='{name} has no database "{asked}".',
    remedy="Choose one of: {known:--database *}",
)

organizations_unknown = Message(
    code="organizations-unknown",
    found="{name} has no organizations that simple_deploy supports.",
    remedy="Leave out --org.",
)

adopt_needs_name = Message(
    code="adopt",
    found="The option --adopt lets a deployment use an existing app, so it needs the app's name.",
    remedy="Add --automate-all --deployed-project-name NAME",
)

unclaimed_app = Message(
    code="unclaimed-app",
    found="{name} already has an app called {app} on the account {account}, and nothing shows that it belongs to this "
    "project.",
    remedy="To create a new one: --deployed-project-name NEW-NAME\n"
    "To deploy to that app and use its database: --deployed-project-name {app!w} --adopt",
)

copied_claim = Message(
    code="copied-app",
    found="The app {app} on {name}, which {said_by} names, was recorded for another repository than this clone's Git "
    "remote origin.",
    remedy="If this is another project, give it its own app: --deployed-project-name NEW-NAME\n"
    "If it is the same project: --deployed-project-name {app!w} --adopt",
)

claims_disagree = Message(
    code="several-apps",
    found="It is unclear which app on {name} belongs to this project: {said}.",
    remedy="Name the right one: --deployed-project-name NAME",
)

shallow_clone = Message(
    code="shallow-clone",
    found="This is a shallow clone, and no file in it names this project's app on {name}.",
    remedy="Deploy once from a full clone and push the resulting commit, or name a new app: "
    "--deployed-project-name NEW-NAME",
)


def unseen_app(name: str, app: str, claim: Claim, account: str) -> Problem:
    """It was deleted or belongs to another account; a second app created instead would have an empty database."""
    other = f" It was deployed by {claim.account}." if claim.account not in ("", account) else ""
    forget = f"\nIf it was deleted, remove the reference to it here: {claim.forget}" if claim.forget else ""
    return Problem(
        code="unseen-app",
        found=f"The account {account} has no access to the app {app} on {name}, which {claim.said_by} names.{other}",
        remedy="Log in to the account that owns it, or create a new app: --deployed-project-name NEW-NAME" + forget,
    )


other_id = Message(
    code="other-id",
    found="The app {app} on {name} has the ID {found}, but {said_by} records the ID {recorded}: it is a different app.",
    remedy="To create a new one: --deployed-project-name NEW-NAME\n"
    "To deploy to that app and use its database: --deployed-project-name {app!w} --adopt",
)

name_taken = Message(
    code="name-taken",
    found="The app name {app} is already taken on {name}.",
    remedy="Choose another one: --deployed-project-name NAME",
)

cli_missing = Message(
    code="cli-missing",
    found="The {name} CLI ({executable}) was not found.",
    remedy="Install it: {install}, or leave out --automate-all: configuration alone does not need it.",
    see="{see}",
)

logged_out = Message(
    code="logged-out",
    found="You are not logged in to {name}: {message}",
    remedy="Log in: {login}",
)

token_refused = Message(
    code="token-refused",
    found="{name} rejects the token in {tokens}: {message}",
    remedy="Set a valid token, or log in without one: unset{tokens: *}\n"
    "(PowerShell: Remove-Item {tokens:Env:*}), then {login}",
)

not_executable = Message(
    code="not-executable",
    found="{file} starts {script}, which Git does not have as an executable file, so the platform could not start it.",
    remedy="Run chmod +x {script} (on Windows: git update-index --chmod=+x {script}), and commit.",
    see="https://git-scm.com/docs/git-update-index#Documentation/git-update-index.txt---chmod-x",
)

cli_failed = Message(
    code="cli-failed",
    found="This command returned no usable output: {command}\n{reason}",
    remedy="Run it yourself to see what is wrong (check the network and the platform's status page), then try again.",
)

no_terminal = Message(
    code="no-terminal",
    found="This run needs confirmation, but there is no terminal to ask in.",
    remedy="Add --yes to skip the confirmation (--dry-run shows the plan).",
)
