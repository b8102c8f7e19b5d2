"""Build the documentation of every release and of the checkout: `python docs/versions.py OUT`.

Each version is a folder of OUT; `versions.json` next to them is read by the theme's version menu (in mike's format),
and `index.html` redirects to the newest release.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEXT = "dev"
_RELEASE = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
_INDEX = """\
<!doctype html>
<meta charset="utf-8">
<title>simple-deploy</title>
<meta http-equiv="refresh" content="0; url={0}/">
<a href="{0}/">simple-deploy {0}</a>
"""


def releases(tags: Sequence[str]) -> list[str]:
    """The versions of the tags that are releases (vX.Y.Z), the newest first."""
    found = sorted((tuple(map(int, match.groups())) for match in map(_RELEASE.fullmatch, tags) if match), reverse=True)
    return [".".join(map(str, version)) for version in found]


def menu(versions: Sequence[str]) -> list[dict[str, object]]:
    """The content of `versions.json`: the releases, and the version after them."""
    shown = [{"version": one, "title": one, "aliases": ["latest"] if one == versions[0] else []} for one in versions]
    return [{"version": NEXT, "title": "unreleased", "aliases": []}, *shown]


def build(source: Path, out: Path) -> None:
    """The site of one version, with that version's own code and pages."""
    argv = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(out)]
    subprocess.run(argv, cwd=source, check=True, env={**os.environ, "PYTHONPATH": str(source)})


def main(out: Path, root: Path = ROOT) -> None:
    """Build every version, the menu, and the page that redirects to the newest one."""
    listed = subprocess.run(["git", "tag"], cwd=root, check=True, capture_output=True, encoding="utf-8")
    versions = releases(listed.stdout.split())
    build(root, out / NEXT)
    for version in versions:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "source")
            clone = ["git", "clone", "--quiet", "--branch", f"v{version}", str(root), str(source)]
            subprocess.run(clone, check=True)
            build(source, out / version)
    (out / "versions.json").write_text(json.dumps(menu(versions), indent=1) + "\n", encoding="utf-8", newline="\n")
    index = _INDEX.format(versions[0] if versions else NEXT)
    (out / "index.html").write_text(index, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
