"""`secrets import`, `secrets set`, `secrets unset`, `secrets list`."""

from __future__ import annotations

import re
import sys

from matrix.emulators.fly_io import lifecycle
from matrix.emulators.fly_io.console import CliError, say, say_json, say_table
from matrix.emulators.fly_io.session import Session

_STAGED = (
    "Secrets have been staged, but not set on VMs. "
    "Deploy or update machines in this app for the secrets to take effect."
)
_LARGEST = 64 * 1024  # bytes of standard input that `K=-` takes


def listing(session: Session) -> None:
    """[flyctl source]"""
    secrets = session.app()["secrets"]
    rows = [{"name": name, "digest": row["digest"], "status": row["status"]} for name, row in sorted(secrets.items())]
    if session.has("json"):
        say_json(rows)
        return
    marked = [("* " if row["status"] == "Staged" else "") + row["name"] for row in rows]
    say_table(
        ("Name", "Digest", "Status"),
        [(name, row["digest"], row["status"]) for name, row in zip(marked, rows, strict=True)],
    )


def set_pairs(session: Session) -> None:
    """[flyctl source] Values in argv are seen by every program of the machine; `NAME=-` reads standard input."""
    found: dict[str, str] = {}
    for word in session.words:
        name, has_value, value = word.partition("=")
        if not has_value:
            raise CliError(f"could not parse secrets: {word}: must be provided as NAME=VALUE pairs")
        found[name] = sys.stdin.read(_LARGEST) if value == "-" else value
    _store(session, dict(found))


def import_lines(session: Session) -> None:
    """[flyctl source] Lines NAME=VALUE of standard input, `#` comments, values in triple quotes over several lines."""
    found = _parse(sys.stdin.read())
    if not found:
        raise CliError("requires at least one SECRET=VALUE pair")
    _store(session, dict(found))


def unset(session: Session) -> None:
    """[flyctl source]"""
    _store(session, dict.fromkeys(session.words, None))


def _store(session: Session, values: dict[str, str | None]) -> None:
    app = session.app()
    lifecycle.set_secrets(session.state, app["name"], values)
    if session.has("stage"):
        say(_STAGED)
    elif not app["machines"]:
        say("Secrets are staged for the first deployment")
    else:
        from matrix.emulators.fly_io import deploying

        deploying.restart(session.state, app["name"])


def _parse(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, has_value, value = line.partition("=")
        if not has_value or not re.fullmatch(r"\s*[A-Za-z_][\w.]*\s*", name):
            raise CliError(f"could not parse secrets: {line}: must be provided as NAME=VALUE pairs")
        if value.startswith('"""'):
            parts = [value.removeprefix('"""')]
            while not parts[-1].endswith('"""'):
                parts.append(next(lines, '"""'))
            value = "\n".join(parts).removesuffix('"""')
        found[name.strip()] = value
    return found
