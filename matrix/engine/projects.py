"""The developer's side of a run: copies of a project, its Git repository, and its environments."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from .. import distributions
from ..sandbox import environments
from . import package_managers
from .manage_scripts import manage_scripts
from .package_managers import PackageManager
from .run import Run, StageFailed

# Next to an environment: the copy of the project from which it was installed.
_COPY = "project"
IGNORED = {".git", "simple_deploy_logs", "__pycache__"}


def commit_all(run: Run, folder: Path, message: str) -> None:
    """Commit everything in the folder's repository, which is created if there is none."""
    if not (folder / ".git").exists():
        run.command(["git", "init", "--quiet"], cwd=folder)
    run.command(["git", "add", "--all"], cwd=folder)
    run.command(["git", "commit", "--quiet", "-m", message], cwd=folder)


def fresh_copy(run: Run, purpose: str) -> Path:
    """A copy of the committed source with its own name, in a folder named after the purpose.

    The developer works in it: a project that is installed in place is this one.
    """
    copy = Path(shutil.copytree(run.source, run.box.work / purpose / run.source.name, symlinks=True))
    if (installed := _installed(run)).is_symlink():
        installed.unlink()
        installed.symlink_to(copy, target_is_directory=True)
    return copy


def build_in_place(run: Run, interpreter: Path, besides: Sequence[str] = (), develop: tuple[str, ...] = ()) -> Path:
    """The Python of an environment for this run alone, in which a project that is installed in place can move.

    It also has the packages in `besides`. `develop` is the command that installs the requirements in the project's
    folder; by default, it is that of its package manager.
    """
    installed = _installed(run)
    folder = installed.parent
    folder.mkdir()
    build_for_developer(run, folder, interpreter, run.source, besides, develop)
    shutil.rmtree(installed)
    installed.symlink_to(run.source, target_is_directory=True)
    return python_in(folder)


def _installed(run: Run) -> Path:
    return run.box.root / "developer" / _COPY


def as_committed(run: Run, folder: Path, purpose: str) -> Path:
    """A copy without what Git ignores, such as the developer's .env file: the content of a commit of everything."""
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    copy = run.box.work / purpose / folder.name
    for name in filter(None, run.command(argv, cwd=folder).stdout.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, copy / name, follow_symlinks=False)
    return copy


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the project by its path, except Git's own, logs and compiled Python."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    relative = ((path, path.relative_to(folder)) for path in files)
    return {name.as_posix(): path.read_bytes() for path, name in relative if not IGNORED & set(name.parts)}


