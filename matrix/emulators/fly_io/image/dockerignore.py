"""Which files of a folder are sent to a builder [Docker docs: .dockerignore files; moby/patternmatcher]."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple


class Pattern(NamedTuple):
    """A line of the file. `keeps` is an exception (`!`) to the lines above."""

    regex: re.Pattern[str]
    keeps: bool


def parse(text: str) -> list[Pattern]:
    """The patterns of a .dockerignore, in order; the last one that matches a file decides."""
    found = []
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        keeps = line.startswith("!")
        cleaned = PurePosixPath(line.removeprefix("!").strip()).as_posix().strip("/")
        if cleaned != ".":
            found.append(Pattern(re.compile(_translate(cleaned)), keeps))
    return found


def ignored(path: str, patterns: list[Pattern]) -> bool:
    """Whether a path, relative to the context and with slashes, is excluded: a folder includes its contents."""
    parts = path.split("/")
    prefixes = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    verdict = False
    for pattern in patterns:
        if any(pattern.regex.fullmatch(prefix) for prefix in prefixes):
            verdict = not pattern.keeps
    return verdict


def files(root: Path, patterns: list[Pattern]) -> Iterator[str]:
    """Every file and link below `root` that is not excluded, in a fixed order; without empty folders."""
    may_return = any(pattern.keeps for pattern in patterns)

    def below(folder: Path, prefix: str) -> Iterator[str]:
        for path in sorted(folder.iterdir()):
            name = f"{prefix}{path.name}"
            out = ignored(name, patterns)
            if path.is_dir() and not path.is_symlink():
                if not out or may_return:
                    yield from below(path, f"{name}/")
            elif not out:
                yield name

    yield from below(root, "")


def _translate(pattern: str) -> str:
    """A pattern of Go's filepath.Match, with `**`, as a regular expression."""
    tokens = re.findall(r"\*\*/?|\*|\?|\[[^\]]*\]|\\.|.", pattern, re.DOTALL)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(meaning.get(token) or _literal(token) for token in tokens)


def _literal(token: str) -> str:
    if len(token) > 1 and token.startswith("["):
        return token
    return re.escape(token[1:] if len(token) == 2 and token.startswith("\\") else token)
