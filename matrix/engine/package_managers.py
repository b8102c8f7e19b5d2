"""How developers use each package manager: a project's lock, and environments installed from it."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from simple_deploy.package_managers import below, load, production_file, project_table
from simple_deploy.package_managers.requirements_file import Unusable

from ..sandbox import environments, tools, variables
from .manage_scripts import manage_scripts


@dataclass(frozen=True, kw_only=True)
class PackageManager:
    """Its files in a project, manifest first and the one to install from last, and its commands.

    `tool` is what its developers have on PATH (see `matrix.sandbox.tools`). `lock` writes the last file; `develop`
    installs everything into the active environment, `produce` only what production needs. All of them are relative to
    `folder`, which is relative to the project.
    """

    files: tuple[str, ...]
    develop: tuple[str, ...]
    produce: tuple[str, ...]
    tool: str | None = None
    lock: tuple[str, ...] = ()
    folder: str = "."

    def claims(self, project: Path) -> bool:
        """Whether all of its files exist."""
        return all((project / file).is_file() for file in self.files)

    def contents(self, project: Path) -> dict[str, str]:
        """What determines the installed packages, for the key of a cached environment."""
        project = project / self.folder
        places = {"requirements*", "requirements/*", *(f"{PurePosixPath(file).parent}/*.txt" for file in self.files)}
        included = [path for place in sorted(places) for path in project.glob(place)]
        files = {*(project / file for file in self.files), *(path for path in included if path.is_file())}
        return {path.relative_to(project).as_posix(): path.read_text(encoding="utf-8") for path in files}

    def program_folders(self, interpreter: Path) -> list[str]:
        """What to add to PATH for the tool; nothing for pip, which is in the environment."""
        return [str(tools.tool(self.tool, interpreter=interpreter))] if self.tool else []

    def write_lock(self, project: Path, interpreter: Path) -> None:
        """Lock the project with the real tool, once for each manifest. Raises RuntimeError if the tool fails."""
        if not self.lock:
            return
        lock = self.files[-1]
        key = {
            "what": "lock, without configuration",
            "tool": f"{self.tool} {tools.VERSIONS[self.tool or '']}",
            "interpreter": environments.identity(interpreter),
            # The manifest, and the tool's configuration files.
            **{path.name: path.read_text(encoding="utf-8") for path in project.iterdir() if path.is_file()},
        }

        def make(folder: Path) -> None:
            shutil.copytree(project, folder / "project")
            path = os.pathsep.join([*self.program_folders(interpreter), os.environ["PATH"]])
            env = {**_without_configuration(folder), **active(empty_environment(interpreter), path)}
            _run(self.lock, folder / "project", env)

        shutil.copyfile(environments.cached(key, make) / "project" / lock, project / lock)


_REQUIREMENTS = ("uv", "pip", "install", "--requirements", "requirements.txt")
PIP = PackageManager(files=("requirements.txt",), develop=_REQUIREMENTS, produce=_REQUIREMENTS)
PIP_TOOLS = PackageManager(
    files=("requirements.in", "requirements.txt"),
    develop=_REQUIREMENTS,
    produce=_REQUIREMENTS,
    tool="pip-tools",
    lock=("pip-compile", "--quiet", "requirements.in"),
)
POETRY = PackageManager(
    files=("pyproject.toml", "poetry.lock"),
    develop=("poetry", "sync", "--compile"),
    produce=("poetry", "sync", "--compile", "--only", "main"),
    tool="poetry",
    lock=("poetry", "lock"),
)
PIPENV = PackageManager(
    files=("Pipfile", "Pipfile.lock"),
    develop=("pipenv", "sync", "--dev"),
    produce=("pipenv", "sync"),
    tool="pipenv",
    lock=("pipenv", "lock"),
)
UV = PackageManager(
    files=("pyproject.toml", "uv.lock"),
    develop=("uv", "sync", "--locked"),
    produce=("uv", "sync", "--locked", "--no-default-groups"),
    tool="uv",
    lock=("uv", "lock"),
)
# The values of the axis; Poetry has two ways to write a manifest.
NAMED = {"pip": PIP, "pip-tools": PIP_TOOLS, "poetry": POETRY, "poetry-classic": POETRY, "pipenv": PIPENV, "uv": UV}
_DEVELOPMENT = re.compile(r"(requirements[-_.])?(dev|development|local)([-_.]requirements)?\.txt")
# An installation without a lock is not repeatable, but it works.
_UNLOCKED = ("uv", "pip", "install", "--requirements", "pyproject.toml")
PYPROJECT = PackageManager(files=("pyproject.toml",), develop=_UNLOCKED, produce=_UNLOCKED)
POETRY_UNLOCKED = replace(POETRY, files=("pyproject.toml",), lock=())
# The project is a package, whose modules may be found only where it is installed.
_PACKAGE = ("uv", "pip", "install", "--editable", ".")
PACKAGE = replace(PYPROJECT, develop=_PACKAGE, produce=_PACKAGE)
# Only setup.py or setup.cfg describes it.
SETUP_PY = PackageManager(files=("setup.py",), develop=_PACKAGE, produce=_PACKAGE)
# No file lists the packages.
NONE = PackageManager(files=(), develop=(), produce=())


def of(project: Path) -> PackageManager | None:
    """The package manager whose files all exist: at the root, else beside manage.py or in a folder between; None if
    there is none.
    """
    if found := _locked(project) or _elsewhere(project) or _unlocked(project):
        return _without_root(found, project)
    below = PurePosixPath(_manage_dir(project))
    for folder in (below, *below.parents):
        if beside := _locked(project / folder) or _unlocked(project / folder):
            return _without_root(replace(beside, folder=folder.as_posix()), project / folder)
    return None


def _without_root(chosen: PackageManager, folder: Path) -> PackageManager:
    """With the option that Poetry recommends where it finds no package to install besides the dependencies."""
    dependencies = load("poetry").read(Disk(folder))[0] if chosen.tool == POETRY.tool else None
    unpackaged = dependencies is not None and dependencies.unpackaged
    return replace(chosen, develop=(*chosen.develop, "--no-root")) if unpackaged else chosen


def _locked(folder: Path) -> PackageManager | None:
    known = (PIPENV, POETRY, UV, PIP_TOOLS, PIP)
    claimed = next((choice for choice in known if choice.claims(folder)), None)
    besides = _for_development(Disk(folder), PIP.files[0])
    return replace(PIP, develop=(*PIP.develop, *besides)) if claimed is PIP and besides else claimed


def _unlocked(folder: Path) -> PackageManager | None:
    """The package manager of a manifest that has no lock."""
    table = project_table.document(Disk(folder))
    if "poetry" in table.get("tool", {}):
        return POETRY_UNLOCKED
    if "project" in table:
        is_package = table.get("tool", {}).get("uv", {}).get("package", "build-system" in table)
        chosen = PACKAGE if is_package else PYPROJECT
        # The group that developers install (uv docs, "Development dependencies").
        has_group = "dev" in table.get("dependency-groups", {})
        return replace(chosen, develop=(*chosen.develop, "--group", "dev")) if has_group else chosen
    return SETUP_PY if SETUP_PY.claims(folder) else None


@dataclass(frozen=True)
class Disk:
    """The project's files, as the product reads them."""

    root: Path

    def read(self, path: str) -> bytes | None:
        """See `simple_deploy.package_managers.Files`."""
        return (self.root / path).read_bytes() if (self.root / path).is_file() else None

    def list(self, folder: str) -> tuple[str, ...]:
        """See `simple_deploy.package_managers.Files`."""
        place = self.root / folder
        return tuple(sorted(path.name for path in place.iterdir() if path.is_file())) if place.is_dir() else ()


