"""One project, one app: shallow clones in CI as in the guide, other people's apps, and copies of a starter.

Complete deployments to the emulated platforms: all of these tests are `long`.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from matrix.emulators._upsun import lifecycle as _upsun
from matrix.emulators.fly_io import lifecycle as fly_io
from matrix.emulators.heroku import lifecycle as heroku
from matrix.sandbox.processes import Ran
from simple_deploy import receipt
from simple_deploy.model import Created, Step
from simple_deploy.platforms import load
from simple_deploy.receipt import Writer, begun

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guides" / "ci.md"
TOKENS = {
    "fly_io": "FLY_API_TOKEN",
    "heroku": "HEROKU_API_KEY",
    "platform_sh": "PLATFORMSH_CLI_TOKEN",
    "upsun": "UPSUN_CLI_TOKEN",
}


def command_for_ci(platform: str) -> list[str]:
    """The command in the guide, for this platform; its output goes to outcome.json there."""
    page = GUIDE.read_text(encoding="utf-8").partition("other CI service")[2]
    match = re.search(r"^ +python manage\.py simple_deploy (.+) > outcome\.json$", page, re.MULTILINE)
    assert match
    return [platform if word == "heroku" else word for word in shlex.split(match[1])]


def published(on: OnPlatform) -> Path:
    """A bare repository as the project's origin, with everything committed."""
    home = on.box.work / "origin.git"
    on.box.run(["git", "init", "--quiet", "--bare", "--initial-branch", "main", home])
    on.checkout.git("remote", "add", "origin", home.as_uri())
    on.checkout.git("push", "--quiet", "origin", "HEAD:main")
    return home


def clone(on: OnPlatform, home: Path, name: str) -> Checkout:
    """A clone of depth 1."""
    folder = on.box.work / name
    on.box.run(["git", "clone", "--quiet", "--depth", "1", home.as_uri(), folder])
    return replace(on.checkout, root=folder, manage_dir=folder)


@pytest.fixture
def on_fly_io(machine_with: Callable[..., Any], small_project: Path) -> Iterator[OnPlatform]:
    with machine_with("fly_io", small_project) as machine:
        yield machine


def first_deployment(on: OnPlatform, *, trial: bool = False) -> Ran:
    options = ("--platform", on.platform, "--automate-all", "--yes", "--no-open", *unattended(on))
    return on.checkout.deployer(*options, trial=trial)


def unattended(on: OnPlatform) -> tuple[str, ...]:
    return tuple(on.emulator.UNATTENDED)


def things(on: OnPlatform) -> dict[str, Any]:
    """Every app and database by name or ID, without what a deployment changes."""
    state = on.state.read()
    return {kind: sorted(state[kind]) for kind in ("apps", "clusters", "projects") if kind in state}


def test_ci_as_in_the_guide(on_any: OnPlatform) -> None:
    home = published(on_any)
    ended = first_deployment(on_any, trial=True)  # as CI does
    assert ended.returncode == 0, ended.stderr
    on_any.checkout.git("push", "--quiet", "origin", "HEAD:main")
    before = things(on_any)
    with on_any.state.change() as platform:
        account = platform["account"]
        account["logged_in"] = False
        token = account["token"]
    for name in ("builds-1", "another name"):
        ci = clone(on_any, home, name)
        done = ci.python(
            "manage.py", "simple_deploy", *command_for_ci(on_any.platform), **{TOKENS[on_any.platform]: token}
        )
        assert done.returncode == 0, done.stderr
        outcome = json.loads(done.stdout)
        assert (outcome["status"], outcome["files"]) == ("deployed", [])
        assert things(on_any) == before
        on_any.checkout.write("later.txt", name)
        on_any.checkout.commit_all("Later")
        on_any.checkout.git("push", "--quiet", "origin", "HEAD:main")


def test_a_shallow_clone_before_any_deployment_refuses(on_any: OnPlatform) -> None:
    ci = clone(on_any, published(on_any), "ci")
    options = ("--platform", on_any.platform, "--automate-all", "--yes", "--no-open", *unattended(on_any))
    for _ in range(2):
        ended = ci.deployer(*options)
        assert "This is a shallow clone, and no file in it names this project's app" in ended.stderr
    assert not any(things(on_any).values())


