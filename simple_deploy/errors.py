"""What stops a run before anything is changed, with the whole text that a user sees.

A `Problem` is a value: checks return problems, and all that were found are reported together by `stops.Refused`.
The texts of a platform live in its own folder and have the same form.
"""

from __future__ import annotations

from .message import Message
from .model import Claim, Problem

# --- where the project is -----------------------------------------------------------------------------


_FIRST_COMMIT = (
    "Before the first commit, write into .gitignore what is for no repository, one a line: __pycache__/,\n"
    "*.sqlite3, the folder of your virtual environment (venv/), and files of secrets (.env).\n"
    'Then: git add --all, and git commit -m "Start"'
)

no_manage_py = Message(
    code="no-manage-py",
    found="There is no manage.py in {folder}.",
    remedy="Go to the folder of your project's manage.py and run the command there.",
)

folder_name = Message(
    code="folder-name",
    found="The path of the project has a character that other programs cannot read: {folder}",
    remedy="Give the folder another name, and run the command again there.",
)

git_missing = Message(
    code="git-missing",
    found="The program git was not found.",
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
    found="Git could not answer. The command was: {command}\n{message}",
    remedy="Mend what Git reports and run the command again.",
)

no_commit = Message(
    code="no-commit",
    found="The Git repository has no commit yet.",
    remedy="Commit your project.\n" + _FIRST_COMMIT,
)

unclean = Message(
    code="git-unclean",
    found="There are changes that are not committed:{lines:\n  *}",
    remedy="Commit or stash them, so that you can tell your changes from ours. To go on without that,\n"
    "add --ignore-unclean-git: your changes stay as they are, and only our files are committed.",
)

no_git_identity = Message(
    code="no-git-identity",
    found="Git does not know who you are, so it could not commit: {message}",
    remedy='Tell it: git config --global user.name "Your Name", and git config --global user.email you@example.com',
)

ignored = Message(
    code="git-ignored",
    found="Git ignores what the platform needs: {paths}.",
    remedy="Take the line that matches it out of .gitignore (git check-ignore -v names it), and commit the file.",
)

not_committed = Message(
    code="not-committed",
    found="Git would not commit what production needs:{files:\n  *}",
    remedy="Let Git commit it:{remedies:\n  *}\n"
    "Then commit or discard what git status shows, and run the command again.",
)

not_tried = Message(
    code="not-tried",
    found="The commit could not be tried in a temporary folder: {reason}.",
    remedy="Make the folder for temporary files (TMPDIR) writable, or free some space on the disk, and run the "
    "same command again.",
)

unfinished = Message(
    code="git-unfinished",
    found="A {operation} is in progress in this repository.",
    remedy="Finish it or give it up ({finish}), and run the command again.",
)

detached_head = Message(
    code="detached-head",
    found="No branch is checked out (detached HEAD), so the commit with the configuration would belong to none.",
    remedy="Check out the branch that you deploy: git switch NAME",
)

newer_deployed = Message(
    code="newer-deployed",
    found="{platform} runs the commit {commit:.12}, which is not part of what is checked out here.\n"
    "The push would be refused, or replace the work of somebody else.",
    remedy="Bring it in: git fetch --all, then git merge {commit:.12}; or check out the branch that has it.\n"
    "If you rewrote your history on purpose, push it yourself once, with --force.",
)

misplaced = Message(
    code="misplaced",
    found="The file {path!a} would have to be written, but {reason}.",
    remedy="Put a file of the project in its place and commit it.",
)

half_written = Message(
    code="half-written",
    found="An earlier run was ended while it wrote files, and some of them are not as they were.",
    remedy="Run without --dry-run: that first puts every file back as it was before that run.",
)

receipt_unreadable = Message(
    code="receipt-unreadable",
    found="{path}, the record of earlier runs, is ignored, because it cannot be understood: {reason}.",
    remedy="Only --undo and --destroy need it. Remove what was created with the platform's own commands, and "
    "take the files back with Git.",
)

receipt_foreign = Message(
    code="receipt-foreign",
    found="{path}, the record of earlier runs, is ignored, because it was not written in this repository.",
    remedy="Only --undo and --destroy need it. If you copied the project without its .git folder, run them in "
    "the original.",
)

own_folder_foreign = Message(
    code="own-folder-foreign",
    found="The path {path} {what}, so simple_deploy_logs is ignored; {instead} takes its place.",
    remedy="Make {instead} writable, or remove simple_deploy_logs, from Git too: git rm -r simple_deploy_logs",
)


