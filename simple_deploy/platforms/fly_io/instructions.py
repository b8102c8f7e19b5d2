"""The instructions of a Dockerfile (docs.docker.com/reference/dockerfile)."""

from __future__ import annotations

import re

_CONTINUED = re.compile(r"\\[ \t]*\n")


def instructions(dockerfile: str) -> list[str]:
    """Each instruction in one line, without comments."""
    lines = [line for line in dockerfile.replace("\r\n", "\n").splitlines() if not line.lstrip().startswith("#")]
    return [line.strip() for line in _CONTINUED.sub("", "\n".join(lines)).splitlines() if line.strip()]
