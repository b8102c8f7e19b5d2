"""Failures that are unrelated to the product: something that the machine or the network lacked, by type. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

from .results import StageResult

Spurious = Literal["index down", "no port", "no disk", "no memory", "no database", "no Debian", "runner died"]
REASONS: Final[tuple[Spurious, ...]] = get_args(Spurious)
# A shard that did not report leaves no text; `merge` names it.
RUNNER_DIED: Final[Spurious] = "runner died"
_SAID: Mapping[Spurious, re.Pattern[str]] = {
    "index down": re.compile(
        r"(failed to fetch|could not fetch|connection (refused|reset|timed out)|temporary failure in name resolution"
        r"|dns error|50[234] (bad gateway|service unavailable|gateway time-?out)|max retries exceeded)[^\n]*"
        r"/(simple|pypi)/"
        r"|/(simple|pypi)/[^\n]*"
        r"(failed to fetch|connection (refused|reset|timed out)|temporary failure|dns error|max retries exceeded)",
        re.IGNORECASE,
    ),
    "no port": re.compile(
        r"address already in use|EADDRINUSE|(cannot|can't) assign requested address|EADDRNOTAVAIL"
        r"|only one usage of each socket address",
        re.IGNORECASE,
    ),
    "no disk": re.compile(r"no space left on device|ENOSPC|disk quota exceeded", re.IGNORECASE),
    "no memory": re.compile(r"cannot allocate memory|ENOMEM|^MemoryError\b", re.IGNORECASE | re.MULTILINE),
    "no database": re.compile(r"PostgresError: the server did not start|no PostgreSQL found", re.IGNORECASE),
    "no Debian": re.compile(
        r"Debian's packages cannot be installed in an image on this machine"
        r"|\b[EW]: (Failed to fetch|Unable to fetch|Some index files failed to download)\b"
    ),
}


def reason(stages: Iterable[StageResult]) -> str:
    """Why a failure is unrelated to the product; empty if no stage failed, or if one failed for another reason.

    Only the stage's own text counts, not the logs, in which an app may write anything.
    """
    found = [_type(stage.reason) for stage in stages if stage.status == "fail"]
    return found[0] if found and all(found) else ""


def _type(said: str) -> str:
    return next((name for name, pattern in _SAID.items() if pattern.search(said)), "")