# --- undo and destroy -----------------------------------------------------------------------------------


def nothing_to_undo(path: str, platform: str | None) -> Problem:
    """No run has changed a file, or every one that did is undone."""
    run = f"run for {platform}" if platform else "run"
    return Problem(
        code="nothing-to-undo",
        found=f"There is nothing to undo: {path} knows of no {run} whose changes to files still stand.",
        remedy="To go back further than that, use Git: git log lists your commits.",
    )


undo_later_first = Message(
    code="undo-later-first",
    found="A later run, for {later}, wrote files that the run for {asked} wrote too: {paths}.",
    remedy="Undo that run first: --undo --platform {later}",
)


def other_branch(made_on: str | None, here: str | None) -> Problem:
    """The run to undo was made on another branch."""
    was = f"on the branch {made_on}" if made_on else "where no branch was checked out"
    now = f"the branch {here}" if here else "no branch"
    return Problem(
        code="other-branch",
        found=f"The last run was made {was}, and {now} is checked out now, so nothing was undone.",
        remedy=f"Run it there: git switch {made_on}, then --undo" if made_on else "Check that commit out, then --undo.",
    )


backup_missing = Message(
    code="backup-missing",
    found="What {path} held before the last run is not kept any more: {reason}.",
    remedy="Git has it, if it was committed: git log -- {path}",
)

edited_since = Message(
    code="edited-since",
    found="Edited since the last run: {paths}. There is no terminal to ask on what to do with it.",
    remedy="Add --yes to undo all other files and leave this as it is, or run the command in a terminal.",
)


def no_created_app(path: str, app: str | None, manual: str) -> Problem:
    """The receipt does not say that the app was created by a run of ours."""
    what = f"the app {app}" if app else "an app"
    return Problem(
        code="no-created-app",
        found=f"{path} does not say that simple_deploy created {what} for this project, so it removes nothing.",
        remedy=f"If you are sure, remove it yourself: {manual}",
    )


uncertain_app = Message(
    code="uncertain-app",
    found="{path} says that simple_deploy began to create the app {app}, but not that it succeeded.\n"
    "Somebody else may have created it, so nothing is removed.",
    remedy="If you are sure that it is yours, remove it yourself: {manual}",
)

unidentified_app = Message(
    code="unidentified-app",
    found="{path} records that simple_deploy created the app {app}, but not the platform's own id of it, so it "
    "removes nothing.",
    remedy="Run simple_deploy --automate-all once more: it records the id. Or remove the app yourself: {manual}",
)

another_app = Message(
    code="another-app",
    found="The app {app} has the id {found}, but {path} records that simple_deploy created the one with the id "
    "{recorded}, so nothing is removed.",
    remedy="If you are sure, remove it yourself: {manual}",
)

another_name = Message(
    code="another-name",
    found='{path} calls the app with the id {app_id} "{app}", but {name} calls it "{found}", so nothing is removed.',
    remedy="If it was renamed, rename it to {app} on {name} and run the same command again, or remove it there.",
)

another_account = Message(
    code="another-account",
    found="The account {account} does not see the app {app}, which the account {recorded} created.",
    remedy="Log in as {recorded}, and run the same command again.",
)

destroy_needs_name = Message(
    code="destroy-needs-name",
    found="To destroy the app {app}, its name must be given, and there is no terminal to type it on.",
    remedy="Add --yes --deployed-project-name {app}",
)


# --- settings -----------------------------------------------------------------------------------------

settings_not_found = Message(
    code="settings-not-found",
    found="The settings module {module} that production uses could not be loaded: {reason}",
    remedy="Make it importable, or name the right module: --settings your_project.settings",
)

settings_need_manage_py = Message(
    code="settings-need-manage-py",
    found="The settings module {module} that manage.py names could not be loaded: {reason}",
    remedy='If manage.py itself can load it ("python manage.py check"), add "simple_deploy" to INSTALLED_APPS\n'
    "and use manage.py: python manage.py simple_deploy",
)

settings_outside = Message(
    code="settings-outside",
    found="The settings module {module} is in {path}, outside of the Git repository.",
    remedy="Name a settings module of the project: --settings your_project.settings",
)

