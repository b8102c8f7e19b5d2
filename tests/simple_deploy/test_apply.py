"""All files or none: even on a full disk, at Ctrl-C, and if the process is killed between two writes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
from applied import CHANGES, NEW, OLD, writer

from matrix.faults import disk
from matrix.faults.disk import Fault, armed, ctrl_c, full_disk
from simple_deploy import receipt
from simple_deploy.apply import apply, misplaced_problems, recover
from simple_deploy.messages.stops import ApplyFailed, ChangedMeanwhile, Interrupted, RestoreFailed
from simple_deploy.model import FileChange
from simple_deploy.receipt import restored_text

posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and limits of POSIX")
HERE = Path(__file__).parent
Snapshot = dict[str, tuple[bytes, int, bool]]


@dataclass(frozen=True)
class Gone:
    """A file that should no longer exist."""

    path: str
    before: bytes
    after: None = None


def change(path: str, before: bytes | None, after: bytes) -> FileChange:
    return FileChange(path=path, before=before, after=after, why="test")


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file of the project with its bytes, except our own folder."""
    return {name: content for name, (content, _, _) in exact(root).items()}


def exact(root: Path) -> Snapshot:
    """The same with modes, and whether it is a link."""
    named = ((path.relative_to(root).as_posix(), path) for path in root.rglob("*") if path.is_file())
    return {
        name: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), path.is_symlink())
        for name, path in named
        if not name.startswith(("simple_deploy_logs/", ".git/"))
    }


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()


@pytest.fixture
def ordinary() -> Iterator[Path]:
    """A folder of an ordinary user, as whom this process acts: the superuser may write everywhere."""
    from matrix.sandbox.limits import ordinary_user

    with tempfile.TemporaryDirectory() as name, ordinary_user(name):
        yield Path(name)


def project(root: Path) -> Path:
    """A project for CHANGES: a link, a mode, an encoding, a folder, an unaffected file."""
    (root / "folder").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "folder" / "real").write_bytes(OLD)
    (root / "last").write_bytes(b"last\n")
    (root / "other").write_bytes(b"untouched\n")
    if os.name == "nt":
        shutil.copy(root / "folder" / "real", root / "link")
    else:
        (root / "folder" / "real").chmod(0o754)
        (root / "link").symlink_to("folder/real")
    return root


def result(root: Path) -> Snapshot:
    """The project as it is when all of CHANGES are applied."""
    apply(writer(root), CHANGES)
    return exact(root)


def test_files_are_created_and_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    apply(writer(tmp_path), [change("a", b"old", b"new"), change("b", None, b"fresh")])
    assert snapshot(tmp_path) == {"a": b"new", "b": b"fresh"}
    (run,) = receipt.load(tmp_path)
    assert (run.files_state, [file.path for file in run.files]) == ("written", ["a", "b"])
    assert receipt.kept(tmp_path, run.files[0].before or "") == b"old"
    assert recover(tmp_path) is None


def test_folders_are_created_and_removed_with_their_files(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "own").write_bytes(b"x")
    apply(writer(tmp_path), [change("new/deep/a", None, b"fresh"), change("kept/b", None, b"fresh")])
    assert snapshot(tmp_path) == {"new/deep/a": b"fresh", "kept/b": b"fresh", "kept/own": b"x"}
    back = [Gone("new/deep/a", b"fresh"), Gone("kept/b", b"fresh")]
    apply(writer(tmp_path), back)
    assert snapshot(tmp_path) == {"kept/own": b"x"}
    assert not (tmp_path / "new").exists()


def test_a_failing_run_leaves_no_folder_behind(tmp_path: Path) -> None:
    too_long_with_a_suffix = "x" * 250
    with pytest.raises(ApplyFailed):
        apply(writer(tmp_path), [change("new/deep/a", None, b"fresh"), change(too_long_with_a_suffix, None, b"fresh")])
    assert not (tmp_path / "new").exists()


@posix
def test_modes_links_and_bytes_survive(tmp_path: Path) -> None:
    root = project(tmp_path / "blog")
    after = result(root)
    assert after["link"] == (NEW, 0o754, True)
    assert after["folder/real"] == (NEW, 0o754, False)
    (root / "usual").write_bytes(b"x")
    assert after["folder/fresh"] == (b"fresh", stat.S_IMODE((root / "usual").stat().st_mode), False)


