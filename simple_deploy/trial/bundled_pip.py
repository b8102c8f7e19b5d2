"""The pip that comes with a Python, where a build uses that one: what it does otherwise than uv and newer ones."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from ..contract import Site
from ..messages import errors
from ..model import Problem
from ..package_managers import requirement_line, requirements_file
from ..package_managers.files import Files, Known
from ..package_managers.names import canonical
from .resolution import Resolution

# The newest Python whose own pip is older than 24.1, and takes versions that are not PEP 440's.
_LENIENT_PIP = (3, 11)
# The newest Python whose own pip is older than 26: 3.10 has pip 23.0.1, 3.11 pip 24.0, and 3.12 pip 25.0.1. These get
# only fixes for security; 3.13 and 3.14 follow the releases of pip (CPython, Lib/ensurepip, in 2026).
_OLDER_PIP = (3, 12)
# The newest Python whose pip starts a setup.py with the setuptools in the environment, which comes with that Python.
_OLDER_SETUPTOOLS = (3, 10)


def judged(found: Resolution, site: Site, contents: Mapping[str, bytes | None]) -> Resolution:
    """The resolution without what the build's pip may install although uv cannot build it."""
    failed, python = found.unbuildable, site.recipe.python
    manifest = site.project.dependencies.manifest
    older = python.series <= _OLDER_SETUPTOOLS and _installed_from(manifest, site.recipe.install, contents)
    if not failed or not older:
        return found
    said = f"the build of {failed.requirement}: it fails with the newest setuptools, Python {python} has an older one"
    return replace(found, unbuildable=None, untried=said)


def problems(pins: Sequence[str], site: Site, contents: Mapping[str, bytes | None]) -> Iterator[Problem]:
    """Each requirement that the build's pip rejects. `pins` (NAME==VERSION) are what uv found."""
    yield from _outdated(site, contents)
    yield from _pre_releases(pins, site, contents)


def _outdated(site: Site, contents: Mapping[str, bytes | None]) -> Iterator[Problem]:
    """The lines that only a pip older than 24.1 takes."""
    manifest, install = site.project.dependencies.manifest, site.recipe.install
    lenient = site.recipe.python.series <= _LENIENT_PIP and _installed_from(manifest, install, contents)
    if lenient or manifest not in install[-1]:
        return
    files = Known(contents)
    for path, _ in sorted(requirements_file.read(manifest, files).walked):
        lines = [line for line in requirements_file.lines(path, files) if not requirement_line.is_current(line)]
        if lines:
            yield errors.not_a_requirement(path=path, lines=lines[:5])


def _pre_releases(pins: Sequence[str], site: Site, contents: Mapping[str, bytes | None]) -> Iterator[Problem]:
    """A pip older than 26 installs a pre-release only where no version is asked for, or one that is a pre-release."""
    manifest, python = site.project.dependencies.manifest, site.recipe.python
    if python.series > _OLDER_PIP or not _installed_from(manifest, site.recipe.install, contents):
        return
    asked = _asked(manifest, Known(contents))
    for pin in pins:
        name, _, version = pin.partition("==")
        specifiers = asked.get(canonical(name))
        if specifiers and not specifiers.prereleases and _is_pre_release(version):
            requirement = f"{name}{specifiers}"
            yield errors.pre_releases_only(requirement=requirement, pin=pin, manifest=manifest, python=str(python))


def _installed_from(manifest: str, install: Sequence[Sequence[str]], contents: Mapping[str, bytes | None]) -> bool:
    """Whether the build installs that file with the pip of its Python: then a file of the platform has the command."""
    *_, last = install
    command = shlex.join(last).encode()
    return manifest in last and any(raw and command in raw for raw in contents.values())


def _asked(manifest: str, files: Files) -> Mapping[str, SpecifierSet]:
    """PEP 503 name → what all lines together ask for; empty if one of them allows every pre-release."""
    asked: dict[str, SpecifierSet] = {}
    for path, _ in requirements_file.read(manifest, files).walked:
        for line in requirements_file.lines(path, files):
            if line.split()[0] == "--pre":
                return {}
            if requirement := requirement_line.requirement(line):
                name = canonical(requirement.name)
                asked[name] = asked.get(name, SpecifierSet()) & requirement.specifier
    return asked


def _is_pre_release(version: str) -> bool:
    try:
        return Version(version).is_prerelease
    except InvalidVersion:
        return False
