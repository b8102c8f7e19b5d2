"""The command of this flavour's CLI."""

from __future__ import annotations

from pathlib import Path

from matrix.emulators._upsun import cli
from matrix.emulators._upsun.flavour import FIXED


def main(root: Path, argv: list[str]) -> int:
    """Run a command line without its first word; the exit status."""
    return cli.run(FIXED, root, argv)
