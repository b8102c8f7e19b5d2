"""All files or none."""

import os
import stat
from pathlib import Path

import pytest

from simple_deploy.apply import apply
from simple_deploy.errors import ApplyFailed
from simple_deploy.model import FileChange

posix = pytest.mark.skipif(os.name == "nt", reason="modes and limits of POSIX")


def change(path: str, before: bytes | None, after: bytes) -> FileChange:
    return FileChange(path=path, before=before, after=after, why="test")


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_files_are_created_and_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    apply(tmp_path, [change("a", b"old", b"new"), change("b", None, b"fresh")])
    assert snapshot(tmp_path) == {"a": b"new", "b": b"fresh"}


@posix
def test_modes_and_links_survive(tmp_path: Path) -> None:
    target = tmp_path / "real"
    target.write_bytes(b"old")
    target.chmod(0o754)
    (tmp_path / "link").symlink_to("real")
    apply(tmp_path, [change("link", b"old", b"new")])
    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o754


@posix
def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    apply(tmp_path, [change("new", None, b"x")])
    (tmp_path / "usual").write_bytes(b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_in_the_way_of_the_last_file_puts_the_first_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "full").write_bytes(b"")
    before = snapshot(tmp_path)
    with pytest.raises(ApplyFailed) as failed:
        apply(tmp_path, [change("a", b"old", b"new"), change("b", None, b"x"), change("z", None, b"x")])
    assert snapshot(tmp_path) == before
    assert str(failed.value).splitlines()[1:] == [
        "All files are as they were before. Make the folder writable, or free some space on the disk, "
        "and run the same command again."
    ]


@posix
def test_a_full_disk_leaves_every_byte_as_it_was(tmp_path: Path) -> None:
    from matrix.sandbox.limits import largest_file

    (tmp_path / "a").write_bytes(b"old")
    before = snapshot(tmp_path)
    changes = [change("a", b"old", b"new"), change("b", None, b"x" * 4096)]
    with largest_file(1000), pytest.raises(ApplyFailed, match=r"Could not write b: File too large\."):
        apply(tmp_path, changes)
    assert snapshot(tmp_path) == before
    apply(tmp_path, changes)
    assert snapshot(tmp_path) == {"a": b"new", "b": b"x" * 4096}
