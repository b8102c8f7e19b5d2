"""The shared install cache: built once, whoever asks, and never partially."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matrix.sandbox import environments, processes, room

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


def test_concurrent_processes_build_once(tmp_path: Path) -> None:
    one = builder(tmp_path)
    assert one.stdout
    assert one.stdout.readline() == "building\n"
    two = builder(tmp_path)
    answers = [child.communicate("go on\n", timeout=300)[0].splitlines()[-1] for child in (one, two)]
    assert answers[0] == answers[1]
    assert builds(tmp_path) == 1
    assert (Path(answers[0]) / "whole").exists()


def test_an_interrupted_build_starts_over(tmp_path: Path) -> None:
    killed = builder(tmp_path)
    assert killed.stdout
    assert killed.stdout.readline() == "building\n"
    killed.kill()
    killed.communicate(timeout=300)

    def build(folder: Path) -> None:
        assert list(folder.iterdir()) == []
        (folder / "whole").touch()

    folder = environments.cached({"what": "test"}, build)
    assert [path.name for path in folder.iterdir()] == ["whole"]


def test_a_failed_build_is_not_kept() -> None:
    with pytest.raises(ZeroDivisionError):
        environments.cached({"what": "test"}, lambda folder: print(1 / 0))  # noqa: T201
    assert environments.cached({"what": "test"}, lambda folder: None).is_dir()


def test_the_key_selects_the_folder_and_is_recorded() -> None:
    one = environments.cached({"a": "1", "b": "2"}, lambda folder: None)
    assert environments.cached({"b": "2", "a": "1"}, lambda folder: None) == one
    assert environments.cached({"a": "1", "b": "3"}, lambda folder: None) != one
    assert json.loads(one.with_suffix(".json").read_text(encoding="utf-8")) == {"a": "1", "b": "2"}


def test_interpreters_are_found_outside_of_virtual_environments() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = environments.python(version)
    assert found
    program = "import sys; print('%d.%d' % sys.version_info[:2], sys.prefix == sys.base_prefix)"
    shown = subprocess.run([found, "-c", program], stdout=subprocess.PIPE, check=True, encoding="utf-8")
    assert shown.stdout == f"{version} True\n"
    assert environments.python("3.99") is None


@pytest.mark.skipif(os.name == "nt", reason="a shim is a script of a shell")
@pytest.mark.parametrize(("alone", "started"), [(False, False), (True, True)])
def test_a_shim_is_started_only_where_nothing_else_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, alone: bool, started: bool
) -> None:
    # The shim needs programs of /usr/bin, so a Python that is there too would be found without it.
    others = [f"3.{minor}" for minor in range(10, 15) if minor != sys.version_info.minor]
    others = [version for version in others if not Path(f"/usr/bin/python{version}").exists()]
    found = next(((version, path) for version in others if (path := environments.python(version))), None)
    if found is None:
        pytest.skip("There is no other Python on this machine.")
    version, interpreter = found
    shim = tmp_path / "shims" / f"python{version}"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\ntouch {tmp_path}/started\nexec {interpreter} "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    folders = [shim.parent, Path("/usr/bin"), *([] if alone else [interpreter.parent])]
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, folders)))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    environments.python.cache_clear()
    assert environments.python(version) == interpreter
    assert (tmp_path / "started").exists() == started


def build_package(folder: Path) -> None:
    package = folder / "site-packages" / "package"
    package.mkdir(parents=True)
    (package / "module.py").write_text("version = 1\n", encoding="utf-8")
    (folder / "python").symlink_to("site-packages")


def add(folder: Path) -> str:
    (folder / "site-packages" / "django.py").touch()
    return "site-packages/django.py"


def edit(folder: Path) -> str:
    (folder / "site-packages" / "package" / "module.py").write_text("version = 2\n", encoding="utf-8")
    return "site-packages/package/module.py"


def remove(folder: Path) -> str:
    (folder / "site-packages" / "package" / "module.py").unlink()
    return "site-packages/package/module.py"


def relink(folder: Path) -> str:
    (folder / "python").unlink()
    (folder / "python").symlink_to("elsewhere")
    return "python"


def allow(folder: Path) -> str:
    (folder / "site-packages" / "package" / "module.py").chmod(0o666)
    return "site-packages/package/module.py"


@pytest.mark.skipif(os.name == "nt", reason="files are links and have modes")
@pytest.mark.parametrize("pollute", [add, edit, remove, relink, allow])
def test_a_modified_cache_folder_is_rebuilt(pollute: Callable[[Path], str]) -> None:
    built: list[Path] = []

    def build(folder: Path) -> None:
        built.append(folder)
        build_package(folder)

    folder = environments.cached({"what": "test"}, build, read_only=False)
    polluted = pollute(folder)
    assert environments.cached({"what": "test"}, build, read_only=False) == folder
    assert len(built) == 2
    assert sorted(path.name for path in folder.rglob("*")) == ["module.py", "package", "python", "site-packages"]
    log = (folder.parent / "changed.log").read_text(encoding="utf-8")
    assert log == f"{folder.name} is built again, because this was changed since: {polluted}\n"
    environments.cached({"what": "test"}, build, read_only=False)
    assert len(built) == 2


@pytest.mark.skipif(os.name == "nt", reason="folders have no modes")
def test_a_cached_folder_is_read_only_except_for_bytecode() -> None:
    folder = environments.cached({"what": "test"}, build_package)
    assert [path.stat().st_mode & 0o222 for path in (folder, *folder.rglob("*"))] == [0] * 5
    package = folder / "site-packages" / "package"
    package.chmod(0o755)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "module.pyc").touch()
    package.chmod(0o555)
    assert environments.cached({"what": "test"}, lambda folder: print(1 / 0)) == folder  # noqa: T201


def test_meaningful_modes_are_kept() -> None:
    folder = environments.cached({"what": "test"}, lambda folder: (folder / "file").touch(0o640), read_only=False)
    assert (folder / "file").stat().st_mode & 0o200


def test_forgetting_removes_the_folder() -> None:
    folder = environments.cached({"what": "test"}, build_package)
    room.forget(folder)
    assert [path.name for path in folder.parent.iterdir()] == [f"{folder.name}.lock"]


def test_a_folder_can_be_forgotten_concurrently(tmp_path: Path) -> None:
    def fill(folder: Path) -> None:
        for number in range(300):
            (folder / str(number) / "inner").mkdir(parents=True)

    folder = environments.cached({"what": "test"}, fill)
    with ThreadPoolExecutor() as pool:
        ended = [pool.submit(room.forget, folder) for _ in range(8)]
    assert [future.exception() for future in ended] == [None] * 8
    assert [path.name for path in folder.parent.iterdir()] == [f"{folder.name}.lock"]


def ten_folders(tmp_path: Path) -> list[Path]:
    """Cached folders of 26e8 bytes each, three too many; the first one was used last, an hour ago."""
    folders = [tmp_path / "cache" / "environments" / str(number) for number in range(10)]
    for age, folder in enumerate(folders):
        folder.mkdir(parents=True)
        room.size(folder).write_text("2600000000", encoding="utf-8")
        room.key(folder).touch()
        used = room.key(folder).stat().st_mtime - 3600 - age
        os.utime(room.key(folder), (used, used))
    return folders


def left(folders: list[Path]) -> list[Path]:
    """What is left of them after another build."""
    environments.cached({"number": str(sum(path.exists() for path in folders))}, lambda folder: None)
    return [path for path in folders if path.exists()]


def test_the_folders_unused_for_longest_are_removed_until_the_rest_fits(tmp_path: Path) -> None:
    folders = ten_folders(tmp_path)
    assert left(folders) == folders[:7]
    assert left(folders) == folders[:7]


def test_no_folder_is_removed_that_a_running_sandbox_may_use(tmp_path: Path) -> None:
    folders = ten_folders(tmp_path)
    program = "import sys; from pathlib import Path; from matrix.sandbox import room\n"
    program += f"with room.in_use(Path({str(folders[0].parent)!r})): print('ready', flush=True); sys.stdin.read()"
    argv = [sys.executable, "-c", program]
    running = processes.start(argv, cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdout
    assert running.stdout.readline() == "ready\n"
    (mark,) = folders[0].parent.glob("*.begun")
    begun = room.key(folders[8]).stat().st_mtime
    os.utime(mark, (begun, begun))
    assert left(folders) == folders[:9]
    processes.kill(running)
    running.communicate()
    assert left(folders) == folders[:7]
    assert not list(folders[0].parent.glob("*.begun"))


def test_a_folder_that_was_just_used_is_kept(tmp_path: Path) -> None:
    folders = ten_folders(tmp_path)
    for folder in folders:
        room.key(folder).touch()
    assert left(folders) == folders


def test_removing_takes_a_bounded_time(tmp_path: Path) -> None:
    folders = ten_folders(tmp_path)
    room.make(folders[0].parent, seconds=0)
    assert [path for path in folders if path.exists()] == folders[:9]


def test_the_size_of_a_folder_is_recorded_when_it_is_built(tmp_path: Path) -> None:
    folder = environments.cached(
        {"what": "test"}, lambda folder: (folder / "x").write_text("12345", encoding="utf-8") and None
    )
    assert folder.with_suffix(".bytes").read_text(encoding="utf-8") == "5"


def test_a_use_keeps_a_folder() -> None:
    folder = environments.cached({"what": "test"}, lambda folder: None)
    os.utime(folder.with_suffix(".json"), (0, 0))
    environments.cached({"what": "test"}, lambda folder: print(1 / 0))  # noqa: T201
    assert folder.with_suffix(".json").stat().st_mtime > 0
