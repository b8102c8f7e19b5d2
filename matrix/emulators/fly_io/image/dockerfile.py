"""Reads a Dockerfile: its stages, their instructions, and the variables in them."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
from collections.abc import Mapping
from typing import NamedTuple

from . import BuildFailed

_VARIABLE = re.compile(r"\\(.)|\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})")


class Instruction(NamedTuple):
    """One instruction: its name in capitals, its `--flags`, and the words after them."""

    line: int
    name: str
    flags: tuple[tuple[str, str], ...]
    rest: str

    def __str__(self) -> str:
        flags = [f"--{name}={value}" if value else f"--{name}" for name, value in self.flags]
        return " ".join([self.name, *flags, self.rest])

    def flag(self, name: str) -> str:
        """The flag's last value, or an empty text."""
        return next((value for given, value in reversed(self.flags) if given == name), "")


class Stage(NamedTuple):
    """What follows a FROM. `origin` may be an earlier stage."""

    name: str
    origin: str
    instructions: tuple[Instruction, ...]


def parse(text: str, build_args: Mapping[str, str]) -> list[Stage]:
    """The stages in order. Raises BuildFailed for what is not emulated."""
    instructions = [_instruction(number, line) for number, line in _logical_lines(text)]
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for instruction in instructions:
        if instruction.name == "FROM":
            stages.append(_stage(instruction, len(stages), arguments))
        elif stages:
            last = stages[-1]
            stages[-1] = last._replace(instructions=(*last.instructions, instruction))
        elif instruction.name == "ARG":
            arguments |= declared(instruction, build_args, arguments)
        else:
            raise BuildFailed(f"dockerfile parse error on line {instruction.line}: no build stage in current context")
    if not stages:
        raise BuildFailed("the Dockerfile contains no FROM")
    return stages


def declared(instruction: Instruction, given: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """The build arguments that an ARG declares: the value given to the build, else the default; none if neither."""
    found = {}
    for word in shlex.split(instruction.rest):
        name, has_default, default = word.partition("=")
        if name in given or has_default:
            found[name] = given.get(name, expand(default, known))
    return found


def expand(text: str, variables: Mapping[str, str]) -> str:
    """`$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` replaced [Dockerfile reference: environment]."""

    def replaced(match: re.Match[str]) -> str:
        escaped, plain, braced, sign, word = match.groups()
        if escaped:
            return f"\\{escaped}" if escaped != "$" else "$"
        value = variables.get(plain or braced, "")
        if sign:
            return (value or word) if sign == "-" else (word if value else "")
        return value

    return _VARIABLE.sub(replaced, text)


def words(text: str) -> tuple[str, ...]:
    """The exec form, a JSON list, or the shell form [Dockerfile reference: shell and exec form]."""
    if text.startswith("["):
        with contextlib.suppress(json.JSONDecodeError):
            return tuple(json.loads(text))
    return ("/bin/sh", "-c", text)


def list_form(text: str) -> list[str]:
    """Words, or a JSON list of them."""
    return list(json.loads(text)) if text.startswith("[") else text.split()


def _stage(instruction: Instruction, number: int, arguments: Mapping[str, str]) -> Stage:
    words = expand(instruction.rest, arguments).split()
    if len(words) == 3 and words[1].upper() == "AS":
        return Stage(words[2].lower(), words[0], ())
    if len(words) != 1:
        raise BuildFailed(f"dockerfile parse error on line {instruction.line}: FROM requires either one or three words")
    return Stage(str(number), words[0], ())


def _instruction(number: int, line: str) -> Instruction:
    name, _, rest = line.partition(" ")
    rest = rest.strip()
    flags = []
    while match := re.match(r"--([a-z-]+)(?:=(\S*))?(?:\s+|$)", rest):
        flags.append((match[1], match[2] or ""))
        rest = rest[match.end() :]
    if name.upper() in ("RUN", "COPY") and re.search(r"<<-?[\"']?\w", rest):
        raise BuildFailed(f"line {number}: here-documents are not emulated")
    return Instruction(number, name.upper(), tuple(flags), rest)


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines without comments, continued ones joined, each with the number of its first."""
    found: list[tuple[int, str]] = []
    open_line = False
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        continued = line.endswith("\\")
        line = line.removesuffix("\\").rstrip() if continued else line
        if open_line:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line}".rstrip())
        else:
            found.append((number, re.sub(r"\s+", " ", line, count=1)))
        open_line = continued
    return found
