"""The kit of the emulators, shown by a complete small platform, and rules for the tables of the others."""

from __future__ import annotations

import importlib
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from matrix.emulators import load
from matrix.emulators._kit import grammar
from matrix.emulators._kit.emulation import Emulation
from matrix.emulators._kit.keys import wrong_keys
from matrix.emulators._kit.python_build import BuildFailed, PythonBuild
from matrix.emulators._kit.shapes import Shapes
from matrix.emulators._kit.texts import Texts
from matrix.sandbox.machine import Ran, Sandbox
from tests.matrix.small_emulator import EMULATOR, State

SERVER = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["TEXT"].encode())

HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


class Developer:
    """A developer with a Git repository and the small platform's CLI."""

    def __init__(self, box: Sandbox) -> None:
        EMULATOR.install(box)
        self.box, self.state, self.folder = box, State(box.root), box.work / "blog"
        box.run(["git", "init", "--quiet", self.folder])
        (self.folder / "server.py").write_text(SERVER, encoding="utf-8")
        box.run(["git", "add", "."], cwd=self.folder)
        box.run(["git", "commit", "--quiet", "--message", "Start"], cwd=self.folder)

    def __call__(self, line: str) -> Ran:
        return self.box.run(shlex.split(line), cwd=self.folder, check=False)


@pytest.fixture
def developer(tmp_path: Path) -> Iterator[Developer]:
    with Sandbox.create(tmp_path) as box:
        yield Developer(box)


@pytest.mark.skipif(sys.platform == "win32", reason="the small platform serves with the Python of a POSIX system")
def test_a_small_platform_deploys_and_serves(developer: Developer) -> None:
    address = developer("small apps create blog").stdout.strip()
    assert developer("small config set blog TEXT=hello").returncode == 0
    pushed = developer(f"git push {address} HEAD:main")
    assert (pushed.returncode, "https://blog.small.example/ is online" in pushed.stderr) == (0, True)
    with httpx.Client(proxy=developer.box.sites.router_url, trust_env=False) as client:
        assert client.get("http://blog.small.example/").text == "hello"
        assert client.get("http://other.small.example/").text == "No such app.\n"
    assert EMULATOR.secrets(developer.box.root) == ["hello"]


def test_wrong_command_lines_fail_and_every_call_is_recorded(developer: Developer) -> None:
    assert developer("small apps paint").stderr == 'Error: unknown command "paint" for "small apps"\n'
    assert developer("small apps create").stderr == "Error: accepts 1 arg(s), received 0\n"
    known = developer("small apps rename a b")
    assert known.stderr == "Error: apps rename exists, but this emulation does not carry it out.\n"
    assert developer("small list --json").stdout == "[]\n"
    assert [call["returncode"] for call in developer.state.calls()] == [1, 1, 1, 0]


def test_a_fault_replaces_a_command_once(developer: Developer) -> None:
    developer.state.add_fault({"command": "apps create", "stderr": "The API is down.", "returncode": 7})
    failed, done = developer("small apps create blog"), developer("small apps create blog")
    assert (failed.returncode, failed.stderr, done.returncode) == (7, "The API is down.\n", 0)


KILLED_IN_A_CHANGE = """
import sys
from pathlib import Path
from tests.matrix.small_emulator import EMULATOR

with EMULATOR.store(Path(sys.argv[1])).change() as platform:
    platform["account"]["email"] = "half@example.com"
    print("changing", flush=True)
    sys.stdin.read()
"""


