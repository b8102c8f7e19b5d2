"""What a result depends on, as hashes: the sources of a kind of cell, and everything about one cell on this machine."""

from __future__ import annotations

import functools
import hashlib
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

from .. import distributions
from ..cells import AXIS_NAMES, Cell
from ..record.provenance import HARNESS, REPOSITORY, git_version, system
from .imports import ImportGraph

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TEMPLATE = "sample_projects/blog"
# The deployer as a command and as a program, and the stages of a cell. Platform and emulator are added by name.
ROOTS = ("simple_deploy.management.commands.simple_deploy", "simple_deploy.__main__", f"{HARNESS.name}.proving.prove")
# The additional parts of the harness for each kind of evidence, and for a cell in halves. Without the package name in
# front, since this module is itself a source and needs none of them.
EVIDENCE: Mapping[str, tuple[str, ...]] = {"emulated": (), "emulated, real client": ("real_cli",), "live": ("live",)}
HALVES = ("halves.local", "halves.remote")
_PLATFORMS = ("simple_deploy.platforms", f"{HARNESS.name}.emulators")
_MANAGERS = "simple_deploy.package_managers"
_NONE: Mapping[str, str] = MappingProxyType({})


class Sources:
    """The files of a repository that cells use; each file is read and each module parsed once."""

    def __init__(self, repository: Path = REPOSITORY) -> None:
        self._repository = repository
        self._graph = ImportGraph(repository)
        self._hashes: dict[Path, bytes] = {}
        self._plug_in = functools.cache(distributions.plug_in)

    def files(
        self, platform: str, evidence: str = "emulated", *, package_manager: str = "", halves: bool = False
    ) -> list[Path]:
        """The files that a platform's cells of a package manager use, with this evidence; without one, of any.

        They are those of the import graph, the template, and a plug-in.
        """
        roots = [*ROOTS, *(f"{HARNESS.name}.{name}" for name in (*EVIDENCE[evidence], *(HALVES if halves else ())))]
        members = [name for package in _PLATFORMS for name in self._graph.below(f"{package}.{platform}")]
        members += self._of_manager(package_manager)
        known = [name for name in roots if name in self._graph.modules]
        return [
            *self._graph.files(self._graph.reached([*known, *members])),
            *self._template,
            *(path for folder in self._plug_in(platform) for path in _every_file(self._own(folder))),
        ]

    def digest(
        self, platform: str, evidence: str = "emulated", *, package_manager: str = "", halves: bool = False
    ) -> str:
        """The hash of these files and of the harness's declared requirements."""
        digest = hashlib.sha256(repr(sorted(_declared(self._repository))).encode())
        for path in self.files(platform, evidence, package_manager=package_manager, halves=halves):
            digest.update(self._hash(path))
        return digest.hexdigest()

    @functools.cached_property
    def _template(self) -> list[Path]:
        files = (path for path in (self._repository / TEMPLATE).rglob("*") if path.is_file())
        return sorted(path for path in files if "__pycache__" not in path.parts)

    def _of_manager(self, name: str) -> list[str]:
        """The module of a package manager, which is found by its name; all if none has this name."""
        module = ".".join((_MANAGERS, tool(name).replace("-", "_")))
        return [module] if module in self._graph.modules else [*self._graph.below(_MANAGERS)]

    def _own(self, folder: Path) -> Path:
        """The folder of a plug-in as it is in this repository, if that has it."""
        inside = folder.is_relative_to(REPOSITORY)
        return self._repository / folder.relative_to(REPOSITORY) if inside else folder

    def _name(self, path: Path) -> str:
        """A file of the repository by its path in it; a plug-in's file outside of it by the folder that it is in."""
        inside = path.is_relative_to(self._repository)
        return path.relative_to(self._repository).as_posix() if inside else f"{path.parent.name}/{path.name}"

    def _hash(self, path: Path) -> bytes:
        """The hash of a file with its name in front."""
        if path not in self._hashes:
            # Git may check text out with other newlines.
            content = path.read_bytes().replace(b"\r\n", b"\n")
            self._hashes[path] = f"{self._name(path)}\0".encode() + hashlib.sha256(content).digest()
        return self._hashes[path]


def of(cell: Cell, sources: str, *, isolation: str, conditions: str = "", more: Mapping[str, str] = _NONE) -> str:
    """The fingerprint of a cell on this machine. Equal fingerprints need no second run."""
    axes = {name: getattr(cell, name) for name in AXIS_NAMES}
    place = {"system": system(), "isolation": isolation, "conditions": conditions}
    programs = {**tools(cell), **walls(isolation), **more}
    versions = {f"version of {name}": version for name, version in programs.items()}
    parts = {**axes, **place, **versions, "sources": sources}
    return hashlib.sha256("".join(f"{name}\0{parts[name]}\0" for name in sorted(parts)).encode()).hexdigest()


def tool(package_manager: str) -> str:
    """The name of a value of the axis as a tool: Poetry has two."""
    return {"poetry-classic": "poetry"}.get(package_manager, package_manager)


def tools(cell: Cell) -> dict[str, str]:
    """The versions of the programs involved, by name; empty for those that this machine lacks."""
    from ..sandbox.tools import VERSIONS

    return {
        **_installed(),
        "git": git_version(),
        "postgresql": _postgres(),
        "python": _python(cell.python),
        "harness's python": "{}.{}.{}".format(*sys.version_info),
        "package manager": VERSIONS.get(tool(cell.package_manager), ""),
    }


@functools.cache
def walls(isolation: str) -> Mapping[str, str]:
    """The version of what separates the app from this machine, if something does."""
    from ..sandbox.isolation import bubblewrap

    program = bubblewrap() if isolation == "bubblewrap" else None
    return {"bubblewrap": _said_by(program)} if program else _NONE


def _said_by(program: Path) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, encoding="utf-8", check=False).stdout
    return said.strip()


def _every_file(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


def _declared(repository: Path) -> list[str]:
    document = _pyproject(repository)
    groups = document.get("dependency-groups", {})
    return [str(entry) for entry in (*groups.get("harness", ()), *document.get("project", {}).get("dependencies", ()))]


def _pyproject(repository: Path) -> dict[str, dict[str, list[str]]]:
    path = repository / "pyproject.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@functools.cache
def _installed() -> Mapping[str, str]:
    """The versions of the packages that the harness declares."""
    groups = _pyproject(REPOSITORY).get("dependency-groups")
    entries = groups["harness"] if groups else metadata.requires(distributions.HARNESS) or ()
    names = [re.split(r"[^\w-]", entry)[0] for entry in entries]
    return {name: _version(name) for name in names}


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


@functools.cache
def _postgres() -> str:
    from ..sandbox import postgres_installation

    try:
        return postgres_installation.find().run("postgres", "--version").split()[2]
    except postgres_installation.PostgresError:
        return ""


@functools.cache
def _python(version: str) -> str:
    from ..sandbox import environments

    interpreter = environments.python(version)
    return _said_by(interpreter) if interpreter else ""
