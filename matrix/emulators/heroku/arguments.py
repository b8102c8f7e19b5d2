"""The command line of the CLI: which commands and options exist, and what a wrong one is answered.

Options come from `usage.txt`, the help that the real CLI prints; positional arguments, which help
does not always show, from `COMMANDS`. A real command that is not here counts as unknown: a plan that
issues it must first be taught to this emulator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from matrix.emulators.heroku.console import CliError


class Positionals(NamedTuple):
    """Names of positional arguments, how many are required, and whether any number may follow."""

    names: tuple[str, ...] = ()
    required: int = 0
    open_ended: bool = False


class Option(NamedTuple):
    """An option of a command, by its long name."""

    name: str
    takes_value: bool
    required: bool


class Call(NamedTuple):
    """A command line, understood."""

    command: str
    options: dict[str, str]  # a switch that was given has the value ""
    words: list[str]


# [CLI source: `static args`, `static strict` of each command]
COMMANDS: dict[str, Positionals] = {
    "addons": Positionals(),
    "addons:create": Positionals(("service:plan",), required=1, open_ended=True),
    "addons:destroy": Positionals(("ADDONNAME",), required=1, open_ended=True),
    "addons:wait": Positionals(("addon",)),
    "apps": Positionals(),
    "apps:create": Positionals(("app",)),
    "apps:destroy": Positionals(("app",)),
    "apps:info": Positionals(("app",)),
    "apps:open": Positionals(("path",)),
    "auth:whoami": Positionals(open_ended=True),
    "buildpacks": Positionals(),
    "certs:auto:enable": Positionals(),
    "config": Positionals(),
    "config:get": Positionals(("KEY",), required=1, open_ended=True),
    "config:set": Positionals(open_ended=True),
    "config:unset": Positionals(open_ended=True),
    "domains": Positionals(),
    "domains:add": Positionals(("HOSTNAME",), required=1),
    "git:remote": Positionals(open_ended=True),
    "labs": Positionals(),
    "labs:enable": Positionals(("feature",), required=1),
    "logs": Positionals(),
    "pg:backups:capture": Positionals(("database",)),
    "pg:backups:download": Positionals(("backup_id",)),
    "pg:backups:schedule": Positionals(("database",)),
    "pg:info": Positionals(("database",)),
    "pg:wait": Positionals(("database",)),
    "ps": Positionals(open_ended=True),
    "ps:restart": Positionals(("dyno",)),
    "releases": Positionals(),
    "releases:output": Positionals(("release",)),
    "releases:retry": Positionals(),
    "run": Positionals(open_ended=True),
}
# [CLI source: `static aliases` and `static hiddenAliases`]
ALIASES = {
    "addons:add": "addons:create",
    "apps:delete": "apps:destroy",
    "apps:list": "apps",
    "config:add": "config:set",
    "config:remove": "config:unset",
    "create": "apps:create",
    "destroy": "apps:destroy",
    "dyno:restart": "ps:restart",
    "info": "apps:info",
    "list": "apps",
    "open": "apps:open",
    "pg": "pg:info",
    "restart": "ps:restart",
    "whoami": "auth:whoami",
}
VERSION_WORDS = ("--version", "-v", "version")
WHOAMI_READS_NOTHING = "auth:whoami"  # it never parses its command line


def understand(argv: Sequence[str]) -> Call:
    """Parse a command line without its first word `heroku`. Raises CliError as the CLI would fail."""
    name, *rest = argv or ["help"]
    command = ALIASES.get(name, name)
    if name in VERSION_WORDS:
        return Call("version", {}, [])
    if command not in COMMANDS:
        raise _unknown_command(name)
    if command == WHOAMI_READS_NOTHING:
        return Call(command, {}, [])
    options, words = _split(command, rest)
    _check_words(command, words)
    return Call(command, options, words)


def refusal(argv: Sequence[str]) -> str | None:
    """Why the emulated CLI would not understand `argv`, which may start with `heroku`; None if it does."""
    words = argv[1:] if argv and argv[0] == "heroku" else argv
    try:
        call = understand(words)
        missing = [option.name for option in options_of(call.command) if option.required]
    except CliError as error:
        return error.message
    absent = [name for name in missing if name not in call.options]
    return f"Missing required flag {', '.join(absent)}" if absent else None


def options_of(command: str) -> list[Option]:
    """The options of a command, from its recorded help."""
    lines = re.findall(r"^  (?:-(\w), |    )?--([\w-]+)(=<value>)?(.*)$", usage(command), re.MULTILINE)
    return [Option(name, bool(value), "(required)" in text) for _, name, value, text in lines if name != "prompt"]


def usage(command: str) -> str:
    """The help that follows a usage error; empty for commands that never show it."""
    text = Path(__file__).with_name("usage.txt").read_text(encoding="utf-8")
    found = re.search(rf"^\$ heroku {command}\n(.*?)(?=^\$ |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _split(command: str, argv: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Options and other words of a command line; everything after `--` is a word."""
    known = {option.name: option for option in options_of(command)}
    letters = dict(re.findall(r"^  -(\w), --([\w-]+)", usage(command), re.MULTILINE))
    options: dict[str, str] = {}
    words: list[str] = []
    strange: list[str] = []
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            words += rest
            break
        if not word.startswith("-") or word == "-":
            words.append(word)
            continue
        given, glued, value = _take_apart(word)
        option = known.get(letters.get(given, "") if len(given) == 1 else given)
        if option is None:
            strange.append(word)
        elif not option.takes_value:
            options[option.name] = ""
        elif glued or rest:
            options[option.name] = value if glued else rest.pop(0)
        else:
            raise CliError(f"Flag --{option.name} expects a value")
    if strange:
        plural = "s" if len(strange) > 1 else ""
        raise _usage_error(command, f"Nonexistent flag{plural}: {', '.join(strange)}")
    return options, words


def _take_apart(word: str) -> tuple[str, bool, str]:
    """Name, whether a value is glued to it, and that value: `--app=x`, `-ax`, `-a`."""
    if word.startswith("--"):
        name, glued, value = word[2:].partition("=")
        return name, bool(glued), value
    return word[1], len(word) > 2, word[2:].removeprefix("=")


def _check_words(command: str, words: Sequence[str]) -> None:
    positionals = COMMANDS[command]
    if len(words) < positionals.required:
        name = positionals.names[len(words)]
        described = re.search(rf"^  (?i:{name})(?:\.\.\.)?  (.*)$", usage(command), re.MULTILINE)
        text = f"{name}  {described[1] if described else ''}".rstrip()
        raise _usage_error(command, f"Missing {positionals.required} required arg:\n{text}")
    surplus = words[len(positionals.names) :]
    if surplus and not positionals.open_ended:
        plural = "s" if len(surplus) > 1 else ""
        raise _usage_error(command, f"Unexpected argument{plural}: {', '.join(surplus)}")


def _usage_error(command: str, message: str) -> CliError:
    return CliError(f"{message}\nSee more help with --help", after=f"\n{usage(command)}")


def _unknown_command(name: str) -> CliError:
    topic = name.partition(":")[0]
    known_topic = any(command.partition(":")[0] == topic for command in COMMANDS)
    help_command = f"heroku help {topic}" if known_topic and ":" in name else "heroku help"
    return CliError(
        f"Run {help_command} for a list of available commands.",
        status=127,
        warning=f"{name} is not a heroku command.",
    )
