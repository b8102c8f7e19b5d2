"""The mount for uploads: the running site can write there, and the files last."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator

from simple_deploy.contract import Site

from .flavour import Flavour
from .own_file import own_text, value_of


def media(site: Site) -> str:
    """The folder of uploads, or one that a project without uploads can use."""
    return site.recipe.media or "media"


def mounted(flavour: Flavour, site: Site) -> tuple[str, ...]:
    """The folders that our file mounts: that of uploads, unless the mount would hide files of the build."""
    folder, static = site.recipe.media, site.recipe.static
    hides = bool(static and f"{static.root}/".startswith(f"{folder}/"))
    return (folder,) if folder and not hides and own_text(flavour, site) is None else ()


def hidden(flavour: Flavour, site: Site) -> tuple[str, ...]:
    """The mounted folders in which Git has files: the mount hides them."""
    return mounted(flavour, site) if site.project.git.tracks_uploads else ()


def kept_beside(folders: Iterable[str]) -> Iterator[str]:
    """Commands of the build, which has no mounts yet, that keep what Git has in these folders."""
    for folder in folders:
        yield "# Without a mount, these files of Git are here; with one, the deploy hook needs them."
        yield shlex.join(["cp", "-R", folder, _beside(folder)])


def copied_in(folders: Iterable[str]) -> Iterator[str]:
    """Commands of the deploy hook that copy these files into the mounts, except those that the mount has."""
    for folder in folders:
        # The build's files may be read-only; the site can change these.
        read = shlex.join(["tar", "-C", _beside(folder), "--mode=u+rwX", "-cf", "-", "."])
        yield f"{read} | {shlex.join(['tar', '-C', folder, '-xf', '-', '--skip-old-files'])}"


def _beside(folder: str) -> str:
    return f"{folder}.from-git"


def mounts(flavour: Flavour, site: Site) -> Iterator[str]:
    """The lines of the configuration; as comments, where the user has to decide."""
    ours = mounted(flavour, site)
    if ours:
        yield "# Uploads (MEDIA_ROOT): the site can write here, and the files last. Everything else is read-only."
    else:
        yield "# Everything below /app is read-only at run time, except folders listed here. For example, for uploads:"
    # JSON is YAML, and names stay readable.
    lines = (line.format(folder=json.dumps(media(site), ensure_ascii=False)) for line in flavour.mount)
    yield from (line if ours else f"# {line}" for line in lines)


def serves_folders(flavour: Flavour, site: Site) -> bool:
    """Whether the platform's own server serves uploads: a user's own file may have the location for it."""
    text, path = own_text(flavour, site), site.recipe.media_path
    return text is None or bool(path and any(value_of(text, at) is not None for at in (path, f"{path}/")))
