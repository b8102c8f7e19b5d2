"""Where a user's own Dockerfile puts manage.py (docs.docker.com/reference/dockerfile)."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .instructions import instructions

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_FLAGS = re.compile(r"(?:--\S+\s+)*")
_FROM = re.compile(r"(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class _Stage:
    """A stage so far: its folder, the place of manage.py ("": unknown) and its variables."""

    folder: str = "/"
    place: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """The path that a name has in this folder."""
        return posixpath.normpath(posixpath.join(self.folder, name))

    def filled(self, text: str) -> str:
        """The text with the values of its variables."""
        return _VARIABLE.sub(lambda found: self.variables.get(found[1] or found[2], found[0]), text)


def manage_py(dockerfile: str, path: str) -> str:
    """The path of manage.py from the image's working folder, where `path` is that in the repository.

    It is `path` where the Dockerfile does not tell.
    """
    stages: dict[str, _Stage] = {}
    stage, name = _Stage(), ""
    for instruction in instructions(dockerfile):
        word, _, rest = instruction.partition(" ")
        if word.upper() == "FROM" and (found := _FROM.match(rest.strip())):
            stage, name = stages.get(found[1], _Stage()), found[2] or ""
        else:
            stage = _after(stage, word.upper(), rest.strip(), path)
        stages[name] = stage
    if not stage.place:
        return path
    below = stage.place.startswith(stage.folder.rstrip("/") + "/")
    return posixpath.relpath(stage.place, stage.folder) if below else stage.place


def _after(stage: _Stage, word: str, rest: str, path: str) -> _Stage:
    """The stage after one more instruction."""
    if word in ("ENV", "ARG"):
        return replace(stage, variables={**stage.variables, **_assigned(stage.filled(rest))})
    if word == "WORKDIR":
        return replace(stage, folder=stage.path(stage.filled(rest).strip("\"'")))
    flags = _FLAGS.match(rest)
    names = _words(rest[flags.end() :]) if flags and word in ("COPY", "ADD") and "--from" not in flags[0] else []
    if len(names) < 2:
        return stage
    *sources, target = map(stage.filled, names)
    places = [place for source in sources if (place := _place(source, target, path, len(sources) > 1))]
    return replace(stage, place=stage.path(places[-1])) if places else stage


def _place(source: str, target: str, path: str, several: bool) -> str:
    """Where a copy of the source has manage.py; "" if it is not in it. Of a folder, its contents are copied."""
    source = posixpath.normpath(source.lstrip("/") or ".")
    if source == path:
        return posixpath.join(target, posixpath.basename(path)) if several or target.endswith(("/", ".")) else target
    if source == "." or path.startswith(f"{source}/"):
        return posixpath.join(target, posixpath.relpath(path, source))
    return ""


def _words(rest: str) -> list[str]:
    try:
        if rest.startswith("["):
            return [str(word) for word in json.loads(rest)]
        return shlex.split(rest)
    except ValueError:
        return []


def _assigned(rest: str) -> Mapping[str, str]:
    """The variables of ENV NAME=VALUE ..., the older ENV NAME VALUE, or ARG NAME=DEFAULT."""
    words = _words(rest)
    if words and "=" not in words[0]:
        return {words[0]: " ".join(words[1:])}
    return dict(word.split("=", 1) for word in words if "=" in word)
