"""Every answer of the emulated `heroku` next to the real one's, on two machines in the same state."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..emulators.heroku import EMULATOR as heroku
from ..emulators.heroku.lifecycle import create_app
from ..emulators.heroku.state import State
from ..sandbox.machine import Sandbox
from . import RealClient
from .installation import Client

# Differences that are not the emulator's fault.
OVERLOOKED = (
    (r"[0-9a-f]{12}(?=\.herokuapp\.com)", "<hash>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>"),
    (r'"id": "[^"]*"', '"id": "<id>"'),
    (r"\bpostgresql-[a-z]+-\d{2,5}\b", "<add-on>"),
    (r"node-v[\d.]+", "node-<version>"),
    (r"postgres://\S+?(?=[\"\s])", "<database>"),
    # The sandbox's Git rewrites the address to a folder, and the real CLI reads it from Git.
    (r"(?<=set git remote second to )\S+", "<address>"),
    # The real CLI's notes on variables for a proxy of the harness.
    (r"(?m)^ › +Warning: \w+ set to .*\n", ""),
    # Printed once, if the CLI cannot reach Heroku's own website.
    (r"(?m)^ › +Warning: Our terms of service have changed: ?\n › +https://\S+\n", ""),
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command said, and its exit status."""

    stdout: str
    stderr: str
    status: int


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A command line whose answers differ."""

    line: str
    emulated: Said
    real: Said

    def __str__(self) -> str:
        return f"$ heroku {self.line}\n  emulated: {self.emulated}\n  real:     {self.real}"


def _foreign(state: State) -> None:
    create_app(state, "theirs", owner="stranger@example.com")


def _withdraw(state: State) -> None:
    with state.change() as platform:
        platform["withdrawn"].append("runtime-dyno-metadata")


# Commands, and preparations between them: everything that the product issues, and every way in which it is rejected.
SCRIPT: tuple[str | Callable[[State], None], ...] = (
    "--version",
    "auth:whoami",
    "apps:info --app blog --json",
    "apps:create blog --remote heroku --region eu",
    "apps:create blog",
    "apps:create Blog_1",
    "apps:create bl",
    f"apps:create {'x' * 31}",
    "apps:info --app blog --json",
    _foreign,
    "apps:info --app theirs --json",
    "config --app theirs --json",
    "git:remote --app blog --remote second",
    "labs --app blog --json",
    "labs:enable runtime-dyno-metadata --app blog",
    "labs:enable no-such-feature --app blog",
    _withdraw,
    "labs --app blog --json",
    "labs:enable runtime-dyno-metadata --app blog",
    "addons:create heroku-postgresql:essential-0 --app blog --wait",
    "addons:create heroku-postgresql:no-such-plan --app blog --wait",
    "addons:create heroku-postgresql:essential-0 --app gone --wait",
    "config:set --app blog ON_HEROKU=1 DEBUG=FALSE SECRET_KEY=a=b",
    "config:set --app blog nonsense",
    "config:set --app gone A=1",
    "config --app blog --json",
    "releases --app blog --json --num 1",
    "releases --app blog --json --num 3",
    "releases --app gone --json --num 1",
    "releases:output --app blog",
    "releases:output v99 --app blog",
    "releases:retry --app blog",
    "ps --app blog --json",
    "ps --app gone --json",
    "logs --app blog --process-type web --num 100",
    "logs --app gone --process-type web --num 100",
    "config --app",
    "config --loudly",
    "apps:transmute",
    "apps:destroy --app blog --confirm other",
    "apps:destroy --app gone --confirm gone",
    "apps:destroy --app blog --confirm blog",
    "apps:info --app blog --json",
)
WITHOUT_RIGHTS = ("auth:whoami", "apps:info --app blog --json", "config --app blog --json")


def differences(client: Client, say: Callable[[str], None]) -> list[Difference]:
    """Run the script on both machines, one command after the other."""
    real = RealClient(client)
    try:
        with Sandbox.create() as ours, Sandbox.create() as theirs:
            heroku.install(ours)
            ours.env["HEROKU_API_KEY"] = State(ours.root).read()["account"]["token"]
            real.install(theirs)
            return [found for found in _walk((ours, theirs), say) if found]
    finally:
        real.close()


def _walk(boxes: tuple[Sandbox, Sandbox], say: Callable[[str], None]) -> Iterator[Difference | None]:
    for box in boxes:
        box.run(["git", "init", "--quiet", "repository"])
    for entry in SCRIPT:
        if isinstance(entry, str):
            yield _compared(boxes, entry, say)
        else:
            for box in boxes:
                entry(State(box.root))
    for box in boxes:
        box.env["HEROKU_API_KEY"] = "wrong"
    for line in WITHOUT_RIGHTS:
        yield _compared(boxes, line, say)


def _compared(boxes: Sequence[Sandbox], line: str, say: Callable[[str], None]) -> Difference | None:
    emulated, real = (_said(box, line) for box in boxes)
    say(f"{'same' if emulated == real else 'DIFFERENT':10} heroku {line}")
    return None if emulated == real else Difference(line=line, emulated=emulated, real=real)


def _said(box: Sandbox, line: str) -> Said:
    ended = box.run(["heroku", *shlex.split(line)], cwd=box.work / "repository", check=False, timeout=120)
    return Said(stdout=comparable(ended.stdout), stderr=comparable(ended.stderr), status=ended.returncode)


def comparable(text: str) -> str:
    """`text` without what a comparison has to ignore."""
    for pattern, replacement in OVERLOOKED:
        text = re.sub(pattern, replacement, text)
    return text
