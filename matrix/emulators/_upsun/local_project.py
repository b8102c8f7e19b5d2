"""The project of the current Git repository, and how the CLI remembers it [CLI source: LocalProject]."""

from __future__ import annotations

import re
from pathlib import Path

from .._kit.repository import git, remotes, set_remote
from .._kit.texts import Texts
from .flavour import Flavour
from .state import Project, git_url

_GIT_URL = re.compile(r"([a-z0-9]{12,})@git\.((?:[a-z0-9-]+\.)?platform\.sh):\1\.git")


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
    url = next(iter(_urls(flavour, root).values()), "")
    match = _GIT_URL.fullmatch(url)
    if match:
        _write(flavour, root, match[1], match[2])
    return match[1] if match else None


def map_repository(flavour: Flavour, root: Path, project: Project) -> None:
    """Map the repository to a project: the CLI's file, a Git remote, and Git's list of files to exclude."""
    _write(flavour, root, project["id"], "api.upsun.com")
    set_remote(flavour.remote, git_url(project), root)


def unmap_repository(flavour: Flavour, root: Path) -> bool:
    """Remove the mapping of a repository; returns whether there was one."""
    file = root / flavour.local_folder / "project.yaml"
    remotes = [name for name, url in _urls(flavour, root).items() if _GIT_URL.fullmatch(url)]
    mapped = file.is_file() or bool(remotes)
    for name in remotes:
        git("remote", "rm", name, cwd=root)
    file.unlink(missing_ok=True)
    return mapped


def _urls(flavour: Flavour, root: Path) -> dict[str, str]:
    """The addresses of the remotes that can belong to a project."""
    known = remotes(root)
    return {name: known[name] for name in (flavour.remote, "origin") if name in known}


def _write(flavour: Flavour, root: Path, project_id: str, host: str) -> None:
    folder = root / flavour.local_folder
    folder.mkdir(parents=True, exist_ok=True)
    _exclude(flavour, root)
    texts = Texts(Path(__file__).with_name("texts.txt"))
    readme = texts("readme", folder=flavour.local_folder, cli=flavour.cli_name)
    (folder / ".gitignore").write_text("/\n", encoding="utf-8")
    (folder / "README.txt").write_text(f"{readme}\n", encoding="utf-8")
    (folder / "project.yaml").write_text(f"id: {project_id}\nhost: {host}\n", encoding="utf-8")


def _exclude(flavour: Flavour, root: Path) -> None:
    file = root / (git("rev-parse", "--git-path", "info/exclude", cwd=root) or ".git/info/exclude")
    existing = file.read_text(encoding="utf-8") if file.is_file() else ""
    if flavour.cli_name in existing:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    added = f"# Automatically added by the {flavour.cli_name}\n/{flavour.local_folder}\n/_www\n"
    file.write_text(f"{existing}\n{added}" if existing else added, encoding="utf-8")
