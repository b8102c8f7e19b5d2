"""What a sandbox installs as a command in `test_sandbox_machine.py`."""

from pathlib import Path


def main(root: Path, argv: list[str]) -> int:
    print(root, argv)  # noqa: T201
    return 5
