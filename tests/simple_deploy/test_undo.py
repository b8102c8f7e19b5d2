"""--undo and --destroy: what a run did is reverted, and nothing else."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from matrix.sandbox.processes import Ran
from simple_deploy.inspect import brought
from simple_deploy.messages.stops import Refused
from simple_deploy.receipt import Touched, begun, digest, load, save

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

# Each starts Django several times.
pytestmark = pytest.mark.long

HERE = Path(__file__).parent
posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
HEAD = "Stopped: Nothing was changed. Fix this problem first:\n\n"
STATUS = "Only files were changed, nothing was committed: git status shows what differs from the last commit.\n"
NOTHING_THERE = "The record of earlier runs lists nothing created on a platform.\n"
PUT_BACK = (
    "Restored to the state before the run of NOW: requirements.txt, blog/settings.py.\n"
    "Removed, because they did not exist before: Procfile, .python-version.\n"
)


def said(text: str) -> str:
    """The text without what changes from run to run."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "NOW", text)


def runs(checkout: Checkout) -> list[dict[str, object]]:
    """The recorded runs; the receipt has the documented format."""
    receipt = json.loads(checkout.read("simple_deploy_logs/receipt.json"))
    schema = HERE.parent.parent / "docs" / "reference" / "receipt.schema.json"
    jsonschema.validate(receipt, json.loads(schema.read_text(encoding="utf-8")))
    return list(receipt["runs"])


def undone(checkout: Checkout, *options: str) -> str:
    ended = checkout.deployer("--undo", *options)
    assert (ended.returncode, ended.stderr) == (0, "")
    return said(ended.stdout)


def refused(ended: Ran) -> str:
    assert ended.returncode == 1
    return said(ended.stderr).removeprefix(HEAD)


def test_undo_restores_every_byte_and_a_second_one_has_nothing_to_do(checkout: Checkout) -> None:
    before = checkout.contents()
    checkout.deployer()
    configured = checkout.contents()
    preview = undone(checkout, "--dry-run")
    assert "-web: gunicorn blog.wsgi" in preview
    assert preview.endswith(f"{PUT_BACK}This was a dry run: nothing was changed.\n{NOTHING_THERE}")
    assert checkout.contents() == configured
    assert undone(checkout) == PUT_BACK + STATUS + NOTHING_THERE
    assert checkout.contents() == before
    assert checkout.git("status", "--porcelain") == ""
    assert [(run["kind"], run["files_state"]) for run in runs(checkout)] == [("deploy", "undone"), ("undo", "written")]
    assert refused(checkout.deployer("--undo")) == (
        "1. There is nothing to undo: simple_deploy_logs/receipt.json records no run for heroku whose file changes "
        "are still in place.\n"
        "   -> To go back further, use Git: git log lists your commits.\n"
    )
    checkout.deployer()
    assert checkout.contents() == configured


def test_undo_after_a_commit_changes_only_the_files(checkout: Checkout) -> None:
    before = checkout.contents()
    checkout.deployer()
    checkout.commit_all("Configured")
    head = checkout.git("rev-parse", "HEAD")
    outcome = json.loads(checkout.deployer("--undo", "--json").stdout)
    assert outcome["files"] == [
        {"path": "Procfile", "change": "remove"},
        {"path": ".python-version", "change": "remove"},
        {"path": "requirements.txt", "change": "restore"},
        {"path": "blog/settings.py", "change": "restore"},
    ]
    assert (outcome["status"], outcome["remains"], outcome["error"]) == ("undone", [], None)
    assert checkout.contents() == before
    assert checkout.git("rev-parse", "HEAD") == head


@pytest.mark.long
def test_files_edited_since_are_kept_unless_the_user_agrees(checkout: Checkout) -> None:
    before = checkout.contents()
    checkout.deployer()
    checkout.write("Procfile", "web: mine\n")
    assert refused(checkout.deployer("--undo")) == (
        "1. Edited since the last run: Procfile. There is no terminal to ask what to do with them.\n"
        "   -> Add --yes to undo all other files and keep these edits, or run the command in a terminal.\n"
    )
    shown = undone(checkout, "--yes")
    assert "-web: mine\n" in shown
    assert shown.endswith(
        "Restored to the state before the run of NOW: requirements.txt, blog/settings.py.\n"
        "Removed, because they did not exist before: .python-version.\n"
        f"Edited since, so kept: Procfile\n{STATUS}{NOTHING_THERE}"
    )
    assert checkout.contents() == {**before, "Procfile": b"web: mine\n"}


