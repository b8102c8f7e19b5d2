"""A text with addresses → their hosts, and whether one is on the computer where the text was written. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

_OF_THIS_COMPUTER = re.compile(r"(.+\.)?localhost|127(\.\d+){3}|host\.docker\.internal")
# A name without a domain is that of a container. In an address of another kind, it may be a bucket or a file.
_NETWORK = re.compile(r"amqps?|https?|memcached?|postgres(ql)?|rediss?|wss?")


def hosts(text: str) -> frozenset[str]:
    """The hosts of the addresses that the text is, or lists. A word without a scheme is taken for a host."""
    return frozenset(one.hostname for one in _addresses(text) if one.hostname)


def is_local(text: str) -> bool:
    """Whether only one machine, or its containers, can reach one of the addresses."""
    return any(map(_is_local, _addresses(text)))


def _is_local(address: SplitResult) -> bool:
    host = address.hostname or ""
    container = host and "." not in host and _NETWORK.fullmatch(address.scheme)
    return bool(container or _OF_THIS_COMPUTER.fullmatch(host))


def _addresses(text: str) -> Iterator[SplitResult]:
    for word in re.split(r"""[,;\s"'\[\]]+""", text):
        try:
            yield urlsplit(word if "://" in word else f"//{word}")
        except ValueError:
            continue