def test_a_file_that_was_changed_after_the_plan_is_not_overwritten(tmp_path: Path) -> None:
    root = project(tmp_path / "blog")
    (root / "last").write_bytes(b"written while the question was open\n")
    before = exact(root)
    with pytest.raises(ChangedMeanwhile) as stopped:
        apply(writer(root), CHANGES)
    assert exact(root) == before
    assert str(stopped.value) == (
        "last was modified by another program during this run, so nothing was written.\n"
        "Run the same command again: it plans with the new content."
    )


def test_a_folder_at_the_path_of_the_last_file_rolls_everything_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "full").write_bytes(b"")
    before = snapshot(tmp_path)
    with pytest.raises(ApplyFailed) as failed:
        apply(writer(tmp_path), [change("a", b"old", b"new"), change("b", None, b"x"), change("z", None, b"x")])
    assert snapshot(tmp_path) == before
    first, *rest = str(failed.value).splitlines()
    assert first == f"Could not write z: {tmp_path / 'z'} is not a regular file."
    assert rest == [
        "All files are unchanged. Make the folder writable or free some disk space, then run the same command again."
    ]


@posix
def test_a_link_out_of_the_project_stops_the_run_before_the_backup(tmp_path: Path) -> None:
    root = project(tmp_path / "blog")
    (tmp_path / "outside").write_bytes(b"theirs")
    (root / "out").symlink_to("../outside")
    with pytest.raises(ApplyFailed, match=r"Could not write out: it is a link that leads outside the project\."):
        apply(writer(root), [*CHANGES, change("out", b"theirs", b"ours")])
    assert (tmp_path / "outside").read_bytes() == b"theirs"
    assert not (root / "simple_deploy_logs").exists()


@posix
def test_a_read_only_folder_rolls_everything_back(ordinary: Path) -> None:
    root = project(ordinary / "blog")
    before = exact(root)
    (root / "folder").chmod(0o555)
    changes = [change("last", b"last\n", b"new"), *CHANGES[:2]]
    with pytest.raises(ApplyFailed, match=r"Could not write link: Permission denied\."):
        apply(writer(root), changes)
    (root / "folder").chmod(0o755)
    assert exact(root) == before


@posix
def test_a_read_only_file_is_replaced_and_stays_read_only(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o444)
    apply(writer(tmp_path), [change("a", b"old", b"new")])
    assert exact(tmp_path) == {"a": (b"new", 0o444, False)}


@posix
def test_a_full_disk_rolls_everything_back(tmp_path: Path) -> None:
    from matrix.sandbox.limits import largest_file

    (tmp_path / "a").write_bytes(b"old")
    before = snapshot(tmp_path)
    changes = [change("a", b"old", b"new"), change("b", None, b"x" * 4096)]
    with largest_file(2000), pytest.raises(ApplyFailed, match=r"Could not write b: File too large\."):
        apply(writer(tmp_path), changes)
    assert snapshot(tmp_path) == before
    apply(writer(tmp_path), changes)
    assert snapshot(tmp_path) == {"a": b"new", "b": b"x" * 4096}


def out_of_memory() -> None:
    raise MemoryError


@pytest.mark.parametrize(
    ("strike", "stop"), [(full_disk, ApplyFailed), (ctrl_c, Interrupted), (out_of_memory, MemoryError)]
)
def test_a_fault_at_any_change_rolls_everything_back(
    tmp_path: Path, strike: Callable[[], object], stop: type[BaseException]
) -> None:
    at, said = 0, []
    while True:
        at += 1
        root = project(tmp_path / f"at-{at}")
        before = exact(root)
        with armed(Fault(folder=str(root), at=at, strike=strike)) as fault:
            try:
                apply(writer(root), CHANGES)
            except stop as stopped:
                said.append(str(stopped).partition(": ")[0].removeprefix("Could not write "))
                assert exact(root) == before, at
            else:
                assert snapshot(root)["link"] == NEW, at
        if not fault.struck:
            break
        assert recover(root) is None
    assert at > 20
    assert snapshot(root)["link"] == NEW
    if stop is ApplyFailed:
        receipt_name, paths = receipt.name(root), [one.path for one in CHANGES]
        assert [name for name, _ in groupby(said)] == [receipt_name, *paths, receipt_name, *paths, receipt_name]