no_wsgi = Message(
    code="no-wsgi",
    found="WSGI_APPLICATION is not set, and there is no wsgi.py beside the URL configuration.",
    remedy='Add the wsgi.py that "django-admin startproject" makes, and set WSGI_APPLICATION to it.',
    see="https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/",
)

broken_block = Message(
    code="broken-block",
    found="The block of simple_deploy in {path} is damaged: {reason}.",
    remedy="Restore the marker line, or delete the block with its marker; it will be written anew.",
)

not_text = Message(
    code="not-text",
    found="{path} is not readable as text: {reason}.",
    remedy="Save it as UTF-8 and run the command again.",
)

not_a_file = Message(
    code="not-a-file",
    found="{path} exists but is not a readable file.",
    remedy="Move it away, or make it readable, and run the command again.",
)

link = Message(
    code="link",
    found="{path} is a link that {reason}.",
    remedy="Put a file of the project in its place and commit it.",
)

written_twice = Message(
    code="written-twice",
    found="{path} would have to hold two files at once: links to it stand for {names}.",
    remedy="Put a file of its own in the place of each link, and commit them.",
)

django_too_old = Message(
    code="django-too-old",
    found="The project uses Django {found}, and simple_deploy needs Django 3.2 or newer.",
    remedy="Upgrade it step by step: the page below says how.",
    see="https://docs.djangoproject.com/en/stable/howto/upgrade-version/",
)

pythons_disagree = Message(
    code="pythons-disagree",
    found="Two files name different versions of Python: {found}.",
    remedy="Decide for one, write it into .python-version, and remove the other file: git rm {older}",
)

python_too_old = Message(
    code="python-too-old",
    found="{path} says Python {version}, but Django {django} needs Python {oldest} or newer.",
    remedy="Write the version that you use here, or another one from {oldest} on, into {path}, and commit.",
)

python_excluded = Message(
    code="python-excluded",
    found='{path} says Python {version}, but {manifest} allows "{allowed}" only.',
    remedy="Make them agree: change {path}, or let {manifest} allow {version} and renew the lock file. Commit.",
)


# --- package managers ---------------------------------------------------------------------------------


def no_package_manager(below: str | None) -> Problem:
    """Nothing says what the project needs; `below` is a file that says it where no platform looks."""
    if below:
        return Problem(
            code="no-package-manager",
            found=f"{below} is below the Git root, where platforms do not look for it.",
            remedy="Move it, with its lock file, to the Git root (git mv), and commit. Or write a requirements.txt\n"
            "beside manage.py: that is found there.",
        )
    return Problem(
        code="no-package-manager",
        found="No file says which packages the project needs. Looked for at the Git root: requirements.txt,\n"
        "requirements.in, requirements/, Pipfile, pyproject.toml and lock files; beside manage.py: requirements files.",
        remedy="If you use pip, write one: python -m pip freeze --exclude django-simple-deploy > requirements.txt\n"
        "Then commit it.",
    )


several_package_managers = Message(
    code="several-package-managers",
    found="Several package managers have left files in the project: {found}.",
    remedy="Choose the one that production uses: {choices}",
)

other_package_manager = Message(
    code="other-package-manager",
    found="The project has no file of {chosen}. It has {found}.",
    remedy="Leave out --package-manager, or name one of these.",
)

conflict_marker = Message(
    code="conflict-marker",
    found='{path} has the mark of a merge conflict: "{line}".',
    remedy="Keep the lines that production needs, delete the three marks, and commit.",
)

version_too_old = Message(
    code="version-too-old",
    found="{file} asks for {package}{specifier}, but production needs {package} {oldest} or newer: {reason}.",
    remedy="Allow {package}>={oldest}, renew the lock file if there is one, and commit.",
)

only_here = Message(
    code="only-here",
    found="{path} installs from a place on this machine, which production does not have: {requirement}",
    remedy="Name a release of that package in its place (NAME==VERSION), or take the line out, and commit.",
)

platforms_refuse = Message(
    code="package-manager-refused",
    found="The project uses {name} ({file}), and nothing at the Git root that platforms can install from.",
    remedy="{remedy}",
)

several_requirements_files = Message(
    code="several-requirements-files",
    found="There is no requirements.txt at the Git root, and production could use any of these:{found:\n  *}",
    remedy="Decide for one: write a requirements.txt with the line -r {first}, say, and commit it.",
)

include_missing = Message(
    code="include-missing",
    found="{path} includes {included}, which is not in the repository, so production could not be installed.",
    remedy="Restore {included}, or take the line out of {path}, and commit.",
)

