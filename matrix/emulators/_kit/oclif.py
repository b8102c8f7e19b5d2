"""Command lines and errors of CLIs built with oclif, as the Heroku CLI prints them [recorded session].

The options of a command come from its recorded help, which also follows a usage error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from .console import CommandFailed, note
from .grammar import Command, Grammar, Option
from .style import Style

# [CLI source: @oclif/core errors/pretty-print: `process.platform === "win32"`]
MARK = "»" if sys.platform == "win32" else "›"
ERROR_WIDTH = 74  # of 80 columns, the margin takes six


class CliError(CommandFailed):
    """Ends a command. `bang` is the `›` margin, which errors from the CLI's own code lack.

    `before` and `warning` are shown above, `after` below.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 2,
        bang: bool = True,
        name: str = "Error",
        before: str = "",
        warning: str = "",
        after: str = "",
    ) -> None:
        super().__init__(message, status)
        self._bang, self._name = bang, name
        self._before, self._warning, self._after = before, warning, after

    def show(self) -> None:
        """Print it on standard error."""
        note(self._before, end="")
        if self._warning:
            warn(self._warning)
        _box(self._name, self.message, bang=self._bang)
        note(self._after, end="")


class Oclif(Style):
    """Parses command lines as oclif does; `usage` is the file with the recorded help."""

    failure = CliError
    collects_unknown = True

    def __init__(self, program: str, grammar: Grammar, usage: Path) -> None:
        super().__init__([program], grammar)
        self._file = usage

    def split(self, argv: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The first word is the command."""
        name, *rest = argv or ["help"]
        return self.grammar.aliases.get(name, name), rest

    def options_of(self, command: Command) -> Sequence[Option]:
        """Those of its help."""
        lines = re.findall(r"^  (?:-(\w), |    )?--([\w-]+)(=<value>)?(.*)$", self._usage(command.name), re.MULTILINE)
        return [
            Option(name, letter, bool(value), "(required)" in text)
            for letter, name, value, text in lines
            if name != "prompt"
        ]

    def check_words(self, command: Command, words: Sequence[str]) -> None:
        """Missing and surplus arguments are usage errors."""
        if len(words) < command.required:
            name = command.arguments[len(words)]
            usage = self._usage(command.name)
            described = re.search(rf"^  (?i:{name})(?:\.\.\.)?  (.*)$", usage, re.MULTILINE)
            text = f"{name}  {described[1] if described else ''}".rstrip()
            raise self._usage_error(command, f"Missing {command.required} required arg:\n{text}")
        surplus = words[len(command.arguments) :]
        if surplus and not command.open_ended:
            plural = "s" if len(surplus) > 1 else ""
            raise self._usage_error(command, f"Unexpected argument{plural}: {', '.join(surplus)}")

    def unknown_command(self, name: str) -> CliError:
        """The hint names the topic where there is one."""
        topic = name.partition(":")[0]
        known = any(command.partition(":")[0] == topic for command in self.grammar.commands)
        program = self.programs[0]
        help_command = f"{program} help {topic}" if known and ":" in name else f"{program} help"
        text = f"Run {help_command} for a list of available commands."
        return CliError(text, status=127, warning=f"{name} is not a {program} command.")

    def unknown_options(self, command: Command, shown: Sequence[str]) -> CliError:
        """All of them are named."""
        plural = "s" if len(shown) > 1 else ""
        return self._usage_error(command, f"Nonexistent flag{plural}: {', '.join(shown)}")

    def no_value(self, option: Option, word: str) -> CliError:
        """The help does not follow here."""
        return CliError(f"Flag --{option.name} expects a value")

    def _usage_error(self, command: Command, message: str) -> CliError:
        return CliError(f"{message}\nSee more help with --help", after=f"\n{self._usage(command.name)}")

    def _usage(self, command: str) -> str:
        """The recorded help of a command; empty for one that never shows it."""
        program = self.programs[0]
        found = re.search(rf"^\$ {program} {command}\n(.*?)(?=^\$ |\Z)", self._recorded, re.MULTILINE | re.DOTALL)
        return found[1] if found else ""

    @cached_property
    def _recorded(self) -> str:
        return self._file.read_text(encoding="utf-8")


def warn(message: str) -> None:
    """A warning, on standard error."""
    _box("Warning", message)


@contextmanager
def action(text: str) -> Iterator[list[str]]:
    """Announce what is being done; at the end `done`, or the text put into the list, or `!` after an error."""
    note(f"{text}... ", end="")
    outcome: list[str] = []
    try:
        yield outcome
    except CliError:
        note("!")
        raise
    note(outcome[-1] if outcome else "done")


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width`, wrapped at spaces, which stay at the end of the line, as in the CLI."""
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, width)]


def _box(kind: str, message: str, *, bang: bool = True) -> None:
    """The margin of an `Error` or a `Warning`."""
    for line in wrapped(f"{kind}: {message}", ERROR_WIDTH):
        margin = f" {MARK}" if bang else " " if line else ""
        note(f"{margin}   {line}" if line else margin)


def _wrap_paragraph(text: str, width: int) -> list[str]:
    rows = [""]
    for number, word in enumerate(text.split(" ")):
        if number:
            if len(rows[-1]) >= width:
                rows.append("")
            rows[-1] += " "
        if rows[-1] and word and len(rows[-1]) + len(word) > width:
            rows.append("")
        rows[-1] += word
    return rows
