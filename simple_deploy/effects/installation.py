"""Where this package was installed from, and what can be used from there: the harness, and the documentation."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_PACKAGE = Path(__file__).resolve().parents[1]
_HARNESS = "simple-deploy-matrix"
_HARNESS_FOLDER = "packages/simple_deploy_matrix"
_PYTHON = "py" if sys.platform == "win32" else "python3"


def rehearse(package: Path = _PACKAGE) -> tuple[str, ...]:
    """The start of the command that rehearses a project, whose path comes next; () if the harness is not available."""
    record = _record(package)
    origin = _origin(record)
    clone = _clone(package, origin)
    if clone:
        return _PYTHON, (clone / "noxfile.py").as_posix(), "-s", "rehearse", "--"
    sources = _sources(origin) if record else None
    return () if sources is None else ("uvx", *sources, _HARNESS, "rehearse")


def documentation(package: Path = _PACKAGE) -> str:
    """The address of the documentation: on the web, or of a file in a clone; "" if neither is known."""
    record = _record(package)
    metadata = (record / "METADATA").read_text(encoding="utf-8") if record else ""
    found = re.search(r"^Project-URL: Documentation, (\S+)$", metadata, re.MULTILINE)
    clone = _clone(package, _origin(record))
    return found[1] if found else (clone / "docs" / "index.md").as_posix() if clone else ""


def _record(package: Path) -> Path | None:
    """The folder of the distribution's metadata; None for an editable installation.

    Found by its name, because importlib.metadata takes longer to import than Django.
    """
    return next(package.parent.glob("simple_deploy-*.dist-info"), None)


def _origin(record: Path | None) -> dict[str, Any]:
    """The content of direct_url.json (PEP 610): {} if the distribution came from an index."""
    path = record / "direct_url.json" if record else None
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path and path.is_file() else {}


def _clone(package: Path, origin: dict[str, Any]) -> Path | None:
    """The clone that contains the package, or that it was installed from."""
    folder = _path(origin) if "dir_info" in origin else package.parent
    return folder if folder and (folder / "noxfile.py").is_file() and (folder / _HARNESS_FOLDER).is_dir() else None


def _path(origin: dict[str, Any]) -> Path | None:
    """The file or folder of the origin on this machine."""
    from urllib.request import url2pathname  # not at the top: slow

    parts = urlsplit(origin["url"])
    return Path(url2pathname(unquote(parts.path))) if parts.scheme == "file" else None


def _sources(origin: dict[str, Any]) -> tuple[str, ...] | None:
    """The options of uvx that name both distributions; None if there is no harness where this one came from."""
    if not origin:
        return ()
    if "vcs_info" in origin:
        found = origin["vcs_info"]
        product = f"{found['vcs']}+{origin['url']}@{found['commit_id']}"
        return "--from", f"{product}#subdirectory={_HARNESS_FOLDER}", "--with", product
    wheel = _path(origin)
    harness = wheel and next(wheel.parent.glob(wheel.name.replace("simple_deploy-", "simple_deploy_matrix-")), None)
    return ("--from", harness.as_posix(), "--with", wheel.as_posix()) if wheel and harness else None