def test_a_command_that_is_killed_in_a_change_leaves_no_lock(developer: Developer) -> None:
    root = developer.box.root
    before = EMULATOR.store(root).read()
    argv = [sys.executable, "-c", KILLED_IN_A_CHANGE, str(root)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as child:
        assert child.stdout
        assert child.stdout.readline() == "changing\n"
        child.kill()
    assert EMULATOR.store(root).read() == before
    with EMULATOR.store(root).change() as platform:
        platform["account"]["email"] = "new@example.com"
    assert EMULATOR.store(root).read()["account"]["email"] == "new@example.com"


def test_the_harness_reads_a_platforms_data() -> None:
    assert EMULATOR.ENVIRONMENT == {"PORT": "8000"}
    assert frozenset({"apps list"}) == EMULATOR.READING
    assert EMULATOR.command(["list", "--json"]) == "apps list"
    assert EMULATOR.refusal(["small", "apps", "list", "--loud"]) == "unknown flag: --loud"


def broken_rows(table: grammar.Grammar, commands: str) -> list[str]:
    """Rows of a table that name no function of the package `commands`, and aliases of missing commands."""
    found = []
    for command in table.commands.values():
        module, _, function = command.function.partition(".")
        if function and not hasattr(importlib.import_module(f"{commands}.{module}"), function):
            found.append(command.name)
    groups = {name.split()[0] for name in table.commands}
    return found + [alias for alias, name in table.aliases.items() if name not in {*table.commands, *groups}]


@pytest.mark.parametrize("platform", ["heroku", "fly_io", "upsun", "platform_sh"])
def test_every_row_of_a_table_names_a_function(platform: str) -> None:
    emulator = load(platform)
    assert isinstance(emulator, Emulation)
    table = emulator.reader.grammar
    assert (broken_rows(table, emulator.commands), len(table.commands) > 30) == ([], True)


def test_a_row_without_a_function_is_found(tmp_path: Path) -> None:
    table = tmp_path / "commands.txt"
    table.write_text("[reading]\napps list -> apps.paint\n[aliases]\nl = apps show\n", encoding="utf-8")
    assert broken_rows(grammar.read(table), EMULATOR.commands) == ["apps list", "l"]


def test_a_table_of_commands(tmp_path: Path) -> None:
    path = tmp_path / "commands.txt"
    path.write_text(
        "# A comment.\n[groups]\napp = -a|--app=\nboth = {app} --json\neverywhere = --help\n"
        "[reading]\nlogs [name] ... {both} -> logs.show\n[changing]\napps create <name> -> apps.create\nversion *\n",
        encoding="utf-8",
    )
    commands = grammar.read(path).commands
    logs, create, version = commands["logs"], commands["apps create"], commands["version"]
    assert [(one.name, one.letter, one.takes_value) for one in logs.options] == [
        ("app", "a", True), ("json", "", False), ("help", "", False),
    ]  # fmt: skip
    assert (logs.arguments, logs.required, logs.open_ended, logs.function) == (("name",), 0, True, "logs.show")
    assert (create.required, create.reads, logs.reads, version.unread) == (1, False, True, True)


def test_texts_and_shapes_are_filled(tmp_path: Path) -> None:
    (tmp_path / "texts.txt").write_text(
        "# A comment.\n\n## one [docs]\n{a} {{two}}\n\n## two\nx\n\ny\n", encoding="utf-8"
    )
    (tmp_path / "shapes.json").write_text('{"app": {"id": "{app[id]}", "all": ["v{n}", null]}}', encoding="utf-8")
    texts = Texts(tmp_path / "texts.txt")
    assert (texts("one", a=1), texts("two")) == ("1 x\n\ny", "x\n\ny")
    assert Shapes(tmp_path / "shapes.json").fill("app", app={"id": 7}, n=2) == {"id": 7, "all": ["v2", None]}


def test_wrong_keys_are_found_with_their_path() -> None:
    keys = {"": "name parts. list[].", "parts": "*.", "parts.*": "size", "list": "x"}
    content = {"name": 1, "nome": 2, "parts": {"a": {"size": 1, "old": 1}, "b": 3}, "list": [{"x": 1, "y": 2}]}
    found = [tuple(wrong) for wrong in wrong_keys(content, keys, {"parts.*": "old"})]
    assert found == [
        ("nome", "unknown"), ("parts.a.old", "not emulated"), ("parts.b", "no section"), ("list.y", "unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"manage.py": ""}, "No supported stack detected"),
        ({"requirements.txt": "", ".python-version": "3.9\n"}, "Python 3.9 is not available"),
        (
            {"requirements.txt": "", "runtime.txt": "python-3.9.1", ".python-version": "3.12"},
            "Python 3.9 is not available",
        ),
        ({"poetry.lock": ""}, "Python 3.8 is not available"),
    ],
)
def test_a_build_without_a_package_manager_or_a_known_python_fails(
    files: dict[str, str], reason: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    build = PythonBuild(platform="Small", home="/app/python", pythons=("3.12",), default="3.8")
    with pytest.raises(BuildFailed) as failed:
        build.run(tmp_path, {}, lambda line: None)
    assert str(failed.value) == reason
