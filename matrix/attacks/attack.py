"""One attack, and the conditions that must hold after every attack; a complaint describes one that does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..faults.figures import Tally
from ..sandbox.processes import Ran

if TYPE_CHECKING:
    from .scene import Scene

# The five groups, in the order of the tables.
ATTACKS = Tally(
    session="attack",
    heading="what is attacked",
    kinds={
        "app": "whose app it is: names, links, clones, receipts",
        "plan": "whether what runs is what was planned: Git, filters, links, settings",
        "trust": "whether files in the project are believed: receipt, lock, log folder",
        "secret": "whether a secret or a control character gets out, or a name is run",
        "break": "whether broken input ends in one clear message",
    },
)

DRY = ("--automate-all", "--dry-run")
# Control characters other than the newline and the tab, and those that reorder text (Unicode, "Bidi_Control").
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True)
class Attack:
    """`arrange` prepares the project, the account and the environment; `options` are then passed to the deployer.

    `statuses` are the exit statuses of a correct answer, and a refusal must name one of `names`. With `deployed`, the
    project has been deployed before. `verify` yields further complaints. `platforms` are those that the attack applies
    to; empty means all of them. `writes` is whether a refusal may come after files were written or things created.
    """

    group: str
    name: str
    arrange: Callable[[Scene], object] = lambda scene: None
    options: Sequence[str] = DRY
    statuses: frozenset[int] = frozenset({1})
    names: Sequence[str] = ()
    deployed: bool = False
    verify: Callable[[Scene, Ran], Iterator[str]] = lambda scene, ended: iter(())
    platforms: Sequence[str] = ()
    writes: bool = False


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What an attack has left behind.

    `text` is everything that people can read afterwards: the terminal, JSON, log, pages, receipt and history. `project`
    and `account` list what a refused run changed there, `outside` what was changed outside of the project, and `others`
    changes to other people's apps.
    """

    ended: Ran
    text: str
    secrets: Sequence[str] = ()
    project: Sequence[str] = ()
    account: Sequence[str] = ()
    outside: Sequence[str] = ()
    others: Sequence[str] = ()
    more: Sequence[str] = field(default_factory=tuple)


def complaints(attack: Attack, seen: Trace) -> Iterator[str]:
    """Everything that is wrong after the attack; empty if it was survived."""
    ended = seen.ended
    if ended.returncode not in attack.statuses:
        wanted = " or ".join(map(str, sorted(attack.statuses)))
        yield f"exit status {ended.returncode} instead of {wanted}: {ended.stderr.strip()[-400:]}"
    yield from _about_words(attack, ended)
    yield from _about_text(seen)
    if ended.returncode != 0 and not attack.writes:
        yield from (f"refused, but the project changed: {line}" for line in seen.project)
        yield from (f"refused, but the account changed: {line}" for line in seen.account)
    yield from (f"changed outside of the project: {line}" for line in seen.outside)
    yield from (f"changed of someone else's: {line}" for line in seen.others)
    yield from seen.more


def _about_words(attack: Attack, ended: Ran) -> Iterator[str]:
    said = ended.stdout + ended.stderr
    if "Traceback (most recent call last)" in said:
        yield f"a traceback: {said.strip().splitlines()[-1]}"
    if ended.returncode != 1:
        return
    stops = [line for line in ended.stderr.splitlines() if line.startswith("Stopped: ")]
    if len(stops) != 1:
        yield f"{len(stops)} messages instead of one: {ended.stderr.strip()[-300:]}"
        return
    message = ended.stderr[ended.stderr.index(stops[0]) :]
    if "unexpected error" in message:
        yield f"an unexpected error: {message.strip()[:300]}"
    if attack.names and not any(name in message for name in attack.names):
        yield f"the message names none of {', '.join(attack.names)}: {message.strip()[:500]}"
    if not _is_json(ended.stdout):
        yield f"standard output is not JSON: {ended.stdout[:200]!r}"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _about_text(seen: Trace) -> Iterator[str]:
    for number, secret in enumerate(seen.secrets, 1):
        at = seen.text.find(secret)
        if at >= 0:
            yield f"secret {number} can be read: ...{seen.text[max(0, at - 60) : at]!r}"
    for stream in (seen.ended.stdout, seen.ended.stderr):
        if found := _CONTROL.search(stream.replace("\r\n", "\n")):
            yield f"a control character ({found.group()!r}) reaches the terminal"
            return
