"""The shared install cache: built once, whoever asks, and never half."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from matrix.sandbox import environments, processes

ROOT = Path(__file__).parents[2]
BUILD = """
import sys, time
from pathlib import Path
from matrix.sandbox import environments

log = Path(sys.argv[1])

def build(folder):
    with log.open("a") as stream:
        stream.write("built\\n")
    (folder / "half").touch()
    print("building", flush=True)
    sys.stdin.readline()
    (folder / "whole").touch()

print(environments.cached({"what": "test"}, build), flush=True)
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environments.CACHE_VARIABLE, str(tmp_path / "cache"))


def builder(tmp_path: Path) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", BUILD, str(tmp_path / "log")]
    return processes.start(argv, cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def builds(tmp_path: Path) -> int:
    return len((tmp_path / "log").read_text(encoding="utf-8").splitlines())


def test_two_processes_build_the_same_once(tmp_path: Path) -> None:
    one = builder(tmp_path)
    assert one.stdout
    assert one.stdout.readline() == "building\n"
    two = builder(tmp_path)
    answers = [child.communicate("go on\n", timeout=30)[0].splitlines()[-1] for child in (one, two)]
    assert answers[0] == answers[1]
    assert builds(tmp_path) == 1
    assert (Path(answers[0]) / "whole").exists()


def test_an_interrupted_build_is_made_afresh(tmp_path: Path) -> None:
    killed = builder(tmp_path)
    assert killed.stdout
    assert killed.stdout.readline() == "building\n"
    killed.kill()
    killed.communicate(timeout=30)

    def build(folder: Path) -> None:
        assert list(folder.iterdir()) == []
        (folder / "whole").touch()

    folder = environments.cached({"what": "test"}, build)
    assert sorted(path.name for path in folder.iterdir()) == ["key.json", "whole"]


def test_a_failed_build_is_not_kept() -> None:
    with pytest.raises(ZeroDivisionError):
        environments.cached({"what": "test"}, lambda folder: print(1 / 0))  # noqa: T201
    assert (environments.cached({"what": "test"}, lambda folder: None) / "key.json").exists()


def test_the_key_decides_and_is_written_down() -> None:
    one = environments.cached({"a": "1", "b": "2"}, lambda folder: None)
    assert environments.cached({"b": "2", "a": "1"}, lambda folder: None) == one
    assert environments.cached({"a": "1", "b": "3"}, lambda folder: None) != one
    assert json.loads((one / "key.json").read_text(encoding="utf-8")) == {"a": "1", "b": "2"}


def test_interpreters_are_found_and_are_no_virtual_environments() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = environments.python(version)
    assert found
    program = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix == sys.base_prefix)"
    shown = subprocess.run([found, "-c", program], stdout=subprocess.PIPE, check=True, encoding="utf-8")
    assert shown.stdout == f"{version} True\n"
    assert environments.python("3.99") is None
