"""The scripts that other files start, such as the ENTRYPOINT of a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from ..contract import is_for_a_shell, named_scripts

_WORD = re.compile(r"[\w./-]+")
# A path that is itself the command, in a shell, in a list of words, in a Dockerfile or in YAML.
_STARTED = re.compile(
    r"""(?:^|[:;&|\[]|^[ \t]*-|\bexec|\bCMD|\bENTRYPOINT|\bRUN)[ \t]*["']?(\.?/[\w./-]+)""", re.MULTILINE
)


def scripts(root: Path, text: str) -> Iterator[str]:
    """Those below the root: in an image, the project may have another folder, so only the end of a path counts."""
    yield from _below(root, named_scripts(text))
    others = _below(root, (word for word in _WORD.findall(text) if not word.endswith(".sh")))
    yield from (path for path in others if _names_a_shell(root / path))


def _names_a_shell(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_for_a_shell(file.readline(200))
    except OSError:
        return False


def started(root: Path, text: str) -> Iterator[str]:
    """The project's files that are commands themselves, so that they must be executable; not if the text sees to it."""
    return _below(root, [] if re.search(r"\bchmod\b", text) else _STARTED.findall(text))


def _below(root: Path, names: Iterable[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        parts = [part for part in PurePosixPath(name).parts if part not in ("/", ".")]
        paths = ("/".join(parts[start:]) for start in range(len(parts)))
        if ".." not in parts and (found := next((path for path in paths if (root / path).is_file()), None)):
            yield found
