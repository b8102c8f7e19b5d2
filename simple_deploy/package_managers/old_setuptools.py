"""Whether production needs an old setuptools: pkg_resources was part of it until version 81, and environments had it
until Python 3.12, which has no distutils of its own either.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from ..model import Dependencies
from .requirement import parse
from .versions import below, kept

_ITS_OWN = b"pkg_resources|distutils" if sys.version_info >= (3, 12) else b"pkg_resources"
# An import at the top of a module. One that is indented is mostly a choice among several.
_IMPORT = re.compile(rb"^(?:import|from) (?:%s)\b" % _ITS_OWN, re.MULTILINE)
# In a RECORD: a module, or one directly in a package.
_MODULE = re.compile(r"^((?:[^/,\n]+/)?[^/,\n]+\.py),", re.MULTILINE)


def needed_by(dependencies: Dependencies) -> str:
    """The web server, or a declared package as it is installed here, that imports pkg_resources or distutils; "" if
    none does.
    """
    here = {name: one for name in sorted(dependencies.declared) if (one := _installed(name))}
    if any(map(_brings_it, here.values())):
        return ""
    if below(kept(dependencies, "gunicorn"), "21.0"):
        return "gunicorn"
    # Its django.utils.version imports distutils.
    if sys.version_info >= (3, 12) and "django" in here and below(f"=={here['django'].version}", "4.0"):
        return "Django"
    others = (name for name in here if name not in ("gunicorn", "setuptools"))
    return next((name for name in others if _imports_it(here[name])), "")


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _brings_it(one: Distribution) -> bool:
    """Whether the package itself requires a setuptools that has it, as celery 5.2.3 does (<59.7)."""
    parsed = filter(None, map(parse, one.requires or ()))
    return any(not found.specifier.contains("81") for found in parsed if found.name == "setuptools")


def _imports_it(one: Distribution) -> bool:
    return any(_IMPORT.search(_content(one, path)) for path in _MODULE.findall(one.read_text("RECORD") or ""))


def _content(one: Distribution, path: str) -> bytes:
    try:
        return Path(str(one.locate_file(path))).read_bytes()
    except OSError:
        return b""
