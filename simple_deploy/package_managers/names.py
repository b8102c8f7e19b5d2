"""Names of packages."""

from __future__ import annotations

import re


def name_of(requirement: str) -> str:
    """The package's name as spelled in a requirement (PEP 508)."""
    match = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement.strip())
    return match[0].rstrip("._-") if match else ""


def canonical(name: str) -> str:
    """A package's name as PEP 503 compares it. (`packaging.utils` does the same but costs more than a Git call.)"""
    return re.sub(r"[-_.]+", "-", name).lower()
