"""Settings that are made of a SECRET_KEY in the code, such as the key of tokens. The settings block replaces
SECRET_KEY only, so they keep the key that everyone with the code knows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..named_in_source import parsed_files
from ..setting_place import setting_place

# A shorter text may be in any value.
_SHORTEST = 8
# The variable or the file that the key is read from.
_SOURCE = re.compile(r"[A-Z][A-Z0-9_]*|.*\.\w{1,5}")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note each of them with its place."""
    from django.conf import settings

    tree = Path(order["tree"])
    keys = {key for _, parsed in parsed_files(tree, b"SECRET_KEY") for key in _keys(parsed)}
    for name in dir(settings) if keys else ():
        if name.isupper() and name != "SECRET_KEY" and settings.is_overridden(name):
            for where in _with_one(getattr(settings, name), keys):
                place = setting_place(tree, found["settings"], name)
                found["copied_keys"].append(f"{name}{where} ({place})")


def _keys(parsed: ast.Module) -> Iterator[str]:
    """The texts in what a file assigns to SECRET_KEY."""
    for node in ast.walk(parsed):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(one, ast.Name) and one.id == "SECRET_KEY" for one in targets):
            texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            own = (text for text in texts if isinstance(text, str) and not _SOURCE.fullmatch(text))
            yield from (text for text in own if len(text) >= _SHORTEST)


def _with_one(value: object, keys: Iterable[str]) -> Iterator[str]:
    """Where a value has one of the keys, as an index: "" is the value itself."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from (f'["{name}"]{where}' for where in _with_one(item, keys))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from (f"[{number}]{where}" for where in _with_one(item, keys))
    elif isinstance(value, bytes):
        yield from _with_one(value.decode(errors="replace"), keys)
    elif isinstance(value, str) and any(key in value for key in keys):
        yield ""
