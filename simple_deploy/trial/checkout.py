"""Git → a folder with the content of the run's commit, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha1
from pathlib import Path

from ..effects.commands import run
from ..model import Record


def checkout(
    root: Path, tree: Path, contents: Mapping[str, bytes], record: Record, *, left_out: Iterable[str] = ()
) -> str:
    """Write HEAD and, over it, `contents` into `tree`, without what is `left_out`; returns the reason if Git cannot."""
    tree.mkdir()
    # A separate index: the user's keeps what is staged. Large files stay pointers.
    env = {"GIT_INDEX_FILE": str(tree.with_name("index")), "GIT_LFS_SKIP_SMUDGE": "1"}
    for arguments in (("read-tree", "HEAD"), ("checkout-index", "--all", f"--prefix={tree.as_posix()}/")):
        ran = run(("git", *arguments), cwd=root, env=env)
        record(ran, False)
        if not ran.ok:
            return ran.stderr.strip() or "git failed"
    write(tree, contents)
    for path in left_out:
        (tree / path).unlink(missing_ok=True)
    return ""


def apart(
    root: Path, contents: Mapping[str, bytes], keeps_out: Callable[[str], str], record: Record
) -> tuple[dict[str, str], dict[str, str]]:
    """What a build gets of `listing`, and what it does not get: path -> the file of the project that keeps it out."""
    listed = listing(root, contents, record)
    left_out = {path: by for path in listed if (by := keeps_out(path))}
    return {path: named for path, named in listed.items() if path not in left_out}, left_out


def listing(root: Path, contents: Mapping[str, bytes], record: Record) -> dict[str, str]:
    """What `checkout` would write, path -> Git's name for the content."""
    ran = run(("git", "ls-tree", "-r", "-z", "HEAD"), cwd=root)
    record(ran, False)
    entries = (entry.partition("\t") for entry in ran.stdout.split("\0") if entry)
    blobs = {path: sha1(b"blob %d\0" % len(content) + content).hexdigest() for path, content in contents.items()}
    return {path: said.split()[-1] for said, _, path in entries} | blobs


def write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files and their parent folders."""
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
