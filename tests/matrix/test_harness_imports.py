"""Imports: no cycle in harness or product, local imports included, and none in the harness starts a program."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from matrix.proving.imports import ImportGraph

ROOT = Path(__file__).parents[2]
# Imports the modules and prints each start of a program.
IMPORTER = """
import importlib, sys

def watch(event, details):
    if event in ("subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"):
        print(event, details[:2])

sys.addaudithook(watch)
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
"""


def modules(root: Path, package: str) -> dict[str, Path]:
    found = {path.relative_to(root).with_suffix("").parts: path for path in (root / package).rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): path for parts, path in found.items()}


def imported(name: str, known: Mapping[str, Path]) -> Iterator[str]:
    """What a module imports anywhere in its code, except for types."""
    path = known[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else module for name in names)
        waiting += ast.iter_child_nodes(node)


def cycle(root: Path, package: str) -> list[str]:
    """Modules that import each other in a cycle; empty if there is none."""
    known = modules(root, package)
    graph = {name: {one for one in imported(name, known) if one in known and one != name} for name in known}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def started(root: Path, *names: str) -> list[str]:
    argv = [sys.executable, "-c", IMPORTER, str(root), *names]
    return subprocess.run(argv, capture_output=True, encoding="utf-8", check=True).stdout.splitlines()


@pytest.mark.parametrize("package", ["matrix", "simple_deploy"])
def test_no_import_cycle(package: str) -> None:
    assert cycle(ROOT, package) == []


def test_a_cycle_of_local_imports_is_found(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "one.py").write_text("from house import two\n", encoding="utf-8")
    (tmp_path / "house" / "two.py").write_text("def f():\n    from house.one import g\n", encoding="utf-8")
    assert sorted(set(cycle(tmp_path, "house"))) == ["house.one", "house.two"]
    (tmp_path / "house" / "one.py").write_text("from . import two\n", encoding="utf-8")
    (tmp_path / "house" / "two.py").write_text("def f():\n    from .one import g\n", encoding="utf-8")
    assert sorted(set(cycle(tmp_path, "house"))) == ["house.one", "house.two"]


def test_no_import_starts_a_program() -> None:
    names = [name for name in modules(ROOT, "matrix") if name.startswith(("matrix.sandbox.", "matrix.emulators."))]
    posix_only = () if sys.platform != "win32" else ("terminals", "limits", "user_namespace")
    assert started(ROOT, *(name for name in names if name.rpartition(".")[2] not in posix_only)) == []


def test_an_import_that_starts_a_program_is_found(tmp_path: Path) -> None:
    (tmp_path / "hasty.py").write_text(
        "import subprocess, sys\nsubprocess.run([sys.executable, '-V'])\n", encoding="utf-8"
    )
    assert len(started(tmp_path, "hasty")) >= 1


def test_an_emulator_needs_all_its_modules() -> None:
    """Otherwise a result would be reused although a command has changed; only the HTTP API has other users."""
    graph = ImportGraph(ROOT)
    for platform, folder in {"heroku": "heroku", "fly_io": "fly_io", "upsun": "_upsun"}.items():
        unused = {*graph.below(f"matrix.emulators.{folder}")} - graph.reached([f"matrix.emulators.{platform}"])
        assert unused <= {"matrix.emulators.heroku.http_api"}


@pytest.mark.parametrize("platform", ["heroku", "fly_io", "platform_sh", "upsun"])
def test_the_start_of_an_emulated_cli_imports_only_what_every_command_needs(platform: str) -> None:
    program = (
        f"import sys, matrix.emulators.{platform}\n"
        "print({'dataclasses', 'secrets', 'shutil', 'subprocess', 'tempfile', 'threading'} & set(sys.modules))\n"
    )
    argv = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{program}"]
    assert subprocess.run(argv, capture_output=True, encoding="utf-8", check=True).stdout == "set()\n"


@pytest.mark.parametrize("platform", ["heroku", "fly_io", "upsun"])
def test_a_command_of_an_emulated_cli_imports_nothing_slow(platform: str) -> None:
    """A deployment calls the CLI about twenty times, each time in a new process."""
    program = (
        "import importlib, pkgutil, sys\n"
        f"package = importlib.import_module('matrix.emulators.{platform}').EMULATOR.commands\n"
        "folder = importlib.import_module(package).__path__\n"
        "[importlib.import_module(f'{package}.{found.name}') for found in pkgutil.iter_modules(folder)]\n"
        "print({'simple_deploy', 'tarfile', 'psycopg', 'httpx', 'trustme', 'django'} & set(sys.modules))\n"
    )
    argv = [sys.executable, "-c", program]
    assert subprocess.run(argv, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout == "set()\n"
