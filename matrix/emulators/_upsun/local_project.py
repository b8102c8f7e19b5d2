"""Which project the current Git repository belongs to, and how the CLI remembers it [CLI source: LocalProject]."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from matrix.emulators._upsun.flavour import Flavour
from matrix.emulators._upsun.model import Project, git_url

_GIT_URL = re.compile(r"([a-z0-9]{12,})@git\.((?:[a-z0-9-]+\.)?platform\.sh):\1\.git")


def git(*words: str, cwd: Path | None = None) -> str | None:
    """Output of a Git command; None if it failed."""
    done = subprocess.run(["git", *words], cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def repository_root() -> Path | None:
    """The root of the current Git repository, None outside of any."""
    root = git("rev-parse", "--show-toplevel")
    return Path(root) if root else None


def current_project_id(flavour: Flavour) -> str | None:
    """The project that the repository is mapped to: by the CLI's own file, else by a Git remote.

    Like the real CLI it then writes the file.
    """
    root = repository_root()
    if root is None:
        return None
    file = root / flavour.local_folder / "project.yaml"
    if file.is_file():
        found = re.search(r"^id: (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        return found[1] if found else None
    for remote in (flavour.remote, "origin"):
        url = git("config", "--get", f"remote.{remote}.url", cwd=root)
        if url and (match := _GIT_URL.fullmatch(url)):
            _write(flavour, root, match[1], match[2])
            return match[1]
        if url:
            return None
    return None


def map_repository(flavour: Flavour, root: Path, project: Project) -> None:
    """Make a project that of the repository: the CLI's file, a Git remote, and Git's list of files to exclude."""
    _write(flavour, root, project["id"], "api.upsun.com")
    url, remote = git_url(project), flavour.remote
    current = git("config", "--get", f"remote.{remote}.url", cwd=root)
    if not current:
        git("remote", "add", remote, url, cwd=root)
    elif current != url:
        git("remote", "set-url", remote, url, cwd=root)


def unmap_repository(flavour: Flavour, root: Path) -> bool:
    """Forget the project of a repository; whether there was one."""
    file = root / flavour.local_folder / "project.yaml"
    urls = {name: git("config", "--get", f"remote.{name}.url", cwd=root) for name in (flavour.remote, "origin")}
    remotes = [name for name, url in urls.items() if url and _GIT_URL.fullmatch(url)]
    mapped = file.is_file() or bool(remotes)
    for name in remotes:
        git("remote", "rm", name, cwd=root)
    file.unlink(missing_ok=True)
    return mapped


def _write(flavour: Flavour, root: Path, project_id: str, host: str) -> None:
    folder = root / flavour.local_folder
    folder.mkdir(parents=True, exist_ok=True)
    _exclude(flavour, root)
    (folder / ".gitignore").write_text("/\n", encoding="utf-8")
    readme = folder / "README.txt"
    readme.write_text(_README.format(folder=flavour.local_folder, cli=flavour.cli_name), encoding="utf-8")
    (folder / "project.yaml").write_text(f"id: {project_id}\nhost: {host}\n", encoding="utf-8")


def _exclude(flavour: Flavour, root: Path) -> None:
    place = git("rev-parse", "--git-path", "info/exclude", cwd=root) or ".git/info/exclude"
    file = root / place
    existing = file.read_text(encoding="utf-8") if file.is_file() else ""
    if flavour.cli_name in existing:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    added = f"# Automatically added by the {flavour.cli_name}\n/{flavour.local_folder}\n/_www\n"
    file.write_text(f"{existing}\n{added}" if existing else added, encoding="utf-8")


_README = """\
{folder}
===============

This directory is where the {cli} stores configuration files, builds, and
other data to help work with your project locally.

It is not used on remote environments at all - the directory is excluded from
your Git repository (via .git/info/exclude).
"""
