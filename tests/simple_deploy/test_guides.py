"""The commands of the tutorials and guides: known to the vendors, and run as written on emulated platforms."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from matrix import emulators, grammar
from simple_deploy import platforms

if TYPE_CHECKING:
    from conftest import OnPlatform

DOCS = Path(__file__).parents[2] / "docs"
TUTORIALS = DOCS / "tutorials"
PAGES = sorted([*TUTORIALS.glob("*.md"), *(DOCS / "guides").glob("*.md")])
PROGRAMS = {platforms.load(name).cli.executable: name for name in ("heroku", "fly_io", "upsun", "platform_sh")}
# Commands that need a person at a terminal or a browser, and commands of a service that no run uses.
BEYOND = {
    *("login", "authorizations", "rollback", "redis", "storage", "tokens", "releases", "addons"),
    *("ps:scale", "backup:restore"),
}


def blocks(page: Path) -> Iterator[list[str]]:
    """The lines of each block of commands."""
    for block in re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        yield block.splitlines()


def commands(page: Path) -> Iterator[list[str]]:
    """Every command line of a platform's CLI, in a block or in the text."""
    text = page.read_text(encoding="utf-8")
    found = [*re.findall(r"^ {0,8}((?:heroku|fly|upsun|platform) .+)$", text, re.MULTILINE)]
    found += re.findall(r"`((?:heroku|fly|upsun|platform) [^`]+)`", text)
    yield from (shlex.split(line.partition("  #")[0].replace("...", "x")) for line in found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_is_known_to_the_vendor_and_the_emulator(page: Path) -> None:
    refused = []
    for argv in commands(page):
        beyond = any(word in BEYOND or word.split(":")[0] in BEYOND for word in argv[1:3])
        reason = None if beyond else grammar.refusal(argv) or emulators.load(PROGRAMS[argv[0]]).refusal(argv)
        if reason:
            refused.append(f"{shlex.join(argv)}: {reason}")
    assert refused == []


def test_every_platform_has_a_tutorial() -> None:
    assert {page.stem for page in TUTORIALS.glob("*.md")} >= set(PROGRAMS.values())


def test_the_tutorial_works_as_written(on_any: OnPlatform) -> None:
    """Each command of the page in order. Questions are answered with options, and the admin has no password: there is
    neither a terminal nor a browser.
    """
    checkout = on_any.checkout
    for block in blocks(TUTORIALS / f"{on_any.platform}.md"):
        for line in block:
            argv = answered(on_any, shlex.split(line.replace("YOUR-NAME", "my-blog")))
            if argv[:2] == ["git", "commit"]:
                checkout.write("blog/urls.py", "# Hello\nurlpatterns = []\n")
            ended = on_any.box.run(argv, cwd=checkout.root, env=checkout.env, check=False, timeout=600)
            assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
    gone = checkout.python("-m", "simple_deploy", "status", "--json")
    assert json.loads(gone.stdout)["error"]["problems"][0] in ("nothing-deployed", "app-not-found")


def answered(machine: OnPlatform, argv: list[str]) -> list[str]:
    """The same command without a question."""
    if argv[:3] == ["python", "-m", "simple_deploy"]:
        argv = [sys.executable, *argv[1:]]
        if "--destroy" in argv:
            return [*argv, "--yes", "--deployed-project-name", "my-blog"]
        if "open" in argv:
            return [*argv, "--no-open"]
        if "--dry-run" not in argv and "--automate-all" in argv:
            return [*argv, "--yes", "--no-open", *machine.emulator.UNATTENDED]
        return argv
    return [word.replace("createsuperuser", "check") for word in argv if word != "--pty"]
