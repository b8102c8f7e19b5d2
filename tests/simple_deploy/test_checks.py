"""Every reason to refuse, with its complete message; a refused run leaves every byte unchanged."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

HEAD = "Stopped: Nothing was changed. Fix this problem first:\n\n"
UNCLEAN = """1. There are uncommitted changes:
     {line}
   -> Commit or stash them, so that your changes stay apart from ours. To continue anyway,
   add --ignore-unclean-git: your changes stay uncommitted, and only our files are committed.
"""


def refused(checkout: Checkout, message: str, *options: str, times: int = 2, **env: str) -> None:
    """The run prints exactly that, exits with 1 and changes nothing; a second run prints the same."""
    before = checkout.contents()
    for _ in range(times):
        ended = checkout.deployer(*options, **env)
        assert ended.stderr == message
        assert ended.returncode == 1
        assert checkout.contents() == before


def stage(checkout: Checkout) -> str:
    checkout.write("new.py", "A = 1\n")
    checkout.git("add", "new.py")
    return "added: new.py"


def stage_and_edit(checkout: Checkout) -> str:
    checkout.write("manage.py", checkout.read("manage.py") + "# staged\n")
    checkout.git("add", "manage.py")
    checkout.write("manage.py", checkout.read("manage.py") + "# and edited\n")
    return "modified: manage.py"


def edit_settings(checkout: Checkout) -> str:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + "MINE = 1\n")
    return "modified: blog/settings.py"


def delete(checkout: Checkout) -> str:
    (checkout.root / "blog" / "asgi.py").unlink()
    return "deleted: blog/asgi.py"


def rename(checkout: Checkout) -> str:
    checkout.git("mv", "blog/asgi.py", "blog/wsgi2 neu.py")
    return "renamed: blog/wsgi2 neu.py"


def leave_untracked(checkout: Checkout) -> str:
    checkout.write("notes/öffnen.txt", "x\n")
    return "untracked: notes/öffnen.txt"


def conflict(checkout: Checkout) -> str:
    checkout.write("README", "start\n")
    checkout.commit_all("Start")
    checkout.write("README", "one\n")
    checkout.git("stash")
    checkout.write("README", "two\n")
    checkout.commit_all("Two")
    with pytest.raises(Exception, match="stash"):
        checkout.git("stash", "pop")
    return "conflict: README"


@pytest.mark.parametrize(
    "soil",
    [
        *(stage, stage_and_edit, edit_settings, delete, rename, conflict),
        pytest.param(leave_untracked, marks=pytest.mark.beyond_ascii),
    ],
    ids=lambda f: f.__name__,
)
def test_uncommitted_changes(checkout: Checkout, soil) -> None:  # type: ignore[no-untyped-def]
    line = soil(checkout)
    refused(checkout, HEAD + UNCLEAN.format(line=line))


def test_uncommitted_changes_can_be_ignored_and_are_kept(checkout: Checkout) -> None:
    stage(checkout)
    assert checkout.deployer("--ignore-unclean-git").returncode == 0
    assert "A  new.py" in checkout.git("status", "--porcelain")


def without_gitignore(checkout: Checkout) -> None:
    checkout.git("rm", "--quiet", ".gitignore")
    checkout.commit_all("Nothing is ignored")


@pytest.mark.parametrize("platform", ["heroku", "fly_io"])
def test_byproducts_are_neither_refused_nor_committed(platform: str, checkout: Checkout) -> None:
    without_gitignore(checkout)
    checkout.write("blog/__pycache__/settings.cpython-312.pyc", "")
    for name in ("db.sqlite3", "db.sqlite3-wal", "old.pyc"):
        checkout.write(name, "")
    ended = checkout.deployer("--platform", platform, "--dry-run", PYTHONDONTWRITEBYTECODE="1")
    assert (ended.returncode, ended.stderr) == (0, "")
    said = " ".join(ended.stdout.split())
    image = ", and .dockerignore keeps them out of the image" if platform == "fly_io" else ""
    assert (
        "These files should not be in a repository: __pycache__/, db.sqlite3, db.sqlite3-wal, old.pyc; they are not "
        f"committed{image}. "
        "The new .gitignore excludes them."
    ) in said
    staging = next(line for line in ended.stdout.splitlines() if "git add --" in line)
    assert "db.sqlite3" not in staging
    assert ".gitignore" in staging


@pytest.mark.long
def test_a_database_of_another_name_is_known_from_the_settings(checkout: Checkout) -> None:
    without_gitignore(checkout)
    text = checkout.read("blog/settings.py").replace("BASE_DIR / 'db.sqlite3'", "BASE_DIR / 'data/site.db'")
    checkout.write("blog/settings.py", text)
    checkout.commit_all("A database of another name")
    checkout.write("data/site.db", "")
    assert checkout.deployer("--platform", "fly_io").returncode == 0
    assert {"data/site.db", "data/site.db-*"} <= set(checkout.read(".dockerignore").splitlines())
    checkout.git("stash", "--quiet", "--all")
    checkout.write("data/other.db", "")
    refused(checkout, HEAD + UNCLEAN.format(line="untracked: data/other.db"), PYTHONDONTWRITEBYTECODE="1")


def test_tracked_byproducts_count_as_changes(checkout: Checkout) -> None:
    checkout.write("blog/x.pyc", "1")
    checkout.git("add", "--force", "blog/x.pyc")
    refused(checkout, HEAD + UNCLEAN.format(line="added: blog/x.pyc"))


FIRST_COMMIT = (
    "   Before the first commit, list in .gitignore what to leave out, one pattern per line: __pycache__/,\n"
    "   *.sqlite3, your virtual environment (venv/) and files with secrets (.env).\n"
    '   Then run: git add --all, and git commit -m "Initial commit"\n'
)


def test_a_repository_without_a_commit(checkout: Checkout) -> None:
    checkout.git("update-ref", "-d", "HEAD")
    refused(
        checkout,
        HEAD + "1. The Git repository has no commits yet.\n   -> Commit your project.\n" + FIRST_COMMIT,
    )


def test_a_folder_outside_of_any_repository(checkout: Checkout) -> None:
    (checkout.root / ".git").rename(checkout.root.parent / "elsewhere")
    refused(
        checkout,
        HEAD + f"1. The project in {checkout.root} is not in a Git repository.\n"
        "   -> Create one: git init\n" + FIRST_COMMIT,
    )


def test_no_git_at_all(checkout: Checkout, tmp_path: Path) -> None:
    refused(
        checkout,
        HEAD + "1. The git command was not found.\n"
        "   -> Install Git, open a new terminal and run the command again.\n"
        "   See https://git-scm.com/downloads\n",
        PATH=str(tmp_path / "nothing"),
    )


def test_a_failing_git(checkout: Checkout) -> None:
    (checkout.root / ".git" / "index").write_bytes(b"broken")
    ended = checkout.deployer()
    assert ended.returncode == 1
    assert "1. This Git command failed: git status\n   fatal: " in ended.stderr
    assert "   -> Fix what Git reports and run the command again.\n" in ended.stderr


def test_no_file_lists_the_requirements_of_a_chosen_package_manager(checkout: Checkout) -> None:
    checkout.git("rm", "--quiet", "requirements.txt")
    checkout.commit_all("Without requirements")
    refused(
        checkout,
        HEAD + "1. No file lists the packages that the project needs. Searched at the Git root: requirements.txt,\n"
        "   requirements.in, requirements/, Pipfile, pyproject.toml, setup.py and lock files;\n"
        "   next to manage.py: requirements files.\n"
        "   -> If you use pip, create one: python -m pip freeze --exclude simple-deploy > requirements.txt\n"
        "   Then commit it.\n",
        "--package-manager",
        "uv",
    )


def test_two_package_managers(checkout: Checkout) -> None:
    checkout.write("poetry.lock", "")
    checkout.commit_all("Two at once")
    refused(
        checkout,
        HEAD + "1. The project has files of several package managers: requirements.txt (pip), "
        "poetry.lock (Poetry).\n"
        "   -> Keep the files of one, remove the others (git rm), and commit: some platforms refuse several.\n"
        "   Or choose the one to use in production: --package-manager pip or --package-manager poetry\n",
    )


@pytest.mark.long
def test_a_damaged_block(checkout: Checkout) -> None:
    checkout.deployer()
    text = checkout.read("blog/settings.py").replace("# <<< simple_deploy: heroku <<<\n", "")
    checkout.write("blog/settings.py", text)
    checkout.commit_all("Broken")
    refused(
        checkout,
        HEAD + "1. The simple_deploy block in blog/settings.py is damaged: expected the line "
        '"# >>> simple_deploy: heroku >>>" once, followed by "# <<< simple_deploy: heroku <<<" once.\n'
        "   -> Restore the marker line, or delete the whole block; it will be written again.\n",
    )


def test_files_of_the_tool_that_git_ignores_are_committed(checkout: Checkout) -> None:
    checkout.write(".gitignore", checkout.read(".gitignore") + "Proc*\n")
    checkout.commit_all("Ignore it")
    ended = checkout.deployer()
    assert ended.returncode == 0, ended.stderr
    assert "git add --force -- .python-version Procfile blog/settings.py requirements.txt\n" in ended.stdout
    assert "Git ignores Procfile; the platform needs it" in checkout.page(".md")


def test_needed_files_of_the_user_that_git_ignores(checkout: Checkout) -> None:
    checkout.write("requirements.txt", "-r local/base.txt\n-r local/more.txt\n")
    checkout.write(".gitignore", checkout.read(".gitignore") + "local/\n")
    checkout.commit_all("Ignore what is needed")
    checkout.write("local/base.txt", "Django\n")
    checkout.write("local/more.txt", "sqlparse\n")
    refused(
        checkout,
        HEAD + "1. Git ignores files that the platform needs: local/base.txt, local/more.txt.\n"
        "   -> Remove the matching line from .gitignore (find it with git check-ignore -v) and commit the file.\n",
        times=1,
    )


@pytest.mark.long
def test_settings_that_git_is_told_to_skip(checkout: Checkout) -> None:
    """A first run wrote the block, and Git reports no changes: the site would run without it."""
    assert checkout.deployer().returncode == 0
    checkout.git("update-index", "--skip-worktree", "blog/settings.py")
    checkout.commit_all("All but the settings")
    assert "simple_deploy: heroku" not in checkout.git("show", "HEAD:blog/settings.py")
    assert checkout.git("status", "--porcelain") == ""
    refused(
        checkout,
        HEAD + "1. Git would not commit files that production needs:\n"
        "     blog/settings.py: it is marked skip-worktree\n"
        "   -> To have Git commit them:\n"
        "     git update-index --no-skip-worktree -- blog/settings.py\n"
        "   Then commit or discard what git status shows, and run the command again.\n",
        times=1,
    )


def test_a_rebase_in_progress(checkout: Checkout) -> None:
    checkout.write("README", "1\n")
    checkout.commit_all("Something to rebase")
    with pytest.raises(Exception, match="rebase"):
        checkout.git("rebase", "--exec", "false", "HEAD~1")
    refused(
        checkout,
        HEAD + "1. A rebase is in progress in this repository.\n"
        "   -> Finish or abort it (git rebase --abort), then run the command again.\n",
        times=1,
    )


def test_a_detached_head_may_be_configured_but_not_committed_to(checkout: Checkout) -> None:
    checkout.git("checkout", "--quiet", "--detach")
    ended = checkout.deployer("--automate-all", "--yes")
    assert "No branch is checked out (detached HEAD)" in ended.stderr
    assert "   -> Check out the branch to deploy: git switch NAME\n" in ended.stderr
    assert checkout.deployer().returncode == 0


def test_a_folder_at_the_path_of_a_file(checkout: Checkout) -> None:
    checkout.write("Procfile/readme", "x\n")
    checkout.commit_all("A folder")
    refused(
        checkout,
        HEAD + "1. Procfile exists but is not a readable file.\n"
        "   -> Move it or make it readable, then run the command again.\n",
    )


def test_production_settings_that_cannot_be_loaded(checkout: Checkout) -> None:
    checkout.write("blog/wsgi.py", checkout.read("blog/wsgi.py").replace("blog.settings", "blog.production"))
    checkout.write("blog/production.py", "from .settings import *\nimport nowhere\n")
    checkout.commit_all("Broken production")
    refused(
        checkout,
        HEAD + "1. The settings module blog.production for production could not be loaded: "
        "ModuleNotFoundError: No module named 'nowhere' (blog/production.py:2)\n"
        "   -> Correct that, or give a variable that it lacks: --env NAME=VALUE. To use other settings:\n"
        "     --settings blog.settings\n",
    )


@pytest.mark.parametrize("version", ["pypy3.10", "my-virtualenv", "3.12\n3.13", ""])
def test_a_python_that_heroku_does_not_have(checkout: Checkout, version: str) -> None:
    checkout.write(".python-version", f"{version}\n")
    checkout.commit_all("A Python")
    said = f'.python-version says "{version}"'.replace("\n", " ")
    refused(
        checkout,
        HEAD + f"1. Heroku cannot install the requested Python version: {said}.\n"
        "   -> Write a supported version to .python-version, for example 3.13, and commit.\n"
        "   See https://devcenter.heroku.com/articles/python-support\n",
        times=1,
    )


@pytest.mark.parametrize("name", ["Blog", "1blog", "blog-", "b", "my_blog", "x" * 31])
def test_a_name_that_heroku_would_refuse(checkout: Checkout, name: str) -> None:
    refused(
        checkout,
        HEAD + f'1. "{name}" is not a valid app name on Heroku.\n'
        "   -> Use 3 to 30 lowercase letters, digits and hyphens, starting with a letter and not ending with a "
        "hyphen.\n",
        "--deployed-project-name",
        name,
        times=1,
    )


def test_a_region_that_does_not_exist(checkout: Checkout) -> None:
    refused(
        checkout,
        HEAD + '1. Heroku has no region "mars" outside Private Spaces.\n'
        "   -> Choose one of: --region us, --region eu\n"
        "   See https://devcenter.heroku.com/articles/regions\n",
        "--region",
        "mars",
    )


def test_a_manage_py_that_heroku_does_not_find_is_named_in_the_build_hook(too_deep: Checkout, deep: Checkout) -> None:
    outcome = json.loads(too_deep.deployer("--dry-run", "--json").stdout)
    [diff] = [one["diff"] for one in outcome["files"] if one["path"] == "bin/post_compile"]
    assert diff.endswith("+set -e\n+python a/b/c/manage.py collectstatic --noinput\n")
    assert any("DISABLE_COLLECTSTATIC=1" in step["argv"] for step in outcome["steps"])
    outcome = json.loads(deep.deployer("--dry-run", "--json").stdout)
    assert not any(one["path"] == "bin/post_compile" for one in outcome["files"])


def test_remotes_of_several_apps(checkout: Checkout) -> None:
    checkout.git("remote", "add", "heroku", "https://git.heroku.com/one.git")
    checkout.git("remote", "add", "staging", "git@heroku.com:two.git")
    refused(
        checkout,
        f"{HEAD}1. It is unclear which app on Heroku belongs to this project: the Git remote heroku names one, "
        "the Git remote staging names two.\n"
        "   -> Name the right one: --deployed-project-name NAME\n",
    )


def test_the_cli_is_missing(checkout: Checkout) -> None:
    refused(
        checkout,
        HEAD + "1. The Heroku CLI (heroku) was not found.\n"
        "   -> Install it: npm install --global heroku, or one of the installers on the page below, or leave out "
        "--automate-all: configuration alone does not need it.\n"
        "   See https://devcenter.heroku.com/articles/heroku-cli\n",
        "--automate-all",
        "--yes",
    )


@pytest.mark.beyond_ascii
def test_all_problems_are_reported_together(checkout: Checkout) -> None:
    leave_untracked(checkout)
    checkout.write("poetry.lock", "")
    checkout.git("update-ref", "-d", "HEAD")
    ended = checkout.deployer("--automate-all", "--region", "mars")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Stopped: Nothing was changed. Fix these 3 problems first:\n")
    for number, words in enumerate(("has no commits yet", "several package managers", "(heroku) was not found"), 1):
        assert any(line.startswith(f"{number}. ") and words in line for line in ended.stderr.splitlines())


def test_a_run_without_a_terminal_needs_an_option(checkout: Checkout) -> None:
    ended = checkout.deployer("--automate-all")
    assert "This run needs confirmation, but there is no terminal to ask in." in ended.stderr
    assert "Add --yes to skip the confirmation (--dry-run shows the plan)." in ended.stderr


def test_git_without_an_author(checkout: Checkout) -> None:
    Path(checkout.env["HOME"], ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n", encoding="utf-8")
    ended = checkout.deployer("--automate-all", "--yes")
    assert "Git has no author identity, so it cannot commit:" in ended.stderr


GIT_WITHOUT_AN_ANSWER = """\
#!/bin/sh
if [ "$1" = {word} ]; then echo "fatal: the object is damaged" >&2; exit 128; fi
exec {git} "$@"
"""


@pytest.mark.skipif(os.name == "nt", reason="the git that does not answer is a shell script")
@pytest.mark.parametrize(
    ("word", "command"),
    [
        ("rev-list", "git rev-list --max-parents=0 HEAD"),
        ("config", r"git config --get-regexp '^remote\..*\.url$'"),
    ],
)
def test_a_failed_git_question_is_not_treated_as_none(
    checkout: Checkout, tmp_path: Path, word: str, command: str
) -> None:
    """Otherwise the app would get another name, and a second one would be created."""
    git = tmp_path / "bin" / "git"
    real = git.resolve()
    git.unlink()
    git.write_text(GIT_WITHOUT_AN_ANSWER.format(word=word, git=real), encoding="utf-8")
    git.chmod(0o755)
    refused(
        checkout,
        HEAD + f"1. This Git command failed: {command}\n"
        "   fatal: the object is damaged\n   -> Fix what Git reports and run the command again.\n",
        times=1,
    )


@pytest.mark.parametrize(("executable", "found"), [("-x", ["not-executable"]), ("+x", [])])
def test_git_knows_which_scripts_are_executable(checkout: Checkout, executable: str, found: list[str]) -> None:
    checkout.write("Procfile", "release: ./release.sh\n")
    checkout.write("release.sh", "#!/bin/sh\npython manage.py migrate\n")
    checkout.git("add", "--all")
    checkout.git("-c", "core.fileMode=false", "update-index", f"--chmod={executable}", "release.sh")
    checkout.git("config", "core.fileMode", "false")
    checkout.git("commit", "--quiet", "-m", "A script")
    outcome = json.loads(checkout.deployer("--json").stdout)
    assert (outcome.get("error") or {}).get("problems", []) == found
