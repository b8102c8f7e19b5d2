"""Command lines, errors, questions and tables of CLIs built with Symfony Console [CLI source].

Data goes to standard output, everything for people to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from .console import CommandFailed, note, padded, say, widths
from .grammar import Command, Option
from .style import Style


class CliError(CommandFailed):
    """Ends a command. In a `frame` the message is displayed as an exception of the CLI, else as plain lines."""

    def __init__(self, message: str, *, status: int = 1, frame: bool = True) -> None:
        super().__init__(message, status)
        self._frame = frame

    def show(self) -> None:
        """Print it on standard error."""
        if not self._frame:
            note(self.message)
            return
        lines = self.message.splitlines()
        width = max(map(len, lines))
        blank = " " * (width + 4)
        note("\n".join(["", blank, *(f"  {line.ljust(width)}  " for line in lines), blank, ""]))


class Symfony(Style):
    """Parses command lines as Symfony Console does: options may come before the command."""

    failure = CliError
    groups_letters = True

    def split(self, argv: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The first word that is not an option is the command."""
        if argv and argv[0] in ("--version", "-V"):
            return "version", ()
        words = list(argv)
        name = next((word for word in words if not word.startswith("-")), "list")
        if name in words:
            words.remove(name)
        return self.grammar.aliases.get(name, name), words

    def can_be_value(self, word: str) -> bool:
        """An option is never a value."""
        return not word.startswith("-") or word == "-"

    def switch(self, option: Option, glued: str | None) -> str:
        """A switch takes no value."""
        if glued is not None:
            raise CliError(f'The "--{option.name}" option does not accept a value.')
        return ""

    def check_words(self, command: Command, words: Sequence[str]) -> None:
        """Surplus arguments first, then missing ones."""
        names = command.arguments
        if len(words) > len(names) and not command.open_ended:
            if not names:
                raise CliError(f'No arguments expected for "{command.name}" command, got "{words[0]}".')
            expected = '" "'.join(names)
            raise CliError(f'Too many arguments to "{command.name}" command, expected arguments "{expected}".')
        if len(words) < command.required:
            missing = ", ".join(names[len(words) : command.required])
            raise CliError(f'Not enough arguments (missing: "{missing}").')

    def unknown_command(self, name: str) -> CliError:
        """Without any suggestion."""
        return CliError(f'Command "{name}" is not defined.')

    def unknown_options(self, command: Command, shown: Sequence[str]) -> CliError:
        """Only the first is named."""
        return CliError(f'The "{shown[0]}" option does not exist.')

    def no_value(self, option: Option, word: str) -> CliError:
        """The long name is shown."""
        return CliError(f'The "--{option.name}" option requires a value.')


def ask(question: str) -> str:
    """The answer of a person at the terminal; Ctrl-D aborts the command."""
    note(question, end="")
    answer = sys.stdin.readline()
    if not answer:
        raise CliError("Aborted.")
    return answer.strip()


def say_table(
    rows: Sequence[Mapping[str, str]], titles: Mapping[str, str], columns: Sequence[str], *, form: str, header: bool
) -> None:
    """Rows in one of the CLI's formats: table, csv, tsv or plain; `titles` by the name of each column."""
    cells = [[row.get(name, "") for name in columns] for row in rows]
    printed = [[titles[name] for name in columns], *cells] if header else cells
    if form in ("tsv", "plain"):
        say("\n".join("\t".join(" ".join(cell.replace("\t", " ").splitlines()) for cell in line) for line in printed))
    elif form == "csv":
        import csv

        csv.writer(sys.stdout, lineterminator="\n").writerows(printed)
    elif form == "table":
        _framed(printed, header=header)
    else:
        raise CliError(f'Invalid format: "{form}". Supported formats: table, csv, tsv, plain')


def _framed(printed: list[list[str]], *, header: bool) -> None:
    """With a border, as wide as needed: the CLI would also wrap cells to the width of the terminal."""
    to = widths(printed)
    rule = "+" + "+".join("-" * (width + 2) for width in to) + "+"
    lines = [f"| {' | '.join(padded(line, to))} |" for line in printed]
    parts = [rule, lines[0], rule, *lines[1:], rule] if header and len(lines) > 1 else [rule, *lines, rule]
    say("\n".join(parts))