def test_a_second_clone_of_a_starter_does_not_use_the_first_ones_app(on_any: OnPlatform) -> None:
    second = on_any.box.work / "elsewhere" / "blog"
    shutil.copytree(on_any.checkout.root, second)
    assert first_deployment(on_any).returncode == 0
    before = on_any.emulator.inventory(on_any.box.root)
    copy = replace(on_any, checkout=replace(on_any.checkout, root=second, manage_dir=second))
    ended = first_deployment(copy)
    assert "and nothing shows that it belongs to this project.\n" in ended.stderr
    assert copy.checkout.git("status", "--porcelain") == ""
    # The same after a configuration-only run, which has the name of the first one's app.
    assert copy.checkout.deployer("--platform", on_any.platform).returncode == 0
    copy.checkout.commit_all("Configured")
    assert "and nothing shows that it belongs to this project.\n" in first_deployment(copy).stderr
    assert on_any.emulator.inventory(on_any.box.root) == before


def of_a_second_person(on: OnPlatform, name: str) -> None:
    """An app created by another person, to which our account has access."""
    if on.platform == "heroku":
        heroku.create_app(on.state, name, owner="ann@example.com")
        with on.state.change() as platform:
            platform["apps"][name]["collaborators"].append(platform["account"]["email"])
    elif on.platform == "fly_io":
        with on.state.change() as platform:
            platform["organizations"]["team"] = {"slug": "team", "name": "Team", "type": "SHARED"}
        fly_io.create_app(on.state, name, "team")
    else:
        on.state.add_organization("team", "Team")
        team = on.state.read()["organizations"][-1]
        project = _upsun.create(on.state, name, "eu-5.platform.sh", team, owner="ann@example.com")
        with on.state.change() as platform:
            platform["projects"][project["id"]]["members"].append(platform["account"]["email"])


def derived_name(on: OnPlatform) -> str:
    """The name that a new app of the project would get."""
    options = ("--platform", on.platform, "--automate-all", "--dry-run", "--json", *unattended(on))
    return str(json.loads(on.checkout.deployer(*options).stdout)["app"])


def test_another_persons_app_is_not_changed(on_any: OnPlatform) -> None:
    derived = derived_name(on_any)
    for name in (derived, "my-blog"):
        of_a_second_person(on_any, name)
    before = on_any.emulator.inventory(on_any.box.root)
    unclaimed = "on the account dev@example.com, and nothing shows that it belongs to this project.\n"
    for options in ((), on_any.named):
        automated = ("--platform", on_any.platform, "--automate-all", "--yes", "--no-open", *unattended(on_any))
        ended = on_any.checkout.deployer(*automated, *options)
        assert f"has an app called {options[-1] if options else derived} {unclaimed}" in ended.stderr
        assert ended.returncode == 1
    ended = on_any.checkout.deployer("--platform", on_any.platform, "--destroy", "--yes", *on_any.named)
    assert "so nothing was removed.\n" in ended.stderr
    assert (on_any.emulator.inventory(on_any.box.root), on_any.checkout.git("status", "--porcelain")) == (before, "")


