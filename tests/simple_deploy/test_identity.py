"""One project, one app: shallow clones in CI as the how-to page has it, other people's apps, and copies of a starter.

Whole deployments to the emulated platforms: all of these tests are `long`.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simple_deploy import receipt

if TYPE_CHECKING:
    from conftest import Checkout, Ended, OnPlatform

HOW_TO = Path(__file__).parent.parent.parent / "docs" / "how_to.md"
TOKENS = {
    "fly_io": "FLY_API_TOKEN",
    "heroku": "HEROKU_API_KEY",
    "platform_sh": "PLATFORMSH_CLI_TOKEN",
    "upsun": "UPSUN_CLI_TOKEN",
}


def command_for_ci(platform: str) -> list[str]:
    """The command of the how-to page, for this platform; what it prints goes to outcome.json there."""
    page = HOW_TO.read_text(encoding="utf-8").partition("{ #ci }")[2]
    match = re.search(r"^ +python manage\.py simple_deploy (.+) > outcome\.json$", page, re.MULTILINE)
    assert match
    return [platform if word == "heroku" else word for word in shlex.split(match[1])]


def published(on: OnPlatform) -> Path:
    """A bare repository as the project's origin, with everything that is committed."""
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


def first_deployment(on: OnPlatform) -> Ended:
    return on.checkout.deployer(*("--platform", on.platform, "--automate-all", "--yes", "--no-open"), *unattended(on))


def unattended(on: OnPlatform) -> tuple[str, ...]:
    return tuple(on.emulator.UNATTENDED)


def things(on: OnPlatform) -> dict[str, Any]:
    """Every app and database by name or id, without what a deployment changes."""
    state = on.state.read()
    return {kind: sorted(state[kind]) for kind in ("apps", "clusters", "projects") if kind in state}


def test_ci_as_the_how_to_page_has_it(on_any: OnPlatform) -> None:
    home = published(on_any)
    ended = first_deployment(on_any)
    assert ended.returncode == 0, ended.stderr
    on_any.checkout.git("push", "--quiet", "origin", "HEAD:main")
    before = things(on_any)
    with on_any.state.change() as platform:
        account = platform["account"]
        account["logged_in"] = False
        token = account.get("api_key") or account["token"]
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


def test_a_second_clone_of_a_starter_takes_nothing_of_the_first(on_any: OnPlatform) -> None:
    second = on_any.box.work / "elsewhere" / "blog"
    shutil.copytree(on_any.checkout.root, second)
    assert first_deployment(on_any).returncode == 0
    before = on_any.emulator.inventory(on_any.box.root)
    copy = replace(on_any, checkout=replace(on_any.checkout, root=second, manage_dir=second))
    ended = first_deployment(copy)
    assert "and nothing here shows that it is this project's.\n" in ended.stderr
    assert copy.checkout.git("status", "--porcelain") == ""
    # The same after a configuration-only run, which knows the name that the first one has.
    assert copy.checkout.deployer("--platform", on_any.platform).returncode == 0
    copy.checkout.commit_all("Configured")
    assert "and nothing here shows that it is this project's.\n" in first_deployment(copy).stderr
    assert on_any.emulator.inventory(on_any.box.root) == before


def test_destroy_leaves_another_app_of_the_same_name(on_any: OnPlatform) -> None:
    assert on_any.deploy().returncode == 0
    (*earlier, last) = receipt.load(on_any.checkout.root)
    assert last.app_id
    assert last.account == "dev@example.com"
    receipt.save(on_any.checkout.root, (*earlier, replace(last, app_id="anotherproject1")))
    before = things(on_any)
    options = ("--platform", on_any.platform, "--destroy", "--yes", *on_any.named)
    ended = on_any.checkout.deployer(*options)
    if "projects" in before:
        # Looked for by its id: it is gone, whoever has the title now.
        assert (ended.returncode, things(on_any)) == (0, before)
        return
    assert f"The app my-blog has the id {last.app_id}, but " in ended.stderr
    assert (ended.returncode, things(on_any)) == (1, before)
    receipt.save(on_any.checkout.root, (*earlier, last))
    assert on_any.checkout.deployer(*options).returncode == 0
    assert not any(things(on_any).values())


@pytest.mark.parametrize("platform", ["heroku", "fly_io", "upsun", "platform_sh"])
def test_destroy_without_a_receipt_is_one_sentence(platform: str, checkout: Checkout) -> None:
    ended = checkout.deployer("--platform", platform, "--destroy", "--yes", "--deployed-project-name", "my-blog")
    assert ended.returncode == 1
    assert "does not say that simple_deploy created the app my-blog for this project, so it removes nothing.\n" in (
        ended.stderr
    )
    assert "   -> If you are sure, remove it yourself: " in ended.stderr