manifest_closed = Message(
    code="manifest-closed",
    found="{manifest} lacks what production needs: {missing}.\nNothing can be added to it here: {reason}.",
    remedy="Add them the way you make {manifest}, commit that, and run the command again.",
)

dynamic_dependencies = Message(
    code="dynamic-dependencies",
    found='{manifest} leaves the dependencies to the build (dynamic = ["dependencies"]): {backend} finds them\n'
    "while it builds, so what is missing for production cannot be seen or added.",
    remedy='List them in [project], dependencies = [...], and take the word out of "dynamic";\n'
    "or commit a requirements.txt for production.",
)

not_toml = Message(
    code="not-toml",
    found="{path} is not valid TOML: {reason}.",
    remedy="Mend that place and run the command again.",
)

closed_file = Message(
    code="closed-file",
    found="{path} cannot be added to: {reason}.",
    remedy="Write that table with a header of its own, one key a line, and commit.",
)

wrong_type = Message(
    code="wrong-type",
    found="{path} has a value of the wrong type: {reason}.",
    remedy="Correct that value, commit, and run the command again.",
)

not_json = Message(
    code="not-json",
    found="{path} is not valid JSON: {reason}.",
    remedy="Let its package manager write it again, and commit it.",
)

package_manager_missing = Message(
    code="package-manager-missing",
    found="{name} has to renew the lock file, but the program {program} was not found.",
    remedy="Install it: {install}\nOr add the packages where you have {name}, commit, and run this again.",
)

manifest_missing = Message(
    code="manifest-missing",
    found="There is a {lock} but no {manifest}, which says what it was made for.",
    remedy="Restore {manifest}, or delete {lock} if it is left over from former times (git rm), and commit.",
)

not_for_production = Message(
    code="not-for-production",
    found="Production needs {names}, but what {manifest} says leaves production out\n"
    "(optional, or for another system).",
    remedy="Make the entry hold on Linux, without an extra, renew the lock file and commit both.",
)

lock_stale = Message(
    code="lock-stale",
    found="{lock} does not fit {manifest}: it was not renewed after the last change.",
    remedy="Renew it with {name}, look at what that changes, and commit both.",
)

lock_missing = Message(
    code="lock-missing",
    found="There is a {manifest} but no {lock}, so nothing says which versions production gets.",
    remedy="Make it: {command}\nThen commit it (and see that .gitignore does not name it).",
)

lock_failed = Message(
    code="lock-failed",
    found="The new packages could not be locked. The command was: {command}\n{said}",
    remedy="If versions conflict, change the requirement that it names.\n"
    "If the package index could not be reached, try again later.",
)


# --- trial --------------------------------------------------------------------------------------------

trial_failed = Message(
    code="trial-failed",
    found="On {platform}, your project would fail ({part}): {reason}",
    remedy="Correct that line and commit. If it cannot happen in production, --no-trial skips this check.",
)

checks_failed = Message(
    code="checks-failed",
    found="On {platform}, Django's system checks would stop the release:{found:\n  *}",
    remedy="Correct what they name and commit. If they are wrong, add their ids to SILENCED_SYSTEM_CHECKS.",
    see="https://docs.djangoproject.com/en/stable/ref/checks/",
)

trial_untracked = Message(
    code="trial-untracked",
    found="Production would not have {path}, because Git does not track it: {reason}",
    remedy="If it belongs to the project, commit it: git add --force {path!w}\n"
    "If it holds secrets, let the settings do without it, or read them from variables.",
)

module_undeclared = Message(
    code="module-undeclared",
    found="Production would not have the module {module}: nothing that {manifest} lists brings it. {reason}",
    remedy="Add {package} to {manifest}, renew the lock file if there is one, and commit.\n"
    "If only development needs it, import it only there.",
)

other_settings = Message(
    code="other-settings",
    found="On {platform}, the site would load the settings {loaded}, and not {module}.",
    remedy='Let manage.py and the WSGI script call os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...), which '
    "leaves the variable alone where it is set. Or name the right module: --settings {loaded}",
)


# --- variables ----------------------------------------------------------------------------------------

variables_missing = Message(
    code="variables-missing",
    found="The settings read variables that have no default, and nothing gives them a value on {name}:"
    "{variables:\n  *}",
    remedy="Give each one a value: --env {first}=VALUE. Or take them from a file: --env-file .env",
)

