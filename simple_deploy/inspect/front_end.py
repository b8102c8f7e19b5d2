"""The front ends of a project: folders with a `package.json`, what npm builds in them, and which ones Django serves."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ..model import FrontEnd, Record, Settings
from .git_questions import ignored_paths

_DEEPEST = 3
_NOT_THE_PROJECTS = frozenset({"node_modules", "venv", "env", "site-packages", "__pycache__"})
# The current long-term support release (nodejs.org, "Releases").
_NODE = 24
# Lock file → the program that reads it, and the arguments that install exactly what is locked.
_LOCKS = {
    "pnpm-lock.yaml": "pnpm install --frozen-lockfile",
    "yarn.lock": "yarn install --frozen-lockfile",
    "package-lock.json": "npm ci",
    "npm-shrinkwrap.json": "npm ci",
}
_UNLOCKED = "npm install"
_PROGRAMS = {"npm": ("npm",), "yarn": ("npx", "--yes", "yarn@1"), "pnpm": ("npx", "--yes", "pnpm@10")}
_BESIDE = re.compile(r"\.\./[\w./-]*static")
# What makes files of a front end after an installation.
_COPYING = re.compile(r"\b(cp|copy|copyfiles|cpx|mv|ncp|rsync|esbuild|grunt|gulp|parcel|rollup|sass|vite|webpack)\b")
_BERRY = ["install", "--immutable"]

Read = Callable[[str], "bytes | None"]


@dataclass(frozen=True, kw_only=True)
class _Django:
    """What Django serves: the folders (below the Git root) of its static files, and its apps."""

    manage_dir: str
    static: tuple[str, ...]
    apps: tuple[str, ...]

    def serves_modules(self, folder: str) -> bool:
        """Whether static files are taken from the packages themselves."""
        modules = _inside(folder, "node_modules")
        return any(PurePosixPath(one).is_relative_to(modules) for one in self.static)

    def serves(self, folder: str) -> bool:
        """Whether the folder is the project's own, contains static files, or is inside an app (django-tailwind)."""
        app = PurePosixPath(folder).parent.as_posix().replace("/", ".")
        installed = any(one == app or one.startswith(f"{app}.apps.") for one in self.apps)
        own = folder in (".", self.manage_dir) or installed
        return own or any(PurePosixPath(one).is_relative_to(folder) for one in self.static)


def front_ends(root: Path, manage_dir: str, settings: Settings, read: Read, record: Record) -> tuple[FrontEnd, ...]:
    """Those with something to build, the ones that Django serves first."""
    real = root.resolve()
    named = map(Path, settings.staticfiles_dirs)
    static = tuple(one.relative_to(real).as_posix() for one in named if one.is_relative_to(real))
    django = _Django(manage_dir=manage_dir, static=static, apps=settings.installed_apps)
    read_in = {folder: _document(read(_inside(folder, "package.json"))) for folder in _folders(root)}
    locks = _locks(root, read_in, record)
    every = [one for folder, text in read_in.items() if (one := _front_end(root, folder, text, django, locks[folder]))]
    # A package.json at the root that only points to another one, for a platform that needs it there.
    led_to = tuple(f"cd {shlex.quote(one.folder)} && " for one in every)
    own = [one for one in every if not one.script.startswith(led_to)]
    return tuple(sorted(own, key=lambda one: (not one.served, one.folder.count("/"), one.folder)))


def _locks(root: Path, folders: Collection[str], record: Record) -> dict[str, list[str]]:
    """The lock files in each folder, without those that Git ignores: the build does not have them."""
    found = [(folder, name) for folder in folders for name in _LOCKS if (root / folder / name).exists()]
    ignored = ignored_paths(root, [_inside(*one) for one in found], record)
    kept = [(folder, name) for folder, name in found if _inside(folder, name) not in ignored]
    return {folder: [name for place, name in kept if place == folder] for folder in folders}


def _front_end(
    root: Path, folder: str, document: dict[str, Any], django: _Django, locks: Sequence[str]
) -> FrontEnd | None:
    scripts = _table(document, "scripts")
    script, copying = str(scripts.get("build") or ""), str(scripts.get("postinstall") or "")
    keeps, place = django.serves_modules(folder), root / folder
    if not script and not keeps and _COPYING.search(copying):
        # It may need programs that an image for Node.js lacks.
        return FrontEnd(folder=folder, script=copying, served=False, install=())
    if not script and not (keeps and document.get("dependencies")):
        return None
    install, program = _installation(locks, str(document.get("packageManager") or ""))
    return FrontEnd(
        folder=folder,
        script=script,
        served=(keeps or django.serves(folder) or _writes_outside(place, script)) and not _foreign(place),
        install=install,
        build=(*program, "run", "build") if script else (),
        node=_node(str(_table(document, "engines").get("node") or "")),
        keeps_modules=keeps,
    )


def _folders(root: Path, folder: str = ".", depth: int = 0) -> Iterator[str]:
    """Folders with a package.json, at most a few levels below the Git root."""
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except OSError:
        return
    names = {entry.name for entry in entries}
    if "pyvenv.cfg" in names:
        return
    # A link may lead to a file that is not there.
    if "package.json" in names and (root / folder / "package.json").exists():
        yield folder
    for entry in entries:
        skipped = entry.name in _NOT_THE_PROJECTS or entry.name.startswith(".")
        if depth < _DEEPEST and not skipped and entry.is_dir(follow_symlinks=False):
            yield from _folders(root, _inside(folder, entry.name), depth + 1)


def _writes_outside(place: Path, script: str) -> bool:
    """Whether the build writes into a folder of static files outside its own folder, according to its configuration."""
    texts = [script]
    for path in sorted(place.glob("*.config.*")):
        texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return any(_BESIDE.search(text) for text in texts)


def _foreign(place: Path) -> bool:
    """Whether a program that does not come from npm is needed."""
    return any((place / name).exists() for name in ("bun.lock", "bun.lockb", "deno.lock"))


def _installation(locks: Sequence[str], named: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The command that installs, and the program that runs scripts. `named` is the version that the project sets."""
    command = _LOCKS[locks[0]] if locks else _UNLOCKED
    name, *words = command.split()
    program: tuple[str, ...] = _PROGRAMS[name]
    version = re.match(rf"{name}@(\d+)[\w.-]*", named)
    if version and name == "pnpm":
        program = ("npx", "--yes", version[0])
    if version and name == "yarn" and int(version[1]) > 1:
        program, words = ("npx", "--yes", f"@yarnpkg/cli-dist@{version[0].partition('@')[2]}"), _BERRY
    return (*program, *words), program


def _node(wanted: str) -> str:
    """The major version of Node.js: the one that the project specifies, if it is exactly one."""
    exact = re.fullmatch(r"\s*[\^~v=]?\s*(\d+)(?:\.[\dx*]+)*\s*", wanted)
    return exact[1] if exact else str(_NODE)


def _document(raw: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _inside(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
