"""Check that a tag, the versions, the changelog and the pages agree: `python docs/release.py v1.2.3`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The distributions that are released together.
METADATA = ("pyproject.toml", "packages/simple_deploy_matrix/pyproject.toml", "plugins/scalingo/pyproject.toml")


# In every page that describes an installation, until the first release.
NOT_YET = "no release on the package index yet"


def outdated(pages: Mapping[str, str]) -> list[str]:
    """The pages that still describe an installation without a release."""
    said = f'still says "{NOT_YET}".'
    return [f"{path} {said}" for path, text in pages.items() if NOT_YET in re.sub(r"\s+", " ", text)]


def complaints(tag: str, version: str, metadata: Mapping[str, str], changelog: str) -> list[str]:
    """The mismatches, one sentence each. `metadata` is the text of each pyproject.toml."""
    found = []
    if tag != f"v{version}":
        found.append(f"The tag is {tag}, but simple_deploy.__version__ is {version}.")
    for path, text in metadata.items():
        if f'\nversion = "{version}"\n' not in text:
            found.append(f"{path} does not have the version {version}.")
    section = re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    if section is None:
        found.append(f"CHANGELOG.md has no section [{version}] with a date.")
    elif "- " not in section[1]:
        found.append(f"The section [{version}] of CHANGELOG.md is empty.")
    return found


def main(tag: str) -> int:
    """Print the mismatches; the exit status is 1 if there are any."""
    source = (ROOT / "simple_deploy" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "(.+)"', source)
    metadata = {path: (ROOT / path).read_text(encoding="utf-8") for path in METADATA}
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    wrong = complaints(tag, found[1] if found else "?", metadata, changelog)
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    wrong += outdated({path: (ROOT / path).read_text(encoding="utf-8") for path in listed.stdout.splitlines()})
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
