"""How a command-line library parses a command line. Each library is a subclass with its own order and error texts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

from .console import CommandFailed
from .grammar import Call, Command, Grammar, Option


class Style(ABC):
    """Parses the command lines of one program."""

    failure: Callable[[str], CommandFailed]  # the library's error
    groups_letters = False  # whether `-ab` means `-a -b`
    collects_unknown = False  # whether an error lists every unknown option, not only the first one

    def __init__(self, programs: Sequence[str], grammar: Grammar) -> None:
        self.programs = tuple(programs)
        self.grammar = grammar

    def command(self, argv: Sequence[str]) -> str:
        """The name of the command that a command line calls, without aliases."""
        return self.split(argv)[0]

    def understand(self, argv: Sequence[str]) -> Call:
        """Parse a command line without its first word. Raises CommandFailed where the CLI would fail."""
        name, rest = self.split(argv)
        command = self.grammar.commands.get(name)
        if command is None:
            raise self.unknown_command(name)
        if command.unread:
            return Call(command=name, options={}, words=[])
        call = self._parse(command, list(rest))
        self.check_words(command, call.words)
        return call

    def refusal(self, argv: Sequence[str]) -> str | None:
        """Why the CLI would reject a command line, which may start with its program; None if it would not."""
        words = argv[1:] if argv and argv[0] in self.programs else argv
        try:
            call = self.understand(words)
        except CommandFailed as error:
            return error.message
        options = self.options_of(self.grammar.commands[call.command])
        absent = [option.name for option in options if option.required and not call.given(option.name)]
        return f"Missing required flag {', '.join(absent)}" if absent else None

    def options_of(self, command: Command) -> Sequence[Option]:
        """Every option of a command."""
        return command.options

    def _parse(self, command: Command, rest: list[str]) -> Call:
        options: dict[str, list[str]] = {}
        words: list[str] = []
        unknown: list[str] = []
        while rest:
            word = rest.pop(0)
            if word == "--":
                words += rest
                break
            if not word.startswith("-") or word == "-":
                words.append(word)
                continue
            for option, glued, shown in self._named(command, word):
                if option:
                    options.setdefault(option.name, []).append(self._value(option, glued, word, rest))
                elif self.collects_unknown:
                    unknown.append(word)
                else:
                    raise self.unknown_options(command, [shown])
        if unknown:
            raise self.unknown_options(command, unknown)
        return Call(command=command.name, options=options, words=words)

    def _named(self, command: Command, word: str) -> Iterator[tuple[Option | None, str | None, str]]:
        """The options in one word: `--name`, `--name=value`, `-n`, `-nvalue`, or several letters; each as displayed."""
        known = self.options_of(command)
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            yield next((one for one in known if f"--{one.name}" == name), None), value if equals else None, name
            return
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            option = next((one for one in known if one.letter == letter), None)
            shown = f"-{letter}" if self.groups_letters else word
            if option is None or not letters:
                yield option, None, shown
                return
            if option.takes_value or not self.groups_letters:
                yield option, letters if self.groups_letters else letters.removeprefix("="), shown
                return
            yield option, None, shown

    def _value(self, option: Option, glued: str | None, word: str, rest: list[str]) -> str:
        if not option.takes_value:
            return self.switch(option, glued)
        if glued is not None:
            return glued
        if rest and self.can_be_value(rest[0]):
            return rest.pop(0)
        raise self.no_value(option, word)

    def can_be_value(self, word: str) -> bool:
        """Whether the word after an option can be its value."""
        return True

    def switch(self, option: Option, glued: str | None) -> str:
        """The value of a switch; most libraries ignore what is attached to one."""
        return ""

    @abstractmethod
    def split(self, argv: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The name of the command without aliases, and its words."""

    @abstractmethod
    def check_words(self, command: Command, words: Sequence[str]) -> None:
        """Raise CommandFailed if there are too few or too many arguments."""

    @abstractmethod
    def unknown_command(self, name: str) -> CommandFailed:
        """The error for a command that does not exist."""

    @abstractmethod
    def unknown_options(self, command: Command, shown: Sequence[str]) -> CommandFailed:
        """The error for options that do not exist."""

    @abstractmethod
    def no_value(self, option: Option, word: str) -> CommandFailed:
        """The error for an option without its value."""
