"""The platforms: entry points of one group, from this package's folders and from other distributions.

Our own platforms are entry points as well, but are found by their folders: importing the code that reads the metadata
of all distributions takes longer than the rest of the start, and only a list of platforms or an unknown name needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from .. import __version__
from ..contract import VERSION, Platform
from ..contract.facts import facts
from ..messages import errors
from ..messages.stops import Refused

GROUP = "simple_deploy.platforms"


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """One platform: its distribution, and how it is imported."""

    source: str
    module: str
    load: Callable[[], object]


def _own() -> tuple[str, ...]:
    return tuple(path.parent.name for path in Path(__file__).parent.glob("[a-z]*/__init__.py"))


@cache  # it reads the metadata of every distribution
def _foreign() -> dict[str, list[_Entry]]:
    from importlib.metadata import entry_points

    found: dict[str, list[_Entry]] = {}
    for entry in entry_points(group=GROUP):
        if not entry.value.startswith(f"{__name__}."):
            source = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
            found.setdefault(entry.name, []).append(_Entry(source=source, module=entry.module, load=entry.load))
    return found


def _entries(identity: str) -> list[_Entry]:
    """The platforms with that ID. One of another distribution never replaces one of ours."""
    if identity in _own():
        module = f"{__name__}.{identity}"
        source = f"simple-deploy {__version__}"
        return [_Entry(source=source, module=module, load=lambda: import_module(module).PLATFORM)]
    return _foreign().get(identity, [])


def installed() -> tuple[str, ...]:
    """The IDs of all platforms, sorted. None of them is imported."""
    return tuple(sorted({*_own(), *_foreign()}))


def ships(identity: str) -> bool:
    """Whether the platform comes with simple_deploy. Nothing is imported."""
    return identity in _own()


def folder(identity: str) -> Path:
    """The folder of a platform's module and the files next to it."""
    return Path(str(import_module(_entries(identity)[0].module).__file__)).parent


def told(identity: str, fact: str) -> str:
    """A fact about a platform as text, "" if there is none. Read from its file; the platform is not imported."""
    entries = _entries(identity)
    module = find_spec(entries[0].module.partition(".")[0]) if entries and not ships(identity) else None
    place = Path(module.origin).parent if module and module.origin else Path(__file__).parent / identity
    found = facts(place).get(fact)
    return str(found.value) if found else ""


def load(identity: str) -> Platform:
    """The platform with that ID. Raises Refused if there is none, or if it is broken; no other platform is imported."""
    entries = _entries(identity)
    if not entries:
        raise Refused([errors.platform_unknown(name=identity, known=installed())])
    if len(entries) > 1:
        raise Refused([errors.platform_twice(name=identity, sources=sorted(entry.source for entry in entries))])
    try:
        platform = entries[0].load()
        reason = _unfit(platform)
    except Exception as error:  # whatever the module of a plug-in raises
        platform, reason = None, f"{type(error).__name__}: {error}"
    if reason or not isinstance(platform, Platform):
        raise Refused([errors.platform_broken(name=identity, source=entries[0].source, reason=reason)])
    return replace(platform, id=identity)


def _unfit(platform: object) -> str:
    if not isinstance(platform, Platform):
        return f"its entry point is a {type(platform).__name__} and no Platform"
    if platform.contract.partition(".")[0] != VERSION.partition(".")[0]:
        return f"it was made for version {platform.contract} of the contract, and this is version {VERSION}"
    return ""


def usable() -> tuple[Platform, ...]:
    """All platforms that can be loaded."""
    found = []
    for identity in installed():
        try:
            found.append(load(identity))
        except Refused:
            continue
    return tuple(found)


class Choices:
    """The values of --platform, and who can use each. Other distributions are searched only for --help and errors."""

    def __contains__(self, identity: object) -> bool:
        return bool(_entries(str(identity)))

    def __iter__(self) -> Iterator[str]:
        customers = {platform.id: platform.customers for platform in usable()}
        for name in installed():
            yield f"{name} (open to {customers[name]})" if customers.get(name) else name


def only() -> str:
    """The id of the only platform. Raises Refused if there are several."""
    known = installed()
    if len(known) != 1:
        raise Refused([errors.platform_needed(known=known, limits=limits())])
    return known[0]


def limits() -> list[str]:
    """One sentence for each platform that is not open to everybody."""
    return [f"{platform.id} is open to {platform.customers}" for platform in usable() if platform.customers]
