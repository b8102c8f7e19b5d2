"""A root of layers: upper layers cover lower ones, users are real, and the host is invisible."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from matrix.sandbox import layers
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.namespace import Container
from matrix.sandbox.processes import wait_until
from matrix.sandbox.site import Site
from tests.matrix.sandbox_sites import PYTHON

needs_layers = pytest.mark.skipif(not layers.works(), reason="folders cannot be laid over each other here")
needs_owners = pytest.mark.skipif(not layers.has_owners(), reason="only root can give files to another user")
PASSWD = "root:x:0:0:root:/r:/bin/sh\nweb:x:999:998:web:/app:/bin/sh\n"


@pytest.fixture
def stack(tmp_path: Path) -> tuple[Path, Path]:
    """A system, and a layer above it."""
    below, above = tmp_path / "below", tmp_path / "above"
    layers.write_skeleton(below)
    (below / "etc/passwd").write_text(PASSWD, encoding="utf-8")
    (below / "etc/group").write_text("web:x:998:\nstaff:x:50:\n", encoding="utf-8")
    (below / "etc/name").write_text("below", encoding="utf-8")
    (above / "etc").mkdir(parents=True)
    (above / "etc/name").write_text("above", encoding="utf-8")
    return below, above


def run(place: Container, script: str) -> str:
    argv = [*place.entry, "sh", "-c", script]
    done = subprocess.run(
        argv, env={"PATH": layers.PATH}, cwd=place.app, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout + done.stderr


def test_users_are_found_by_name_and_number(stack: tuple[Path, Path]) -> None:
    web = layers.User(uid=999, gid=998, home="/app")
    assert layers.find_user(stack, "web") == layers.find_user(stack, "999") == web
    assert layers.find_user(stack, "web:staff") == layers.User(uid=999, gid=50, home="/app")
    assert layers.find_user(stack, "5:6") == layers.User(uid=5, gid=6, home="/")
    for unknown in ("nobody", "web:nobody"):
        with pytest.raises(LookupError, match="nobody: no matching entries"):
            layers.find_user(stack, unknown)
    assert layers.read(stack, "etc/name") == "above"
    assert layers.read(stack, "etc/none") == ""


@needs_layers
def test_writes_go_to_the_uppermost_folder(stack: tuple[Path, Path], tmp_path: Path) -> None:
    place = layers.container(stack, tmp_path / "upper")
    assert run(place, "cat /etc/name; echo changed > /etc/name; rm /etc/group; cat /etc/name") == "abovechanged\n"
    assert (stack[1] / "etc/name").read_text(encoding="utf-8") == "above"
    assert layers.read((*stack, tmp_path / "upper"), "etc/name") == "changed\n"
    assert layers.read((*stack, tmp_path / "upper"), "etc/group") == ""
    again = layers.container((*stack, tmp_path / "upper"), tmp_path / "next")
    assert "cannot access" in run(again, "ls /etc/group")


@needs_layers
@needs_owners
def test_users_are_separate_and_the_host_is_invisible(stack: tuple[Path, Path], tmp_path: Path) -> None:
    user = layers.find_user(stack, "web")
    place = layers.container(stack, tmp_path / "upper", user=user, workdir="/tmp")
    said = run(place, "id -u; id -G; pwd; touch /etc/new; kill -0 1; ls /proc | grep -c '^[0-9]'")
    assert said.split("\n")[:3] == ["999", "998", "/tmp"]
    assert said.count("Permission denied") + said.count("not permitted") == 2
    assert "cannot access" in run(place, f"ls {tmp_path}")
    assert "cannot access" in run(place, f"ls {Path(__file__).resolve().parents[2]}")


@needs_layers
def test_a_second_root_is_visible(stack: tuple[Path, Path], tmp_path: Path) -> None:
    place = layers.container(stack[:1], tmp_path / "upper", also=stack)
    assert run(place, "cat /etc/name /run/also/etc/name") == "belowabove"
    assert "Read-only" in run(place, "touch /run/also/new")
    alone = layers.container(stack[:1], tmp_path / "next", also=stack[:1])
    assert run(alone, "cat /run/also/etc/name") == "below"
    assert "Read-only" in run(alone, "touch /run/also/new")


HEARS = """
import os, signal, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

name = sys.argv[1]

def heard(*_):
    print(name, "heard", flush=True)
    time.sleep(0.3)
    os._exit(0)

signal.signal(signal.SIGTERM, heard)
if name == "child":
    print("ready", flush=True)
    time.sleep(60)
subprocess.Popen([sys.executable, sys.argv[0], "child"])
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals on Windows")
@pytest.mark.parametrize(("main_only", "heard"), [(True, ["main heard"]), (False, ["child heard", "main heard"])])
def test_the_stop_signal_goes_to_the_main_program_or_to_all(tmp_path: Path, main_only: bool, heard: list[str]) -> None:
    with Sandbox.create(tmp_path) as box:
        folder, log = box.root / "app", box.root / "log"
        folder.mkdir()
        (folder / "program.py").write_text(HEARS, encoding="utf-8")
        box.sites.start_site(
            Site(
                name="blog",
                hosts=["blog.example"],
                container=Container(app=folder),
                argv=[PYTHON, "/app/program.py", "main"],
                env={},
                log=log,
                stop_main_only=main_only,
                https_only=True,
            )
        )
        with httpx.Client(proxy=box.sites.router_url, trust_env=False) as client:
            answer = client.get("http://blog.example/a?b=c")
        assert (answer.status_code, answer.headers["location"]) == (301, "https://blog.example/a?b=c")
        assert wait_until(lambda: "ready" in log.read_text(encoding="utf-8"), 20)
        box.sites.stop_site("blog")
        said = log.read_text(encoding="utf-8").splitlines()
        assert sorted(line for line in said if "heard" in line) == heard
