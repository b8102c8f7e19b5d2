"""The commands and options of the CLIs according to the vendors' own references.

The emulators have the commands too, but we wrote them; these files are taken from the references. `heroku` has none:
the real CLI itself is run (`nox -s real_cli`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILES = ("fly.txt", "upsun.txt")


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command: how many arguments it needs and takes (None: any number), and whether each option takes a value."""

    name: str
    least: int
    most: int | None
    options: Mapping[str, bool]


@dataclass(frozen=True, kw_only=True)
class Grammar:
    """The commands of a program by every name they have, and the source."""

    programs: tuple[str, ...]
    source: str
    version: str
    looked_up: str
    commands: Mapping[str, Command]


@lru_cache
def grammars() -> Mapping[str, Grammar]:
    """Program → its grammar."""
    read = [_read(Path(__file__).with_name(name).read_text(encoding="utf-8")) for name in FILES]
    return {program: grammar for grammar in read for program in grammar.programs}


def refusal(argv: Sequence[str]) -> str | None:
    """Why the reference does not have a command line; None if it does, or if the program has no grammar here."""
    grammar = grammars().get(argv[0])
    return None if grammar is None else _refusal(grammar, list(argv[1:]))


def _read(text: str) -> Grammar:
    facts = dict(re.findall(r"^# ([a-z ]+): (.*)$", text, re.MULTILINE))
    everywhere = _options(facts["everywhere"])
    commands: dict[str, Command] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            usage, _, aliases = line.partition(" also: ")
            command = _command(usage, everywhere)
            commands |= dict.fromkeys((command.name, *aliases.split()), command)
    return Grammar(
        programs=tuple(facts["programs"].split()),
        source=facts["source"],
        version=facts["version"],
        looked_up=facts["looked up"],
        commands=commands,
    )


def _command(usage: str, everywhere: Mapping[str, bool]) -> Command:
    """A line: the command's words, its arguments, its options."""
    words = usage.split()
    arguments = [word for word in words if word[0] in "<["]
    name = [word for word in words if word[0] not in "<[-"]
    endless = any(word.endswith("...") for word in arguments)
    return Command(
        name=" ".join(name),
        least=sum(word.startswith("<") for word in arguments),
        most=None if endless else len(arguments),
        options={**everywhere, **_options(usage)},
    )


def _options(text: str) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for word in text.split():
        if word.startswith("-"):
            found |= {name: word.endswith("=") for name in word.rstrip("=").split("|")}
    return found


def _refusal(grammar: Grammar, words: list[str]) -> str | None:
    length = next((n for n in (3, 2, 1) if " ".join(words[:n]) in grammar.commands), 0)
    if words[:1] == ["--version"]:
        return None
    if not length:
        return f"the reference knows no command {' '.join(words[:2])!r}"
    command, rest = grammar.commands[" ".join(words[:length])], words[length:]
    count = 0
    while rest:
        word = rest.pop(0)
        if word == "--":
            count += len(rest)
            break
        if not word.startswith("-") or word == "-":
            count += 1
            continue
        option, glued, _ = word.partition("=")
        if option not in command.options:
            return f"the reference knows no option {option} of {command.name!r}"
        if command.options[option] and not glued:
            if not rest:
                return f"{option} of {command.name!r} takes a value"
            rest.pop(0)
    if count < command.least or (command.most is not None and count > command.most):
        return f"{command.name!r} does not take {count} arguments"
    return None
