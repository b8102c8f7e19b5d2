"""The Git repository of an app on a platform: bare, with hooks that build what is pushed."""

from __future__ import annotations

import io
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import subprocess

_SOURCES = Path(__file__).resolve().parents[3]
NOTHING = "0" * 40  # the commit of a branch that does not exist


class Update(NamedTuple):
    """A branch of a push: its commit before and after."""

    old: str
    new: str
    ref: str


def create(path: Path, module: str, hooks: Mapping[str, Sequence[str]], branch: str = "main") -> None:
    """Create an empty repository. Each hook calls `main(root, *arguments, pushed)` of `module`; `root` is a path."""
    argv = ["git", "init", "--quiet", "--bare", f"--initial-branch={branch}", "--template=", str(path)]
    _run(argv, check=True)
    (path / "hooks").mkdir()
    for name, arguments in hooks.items():
        hook = path / "hooks" / name
        hook.write_text(_script(module, arguments), encoding="utf-8", newline="\n")
        hook.chmod(0o755)


def updates(pushed: str) -> list[Update]:
    """The branches of a push, from the input of a Git hook: lines of old commit, new commit and ref."""
    return [Update(*line.split()) for line in pushed.splitlines()]


def extract(commit: str, folder: Path, *, repository: Path | None = None, part: str = "") -> None:
    """Extract the files of a commit, or of one of its folders, from the current hook's repository or another."""
    import tarfile  # not at the top: slow, and only builds need it

    # Git writes no paths that lead outside; newer Pythons require an explicit filter.
    trusted: Any = {"filter": "fully_trusted"} if hasattr(tarfile, "data_filter") else {}
    place = ["--git-dir", str(repository)] if repository else []
    argv = ["git", *place, "archive", "--format=tar", f"{commit}:{part}" if part else commit]
    archive = _run(argv, check=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as source:
        source.extractall(folder, **trusted)


def git(*words: str, cwd: Path | None = None) -> str | None:
    """The output of a Git command in the developer's repository; None if it failed."""
    done = _run(["git", *words], cwd=cwd, encoding="utf-8")
    return done.stdout.strip() if done.returncode == 0 else None


def remotes(cwd: Path | None = None) -> dict[str, str]:
    """The address of every remote of the developer's repository, by name, from Git's configuration."""
    lines = (git("config", "--get-regexp", r"^remote\..+\.url$", cwd=cwd) or "").splitlines()
    urls = (line.removeprefix("remote.").partition(".url ") for line in lines)
    return {name: url for name, _, url in sorted(urls)}


def set_remote(name: str, url: str, cwd: Path | None = None) -> None:
    """Add a remote, or set the address of the existing one."""
    git("remote", "set-url" if name in remotes(cwd) else "add", name, url, cwd=cwd)


def _run(argv: Sequence[str], **options: Any) -> subprocess.CompletedProcess[Any]:
    import subprocess  # not at the top: slow, and most commands do not need it

    return subprocess.run(argv, capture_output=True, **options)


def _script(module: str, arguments: Sequence[str]) -> str:
    """Git starts hooks with the shell that it has on every system."""
    program = (
        "import sys; from pathlib import Path; "
        f"sys.path.insert(0, {str(_SOURCES)!r}); "
        "[stream.reconfigure(encoding='utf-8') for stream in (sys.stdin, sys.stdout)]; "
        f"from {module} import main; root, *rest = {list(arguments)!r}; "
        "sys.exit(main(Path(root), *rest, sys.stdin.read()))"
    )
    return f"#!/bin/sh\nexec {shlex.join([sys.executable, '-I', '-c', program])}\n"
