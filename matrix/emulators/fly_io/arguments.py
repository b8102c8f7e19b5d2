"""The command line of flyctl, understood or refused. Guide of errors are those of Go's cobra and pflag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matrix.emulators.fly_io.console import CliError
from matrix.emulators.fly_io.syntax import ALIASES, COMMANDS


class Call(NamedTuple):
    """A command line, understood. A switch has the value "true" or "false"."""

    command: str
    options: dict[str, str]
    words: list[str]


_GLOBAL = "access-token/t= verbose debug help/h"
_TRUTHS = {"1": "true", "t": "true", "true": "true", "0": "false", "f": "false", "false": "false"}


def command(argv: Sequence[str]) -> str:
    """The name of the command that `argv` calls, without aliases; its first words where there is none."""
    words = _full_words(argv)
    for count in (3, 2, 1):
        name = " ".join(words[:count])
        if name in COMMANDS:
            return name
    return " ".join(words[:2])


def understand(argv: Sequence[str]) -> Call:
    """Parse a command line without its first word. Raises CliError as flyctl would fail."""
    name = command(argv)
    if name not in COMMANDS:
        raise _unknown_command(name)
    expanded = [*_full_words(argv), *argv[_leading(argv) :]]
    options, words = _split(name, expanded[len(name.split()) :])
    _check_words(name, words)
    return Call(name, options, words)


def refusal(argv: Sequence[str]) -> str | None:
    """Why the emulated CLI would not understand `argv`, which may start with `fly` or `flyctl`; None if it does."""
    words = argv[1:] if argv and argv[0] in ("fly", "flyctl") else argv
    try:
        understand(words)
    except CliError as error:
        return error.message
    return None


def _leading(argv: Sequence[str]) -> int:
    """How many words there are before the first flag."""
    return next((number for number, word in enumerate(argv) if word.startswith("-")), len(argv))


def _full_words(argv: Sequence[str]) -> list[str]:
    words = list(argv[: _leading(argv)])
    return [*ALIASES.get(words[0], words[0]).split(), *words[1:]] if words else []


def _split(name: str, argv: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Flags and other words of a command line; everything after `--` is a word."""
    takes_value, letters = _flags(name)
    options: dict[str, str] = {}
    words: list[str] = []
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            words += rest
            break
        if not word.startswith("-") or word == "-":
            words.append(word)
            continue
        flag, glued, value = _take_apart(word, letters)
        if flag not in takes_value:
            raise _unknown_flag(word)
        if not takes_value[flag]:
            options[flag] = _truth(flag, value) if glued else "true"
        elif glued or rest:
            value = value if glued else rest.pop(0)
            options[flag] = f"{options[flag]}\n{value}" if flag in ("env", "build-arg") and flag in options else value
        else:
            shown = f"--{flag}" if word.startswith("--") else f"'{word[1]}' in {word}"
            raise CliError(f"flag needs an argument: {shown}")
    return options, words


def _flags(name: str) -> tuple[dict[str, bool], dict[str, str]]:
    takes_value, letters = {}, {}
    for text in f"{COMMANDS[name].flags} {_GLOBAL}".split():
        flag, _, letter = text.rstrip("=").partition("/")
        takes_value[flag] = text.endswith("=")
        letters[letter] = flag
    return takes_value, letters


def _take_apart(word: str, letters: dict[str, str]) -> tuple[str, bool, str]:
    """Name, whether a value is glued to it, and that value: `--app=x`, `-ax`, `-a`."""
    if word.startswith("--"):
        name, glued, value = word[2:].partition("=")
        return name, bool(glued), value
    return letters.get(word[1], ""), len(word) > 2, word[2:].removeprefix("=")


def _truth(flag: str, value: str) -> str:
    if value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    raise CliError(
        f'invalid argument "{value}" for "--{flag}" flag: strconv.ParseBool: parsing "{value}": invalid syntax'
    )


def _check_words(name: str, words: Sequence[str]) -> None:
    syntax, count = COMMANDS[name], len(words)
    if syntax.least <= count <= syntax.most:
        return
    if syntax.most == 0:
        raise CliError(f'unknown command "{words[0]}" for "flyctl {name}"')
    if syntax.least == syntax.most:
        raise CliError(f"accepts {syntax.most} arg(s), received {count}")
    if count < syntax.least:
        raise CliError(f"requires at least {syntax.least} arg(s), only received {count}")
    raise CliError(f"accepts at most {syntax.most} arg(s), received {count}")


def _unknown_flag(word: str) -> CliError:
    if word.startswith("--"):
        return CliError(f"unknown flag: {word.partition('=')[0]}")
    return CliError(f"unknown shorthand flag: '{word[1]}' in {word}")


def _unknown_command(name: str) -> CliError:
    group, _, rest = name.partition(" ")
    if rest and any(known.startswith(f"{group} ") for known in COMMANDS):
        return CliError(f'unknown command "{rest}" for "flyctl {group}"')
    return CliError(f'unknown command "{group}" for "flyctl"')