def test_other_first_commits_do_not_change_the_app(on_any: OnPlatform) -> None:
    assert first_deployment(on_any).returncode == 0
    before, git = things(on_any), on_any.checkout.git
    options = ("--platform", on_any.platform, "--automate-all", "--dry-run", "--json", *unattended(on_any))

    def creates() -> list[str]:
        ended = on_any.checkout.deployer(*options)
        if ended.returncode:
            # A push could not replace the platform's history.
            assert "which is not part of your current branch" in ended.stderr
            return ["refused"]
        steps = json.loads(ended.stdout)["steps"]
        return [step["id"] for step in steps if step["id"].startswith("create-") and step["state"] == "planned"]

    first = git("rev-list", "--max-parents=0", "HEAD").split()
    git("checkout", "--quiet", "--orphan", "older")
    git("rm", "-r", "--quiet", "--cached", ".")
    empty = git("write-tree").strip()
    dated = {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z"}
    env = {**on_any.checkout.env, **dated}
    older = on_any.box.run(["git", "commit-tree", empty, "-m", "Older"], cwd=on_any.checkout.root, env=env)
    git("symbolic-ref", "HEAD", "refs/heads/main")
    git("reset", "--quiet", "--hard")
    git("merge", "--quiet", "--allow-unrelated-histories", "-m", "Join", older.stdout.strip())
    roots = git("rev-list", "--max-parents=0", "HEAD").split()
    assert set(roots) == {*first, older.stdout.strip()}
    assert creates() == []
    git("checkout", "--quiet", "--orphan", "again")
    on_any.checkout.commit_all("Begin again")
    assert not set(git("rev-list", "--max-parents=0", "HEAD").split()) & set(roots)
    # Fly.io gets the folder; the others are pushed to, and have a commit that the new history lacks.
    pushed = on_any.platform != "fly_io"
    assert (creates(), things(on_any)) == (["refused"] if pushed else [], before)


def receipt_naming(on: OnPlatform, app: str, app_id: str) -> None:
    """A receipt of a run that created that app with that ID."""
    run = begun(
        "deploy", datetime(2006, 1, 2, tzinfo=timezone.utc), on.platform, app, "main", account="dev@example.com"
    )
    made = (Created(kind="app", name=app),)
    Writer(on.checkout.root, run).step(Step(id="create", title="", why="", argv=("x",), makes=made), "done", app_id)


def test_destroy_requires_the_platforms_own_name(on_any: OnPlatform) -> None:
    """The receipt names another app for our ID, or the ID in place of the name."""
    run, region = on_any.box.run, "eu-5.platform.sh"
    if on_any.platform == "heroku":
        run(["heroku", "apps:create", "my-blog", "--no-remote"])
    elif on_any.platform == "fly_io":
        run(["fly", "apps", "create", "my-blog", "--org", "personal"])
    else:
        cli = {"upsun": "upsun", "platform_sh": "platform"}[on_any.platform]
        run([cli, "project:create", "--title", "my-blog", "--region", region, "--org", "dev", "--yes"])
    (app,) = next(values for values in map(on_any.state.read().get, ("apps", "projects")) if values).values()
    app_id = app.get("id", "dev@example.com/my-blog")
    before = on_any.emulator.inventory(on_any.box.root)
    for other in ("same-name", app_id):
        (on_any.checkout.root / "simple_deploy_logs" / "receipt.json").unlink(missing_ok=True)
        receipt_naming(on_any, other, app_id)
        ended = on_any.checkout.deployer(
            "--platform", on_any.platform, "--destroy", "--yes", "--deployed-project-name", other
        )
        assert on_any.emulator.inventory(on_any.box.root) == before
        assert "same-name is gone" not in ended.stdout
        if on_any.platform != "fly_io":
            name = load(on_any.platform).name
            calls = f'calls the app with the ID {app_id} "{other}", but its name on {name} is '
            assert f'{calls}"my-blog", so nothing was removed.\n' in ended.stderr
            assert ended.returncode == 1


@pytest.mark.long
def test_an_ignored_fly_toml_is_not_a_claim(on_fly_io: OnPlatform) -> None:
    on_fly_io.box.run(["fly", "apps", "create", "same-name", "--org", "personal"])
    on_fly_io.checkout.write("fly.toml", "app = 'same-name'\n")
    on_fly_io.checkout.write(".git/info/exclude", "fly.toml\n")
    before = on_fly_io.emulator.inventory(on_fly_io.box.root)
    for options in (("--dry-run",), ("--yes", "--no-open")):
        ended = on_fly_io.checkout.deployer("--platform", "fly_io", "--automate-all", *options)
        assert ended.returncode == 1
        assert "Fly.io already has an app called same-name on the account" in ended.stderr
        assert "--deployed-project-name same-name --adopt\n" in ended.stderr
    assert on_fly_io.emulator.inventory(on_fly_io.box.root) == before


def test_destroy_keeps_another_app_with_the_same_name(on_any: OnPlatform) -> None:
    assert on_any.deploy().returncode == 0
    (*earlier, last) = receipt.load(on_any.checkout.root)
    assert last.app_id
    assert last.account == "dev@example.com"
    receipt.save(on_any.checkout.root, (*earlier, replace(last, app_id="anotherproject1")))
    before = things(on_any)
    options = ("--platform", on_any.platform, "--destroy", "--yes", *on_any.named)
    ended = on_any.checkout.deployer(*options)
    if "projects" in before:
        # Looked up by its ID: it is gone, whoever has the title now.
        assert (ended.returncode, things(on_any)) == (0, before)
        return
    assert f"The app my-blog has the ID {last.app_id}, but " in ended.stderr
    assert (ended.returncode, things(on_any)) == (1, before)
    receipt.save(on_any.checkout.root, (*earlier, last))
    assert on_any.checkout.deployer(*options).returncode == 0
    assert not any(things(on_any).values())


@pytest.mark.parametrize("platform", ["heroku", "fly_io", "upsun", "platform_sh"])
def test_destroy_without_a_receipt_stops_with_one_sentence(platform: str, checkout: Checkout) -> None:
    ended = checkout.deployer("--platform", platform, "--destroy", "--yes", "--deployed-project-name", "my-blog")
    assert ended.returncode == 1
    assert "has no record that simple_deploy created the app my-blog for this project, so nothing was removed.\n" in (
        ended.stderr
    )
    assert "   -> If you are sure, remove it yourself: " in ended.stderr
