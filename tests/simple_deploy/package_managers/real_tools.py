"""The real package managers in a user's terminal."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from matrix.sandbox.processes import Ran
from matrix.sandbox.tools import tool
from matrix.sandbox.variables import package_index

if TYPE_CHECKING:
    from conftest import Checkout


def installed(name: str, env: dict[str, str]) -> dict[str, str]:
    """A terminal with this package manager on PATH and access to the package index."""
    # We do not turn their own warnings into errors.
    path = os.pathsep.join([str(tool(name)), env["PATH"]])
    return {**env, **package_index().env, "PATH": path, "PYTHONWARNINGS": "", "PYTHONWARNDEFAULTENCODING": ""}


def run(name: str, *arguments: str, cwd: Path, **env: str) -> None:
    """Run the package manager as its users do; it must succeed."""
    terminal = {**os.environ, **env}
    subprocess.run(
        [str(tool(name) / name), *arguments],
        cwd=cwd,
        env=installed(name, terminal),
        check=True,
        capture_output=True,
        encoding="utf-8",
    )


def instead_of_requirements(checkout: Checkout, files: dict[str, str]) -> Checkout:
    """The project with these files at its Git root and without requirements.txt, committed."""
    (checkout.root / "requirements.txt").unlink()
    for path, text in files.items():
        checkout.write(path, text)
    checkout.commit_all()
    return checkout


def refused(checkout: Checkout, **env: str) -> str:
    """The output of a run that must fail and leave every byte unchanged."""
    before, status = checkout.contents(), checkout.git("status", "--porcelain")
    ended: Ran = checkout.deployer("--no-logging", **env)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert checkout.contents() == before
    assert checkout.git("status", "--porcelain") == status
    return ended.stderr
