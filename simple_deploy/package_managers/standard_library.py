"""Code that imports a module which Python no longer has: an old package with a new Python."""

from __future__ import annotations

import re
import sys

from ..messages import errors
from ..model import Problem

# Without distutils, which setuptools brings back. Source: "What's New In Python", the removals of each version.
_LAST = {
    **dict.fromkeys(("asynchat", "asyncore", "imp", "smtpd"), (3, 11)),
    **dict.fromkeys(
        (
            *("aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "msilib", "nis"),
            *("nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"),
        ),
        (3, 12),
    ),
}
_MISSING = re.compile(r"\bModuleNotFoundError: No module named '([\w.]+)'")


def removed_module(reason: str, running: tuple[int, int] = sys.version_info[:2]) -> Problem | None:
    """The problem, if that is the `reason`: an error of the running Python with its type."""
    missing = _MISSING.search(reason)
    module = missing[1].partition(".")[0] if missing else ""
    last = _LAST.get(module)
    if last is None or running <= last:
        return None
    python, older = "{}.{}".format(*running), "{}.{}".format(*last)
    return errors.removed_module(module=module, python=python, older=older, reason=reason)
