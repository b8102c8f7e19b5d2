"""Check that a tag, the package's version and the changelog agree: `python docs/release.py v1.2.3`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def complaints(tag: str, version: str, metadata: str, changelog: str) -> list[str]:
    """What does not agree, one sentence each. `metadata` is pyproject.toml."""
    found = []
    if tag != f"v{version}":
        found.append(f"The tag is {tag}, but simple_deploy.__version__ is {version}.")
    if f'\nversion = "{version}"\n' not in metadata:
        found.append(f"pyproject.toml does not have the version {version}.")
    section = re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    if section is None:
        found.append(f"CHANGELOG.md has no section [{version}] with a date.")
    elif "- " not in section[1]:
        found.append(f"The section [{version}] of CHANGELOG.md is empty.")
    return found


def main(tag: str) -> int:
    """Print what does not agree; the exit status is 1 then."""
    source = (ROOT / "simple_deploy" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "(.+)"', source)
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "CHANGELOG.md")]
    wrong = complaints(tag, found[1] if found else "?", *texts)
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
