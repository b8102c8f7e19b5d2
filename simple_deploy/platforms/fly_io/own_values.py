"""The values of variables in a user's own image, from its Dockerfile and fly.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping

from simple_deploy.contract import Project

from . import fly_toml
from .instructions import instructions

_SETS = re.compile(r"(?:ARG|ENV)\s+(.*)", re.IGNORECASE)
# ENV A=1 B="2 3", and the older form ENV A 1.
_PAIR = re.compile(r"""(\w+)=(?:"([^"]*)"|'([^']*)'|(\S*))""")
_OLDER = re.compile(r"(\w+)\s+([^=]*)")
_READ = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})")


def values(project: Project, dockerfile: str) -> Mapping[str, str]:
    """Each variable that an instruction or fly.toml sets. PORT is left out: Fly.io's own value is right."""
    found: dict[str, str] = {}
    for line in instructions(dockerfile):
        sets = _SETS.match(line)
        older = _OLDER.fullmatch(sets[1]) if sets else None
        pairs = [older.groups()] if older else [(name, "".join(each)) for name, *each in _PAIR.findall(line) if sets]
        found |= {name: filled(value, found) for name, value in pairs}
    found |= {name: str(value) for name, value in fly_toml.table(fly_toml.of(project), "env").items()}
    return {name: value for name, value in found.items() if name != "PORT"}


def filled(command: str, known: Mapping[str, str]) -> str:
    """The command with the values of the variables that it reads, as far as they are known."""

    def value(read: re.Match[str]) -> str:
        name, otherwise = read[1] or read[2], read[3]
        return known.get(name, read[0] if otherwise is None or name == "PORT" else otherwise)

    return _READ.sub(value, command)
