"""`secrets import`, `secrets set`, `secrets unset`, `secrets list`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from ..._kit.cobra import CliError
from ..._kit.console import say
from .. import api, lifecycle
from ..session import FlySession

_LARGEST = 64 * 1024  # the bytes of standard input that `K=-` reads


def listing(session: FlySession) -> None:
    """[flyctl source]"""
    secrets = sorted(session.app()["secrets"].items())
    shown = [{"name": name, "digest": row["digest"], "status": row["status"]} for name, row in secrets]
    rows = [(("* " if row["status"] == "Staged" else "") + name, row["digest"], row["status"]) for name, row in secrets]
    session.show(shown, ("Name", "Digest", "Status"), rows)


def set_pairs(session: FlySession) -> None:
    """[flyctl source] Every program on the machine can see values in argv; `NAME=-` reads standard input."""
    found: dict[str, str] = {}
    for word in session.words:
        name, has_value, value = word.partition("=")
        if not has_value:
            raise _not_parsed(word)
        found[name] = sys.stdin.read(_LARGEST) if value == "-" else value
    _store(session, found)


def import_lines(session: FlySession) -> None:
    """[flyctl source] Lines NAME=VALUE from standard input, `#` comments, multi-line values in triple quotes."""
    found = _parse(sys.stdin.read())
    if not found:
        raise CliError("requires at least one SECRET=VALUE pair")
    _store(session, found)


def unset(session: FlySession) -> None:
    """[flyctl source]"""
    _store(session, dict.fromkeys(session.words))


def _store(session: FlySession, values: Mapping[str, str | None]) -> None:
    app = session.app()
    lifecycle.set_secrets(session.state, app["name"], values)
    if session.has("stage"):
        say(api.TEXTS("staged"))
    elif not app["machines"]:
        say("Secrets are staged for the first deployment")
    else:
        from .. import deploying

        deploying.restart(session.state, app["name"])


def _parse(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, has_value, value = line.partition("=")
        if not has_value or not re.fullmatch(r"\s*[A-Za-z_][\w.]*\s*", name):
            raise _not_parsed(line)
        if value.startswith('"""'):
            parts = [value.removeprefix('"""')]
            while not parts[-1].endswith('"""'):
                parts.append(next(lines, '"""'))
            value = "\n".join(parts).removesuffix('"""')
        found[name.strip()] = value
    return found


def _not_parsed(line: str) -> CliError:
    return CliError(f"could not parse secrets: {line}: must be provided as NAME=VALUE pairs")
