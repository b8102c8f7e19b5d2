"""The developer's side of a run: copies of a project, its Git repository, and its environments."""

import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from matrix.provenance import REPOSITORY
from matrix.run import Run, StageFailed
from matrix.sandbox import environments

IGNORED = {".git", "simple_deploy_logs", "__pycache__"}


def commit_all(run: Run, folder: Path, message: str) -> None:
    """Commit everything in the folder's repository, which is made if there is none."""
    if not (folder / ".git").exists():
        run.command(["git", "init", "--quiet"], cwd=folder)
    run.command(["git", "add", "--all"], cwd=folder)
    run.command(["git", "commit", "--quiet", "-m", message], cwd=folder)


def fresh_copy(run: Run, purpose: str) -> Path:
    """A copy of the committed source under its own name, in a folder named after the purpose."""
    return Path(shutil.copytree(run.source, run.box.work / purpose / run.source.name, symlinks=True))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the project by its path: not Git's own, nor logs, nor compiled Python."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    relative = ((path, path.relative_to(folder)) for path in files)
    return {name.as_posix(): path.read_bytes() for path, name in relative if not IGNORED & set(name.parts)}


def difference(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The paths that came, went or changed."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def manage_folder(folder: Path) -> Path:
    """The folder of the `manage.py` nearest to the root; StageFailed if there is none."""
    found = sorted(folder.rglob("manage.py"), key=lambda path: (len(path.parts), path))
    if not found:
        raise StageFailed(f"There is no manage.py in {folder}.")
    return found[0].parent


def git_status(run: Run, folder: Path) -> list[str]:
    """What `git status` lists, one path each."""
    completed = run.command(["git", "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"], cwd=folder)
    return sorted(entry[3:] for entry in completed.stdout.split("\0") if entry)


def head(run: Run, folder: Path) -> str:
    """The commit that is checked out."""
    return run.command(["git", "rev-parse", "HEAD"], cwd=folder).stdout.strip()


def committed_files(run: Run, folder: Path, since: str) -> list[str]:
    """The files that differ between a commit and the one that is checked out."""
    argv = ["git", "diff", "--name-only", "-z", "--no-renames", since, "HEAD"]
    return sorted(filter(None, run.command(argv, cwd=folder).stdout.split("\0")))


def developer_environment(run: Run, interpreter: Path, project: Path) -> Path:
    """The Python of an environment with the project's requirements and `simple_deploy`."""
    key = _key(interpreter, project) | {
        "kind": "developer",
        "simple_deploy": str(REPOSITORY),
        "pyproject": _digest(REPOSITORY / "pyproject.toml"),
    }
    install = ("--requirements", str(project / "requirements.txt"), "--editable", str(REPOSITORY))
    return python_in(environments.cached(key, lambda folder: build(run, folder, interpreter, install)))


def production_environment(run: Run, interpreter: Path, project: Path) -> Path:
    """The Python of an environment with nothing but what the configured project requires."""
    install = ("--requirements", str(project / "requirements.txt"))
    key = _key(interpreter, project) | {"kind": "production"}
    return python_in(environments.cached(key, lambda folder: build(run, folder, interpreter, install)))


def build(run: Run, folder: Path, interpreter: Path, install: Sequence[str]) -> None:
    """Make an environment in the folder and install into it with uv; StageFailed with uv's own words."""
    uv, python = environments.uv(), python_in(folder)
    run.command([uv, "venv", "--quiet", "--python", interpreter, folder / "venv"], cwd=run.box.work)
    run.command([uv, "pip", "install", "--python", python, *install], cwd=run.box.work, timeout=900)


def python_in(folder: Path) -> Path:
    """The interpreter of the environment that `build` made in the folder."""
    return folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _key(interpreter: Path, project: Path) -> dict[str, str]:
    requirements = project / "requirements.txt"
    return {"interpreter": str(interpreter), "requirements": requirements.read_text(encoding="utf-8")}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
