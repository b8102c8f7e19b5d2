"""The commands of an emulated CLI as a table, and a parsed command line.

A line of a table is a command with its arguments (`<required>`, `[optional]`, `...` for any number more, `*` for a
command that never parses them), its options (`-a|--app=`, with `=` if they take a value) and, after `->`, the module
and function that run it. A command without a function is parsed and rejected. Commands under `[reading]` change
nothing. `{name}` stands for a line of `[groups]`; the options of the group `everywhere` apply to every command.

Tuples, not dataclasses: those take longer to import than the rest of a command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

EVERYWHERE = "everywhere"


class Option(NamedTuple):
    """An option, by its long name."""

    name: str
    letter: str
    takes_value: bool
    required: bool = False


class Command(NamedTuple):
    """A row of the table; `unread` means that its command line is never parsed."""

    name: str
    arguments: tuple[str, ...]
    required: int
    open_ended: bool
    unread: bool
    options: tuple[Option, ...]
    function: str
    reads: bool


class Grammar(NamedTuple):
    """All commands by name, and their aliases."""

    commands: Mapping[str, Command]
    aliases: Mapping[str, str]

    @property
    def reading(self) -> frozenset[str]:
        """The commands that change nothing."""
        return frozenset(name for name, command in self.commands.items() if command.reads)


class Call(NamedTuple):
    """A parsed command line. Each option has all its values; a switch is an empty text, "true" or "false"."""

    command: str
    options: Mapping[str, list[str]]
    words: list[str]

    def given(self, option: str) -> bool:
        """Whether the option was given."""
        return option in self.options

    def has(self, switch: str) -> bool:
        """Whether a switch is on."""
        return self.options.get(switch, ["false"])[-1] != "false"

    def value(self, option: str, default: str = "") -> str:
        """The last value of an option."""
        return self.options.get(option, [default])[-1]

    def listed(self, option: str) -> list[str]:
        """All values of an option that may be repeated or comma-separated."""
        return [word for text in self.options.get(option, []) for word in text.replace(",", " ").split()]

    def argument(self, number: int) -> str:
        """A positional argument, empty if it was not given."""
        return self.words[number] if number < len(self.words) else ""


def read(path: Path) -> Grammar:
    """The table in a file."""
    sections: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            lines = sections.setdefault(heading[1], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    groups: dict[str, str] = {}
    for line in sections.get("groups", []):
        name, _, options = line.partition(" = ")
        groups[name] = options.format_map(groups)
    rows = [(line, section == "reading") for section in ("reading", "changing") for line in sections.get(section, [])]
    commands = [_command(line, groups, reads=reads) for line, reads in rows]
    aliases = dict(line.split(" = ") for line in sections.get("aliases", []))
    return Grammar(commands={command.name: command for command in commands}, aliases=aliases)


def _command(line: str, groups: Mapping[str, str], *, reads: bool) -> Command:
    usage, _, function = line.partition(" -> ")
    words = f"{usage} {groups.get(EVERYWHERE, '')}".format_map(groups).split()
    name = " ".join(words[: next((n for n, word in enumerate(words) if re.match(r"[-<\[.*]", word)), len(words))])
    named = [word for word in words if word[0] in "<["]
    return Command(
        name=name,
        arguments=tuple(word[1:-1] for word in named),
        required=sum(word[0] == "<" for word in named),
        open_ended="..." in words,
        unread="*" in words,
        options=tuple(map(_option, (word for word in words if word[0] == "-"))),
        function=function.strip(),
        reads=reads,
    )


def _option(word: str) -> Option:
    """Of `-a|--app=` or `--json`."""
    letter, _, name = word.rstrip("=").rpartition("|")
    return Option(name.removeprefix("--"), letter.removeprefix("-"), word.endswith("="))
