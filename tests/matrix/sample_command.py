"""The module that `test_sandbox_machine.py` installs as a command."""

from pathlib import Path


def main(root: Path, argv: list[str]) -> int:
    print(root, argv)  # noqa: T201
    return 5
