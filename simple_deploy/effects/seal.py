"""Proof that we wrote a text in this repository: a key in `.git`, which no clone or archive contains."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from .own_folder import git_folder, read, staged

NAME = "simple_deploy.key"
_KEY = re.compile(rb"[0-9a-f]{64}")


def seal(root: Path, content: bytes) -> str:
    """The seal of the content. Raises OSError if there is no key and none can be created."""
    key = _key(root)
    if key is None:
        import secrets

        key = secrets.token_hex(32).encode()
        path = git_folder(root) / NAME
        staged(path, key).replace(path)
    return _sealed(key, content)


def slow_seal(root: Path, place: str, value: str) -> str:
    """The seal of a value in that place, which takes so long that guesses at the value are expensive.

    Raises OSError if there is no key and none can be created.
    """
    from hashlib import scrypt

    salt = seal(root, place.encode()).encode()
    # 16 MiB and about 40 ms (RFC 7914; the parameters that it recommends for interactive use).
    return scrypt(value.encode("utf-8", "surrogateescape"), salt=salt, n=2**14, r=8, p=1, dklen=32).hex()


def is_sealed(root: Path, content: bytes, given: str) -> bool:
    """Whether we gave the content that seal, in this repository."""
    from hmac import compare_digest

    key = _key(root)
    return key is not None and compare_digest(_sealed(key, content), given)


def _sealed(key: bytes, content: bytes) -> str:
    from hmac import new

    return new(key, content, sha256).hexdigest()


def _key(root: Path) -> bytes | None:
    """The key; None if it is missing or invalid."""
    try:
        key = read(git_folder(root) / NAME)
    except OSError:
        return None
    return key if _KEY.fullmatch(key) else None