def _elsewhere(project: Path) -> PackageManager | None:
    """pip with the requirements file that the product finds in a folder: requirements/, or next to manage.py."""
    folder, disk = _manage_dir(project), Disk(project)
    try:
        if production_file.evidence(disk):
            path = production_file.find(disk)
        else:
            path = production_file.find(below.pointed(disk, folder))
    except (Unusable, LookupError):
        return None
    install = ("uv", "pip", "install", "--requirements", path)
    return PackageManager(files=(path,), develop=(*install, *_for_development(disk, path)), produce=install)


def _manage_dir(project: Path) -> str:
    scripts = manage_scripts(project)
    return scripts[0].parent.relative_to(project).as_posix() if scripts else "."


def _for_development(disk: Disk, path: str) -> tuple[str, ...]:
    """Options that also install the file next to it with development requirements."""
    folder = PurePosixPath(path).parent
    names = (name for name in disk.list(folder.as_posix()) if _DEVELOPMENT.fullmatch(name))
    return tuple(word for name in names for word in ("--requirements", (folder / name).as_posix()))


def active(environment: Path, path: str) -> dict[str, str]:
    """The variables that make every package manager use this environment instead of creating one."""
    return {
        "VIRTUAL_ENV": str(environment),
        "UV_PROJECT_ENVIRONMENT": str(environment),
        "PIPENV_VERBOSITY": "-1",
        "PIPENV_NOSPIN": "1",
        "PATH": path,
    }


def _without_configuration(home: Path) -> dict[str, str]:
    """The host's environment without the user's configuration of any tool: some write it into locks."""
    homes = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home))
    return {**variables.terminal(os.environ), **variables.package_index().env, **homes}


def empty_environment(interpreter: Path) -> Path:
    """An environment without packages: tools query its Python."""
    key = {"what": "empty environment", "interpreter": environments.identity(interpreter)}
    argv = [str(environments.uv()), "venv", "--quiet", "--no-project", "--python", str(interpreter)]
    return environments.cached(key, lambda folder: _run([*argv, str(folder / "venv")], folder, os.environ)) / "venv"


def _run(argv: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
    program = shutil.which(argv[0], path=env["PATH"]) or argv[0]
    done = subprocess.run([program, *argv[1:]], cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
