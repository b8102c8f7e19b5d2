"""The command line: which command is meant, with which options; what a wrong line is answered [Symfony Console]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matrix.emulators._upsun.console import CliError
from matrix.emulators._upsun.definitions import ALIASES, COMMANDS, Definition, Option, options_of

VERSION = "version"


@dataclass(kw_only=True)
class Call:
    """A command line, understood. A switch that was given has the value [""]."""

    command: str
    options: dict[str, list[str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def has(self, option: str) -> bool:
        """Whether an option was given."""
        return option in self.options

    def value(self, option: str, default: str = "") -> str:
        """The last value of an option."""
        return self.options.get(option, [default])[-1]

    def listed(self, option: str) -> list[str]:
        """All values of an option that may come several times, or with commas between."""
        return [word for text in self.options.get(option, []) for word in text.replace(",", " ").split()]

    def argument(self, number: int) -> str:
        """A positional argument, empty where it was not given."""
        return self.words[number] if number < len(self.words) else ""


def command_of(argv: Sequence[str]) -> str:
    """The name of the command that is called, without any alias."""
    if any(word in ("--version", "-V") for word in argv[:1]):
        return VERSION
    first = next((word for word in argv if not word.startswith("-")), "list")
    return ALIASES.get(first, first)


def understand(argv: Sequence[str]) -> Call:
    """Parse a command line without its first word. Raises CliError as the CLI would fail."""
    command = command_of(argv)
    if command == VERSION:
        return Call(command=VERSION)
    if command not in COMMANDS:
        raise CliError(f'Command "{command}" is not defined.')
    call = Call(command=command)
    words = list(argv)
    words.remove(next(word for word in argv if not word.startswith("-")))
    _parse(call, words)
    _check_words(COMMANDS[command], call)
    return call


def refusal(executable: str, argv: Sequence[str]) -> str | None:
    """Why the CLI would not understand a command line, which may start with its own name; None if it does."""
    words = list(argv[1:] if argv and argv[0] == executable else argv)
    try:
        understand(words)
    except CliError as error:
        return error.message
    return None


def _parse(call: Call, words: list[str]) -> None:
    known = options_of(call.command)
    while words:
        word = words.pop(0)
        if word == "--":
            call.words += words
            return
        if not word.startswith("-") or word == "-":
            call.words.append(word)
            continue
        for option, value in _options(word, known, words):
            call.options.setdefault(option.name, []).append(value)


def _options(word: str, known: dict[str, Option], rest: list[str]) -> Iterator[tuple[Option, str]]:
    """What one word says: `--name`, `--name=value`, `-y`, `-pvalue`, or several letters."""
    if word.startswith("--"):
        name, glued, value = word.partition("=")
        if name not in known:
            raise CliError(f'The "{name}" option does not exist.')
        if glued and not known[name].takes_value:
            raise CliError(f'The "{name}" option does not accept a value.')
        yield known[name], value if glued else _next_value(known[name], rest)
        return
    letters = word[1:]
    while letters:
        option = known.get(f"-{letters[0]}")
        if option is None:
            raise CliError(f'The "-{letters[0]}" option does not exist.')
        letters = letters[1:]
        if option.takes_value and letters:
            yield option, letters
            return
        yield option, _next_value(option, rest)


def _next_value(option: Option, rest: list[str]) -> str:
    if not option.takes_value:
        return ""
    if not rest or (rest[0].startswith("-") and rest[0] != "-"):
        raise CliError(f'The "--{option.name}" option requires a value.')
    return rest.pop(0)


def _check_words(definition: Definition, call: Call) -> None:
    names = definition.arguments.split()
    open_ended = bool(names) and names[-1].endswith("*")
    if len(call.words) > len(names) and not open_ended:
        surplus = call.words[len(names)]
        if not names:
            raise CliError(f'No arguments expected for "{call.command}" command, got "{surplus}".')
        expected = '" "'.join(names)
        raise CliError(f'Too many arguments to "{call.command}" command, expected arguments "{expected}".')
    if len(call.words) < definition.required:
        missing = ", ".join(names[len(call.words) : definition.required])
        raise CliError(f'Not enough arguments (missing: "{missing}").')
