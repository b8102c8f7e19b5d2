"""The scripts that other files start, such as the ENTRYPOINT of a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

_SCRIPT = re.compile(r"[\w./-]+\.sh\b")
# A path that is itself the command, in a shell, in a list of words, in a Dockerfile or in YAML.
_STARTED = re.compile(
    r"""(?:^|[:;&|\[]|^[ \t]*-|\bexec|\bCMD|\bENTRYPOINT|\bRUN)[ \t]*["']?(\.?/[\w./-]+)""", re.MULTILINE
)


def scripts(root: Path, text: str) -> Iterator[str]:
    """Those below the root: in an image, the project may have another folder, so only the end of a path counts."""
    return _below(root, _SCRIPT.findall(text))


def started(root: Path, text: str) -> Iterator[str]:
    """The project's files that are commands themselves, so that they must be executable; not if the text sees to it."""
    return _below(root, [] if re.search(r"\bchmod\b", text) else _STARTED.findall(text))


def _below(root: Path, names: Iterable[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        parts = [part for part in PurePosixPath(name).parts if part not in ("/", ".")]
        paths = ("/".join(parts[start:]) for start in range(len(parts)))
        if ".." not in parts and (found := next((path for path in paths if (root / path).is_file()), None)):
            yield found
