"""The bytes of every file before a run wrote it, by their digest."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from ..effects.own_folder import FOLDER, linked, own_folder, place, place_name, read, staged
from .records import digest

_BACKUPS = "backups"


def backups(root: Path) -> str:
    """The folder of the backups, as shown to people."""
    return place_name(root, _BACKUPS)


def backup(root: Path, digest: str) -> str:
    """The path of the content with that digest, as shown to people."""
    return place_name(root, _BACKUPS, digest)


def keep(root: Path, content: bytes) -> str:
    """Keep these bytes and return their digest. Raises OSError."""
    named = sha256(content).hexdigest()
    path = own_folder(root, _BACKUPS) / named
    try:
        present = read(path) == content
    except OSError:
        present = False
    if not present:
        staged(path, content).replace(path)
    return named


def kept(root: Path, named: str) -> bytes:
    """The bytes of that digest. Raises OSError if they are missing or damaged."""
    path = place(root) / _BACKUPS / named
    # Like the receipt that names it, it may have been kept before our folder had to move into `.git`.
    found = read(path if path.exists() or linked(path) else root / FOLDER / _BACKUPS / named)
    if digest(found) != named:
        raise OSError(f"{backup(root, named)} is damaged")
    return found