@posix
@pytest.mark.parametrize("answer", ["n\n", "y\n"])
def test_undo_asks_about_edited_files_and_keeps_them(checkout: Checkout, answer: str) -> None:
    from matrix.sandbox.terminals import converse

    before = checkout.contents()
    checkout.deployer()
    edited = checkout.read("blog/settings.py") + "EDITED = True\n"
    checkout.write("blog/settings.py", edited)
    question = (
        "blog/settings.py was edited since that run: put it back anyway? "
        "Its current content is kept in simple_deploy_logs/backups/."
    )
    argv = [sys.executable, "manage.py", "simple_deploy", "--undo"]
    status, shown = converse(argv, (question, answer), cwd=checkout.manage_dir, env=checkout.env)
    assert status == 0, shown
    assert "-EDITED = True" in shown
    if answer == "y\n":
        assert checkout.contents() == before
        kept = [path.read_bytes() for path in (checkout.root / "simple_deploy_logs" / "backups").iterdir()]
        assert edited.encode() in kept
    else:
        assert checkout.contents() == {**before, "blog/settings.py": edited.encode()}


def test_a_lost_backup_stops_the_whole_undo(checkout: Checkout) -> None:
    checkout.deployer()
    configured = checkout.contents()
    for path in (checkout.root / "simple_deploy_logs" / "backups").iterdir():
        path.write_bytes(b"damaged")
    problems = refused(checkout.deployer("--undo")).split("\n\n")[-1]
    assert re.sub(r"[0-9a-f]{64}", "SHA256", problems) == (
        "2. The content of blog/settings.py before the last run is no longer available: "
        "simple_deploy_logs/backups/SHA256 is damaged.\n"
        "   -> If it was committed, Git has it: git log -- blog/settings.py\n"
    )
    assert checkout.contents() == configured


def test_an_invalid_receipt_is_ignored_and_stops_only_undo_and_destroy(checkout: Checkout) -> None:
    checkout.write("simple_deploy_logs/receipt.json", '{"schema": 99}')
    sentence = (
        "simple_deploy_logs/receipt.json, the record of earlier runs, is ignored because it could not be read: "
        "it has format 99, and this version reads format 1.\n"
    )
    assert refused(checkout.deployer("--undo")).startswith(f"1. {sentence}   -> Only --undo and --destroy need it.")
    ended = checkout.deployer()
    assert (ended.returncode, ended.stdout.startswith(sentence)) == (0, True), ended.stdout
    assert checkout.read("simple_deploy_logs/receipt.ignored.json") == '{"schema": 99}'
    assert undone(checkout) == PUT_BACK + STATUS + NOTHING_THERE


def test_undo_on_another_branch_changes_nothing(checkout: Checkout) -> None:
    before = checkout.contents()
    checkout.git("branch", "plain")
    checkout.deployer()
    checkout.commit_all("Configured")
    checkout.git("switch", "--quiet", "plain")
    receipt = checkout.read("simple_deploy_logs/receipt.json")
    assert refused(checkout.deployer("--undo")) == (
        "1. The last run was made on the branch main, and the branch plain is checked out now, so nothing was undone.\n"
        "   -> Switch to it first: git switch main, then run --undo\n"
    )
    assert (checkout.contents(), checkout.read("simple_deploy_logs/receipt.json")) == (before, receipt)
    checkout.git("switch", "--quiet", "main")
    assert undone(checkout) == PUT_BACK + STATUS + NOTHING_THERE
    assert checkout.contents() == before


def recorded(checkout: Checkout, *written: tuple[str, str]) -> None:
    """One run for each platform and file that it created. The first letter of the file's name is its content."""
    made = []
    for number, (platform, path) in enumerate(written):
        checkout.write(path, path[0])
        file = Touched(path=path, before=None, after=digest(path[0].encode()))
        run = begun("deploy", datetime(2006, 1, 2, 3, 4, number), platform, "my-blog", "main")
        made.append(replace(run, files=(file,), files_state="written"))
    save(checkout.root, tuple(made))


