"""Removes what a live run has created: with the product's own --destroy, else with the platform's command."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from simple_deploy import platforms
from simple_deploy.model import Created

from ..engine import projects
from ..sandbox.machine import Ran, Sandbox
from .ledger import Entry


class NotDestroyed(Exception):
    """Something may still exist and cost money; the text gives the remedy."""


def destroy(box: Sandbox, entry: Entry) -> str:
    """Destroy it and return the result as text. Raises NotDestroyed."""
    project = Path(entry.project)
    if not project.is_dir():
        return "nothing had been created"
    ended = _ask_the_product(box, entry, project)
    if ended.returncode == 0:
        return "destroyed"
    code = _code(ended.stdout)
    if code == "no-created-app":
        return "nothing had been created"
    if code == "uncertain-app":
        return _ask_the_platform(box, entry, project)
    raise NotDestroyed(_advice(entry, ended))


def _ask_the_product(box: Sandbox, entry: Entry, project: Path) -> Ran:
    options = ("--platform", entry.platform, "--json", "--yes", "--deployed-project-name", entry.app)
    argv = [entry.python, "manage.py", "simple_deploy", "--destroy", *options]
    return box.run(argv, cwd=projects.manage_folder(project), timeout=900, check=False)


def _ask_the_platform(box: Sandbox, entry: Entry, project: Path) -> str:
    """The run was killed while the app was being created. No other app has that name."""
    argv = platforms.load(entry.platform).removal(entry.app, Created(kind="app", name=entry.app))
    ended = box.run(argv, cwd=project, timeout=900, check=False)
    if ended.returncode:
        raise NotDestroyed(_advice(entry, ended))
    return f"destroyed ({shlex.join(argv)})"


def _code(stdout: str) -> str:
    try:
        return str(json.loads(stdout)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _advice(entry: Entry, ended: Ran) -> str:
    said = (ended.stderr.strip() or ended.stdout.strip()).splitlines()[-8:]
    manual = shlex.join(platforms.load(entry.platform).removal(entry.app, Created(kind="app", name=entry.app)))
    return "\n".join(
        [
            f"{entry.app} on {entry.platform} MAY STILL EXIST AND COST MONEY. "
            "Try again with --live --sweep, or by hand:",
            f"  {manual}",
            *said,
        ]
    )