variables_unreadable = Message(
    code="env-file",
    found="The variables in {file} could not be read: {reason}.",
    remedy="Write one NAME=VALUE a line, in UTF-8, and name the file as seen from the current folder.",
)

variable_unset = Message(
    code="env-unset",
    found="The option --env {name} takes the value that {name} has in this shell, and it has none.",
    remedy="Set it first, or give the value: --env {name}=VALUE",
)


# --- platform and its CLI -----------------------------------------------------------------------------

platform_needed = Message(
    code="platform-needed",
    found="Several platforms are available, and --platform does not say which one to use.",
    remedy="Add one of: {known:--platform *}{limits:\n*}",
)

database_unknown = Message(
    code="database-unknown",
    found='{name} has no database "{asked}".',
    remedy="Choose one of: {known:--database *}",
)

organizations_unknown = Message(
    code="organizations-unknown",
    found="{name} has no organizations that simple_deploy knows of.",
    remedy="Leave out --org.",
)

adopt_needs_name = Message(
    code="adopt",
    found="The option --adopt lets a deployment use an existing app, so it needs the app's name.",
    remedy="Add --automate-all --deployed-project-name NAME",
)

unclaimed_app = Message(
    code="unclaimed-app",
    found="{name} has an app called {app} on the account {account}, and nothing here shows that it is this project's.",
    remedy="To create another one: --deployed-project-name NEW-NAME\n"
    "To replace what that app serves, and use its database: --deployed-project-name {app!w} --adopt",
)

copied_claim = Message(
    code="copied-app",
    found="The app {app} on {name}, which {said_by} names, was not recorded for the repository that is this "
    "clone's Git remote origin.",
    remedy="If this is another project, give it an app of its own: --deployed-project-name NEW-NAME\n"
    "If it is the same project: --deployed-project-name {app!w} --adopt",
)

claims_disagree = Message(
    code="several-apps",
    found="Which app on {name} is this project's is not clear: {said}.",
    remedy="Name the right one: --deployed-project-name NAME",
)

shallow_clone = Message(
    code="shallow-clone",
    found="This is a shallow clone, and no file in it names this project's app on {name}.",
    remedy="Deploy once from a complete clone and push the commit that this makes, or name a new app here: "
    "--deployed-project-name NEW-NAME",
)


def unseen_app(name: str, app: str, claim: Claim, account: str) -> Problem:
    """It was deleted, or belongs to another account; a second app in its place would have an empty database."""
    other = f" It was deployed by {claim.account}." if claim.account not in ("", account) else ""
    forget = f"\nIf it was deleted, this removes what is left of it here: {claim.forget}" if claim.forget else ""
    return Problem(
        code="unseen-app",
        found=f"The account {account} does not see the app {app} on {name}, which {claim.said_by} names.{other}",
        remedy="Log in to the account that has it, or create a new app: --deployed-project-name NEW-NAME" + forget,
    )


other_id = Message(
    code="other-id",
    found="The app {app} on {name} has the id {found}, but {said_by} records the id {recorded}: it is another app.",
    remedy="To create another one: --deployed-project-name NEW-NAME\n"
    "To replace what that app serves, and use its database: --deployed-project-name {app!w} --adopt",
)

name_taken = Message(
    code="name-taken",
    found="The app name {app} is taken by somebody else on {name}.",
    remedy="Choose another one: --deployed-project-name NAME",
)

cli_missing = Message(
    code="cli-missing",
    found="The {name} command-line program ({executable}) was not found.",
    remedy="Install it: {install}. Or leave out --automate-all: configuration only does not need it.",
    see="{see}",
)

logged_out = Message(
    code="logged-out",
    found="You are not logged in to {name}: {message}",
    remedy="Log in: {login}",
)

token_refused = Message(
    code="token-refused",
    found="{name} does not accept the token in {tokens}: {message}",
    remedy="Set the right token, or log in without one: unset{tokens: *}\n"
    "(PowerShell: Remove-Item {tokens:Env:*}), then {login}",
)

cli_failed = Message(
    code="cli-failed",
    found="This command gave no usable answer: {command}\n{reason}",
    remedy="Run it yourself to see what is wrong (the network, the platform's status page), then try again.",
)

no_terminal = Message(
    code="no-terminal",
    found="This run must be confirmed, but there is no terminal to ask on.",
    remedy="Add --yes to agree beforehand (--dry-run shows to what).",
)
