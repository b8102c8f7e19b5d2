"""The command line of flyctl: which commands and flags exist, and what a wrong one is answered.

Commands and flags: [flyctl source: internal/command]. A real command or flag that is not here counts as unknown:
a plan that uses it must first be taught to this emulator. Texts of errors are those of Go's cobra and pflag.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matrix.emulators.fly_io.console import CliError


class Syntax(NamedTuple):
    """Flags (`name/letter=`, with `=` if they take a value) and how many other words there may be."""

    flags: str = ""
    least: int = 0
    most: int = 0


class Call(NamedTuple):
    """A command line, understood. A switch has the value "true" or "false"."""

    command: str
    options: dict[str, str]
    words: list[str]


_APP = "app/a= config/c="
_JSON = "json/j"
_YES = "yes/y"
_ANY = 99
_DEPLOY = (
    f"{_APP} {_YES} ha remote-only local-only build-only push image= image-label= strategy= wait-timeout= "
    "release-command-timeout= detach now env/e= build-arg= build-secret= dockerfile= no-cache "
    "skip-release-command smoke-checks dns-checks no-public-ips vm-size= vm-memory= vm-cpus= vm-cpu-kind= "
    "primary-region= region/r= depot= flycast buildkit"
)
COMMANDS: dict[str, Syntax] = {
    "apps create": Syntax(f"name= generate-name org/o= network= save {_JSON} {_YES}", 0, 1),
    "apps destroy": Syntax(_YES, 1, _ANY),
    "apps list": Syntax(f"{_JSON} quiet/q org/o="),
    "apps open": Syntax(_APP, 0, 1),
    "apps restart": Syntax(f"{_APP} force-stop skip-health-checks", 0, 1),
    "auth login": Syntax("interactive/i email= password= otp="),
    "auth whoami": Syntax(_JSON),
    "certs add": Syntax(f"{_APP} {_JSON}", 1, 1),
    "certs check": Syntax(f"{_APP} {_JSON}", 1, 1),
    "certs list": Syntax(f"{_APP} {_JSON}"),
    "config show": Syntax(f"{_APP} yaml toml local"),
    "config validate": Syntax(f"{_APP} strict/s"),
    "deploy": Syntax(_DEPLOY, 0, 1),
    "ips allocate-v4": Syntax(f"{_APP} region/r= shared {_YES}"),
    "ips list": Syntax(f"{_APP} {_JSON}"),
    "logs": Syntax(f"{_APP} {_JSON} no-tail/n machine/m= instance/i= region/r="),
    "machine list": Syntax(f"{_APP} {_JSON} quiet/q"),
    "machine restart": Syntax(f"{_APP} force skip-health-checks", 0, _ANY),
    "machine start": Syntax(_APP, 0, _ANY),
    "mpg attach": Syntax("app/a= database/d= username/u= variable-name=", 0, 1),
    "mpg backup list": Syntax(_JSON, 1, 1),
    "mpg connect": Syntax("database/d= username/u=", 0, 1),
    "mpg create": Syntax("name/n= region/r= org/o= plan= volume-size= pg-major-version= enable-postgis-support", 0, 0),
    "mpg destroy": Syntax(_YES, 1, 1),
    "mpg list": Syntax(f"org/o= {_JSON} deleted"),
    "mpg proxy": Syntax("local-port/p= bind-addr/b=", 0, 1),
    "mpg status": Syntax(_JSON, 0, 1),
    "orgs list": Syntax(_JSON),
    "platform regions": Syntax(_JSON),
    "platform vm-sizes": Syntax(_JSON),
    "postgres attach": Syntax(f"{_APP} database-name= database-user= variable-name= superuser {_YES}", 1, 1),
    "postgres connect": Syntax(f"{_APP} database/d= user/u= password/p="),
    "postgres create": Syntax(
        "name/n= region/r= org/o= initial-cluster-size= vm-size= vm-memory= volume-size= password/p= detach autostart "
        "flex consul-url= snapshot-id= image-ref= stolon"
    ),
    "postgres db list": Syntax(f"{_APP} {_JSON}", 0, 1),
    "postgres detach": Syntax(_APP, 1, 1),
    "postgres list": Syntax(_JSON),
    "postgres users list": Syntax(f"{_APP} {_JSON}", 0, 1),
    "proxy": Syntax(f"{_APP} org/o= bind-addr/b= quiet/q select/s watch-stdin/w", 1, 2),
    "releases": Syntax(f"{_APP} {_JSON} image"),
    "scale count": Syntax(f"{_APP} {_YES} max-per-region= region/r= process-group=", 1, _ANY),
    "scale show": Syntax(f"{_APP} {_JSON}"),
    "secrets import": Syntax(f"{_APP} stage detach dns-checks"),
    "secrets list": Syntax(f"{_APP} {_JSON}"),
    "secrets set": Syntax(f"{_APP} stage detach dns-checks", 1, _ANY),
    "secrets unset": Syntax(f"{_APP} stage detach dns-checks", 1, _ANY),
    "ssh console": Syntax(f"{_APP} command/C= user/u= machine= region/r= select/s pty quiet/q org/o=", 0, 1),
    "status": Syntax(f"{_APP} {_JSON} all watch rate="),
    "version": Syntax(_JSON),
    "volumes list": Syntax(f"{_APP} {_JSON} all"),
    "volumes snapshots create": Syntax(f"{_APP} {_JSON}", 1, 1),
    "volumes snapshots list": Syntax(_JSON, 1, 1),
}
ALIASES = {
    "m": "machine",
    "machines": "machine",
    "managed-postgres": "mpg",
    "open": "apps open",
    "org": "orgs",
    "pg": "postgres",
    "vol": "volumes",
    "volume": "volumes",
}
READING = frozenset(
    {
        "apps list", "apps open", "auth whoami", "certs check", "certs list", "config show", "config validate",
        "ips list", "logs", "machine list", "mpg backup list", "mpg list", "mpg status", "orgs list",
        "platform regions", "platform vm-sizes", "postgres db list", "postgres list", "postgres users list",
        "releases", "scale show", "secrets list", "status", "version", "volumes list", "volumes snapshots list",
    }
)  # fmt: skip
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
