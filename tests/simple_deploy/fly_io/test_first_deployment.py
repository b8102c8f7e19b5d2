"""One command from a local project to a site on the emulated Fly.io, and a second run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import OnPlatform

CREATING = ("apps create", "postgres create", "postgres attach", "secrets import", "deploy")


def test_one_command_and_once_more(started_on_fly: OnPlatform) -> None:
    checkout, emulator, box = started_on_fly.checkout, started_on_fly.emulator, started_on_fly.box
    ended = started_on_fly.deploy()
    assert (ended.returncode, ended.stderr) == (0, "")
    for words in (
        "Your project is online: https://my-blog.fly.dev/",
        "Created: the PostgreSQL database my-blog-db (one machine, 1 GB) - from $2.34 a month",
        "Fly.io runs this PostgreSQL but does not manage it",
        "--ha=false creates one machine instead of two",
        "To stop paying: fly apps destroy my-blog my-blog-db",
    ):
        assert words in ended.stdout
    assert started_on_fly.get("https://my-blog.fly.dev/admin/login/") == 200
    assert started_on_fly.get("https://my-blog.fly.dev/healthz") == 200
    app = started_on_fly.state.read()["apps"]["my-blog"]
    assert (len(app["machines"]), app["machines"][0]["region"]) == (1, primary_region(checkout.read("fly.toml")))
    # The deployment is the commit.
    head = checkout.git("rev-parse", "HEAD").strip()
    assert app["machines"][0]["image"] == f"commit-{head}"
    assert checkout.git("status", "--porcelain") == ""
    assert [len(started_on_fly.calls(command)) for command in CREATING] == [1, 1, 1, 1, 1]
    inventory, before = emulator.inventory(box.root), checkout.contents()
    again = started_on_fly.deploy("--json")
    outcome = json.loads(again.stdout)
    assert (outcome["files"], {step["state"] for step in outcome["steps"]}) == ([], {"already done"})
    assert (emulator.inventory(box.root), checkout.contents()) == (inventory, before)
    assert [len(started_on_fly.calls(command)) for command in CREATING] == [1, 1, 1, 1, 1]
    assert_no_secret_appears(started_on_fly, ended.stdout, again.stdout, again.stderr)


def primary_region(text: str) -> str:
    found = re.search(r"^primary_region = '(\w+)'$", text, re.MULTILINE)
    assert found
    return found[1]


def assert_no_secret_appears(on_fly: OnPlatform, *outputs: str) -> None:
    """No secret of the account is in any output, log, page, commit, command line, or layer of the image."""
    secrets = on_fly.emulator.secrets(on_fly.box.root)
    assert len(secrets) > 3
    seen = [*outputs, on_fly.checkout.logs(), on_fly.checkout.page(".html"), on_fly.checkout.page(".md")]
    seen += [on_fly.checkout.git("log", "--all", "--patch", "--no-color"), on_fly.checkout.read("Dockerfile")]
    seen += [" ".join(call["argv"]) for call in on_fly.state.calls()]
    kept = on_fly.state.path.read_text(encoding="utf-8")
    for secret in secrets:
        assert not any(secret in text for text in seen)
        # The same search finds each of them where it is.
        assert secret in kept
    assert "SECRET_KEY=********" in on_fly.checkout.logs()