def test_undo_reverts_the_run_for_the_named_platform(checkout: Checkout) -> None:
    recorded(checkout, ("heroku", "a"), ("fly_io", "b"))
    assert "run for upsun" in refused(checkout.deployer("--undo", "--platform", "upsun"))
    shown = undone(checkout, "--platform", "heroku")
    assert "Removed, because they did not exist before: a." in shown
    assert [(run["platform"], run["files_state"]) for run in runs(checkout)] == [
        ("heroku", "undone"),
        ("fly_io", "written"),
        ("heroku", "written"),
    ]
    assert checkout.contents().keys() & {"a", "b"} == {"b"}


def test_undo_does_not_skip_a_later_run_that_wrote_the_same_file(checkout: Checkout) -> None:
    recorded(checkout, ("heroku", "a"), ("fly_io", "b"), ("upsun", "a"))
    assert refused(checkout.deployer("--undo", "--platform", "heroku")) == (
        "1. A later run for upsun changed files that the run for heroku changed too: a.\n"
        "   -> Undo that run first: --undo --platform upsun\n"
    )


@pytest.mark.long
def test_a_receipt_that_came_with_the_project_overwrites_nothing(checkout: Checkout) -> None:
    """Its backup and digests are valid, but it cannot prove that it was written here."""
    evil = b"raise SystemExit('not yours')\n"
    settings = (checkout.root / "blog" / "settings.py").read_bytes()
    file = {"path": "blog/settings.py", "before": digest(evil), "after": digest(settings)}
    app = {"platform": "heroku", "app": "a", "app_id": None, "account": None}
    run = {"id": "1", "kind": "deploy", "branch": "main", "complete": False, **app}
    planted = {"schema": 1, "seal": "0" * 64, "runs": [{**run, "files_state": "writing", "files": [file], "steps": []}]}
    checkout.write("simple_deploy_logs/.gitignore", "*\n")
    checkout.write("simple_deploy_logs/receipt.json", json.dumps(planted))
    checkout.write(f"simple_deploy_logs/backups/{digest(evil)}", evil.decode())
    before = checkout.contents()
    sentence = (
        "simple_deploy_logs/receipt.json, the record of earlier runs, is ignored because it was not written in this "
        "repository.\n"
    )
    assert refused(checkout.deployer("--undo", "--yes")).startswith(f"1. {sentence}")
    assert checkout.deployer("--dry-run").stdout.startswith(sentence)
    assert checkout.contents() == before
    assert checkout.deployer().stdout.startswith(sentence)
    assert checkout.read("blog/settings.py").startswith(settings.decode())


