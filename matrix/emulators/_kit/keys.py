"""An allow-list of the keys in a configuration file, and the keys that are not on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

# The keys of each section by its path: `name.` is a section, `name[].` a list of sections, `*` and `*.` any name.
Keys = Mapping[str, str]


class WrongKey(NamedTuple):
    """A key that is unknown, known but not emulated, or not a section although it should be."""

    path: str
    kind: Literal["unknown", "not emulated", "no section"]


def wrong_keys(content: Mapping[str, Any], keys: Keys, not_emulated: Keys) -> Iterator[WrongKey]:
    """Every wrong key, in the order of the file."""
    return _below(content, "", "", keys, not_emulated)


def _below(section: Mapping[str, Any], rule: str, path: str, keys: Keys, not_emulated: Keys) -> Iterator[WrongKey]:
    allowed = keys[rule].split()
    for key, value in section.items():
        here = f"{path}.{key}".lstrip(".")
        if key in not_emulated.get(rule, "").split():
            yield WrongKey(here, "not emulated")
        elif name := next((name for name in (key, "*") if {f"{name}.", f"{name}[]."} & {*allowed}), None):
            parts = value if f"{name}[]." in allowed and isinstance(value, list) else [value]
            for part in (part for part in parts if part is not None):
                if isinstance(part, Mapping):
                    yield from _below(part, f"{rule}.{name}".lstrip("."), here, keys, not_emulated)
                else:
                    yield WrongKey(here, "no section")
        elif key not in allowed and "*" not in allowed:
            yield WrongKey(here, "unknown")
