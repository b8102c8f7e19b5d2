"""Lock files: the version of each package that production gets."""

from __future__ import annotations

import json
import re

from ..text_file import decode
from . import production_file, requirements_file
from .files import Files
from .names import canonical
from .requirements_file import Unusable

_LOCKS = ("poetry.lock", "uv.lock", "Pipfile.lock")
_PACKAGE = re.compile(r'^name = "([^"\n]+)"\r?\nversion = "([^"\n]+)"', re.MULTILINE)


def is_lock(path: str) -> bool:
    """Whether the file is a lock from which requirements can be exported."""
    return path in _LOCKS


def versions(lock: str, files: Files) -> dict[str, str]:
    """PEP 503 name -> specifier ("==1.2"); nothing where the lock is missing or damaged."""
    try:
        text = decode(files.read(lock) or b"")[0]
        if not text.lstrip().startswith("{"):
            return {canonical(name): f"=={version}" for name, version in _PACKAGE.findall(text)}
        packages = json.loads(text).get("default", {})
        return {canonical(name): str(entry.get("version", "")) for name, entry in packages.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}


def holds_all(lock: str, files: Files) -> bool:
    """Whether the lock has every package of production's requirements file: most often that was exported from it."""
    try:
        asked = requirements_file.read(production_file.find(files), files).declared
    except Unusable:
        return False
    return bool(asked) and asked <= set(versions(lock, files))
