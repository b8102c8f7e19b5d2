"""Which files of the folder are sent to Fly.io's builder: `.dockerignore`, and Git's own patterns in its syntax. Pure.

Sources: Docker docs, ".dockerignore files", and moby/patternmatcher, which flyctl uses; gitignore(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

OPEN = "# >>> simple_deploy: what Git ignores. Updated by later runs. >>>"
CLOSE = "# <<< simple_deploy: what Git ignores <<<"


class Ignore:
    """A `.dockerignore`: the files that it excludes."""

    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
        patterns = (line for line in lines if line and not line.startswith("#"))
        # Neighbouring lines of one kind are one expression: every file of a repository is compared. An exception (`!`)
        # is one to the lines above.
        kinds = groupby(patterns, lambda line: line.startswith("!"))
        self._runs = [(re.compile("|".join(map(_expression, run)), re.DOTALL), keeps) for keeps, run in kinds]
        self._keeps = any(keeps for _, keeps in self._runs)
        self._folders: dict[str, bool] = {"": False}

    def leaves_out(self, path: str) -> bool:
        """Whether a file, relative to the context and with slashes, is excluded. A folder includes its contents."""
        if self._keeps:
            return self._last_word(path)
        return self._folder(path.rpartition("/")[0]) or self._matches(path)

    def _folder(self, folder: str) -> bool:
        if folder not in self._folders:
            self._folders[folder] = self._folder(folder.rpartition("/")[0]) or self._matches(folder)
        return self._folders[folder]

    def _matches(self, path: str) -> bool:
        return any(regex.fullmatch(path) for regex, _ in self._runs)

    def _last_word(self, path: str) -> bool:
        parts = path.split("/")
        prefixes = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
        for regex, keeps in reversed(self._runs):
            if any(map(regex.fullmatch, prefixes)):
                return not keeps
        return False


def _expression(line: str) -> str:
    """The pattern as a regular expression."""
    text = line.removeprefix("!").strip()
    parts = [part for part in text.split("/") if part not in ("", ".")]
    tokens = re.findall(r"\*\*/?|\*|\?|\[\^?[^\]]*\]|\\.|.", "/".join(parts), re.DOTALL)
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    regex = "".join(meaning.get(token) or _literal(token) for token in tokens)
    try:
        re.compile(regex, re.DOTALL)
    except re.error:
        # A class such as [z-a]: Docker rejects the whole file, so the line excludes nothing.
        return "(?!)"
    return regex


def _literal(token: str) -> str:
    if len(token) > 1 and token.startswith("["):
        # Python gives brackets and doubled signs in a class a meaning of their own.
        inner = re.sub(r"[\[&~|]", r"\\\g<0>", token[1:-1])
        return f"[{inner}]" if token != "[^]" else re.escape(token)
    return re.escape(token[1:] if len(token) == 2 and token.startswith("\\") else token)


def from_git(folder: str, text: str) -> Iterator[str]:
    """The lines of the .gitignore in `folder` ("": the Git root) in Docker's syntax, in their order."""
    for raw in text.removeprefix("\ufeff").splitlines():
        line = raw if re.search(r"\\ $", raw) else raw.rstrip(" ")
        if line and not line.startswith("#"):
            keeps = line.startswith("!")
            pattern = _translated(folder, line.removeprefix("!"), keeps)
            if pattern:
                yield ("!" if keeps else "") + pattern


def _translated(folder: str, line: str, keeps: bool) -> str:
    """One pattern; "" for one that Docker cannot express or does not need."""
    # Docker has no classes such as [[:alpha:]].
    if "[[:" in line:
        return ""
    only_folders, line = line.endswith("/"), line.rstrip("/")
    anchored = "/" in line
    parts = [part if part == "**" else _part(part) for part in line.lstrip("/").split("/")]
    # "!*/" lets Git look into folders. Docker does that anyway, and would include everything in them.
    if not parts[-1] or (keeps and only_folders and not parts[-1].strip("*")):
        return ""
    places = [literal(part) for part in folder.split("/") if part]
    whole = [*places, *([] if anchored or parts[0] == "**" else ["**"]), *parts]
    # Docker's patterns match files, too: a pattern for folders becomes one for their contents.
    return "/".join([*whole, *(["**"] if only_folders else [])])


def _part(part: str) -> str:
    """A name: Git treats several asterisks as one, and a class is negated with either character."""
    part = re.sub(r"\*{2,}", "*", part).replace("[!", "[^")
    part = re.sub(r"\\([#! ])", lambda match: "?" if match[1] == " " else match[1], part)
    return _protected(part)


def literal(path: str) -> str:
    """The pattern for one path and nothing else. Docker trims spaces and cannot express a newline."""
    escaped = re.sub(r"[*?\[\]\\]", r"\\\g<0>", path)
    return "/".join(_protected(part) for part in re.sub(r"[\r\n]", "?", escaped).split("/"))


def _protected(part: str) -> str:
    part = re.sub(r"^\s|\s$", "?", part)
    return f"\\{part}" if part[:1] in ("#", "!") else part


def with_git(text: str, lines: Sequence[str]) -> str:
    """`text` with the block of Git's patterns, replaced in place, else at the top; no block if there are no lines."""
    block = "".join(f"{line}\n" for line in (OPEN, *lines, CLOSE)) if lines else ""
    before, opened, rest = text.partition(f"{OPEN}\n")
    _, closed, after = rest.partition(f"{CLOSE}\n")
    return before + block + after if opened and closed else block + text
