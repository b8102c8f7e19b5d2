"""Which pinned requirements have no wheel for a Python: developers use one that the pins can be installed on."""

import subprocess
from pathlib import Path

from simple_deploy.trial import pylock

from ..engine import package_managers
from ..sandbox import environments


def pinned(project: Path) -> Path | None:
    """The file with pins that developers install, requirements or a pyproject.toml; None without one."""
    chosen = package_managers.of(project)
    file = project / chosen.folder / chosen.files[-1] if chosen else None
    if file is None or (file.suffix != ".txt" and file.name != "pyproject.toml") or not file.is_file():
        return None
    return file if "==" in file.read_text(encoding="utf-8", errors="replace") else None


def lacking(file: Path, version: str) -> frozenset[str] | None:
    """The packages that this Python would have to build; None if it cannot have all, or the index does not tell."""
    argv = [str(environments.uv()), "pip", "compile", "--quiet", "--no-header", "--no-deps", "--format", "pylock.toml"]
    argv += ["--python-version", version, "--python-platform", "linux", file.name]
    try:
        said = subprocess.run(argv, cwd=file.parent, capture_output=True, encoding="utf-8", timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if said.returncode:
        return None
    return frozenset(package.name for package in pylock.read(said.stdout) if not package.has_wheels)