def difference(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The paths that were added, removed or changed."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def manage_folder(folder: Path) -> Path:
    """The folder of the manage.py that the developer runs; StageFailed if there is none."""
    found = manage_scripts(folder)
    if not found:
        raise StageFailed(
            f"There is no manage.py in {folder.name}, or in a folder below it.\n"
            "If a script of another name does its work, add a manage.py too, as django-admin startproject writes it."
        )
    return found[0].parent


def git_status(run: Run, folder: Path) -> list[str]:
    """What `git status` lists, one path each, without tracked bytecode: every command changes it."""
    completed = run.command(["git", "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"], cwd=folder)
    entries = filter(None, completed.stdout.split("\0"))
    return sorted(entry[3:] for entry in entries if not (entry.startswith(" M ") and entry.endswith(".pyc")))


def ignored(run: Run, folder: Path, paths: Sequence[str]) -> list[str]:
    """Those of the paths that Git ignores and does not track."""
    argv = ["git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *paths]
    completed = run.command(argv, cwd=folder)
    return list(filter(None, completed.stdout.split("\0"))) if paths else []


def head(run: Run, folder: Path) -> str:
    """The commit that is checked out."""
    return run.command(["git", "rev-parse", "HEAD"], cwd=folder).stdout.strip()


def committed_files(run: Run, folder: Path, since: str) -> list[str]:
    """The files that differ between a commit and the one that is checked out."""
    argv = ["git", "diff", "--name-only", "-z", "--no-renames", since, "HEAD"]
    return sorted(filter(None, run.command(argv, cwd=folder).stdout.split("\0")))


def developer_environment(run: Run, interpreter: Path, project: Path) -> Path:
    """The Python of an environment with the project's requirements and `simple_deploy`."""
    chosen = package_manager(project)
    installed = distributions.state(distributions.deployer(run.platform))
    key = _key(chosen, interpreter, project) | {"kind": "developer", "deployer": installed}
    return python_in(environments.cached(key, lambda folder: build_for_developer(run, folder, interpreter, project)))


def production_environment(run: Run, interpreter: Path, project: Path) -> Path:
    """The Python of an environment with only the requirements of the configured project for production."""
    chosen = package_manager(project)
    key = _key(chosen, interpreter, project) | {"kind": "production"}
    build = partial(_build, run, chosen=chosen, interpreter=interpreter, project=project, install=chosen.produce)
    return python_in(environments.cached(key, build))


def share_downloads(run: Run) -> None:
    """Let the deployer use this machine's cache of packages, like the caches of the installers."""
    if sys.platform != "win32":  # links take a privilege there
        shared = environments.cache_folder() / "packages"
        shared.mkdir(parents=True, exist_ok=True)
        own = run.box.home / ".cache" / "simple_deploy" / "packages"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.symlink_to(shared, target_is_directory=True)


def build_for_developer(
    run: Run,
    folder: Path,
    interpreter: Path,
    project: Path,
    besides: Sequence[str] = (),
    develop: tuple[str, ...] = (),
) -> None:
    """Build the environment of `developer_environment` in the folder; raises StageFailed with the tool's message."""
    chosen = replace(package_managers.NONE, develop=develop) if develop else package_manager(project, besides)
    _build(run, folder, chosen, interpreter=interpreter, project=project, install=chosen.develop, left_out=())
    install_deployer(run, folder, *besides)


def install_deployer(run: Run, folder: Path, *besides: str) -> None:
    """Install `simple_deploy` and the platform into the environment in the folder, as both are installed here."""
    wanted = [*besides, *distributions.requirements(distributions.deployer(run.platform))]
    argv: list[str | Path] = [environments.uv(), "pip", "install", "--quiet", "--python", python_in(folder), *wanted]
    run.command(argv, cwd=folder, env=environments.INSTALLING, timeout=900)


def package_manager(project: Path, besides: Sequence[str] = ()) -> PackageManager:
    """The project's package manager; raises StageFailed without one, unless packages are installed `besides`."""
    chosen = package_managers.of(project) or (package_managers.NONE if besides else None)
    if chosen is None:
        raise StageFailed(
            f"There is no requirements.txt in {project.name}, nor a pyproject.toml or a Pipfile.lock, so the "
            "requirements of the project are unknown. Write one, for example with "
            "`python -m pip freeze > requirements.txt`, "
            "and commit it; or name each package that you have installed with --install."
        )
    return chosen


def _build(
    run: Run,
    folder: Path,
    chosen: PackageManager,
    *,
    interpreter: Path,
    project: Path,
    install: Sequence[str],
    left_out: Sequence[str] = (".git", "simple_deploy_logs"),
) -> None:
    """Install from a copy of the project: some tools leave files in the project they install.

    Developers install from a clone, from which a version can be read; platforms do not.
    """
    uv = environments.uv()
    run.command([uv, "venv", "--quiet", "--no-project", "--python", interpreter, folder / "venv"], cwd=folder)
    copy = shutil.copytree(project, folder / _COPY, symlinks=True, ignore=shutil.ignore_patterns(*left_out))
    path = [*chosen.program_folders(interpreter), run.box.env["PATH"], str(uv.parent)]
    active = package_managers.active(folder / "venv", os.pathsep.join(path))
    if install:
        run.command(install, cwd=copy / chosen.folder, env=active | environments.INSTALLING, timeout=900)


def python_in(folder: Path) -> Path:
    """The interpreter of the environment that was built in the folder."""
    return folder / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _key(chosen: PackageManager, interpreter: Path, project: Path) -> dict[str, str]:
    return {"interpreter": environments.identity(interpreter), **chosen.contents(project)}
