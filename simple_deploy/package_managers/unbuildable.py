"""A package whose own build script fails, as it would anywhere: no compiler or library is missing."""

from __future__ import annotations

import re

# uv 0.13 names the package first, Poetry 2 after the script's error.
_ERROR = r"^ +(?P<error>(?:ImportError|ModuleNotFoundError|AttributeError|NameError): .*)$"
_BY_UV = re.compile(rf"Failed to build `(?P<one>[^`]+)`\n.*{_ERROR}", re.DOTALL | re.MULTILINE)
_FOLDER = re.compile(r" \(/.*")


def unbuildable(said: str) -> tuple[str, str] | None:
    """The package and its error, according to what uv wrote; None if this is not why it failed."""
    failed = _BY_UV.search(said)
    # The path of the module is one of this machine.
    return (failed["one"], _FOLDER.sub("", failed["error"].splitlines()[0])) if failed else None