def test_the_next_run_recovers_from_a_disk_that_stays_full(tmp_path: Path) -> None:
    at, messages = 0, set()
    while True:
        at += 1
        root = project(tmp_path / f"at-{at}")
        before = exact(root)
        with armed(Fault(folder=str(root), at=at, strike=full_disk, again=True)) as fault:
            try:
                apply(writer(root), CHANGES)
            except ApplyFailed:
                assert exact(root) == before, at
            except RestoreFailed as failed:
                messages.add(str(failed))
        if not fault.struck:
            break
        recover(root)
        assert exact(root) == before, at
    assert (
        "Some files were written, and these could not be restored:\n"
        "  link: No space left on device\n"
        "  folder/fresh: No space left on device\n"
        "Their previous content is in simple_deploy_logs/backups/. Make the folder writable or free some disk space, "
        "then run the same command again: it restores them first."
    ) in messages
    assert any("\n  simple_deploy_logs/receipt.json: No space left on device\n" in said for said in messages)


@posix
def test_forbidden_changes_are_reported_to_the_plan(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path.parent)
    changes = [change("a", None, b""), change("out/b", None, b""), change(".git/c", None, b"")]
    assert [problem.found for problem in misplaced_problems(tmp_path, changes)] == [
        "The file out/b must be written, but it is a link that leads outside the project.",
        "The file .git/c must be written, but it belongs to Git.",
    ]


def test_files_that_cannot_be_restored_are_listed_with_the_reason(tmp_path: Path) -> None:
    """The backup is damaged: the operating system has no message for this error."""
    (tmp_path / "a").write_bytes(b"old")
    one = change("a", b"old", b"new")
    writer(tmp_path).begin([one])
    (tmp_path / "a").write_bytes(b"new")
    previous = receipt.backup(tmp_path, receipt.digest(b"old") or "")
    (tmp_path / previous).write_bytes(b"damaged")
    with pytest.raises(RestoreFailed) as failed:
        recover(tmp_path)
    assert f"\n  a: {previous} is damaged\n" in str(failed.value)


def killed(root: Path, at: int, what: str, pattern: str = "") -> bool:
    """Whether a process that did this was killed at that change; False: it exited before."""
    fault = [disk.__file__, "--kill", str(at), "--below", str(root), "--matching", pattern]
    argv = [sys.executable, *fault, str(HERE / "applied.py"), str(root), what]
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", timeout=300)
    assert ended.stderr == ""
    return ended.returncode != 0


@pytest.mark.long
def test_the_next_run_restores_all_files_after_a_kill_at_any_change(tmp_path: Path) -> None:
    done = result(project(tmp_path / "done"))
    at, half_written = 0, []
    while True:
        at += 1
        root = project(tmp_path / f"at-{at}")
        before = exact(root)
        if not killed(root, at, "apply"):
            break
        left = exact(root)
        restored = recover(root)
        assert exact(root) == (before if restored or left != done else done), at
        if restored and left != before:
            half_written.append(root)
            assert restored_text(restored) == (
                "An earlier run was killed while it wrote files.\n"
                "Restored to their state before that run: link, folder/fresh, last."
            )
        assert recover(root) is None
        apply(writer(root), CHANGES)
        assert exact(root) == done
    assert exact(root) == done
    assert len(half_written) >= 6


@pytest.mark.long
def test_the_next_run_finishes_a_recovery_killed_at_any_change(tmp_path: Path) -> None:
    half = project(tmp_path / "half")
    before = exact(half)
    # Every file is replaced, and the receipt does not record it yet.
    assert killed(half, 2, "apply", r"receipt\.json$")
    assert all(snapshot(half)[change.path] == change.after for change in CHANGES)
    for again in range(1, 60):
        root = tmp_path / f"again-{again}"
        shutil.copytree(half, root, symlinks=True)
        if not killed(root, again, "recover"):
            break
        recover(root)
        assert exact(root) == before, again
    assert exact(root) == before
    assert again > 5


def test_files_edited_after_the_kill_are_kept(tmp_path: Path) -> None:
    root = project(tmp_path / "blog")
    writer(root).begin(CHANGES)
    (root / "link").write_bytes(NEW + b"edited\n")
    (root / "folder" / "fresh").write_bytes(b"edited too\n")
    restored = recover(root)
    assert restored
    previous = receipt.backup(root, receipt.digest(OLD) or "")
    assert restored_text(restored) == (
        "An earlier run was killed while it wrote files.\n"
        "Restored to their state before that run: last.\n"
        f"link was edited since and is kept; its previous content is in {previous}.\n"
        "folder/fresh was edited since and is kept; the file did not exist before that run."
    )
    assert snapshot(root)["link"] == NEW + b"edited\n"
    assert recover(root) is None
