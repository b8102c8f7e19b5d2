"""The source of the settings → the secrets that stand in it, each with its place. Nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..masking.telling import secrets_in
from ..source_code.syntax import constant, target_of
from ..text.addresses import is_local
from .settings_modules import Modules

# A value to be replaced, as in "your-api-key".
_TO_REPLACE = re.compile(r"(?i)your|example|change.?me|change.?this|placeholder|replace|insecure|xxx|<.*>|here$|\.\.\.")
# A name, as in CACHE_KEY = "notes_of_today".
_NAME = re.compile(r"[A-Za-z]+([_-][A-Za-z]+)+")
# Keys that a page shows to its visitors.
_SHOWN = re.compile(r"(?i)public|publishable|site_?key")
# The settings block replaces it in production.
_REPLACED = "SECRET_KEY"


def written_secrets(read_in: Modules) -> tuple[str, ...]:
    """The settings with a secret that everyone who has the code can use: not one for this computer's own services."""
    found = {
        f"{name} ({path}:{line})": None
        for path, tree in read_in.trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and (name := target_of(node))
        # Under a name that is no setting's, only an address with a password is a secret for certain.
        for line in _lines(_key(node) or name if name.isupper() else "", node.value)
    }
    return tuple(found)


def _key(node: ast.Assign | ast.AnnAssign) -> str:
    """The last key in DATABASES["default"]["PASSWORD"], which tells what the value is."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return constant(target.slice) if isinstance(target, ast.Subscript) else ""


def _lines(name: str, value: ast.expr) -> Iterator[int]:
    match value:
        case ast.Constant(value=str(text)):
            shown = name == _REPLACED or _SHOWN.search(name) or _TO_REPLACE.search(text) or _NAME.fullmatch(text)
            if not shown and not is_local(text) and secrets_in({name: text}):
                yield value.lineno
        case ast.Dict(keys=keys, values=values):
            named = [(constant(key) if key else "", part) for key, part in zip(keys, values, strict=True)]
            # A database, a broker or a mail server without a host is on this computer.
            host = next((part for key, part in named if key.upper() == "HOST"), None)
            has_engine = any(key == "ENGINE" for key, _ in named)
            own = (has_engine and host is None) or (isinstance(host, ast.Constant) and _is_here(constant(host)))
            for key, part in () if own else named:
                yield from _lines(key or name, part)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _lines(name, part)
        case ast.Call(args=args, keywords=keywords):
            # Of what a function gets, only an address with a password is a secret for certain.
            for part in (*args, *(one.value for one in keywords)):
                yield from _lines("", part)


def _is_here(host: str) -> bool:
    """Whether this is another name of this computer, or of a container on it."""
    return "." not in host or is_local(host)
