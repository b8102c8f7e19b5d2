"""Pipfile.lock: whether it matches the Pipfile, and how packages are added while everything else stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from hashlib import sha256
from typing import Any

from ..text import toml_file
from ..text.shape import Shape, check_types
from ..text.text_file import decode, encode
from .names import canonical

# These tell Pipenv from where and for which Python it resolves. The other tables hold packages.
_SETTINGS = ("source", "requires", "scripts", "pipenv", "pipfile")


_SHAPE: Shape = {"_meta": {"hash": {"sha256": str}, "sources": [dict]}, "*": {"*": {"*": (str, bool, [str])}}}


def check_shape(lock: bytes) -> None:
    """Raise ValueError if it is not JSON, and WrongType for values that Pipenv would not write."""
    check_types(json.loads(decode(lock)[0]), _SHAPE)


def fits(lock: bytes, manifest: str) -> bool | None:
    """True if the lock was made from this Pipfile, according to its hash; None if only Pipenv can tell."""
    locked = _loads(lock)
    return True if _hash(locked) in set(_hashes(manifest, locked)) else None


def current(lock: bytes, manifest: str) -> bytes | None:
    """The lock with the hash of today's Pipenv, whose `install --deploy` rejects that of an older one; else None."""
    locked = _loads(lock)
    present, (newer, older) = _hash(locked), _hashes(manifest, locked)
    return lock.replace(older.encode(), newer.encode(), 1) if older == present != newer else None


def ruled_out(lock: bytes, requirements: Iterable[str]) -> frozenset[str]:
    """The packages whose locked version these requirements do not allow (PEP 503 names)."""
    from packaging.requirements import Requirement

    allowed = {canonical(parsed.name): parsed.specifier for parsed in map(Requirement, requirements)}
    versions = {canonical(name): entry.get("version", "") for name, entry in _loads(lock).get("default", {}).items()}
    return frozenset(
        name
        for name, specifier in allowed.items()
        if (version := versions.get(name, "").removeprefix("==")) and not specifier.contains(version, prereleases=True)
    )


def pinned(manifest: str, lock: bytes, *, without: Set[str] = frozenset()) -> str:
    """A Pipfile only for the resolver: every package that is locked for production, at that version."""
    import tomlkit

    document = tomlkit.parse(manifest)
    packages = {canonical(name): entry for name, entry in document.get("packages", {}).items()}
    locked = _loads(lock).get("default", {})
    kept = {name: entry for name, entry in locked.items() if canonical(name) not in without}
    pins = {name: {key: entry[key] for key in entry if key != "hashes"} for name, entry in kept.items()}
    for name in [name for name in document if name not in _SETTINGS]:
        del document[name]
    document["packages"] = packages | pins
    return document.as_string()


def merged(lock: bytes, renewed: bytes, *, without: Set[str] = frozenset()) -> bytes:
    """The lock with the packages that the renewed one has in addition, and its versions of those in `without`.

    A package that was locked for another category only gets production's version there too, as Pipenv does it.
    """
    text, encoding = decode(lock)
    document = json.loads(text)
    known = set(map(canonical, document.get("default", {}))) - without
    added = {name: entry for name, entry in _loads(renewed)["default"].items() if canonical(name) not in known}
    for category, packages in document.items():
        if category not in ("_meta", "default"):
            packages.update({name: entry for name, entry in added.items() if name in packages})
    document.setdefault("default", {}).update(added)
    return encode(json.dumps(document, indent=4, separators=(",", ": "), sort_keys=True) + "\n", encoding)


def _loads(lock: bytes) -> dict[str, Any]:
    try:
        found = json.loads(lock)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _hash(lock: Mapping[str, Any]) -> str | None:
    found: str | None = lock.get("_meta", {}).get("hash", {}).get("sha256")
    return found


def _hashes(manifest: str, lock: Mapping[str, Any]) -> Iterator[str]:
    """The hash of Pipenv 2026.7 and newer, which spells names as PEP 503 does, and the older one, which does not."""
    document = toml_file.loads(manifest.encode())
    meta = {
        # A Pipfile without a source has Pipenv's default, which the lock names.
        "sources": document.get("source") or lock.get("_meta", {}).get("sources"),
        "requires": document.get("requires", {}),
    }
    groups = {"default": document.get("packages", {}), "develop": document.get("dev-packages", {})}
    settings = (*_SETTINGS, "packages", "dev-packages", "default", "develop")
    groups |= {name: table for name, table in document.items() if name not in settings}
    spelled = {group: {canonical(name): entry for name, entry in table.items()} for group, table in groups.items()}
    for packages in (spelled, groups):
        content = json.dumps({"_meta": meta, **packages}, sort_keys=True, separators=(",", ":"), default=str)
        yield sha256(content.encode()).hexdigest()
