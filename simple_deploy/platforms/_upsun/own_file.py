"""A user's own app configuration, which is kept: its values, and what the site needs that it lacks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from simple_deploy.contract import Site, Start, fixed_port, hides_https, own_file, plain

from .deploy_hook import FINISHED
from .flavour import Flavour

# The default of the variable PORT (Upsun docs, "Web server").
_PORT = "8888"
# A script may do anything.
_SCRIPT = r"\.sh\b|\bmake\b"
_INSTALLS = re.compile(rf"\b(?:pip[\d.]*|uv|poetry|pipenv|pdm|hatch)\b.*\b(?:install|sync)\b|{_SCRIPT}")
_COLLECTS = re.compile(rf"\bcollectstatic\b|{_SCRIPT}")
_MIGRATES = re.compile(rf"\bmigrate\b|{_SCRIPT}")
_WWW = re.compile(r"""//www\.\{\w+\}/["']?:[ \t]*\n[ \t]+type:[ \t]*["']?upstream""")
# Valid YAML that is not read here, besides several apps.
_NOT_READ = {
    "YAML aliases": re.compile(r"<<:|(?::|^[ \t]*-)[ \t]+\*\w", re.MULTILINE),
    "mappings in braces": re.compile(r":[ \t]+\{[\w \"']"),
}
_APP = re.compile(
    r"""^[ \t]*type:[ \t]*["']?(?:python|nodejs|php|ruby|golang|java|rust|dotnet|elixir)\b""", re.MULTILINE
)


def own_text(flavour: Flavour, site: Site) -> str | None:
    """The user's file without its comments; None if the site gets ours."""
    text = own_file(site, flavour.app_file)
    if text is None:
        return None
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def value_of(text: str, *keys: str) -> str | None:
    """What stands below these keys, each inside the one before it, wherever the first one is; None if nothing does."""
    for key in map(re.escape, keys):
        found = re.search(
            rf"""^(?P<indent>[ \t]*)["']?{key}["']?[ \t]*:(?P<value>.*(?:\n(?:(?P=indent)[ \t]+.*|[ \t]*$))*)""",
            text,
            re.MULTILINE,
        )
        if not found:
            return None
        text = found["value"]
    return text


def lacking(flavour: Flavour, site: Site) -> tuple[str, ...]:
    """What the site needs and the user's file does not have, each after "Your file"."""
    text = own_text(flavour, site)
    return tuple(_lacking(text, site)) if text is not None and not _unread(text) else ()


def unread(flavour: Flavour, site: Site) -> str:
    """Why the user's file cannot be checked; "" if it can, or there is none."""
    return _unread(own_text(flavour, site) or "")


def _unread(text: str) -> str:
    several = ["several apps"] if len(_APP.findall(text)) > 1 else []
    return " and ".join([*(name for name, pattern in _NOT_READ.items() if pattern.search(text)), *several])


def _lacking(text: str, site: Site) -> Iterator[str]:
    build, start = value_of(text, "hooks", "build") or "", value_of(text, "web", "commands", "start") or ""
    if not _INSTALLS.search(build):
        install = " && ".join(map(shlex.join, site.recipe.install))
        yield f"has no command under hooks.build that installs the packages (ours: {install})"
    elif site.recipe.static and not _COLLECTS.search(value_of(text, "hooks") or ""):
        collect = (*site.recipe.build, *site.recipe.upload)[0]
        yield f"has no command under hooks that collects static files (ours: {shlex.join(collect)})"
    yield from _start(start, value_of(text, "upstream", "socket_family") or "")
    if value_of(text, "relationships", "database") is None:
        yield 'has no relationship called "database", which is where the settings look up the database'


def _start(command: str, family: str) -> Iterator[str]:
    if not command.strip():
        yield "has no command under web.commands.start"
    elif fixed_port(command) not in ("", _PORT):
        yield f"starts the site on port {fixed_port(command)}, and visitors are sent to $PORT"
    elif hides_https(command):
        yield "starts waitress, which removes the header that says whether a visitor uses HTTPS"
    elif "SOCKET" in command and "unix" not in family:
        yield "starts the site on $SOCKET, which needs socket_family: unix under web.upstream"


def starts(flavour: Flavour, site: Site) -> tuple[Start, ...]:
    """How the user's file starts the site, in the folder of its app."""
    text = own_text(flavour, site) or ""
    command = _plain(value_of(text, "web", "commands", "start") or "")
    if not command or _unread(text):
        return ()
    others = text + (site.project.files.get(".environment") or b"").decode("utf-8", "replace")
    root = _plain(value_of(text, "source", "root") or "").strip("/") or "."
    return (Start(file=flavour.app_file, command=command, folder=None if "PYTHONPATH" in others else root),)


def serves_www(site: Site) -> bool:
    """Whether the site answers at its address with www. in front too. Our routes redirect that to the address."""
    texts = (own_file(site, path) or "" for path in (".platform/routes.yaml", ".upsun/config.yaml"))
    return any(_WWW.search(text) for text in texts)


def _plain(value: str) -> str:
    """The text of a YAML value: on one line, or in a block whose lines stay (|) or are joined (>)."""
    head, _, rest = value.strip().partition("\n")
    if block := re.fullmatch(r"([|>])[-+\d]*", head):
        return ("\n" if block[1] == "|" else " ").join(line.strip() for line in rest.splitlines()).strip()
    text = " ".join([head, *map(str.strip, rest.splitlines())]).strip()
    return text[1:-1] if text[:1] in ("'", '"') and text[-1:] == text[:1] else text


def migrates(flavour: Flavour, site: Site) -> bool:
    """Whether a deployment migrates the database, as far as it can be seen."""
    text = own_text(flavour, site)
    return text is None or bool(_unread(text)) or bool(_MIGRATES.search(value_of(text, "hooks") or ""))


def hook_is_ours(flavour: Flavour, site: Site) -> bool:
    """Whether the deploy hook prints that it has finished: ours does, a user's own may."""
    text = own_text(flavour, site)
    return text is None or f"echo '{FINISHED}'" in text


def read_only(flavour: Flavour, site: Site) -> bool:
    """Whether nothing below /app can be written at run time: the user's own file may name mounts."""
    text = own_text(flavour, site)
    return text is None or value_of(text, "mounts") is None


def unrelated(flavour: Flavour, site: Site) -> list[str]:
    """The variables whose value is the host of a relationship, such as redis.internal, that the configuration lacks."""
    text, found = own_text(flavour, site) or "database:", []
    for name, value in site.options.variables.items():
        host = re.search(r"(?:^|//|@)([\w-]+)\.internal\b", plain(value))
        if host and value_of(text, host[1]) is None:
            found.append(name)
    return found
