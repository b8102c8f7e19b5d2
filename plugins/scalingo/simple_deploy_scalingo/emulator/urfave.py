"""Command lines of CLIs built with Go's urfave/cli: global options, the command, its options."""

from __future__ import annotations

from collections.abc import Sequence

from simple_deploy_matrix.emulators._kit.console import CommandFailed, note
from simple_deploy_matrix.emulators._kit.grammar import Command, Option
from simple_deploy_matrix.emulators._kit.style import Style

_GLOBAL = ("--app", "-a", "--region")


class CliError(CommandFailed):
    """Ends a command as `errorQuit` does [CLI source: cmd/error.go; INFERRED: to standard error]."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message, status)

    def show(self) -> None:
        """Each line has Scalingo's margin."""
        for line in self.message.splitlines():
            note(f" !     {line}")


class Urfave(Style):
    """Options before the command are moved behind it, with the same meaning."""

    failure = CliError

    def split(self, argv: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The first word that is neither a global option nor the value of one."""
        before: list[str] = []
        rest = list(argv)
        while rest and rest[0].startswith("-"):
            word = rest.pop(0)
            before.append(word)
            if word in _GLOBAL and rest:
                before.append(rest.pop(0))
        if before in (["--version"], ["-v"]):
            return "version", []
        name = rest.pop(0) if rest else ""
        return self.grammar.aliases.get(name, name), [*before, *rest]

    def check_words(self, command: Command, words: Sequence[str]) -> None:
        """The CLI shows the command's help and does nothing; here that is an error."""
        most = len(words) if command.open_ended else len(command.arguments)
        if not command.required <= len(words) <= most:
            raise CliError(f"{command.name} takes other arguments.")  # [OWN WORDING]

    def unknown_command(self, name: str) -> CliError:
        """[OWN WORDING]"""
        return CliError(f"No help topic for '{name}'")

    def unknown_options(self, command: Command, shown: Sequence[str]) -> CliError:
        """Only the first is named."""
        return CliError(f"Incorrect Usage: flag provided but not defined: -{shown[0].lstrip('-')}")

    def no_value(self, option: Option, word: str) -> CliError:
        """The error message of Go's package flag."""
        return CliError(f"Incorrect Usage: flag needs an argument: -{option.name}")
