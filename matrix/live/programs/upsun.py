"""`upsun`, as the user has it."""

from __future__ import annotations

from pathlib import Path

from .. import command


def main(root: Path, argv: list[str]) -> int:
    """Run it; the exit status."""
    return command.main(root, argv, "upsun")