@posix
@pytest.mark.parametrize(
    "name", ["simple_deploy_logs", "simple_deploy_logs/receipt.json", "simple_deploy_logs/backups"]
)
def test_a_link_at_the_path_of_our_folder_is_reported(checkout: Checkout, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    link = checkout.root / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(victim)
    problem = brought(checkout.root)
    assert problem
    assert problem.found == (
        f"The path {name} is a link, so simple_deploy_logs is ignored; .git/simple_deploy is used instead."
    )


@pytest.mark.parametrize("folder", ["simple_deploy_logs", "Simple_Deploy_Logs"])
def test_a_tracked_folder_is_reported(checkout: Checkout, folder: str) -> None:
    assert brought(checkout.root) is None
    checkout.write("simple_deploy_logs/own", "of no interest to Git")
    assert brought(checkout.root) is None
    checkout.write(f"{folder}/receipt.json", "{}")
    checkout.git("add", "--force", f"{folder}/receipt.json")
    problem = brought(checkout.root)
    assert problem
    assert problem.found.startswith(
        f"The path {folder}/receipt.json is tracked by Git, so simple_deploy_logs is ignored"
    )
    (checkout.root / ".git" / "index").write_bytes(b"damaged")
    with pytest.raises(Refused, match="This Git command failed"):
        brought(checkout.root)


@pytest.mark.parametrize("how", ["tracked", pytest.param("a link", marks=[posix, pytest.mark.long])])
def test_a_folder_that_came_with_the_repository_is_ignored(checkout: Checkout, tmp_path: Path, how: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    if how == "tracked":
        checkout.write("simple_deploy_logs/receipt.json", "{}")
    else:
        (checkout.root / "simple_deploy_logs").symlink_to(outside)
    checkout.commit_all()
    before = checkout.contents()
    undo = checkout.deployer("--undo", "--yes")
    assert refused(undo).startswith("1. There is nothing to undo: .git/simple_deploy/receipt.json records no run")
    assert "ignored; .git/simple_deploy is used instead.\n" in undo.stdout
    assert not (checkout.root / ".git" / "simple_deploy").exists()
    ended = checkout.deployer("--json")
    assert ended.returncode == 0, ended.stderr
    assert f" is {how}" in ended.stderr.splitlines()[0]
    log = json.loads(ended.stdout)["log"]
    assert log.startswith(".git/simple_deploy/simple_deploy_")
    assert (checkout.root / log).is_file()
    assert "Procfile" in checkout.contents()
    undo = checkout.deployer("--undo")
    assert said(undo.stdout).endswith(f"used instead.\n{PUT_BACK}{STATUS}{NOTHING_THERE}")
    assert checkout.contents() == before
    assert list(outside.iterdir()) == []
    assert checkout.git("status", "--porcelain") == ""


@pytest.mark.long
def test_runs_before_the_folder_was_tracked_are_still_known(checkout: Checkout) -> None:
    before = checkout.contents()
    assert checkout.deployer().returncode == 0
    checkout.git("add", "--force", "simple_deploy_logs")
    checkout.git("commit", "--quiet", "--all", "--message", "With the logs")
    assert checkout.deployer("--undo").returncode == 0
    assert checkout.contents() == before
    assert [run.files_state for run in load(checkout.root)] == ["undone", "written"]
    assert checkout.git("status", "--porcelain", "simple_deploy_logs") == ""


@posix
def test_nothing_is_done_without_our_folder(checkout: Checkout) -> None:
    (checkout.root / "simple_deploy_logs").write_bytes(b"in the way, and no change of the user's")
    (checkout.root / ".git" / "simple_deploy").write_bytes(b"in the way")
    assert refused(checkout.deployer()) == (
        "1. The path simple_deploy_logs is not a folder, so simple_deploy_logs is ignored; .git/simple_deploy is used "
        "instead.\n"
        "   -> Make .git/simple_deploy writable, or remove simple_deploy_logs, also from Git: "
        "git rm -r simple_deploy_logs\n"
    )


@posix
def test_a_link_out_of_the_project_is_not_written_through(checkout: Checkout, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"Django\n")
    (checkout.root / "requirements.txt").unlink()
    (checkout.root / "requirements.txt").symlink_to(victim)
    checkout.commit_all()
    assert refused(checkout.deployer()) == (
        "1. requirements.txt is a link that leads out of the repository.\n"
        "   -> Replace it with a regular file inside the project and commit it.\n"
    )
    assert victim.read_bytes() == b"Django\n"


def test_only_one_of_undo_and_destroy_at_a_time(checkout: Checkout) -> None:
    ended = checkout.deployer("--undo", "--destroy")
    assert ended.returncode == 2
    assert "argument --destroy: not allowed with argument --undo" in ended.stderr


def test_without_a_receipt_nothing_is_destroyed(on_heroku: OnPlatform) -> None:
    on_heroku.box.run(["heroku", "apps:create", "my-blog"], cwd=on_heroku.checkout.root)
    ended = on_heroku.checkout.deployer("--destroy", "--yes", *on_heroku.named)
    assert refused(ended) == (
        "1. simple_deploy_logs/receipt.json has no record that simple_deploy created the app my-blog for this "
        "project, so nothing was removed.\n"
        "   -> If you are sure, remove it yourself: heroku apps:destroy --app my-blog\n"
    )
    assert "my-blog" in on_heroku.state.read()["apps"]


def test_an_app_whose_creation_was_not_confirmed_is_not_destroyed(on_heroku: OnPlatform) -> None:
    fault = {"command": "apps:create", "after": True, "returncode": 1, "stderr": "connection lost\n"}
    on_heroku.state.add_fault(fault)
    assert on_heroku.deploy().returncode == 1
    ended = on_heroku.checkout.deployer("--destroy", "--yes", *on_heroku.named)
    assert refused(ended) == (
        "1. simple_deploy_logs/receipt.json records that simple_deploy started to create the app my-blog, but not that "
        "it succeeded.\n"
        "   Someone else may have created it, so nothing was removed.\n"
        "   -> If you are sure that it is yours, remove it yourself: heroku apps:destroy --app my-blog\n"
    )
    assert "my-blog" in on_heroku.state.read()["apps"]


SHOWN = (
    "This will be permanently deleted from Heroku, including all data:\n"
    "  app my-blog\n"
    "  Git remote heroku\n"
    "  database heroku-postgresql:essential-0\n"
    "with this command:\n"
    "  heroku apps:destroy --app my-blog --confirm my-blog\n"
)


@posix
def test_deploy_undo_destroy(on_heroku: OnPlatform) -> None:
    from matrix.sandbox.terminals import converse

    checkout = on_heroku.checkout
    before = checkout.contents()
    on_heroku.box.run(["heroku", "apps:create", "another", "--remote", "other"], cwd=checkout.root)
    assert on_heroku.deploy().returncode == 0
    secret = on_heroku.state.read()["apps"]["my-blog"]["config"]["SECRET_KEY"]
    (run,) = runs(checkout)
    variables = next(step for step in run["steps"] if step["id"] == "variables")  # type: ignore[attr-defined]
    assert "SECRET_KEY=********" in variables["argv"]
    assert secret not in checkout.read("simple_deploy_logs/receipt.json")

    assert undone(checkout) == (
        f"{PUT_BACK}{STATUS}\n"
        "Created earlier and not touched now; each with the command that removes it:\n"
        "  app my-blog: heroku apps:destroy --app my-blog --confirm my-blog\n"
        "  Git remote heroku: git remote remove heroku\n"
        "  database heroku-postgresql:essential-0: heroku addons:destroy heroku-postgresql:essential-0 --app my-blog\n"
        "To remove a whole app at once: python -m simple_deploy --destroy\n"
    )
    assert checkout.contents() == before

    preview = checkout.deployer("--destroy", "--dry-run")
    assert preview.stdout == f"{SHOWN}This was a dry run: nothing was changed.\n"
    named_problem = (
        "1. To destroy the app my-blog, you must give its name, and there is no terminal to type it in.\n"
        "   -> Add --yes --deployed-project-name my-blog\n"
    )
    assert refused(checkout.deployer("--destroy")) == named_problem
    assert refused(checkout.deployer("--destroy", "--yes")) == named_problem
    argv = [sys.executable, "manage.py", "simple_deploy", "--destroy"]
    env = on_heroku.box.env | {"PYTHONUTF8": "1"}
    question = "Type the app's name to remove it (my-blog):"
    status, shown = converse(argv, (question, "another\n"), cwd=checkout.root, env=env)
    assert (status, "Cancelled. Nothing was changed." in shown) == (1, True)
    assert set(on_heroku.state.read()["apps"]) == {"another", "my-blog"}

    status, shown = converse(argv, (question, "my-blog\n"), cwd=checkout.root, env=env)
    assert status == 0, shown
    assert "The app my-blog is deleted and costs nothing from now on." in shown
    assert set(on_heroku.state.read()["apps"]) == {"another"}
    assert checkout.git("remote").split() == ["other"]
    assert "so nothing was removed" in refused(checkout.deployer("--destroy"))
    assert refused(checkout.deployer("--undo")).startswith("1. There is nothing to undo")


def test_a_manually_deleted_app_is_forgotten(on_heroku: OnPlatform) -> None:
    on_heroku.state.add_fault({"command": "addons:create", "returncode": 1, "stderr": "not today\n"})
    assert on_heroku.deploy().returncode == 1
    on_heroku.box.run(
        ["heroku", "apps:destroy", "--app", "my-blog", "--confirm", "my-blog"], cwd=on_heroku.checkout.root
    )
    ended = on_heroku.checkout.deployer("--destroy", "--json")
    assert ended.returncode == 0, ended.stderr
    outcome = json.loads(ended.stdout)
    assert (outcome["status"], outcome["steps"]) == ("destroyed", [])
    assert ended.stderr == (
        "Heroku shows no app my-blog on the account dev@example.com, so nothing was removed.\n"
        "The app my-blog was removed from the record of earlier runs.\n"
        "The project's files were not changed; python -m simple_deploy --undo reverts them.\n"
    )
    assert [run["kind"] for run in runs(on_heroku.checkout)] == ["deploy", "destroy"]
