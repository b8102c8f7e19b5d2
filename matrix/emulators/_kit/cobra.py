"""Command lines, errors and tables of CLIs built with Go's cobra, as flyctl prints them [flyctl source]."""

from __future__ import annotations

from collections.abc import Sequence

from .console import CommandFailed, note, padded, say, widths
from .grammar import Command, Option
from .style import Style

_TRUTHS = {"1": "true", "t": "true", "true": "true", "0": "false", "f": "false", "false": "false"}


class CliError(CommandFailed):
    """Ends a command with `Error: ...` [flyctl source: internal/cli]; `after` are paragraphs below."""

    def __init__(self, message: str, *, status: int = 1, after: str = "") -> None:
        super().__init__(message, status)
        self._after = after

    def show(self) -> None:
        """Print it on standard error."""
        note(f"Error: {self.message}")
        if self._after:
            note(f"\n{self._after}")


class Cobra(Style):
    """Reads command lines as cobra and pflag do: words before the first flag may be the command."""

    failure = CliError

    def split(self, argv: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The longest name that is a command, else the first words."""
        leading = next((number for number, word in enumerate(argv) if word.startswith("-")), len(argv))
        words = list(argv[:leading])
        if words:
            words[:1] = self.grammar.aliases.get(words[0], words[0]).split()
        names = [" ".join(words[:count]) for count in (3, 2, 1)]
        name = next((name for name in names if name in self.grammar.commands), " ".join(words[:2]))
        return name, [*words[len(name.split()) :], *argv[leading:]]

    def check_words(self, command: Command, words: Sequence[str]) -> None:
        """Raise the errors of cobra's ExactArgs, MinimumNArgs and MaximumNArgs."""
        least, most, count = command.required, len(command.arguments), len(words)
        if count >= least and (count <= most or command.open_ended):
            return
        if most == 0:
            raise CliError(f'unknown command "{words[0]}" for "{self.programs[-1]} {command.name}"')
        if least == most and not command.open_ended:
            raise CliError(f"accepts {most} arg(s), received {count}")
        if count < least:
            raise CliError(f"requires at least {least} arg(s), only received {count}")
        raise CliError(f"accepts at most {most} arg(s), received {count}")

    def switch(self, option: Option, glued: str | None) -> str:
        """A switch may have a truth value."""
        value = "true" if glued is None else glued
        if value.lower() in _TRUTHS:
            return _TRUTHS[value.lower()]
        text = f'strconv.ParseBool: parsing "{value}": invalid syntax'
        raise CliError(f'invalid argument "{value}" for "--{option.name}" flag: {text}')

    def unknown_command(self, name: str) -> CliError:
        """The group is named where it exists."""
        group, _, rest = name.partition(" ")
        program = self.programs[-1]
        if rest and any(known.startswith(f"{group} ") for known in self.grammar.commands):
            return CliError(f'unknown command "{rest}" for "{program} {group}"')
        return CliError(f'unknown command "{group}" for "{program}"')

    def unknown_options(self, command: Command, shown: Sequence[str]) -> CliError:
        """Only the first is named."""
        word = shown[0]
        long = word.startswith("--")
        return CliError(f"unknown flag: {word}" if long else f"unknown shorthand flag: '{word[1]}' in {word}")

    def no_value(self, option: Option, word: str) -> CliError:
        """The option is shown as it was written."""
        shown = f"--{option.name}" if word.startswith("--") else f"'{word[1]}' in {word}"
        return CliError(f"flag needs an argument: {shown}")


def say_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table without borders; titles in capitals."""
    lines = [[title.upper() for title in titles], *rows]
    to = widths(lines)
    for line in lines:
        say("\t".join(padded(line, to)))
