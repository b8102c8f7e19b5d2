"""The addresses in the value of a setting, and which of them only one machine can reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from urllib.parse import SplitResult, urlsplit

_KEYS = frozenset(
    {"host", "hosts", "url", "urls", "address", "location", "connection", "redis", "redis_url", "options"}
)


@dataclass(frozen=True)
class Address:
    """`host` is "" for a socket file; `text` is what people are shown: never a password."""

    host: str
    text: str


def addresses(value: object) -> Iterator[Address]:
    """The addresses in a text, a list, a pair of host and port, or a mapping such as {"host": ...}."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if str(key).lower() in _KEYS or isinstance(item, Mapping):
                yield from addresses(item)
    elif isinstance(value, (list, tuple)):
        if len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], int):
            yield Address(value[0], f"{value[0]}:{value[1]}")
        else:
            for item in value:
                yield from addresses(item)
    elif isinstance(value, str):
        for text in re.split(r"[;,\s]+", value):
            yield from _parsed(text)


def _parsed(text: str) -> Iterator[Address]:
    if text.startswith(("/", "unix:")):
        yield Address("", text)
    elif text:
        parts = _split(text if "://" in text else f"//{text}")
        if parts and parts.hostname:
            where = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
            yield Address(parts.hostname, f"{parts.scheme}://{where}" if parts.scheme else where)


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:
        return None


def is_private(host: str) -> bool:
    """Whether no machine elsewhere finds this host: loopback, a private network, a name without a domain."""
    try:
        known = ip_address(host)
    except ValueError:
        return "." not in host or host in ("host.docker.internal", "localhost.localdomain")
    return known.is_loopback or (isinstance(known, IPv4Address) and known.is_private)
