"""Lock files: the version of each package that production gets."""

from __future__ import annotations

import json
import re
from collections import Counter

from ..text.text_file import decode
from . import production_file, requirements_file
from .files import Files
from .names import canonical
from .requirements_file import Unusable

_LOCKS = ("poetry.lock", "uv.lock", "Pipfile.lock")
# Sources in uv's, Poetry's and PDM's locks other than an index.
_ELSEWHERE = re.compile(r'^source = \{ (?!registry)|^type = "(?!legacy)|^(?:git|path|url) = ', re.MULTILINE)
_PACKAGE = re.compile(r'^name = "([^"\n]+)"\r?\nversion = "([^"\n]+)"', re.MULTILINE)
# For which environments a version of several is, in uv's and in Poetry's locks.
_ONLY_FOR = re.compile(r'^(?:resolution-markers = \[([^\]]+)\]|markers = (".+"))', re.MULTILINE)
_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)+)"')


def is_lock(path: str) -> bool:
    """Whether the file is a lock from which requirements can be exported."""
    return path in _LOCKS


def versions(lock: str, files: Files) -> dict[str, str]:
    """PEP 503 name -> specifier ("==1.2"); empty if the lock is missing or damaged."""
    try:
        text = decode(files.read(lock) or b"")[0]
        if not text.lstrip().startswith("{"):
            return {canonical(name): f"=={version}" for name, version in _PACKAGE.findall(text)}
        packages = json.loads(text).get("default", {})
        return {canonical(name): str(entry.get("version", "")) for name, entry in packages.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}


def published(raw: bytes) -> list[str]:
    """NAME==VERSION of each locked package from an index; none if the lock is damaged or in another format.

    Of a package with several versions, each has the marker of the environments that it is for.
    """
    try:
        text = decode(raw)[0]
        if text.lstrip().startswith("{"):
            packages = json.loads(text).get("default", {})
            found = [(name, str(entry.get("version", ""))) for name, entry in packages.items() if "version" in entry]
            return sorted(f"{canonical(name)}{version}" for name, version in found if version.startswith("=="))
    except (ValueError, AttributeError, RecursionError):
        return []
    parts = [part for part in text.split("[[package]]")[1:] if not _ELSEWHERE.search(part)]
    packaged = [
        (canonical(name), version, _only_for(part)) for part in parts for name, version in _PACKAGE.findall(part)
    ]
    times = Counter(name for name, _, _ in packaged)
    pins = [
        (f"{name}=={version}", only_for if times[name] > 1 else "")
        for name, version, only_for in packaged
        if only_for or times[name] == 1
    ]
    return sorted(f"{pin}; {only_for}" if only_for else pin for pin, only_for in pins)


def _only_for(package: str) -> str:
    """The marker (PEP 508) of a package's version; "" without one."""
    stated = _ONLY_FOR.search(package)
    markers = [marker.replace('\\"', '"') for marker in _TEXT.findall(stated[1] or stated[2])] if stated else []
    return " or ".join(f"({marker})" for marker in markers) if markers[1:] else "".join(markers)


def holds_all(lock: str, files: Files) -> bool:
    """Whether the lock has every package of production's requirements file, which was probably exported from it."""
    try:
        asked = requirements_file.read(production_file.find(files), files).declared
    except Unusable:
        return False
    return bool(asked) and asked <= set(versions(lock, files))
