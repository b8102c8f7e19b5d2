"""django-compressor: what combines files in production, and the programs that it starts."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

from .templates import templates

_BLOCK = re.compile(r"{%-?\s*compress\b.*?%}(.*?){%-?\s*endcompress\s*-?%}", re.DOTALL)
# What is the same on every request: comments, blocks that other templates fill, and names of static files.
_CONSTANT = re.compile(r"""{#.*?#}|{%-?\s*(?:(?:end)?block\b[^%]*|static\s+(["'])[^"'{}]+\1\s*)-?%}""")


def combining(order: dict[str, Any]) -> list[str]:
    """The templates that combine files."""
    from django.apps import apps

    if not apps.is_installed("compressor"):
        return []
    texts = (path.read_text(encoding="utf-8", errors="replace") for path, _ in templates(Path(order["tree"])))
    return [text for text in texts if "{% compress" in text]


def combined(texts: list[str]) -> str:
    """What combines the files of these templates in production ("offline": the build), as `Compresses` has it.

    A build has no request, and combines files only as they are without one. Files that have to be compiled are.
    """
    from django.conf import settings

    compiled = any(kind in text for text in texts for kind, _ in settings.COMPRESS_PRECOMPILERS)
    return "offline" if settings.COMPRESS_OFFLINE or compiled or not _depends_on_request(texts) else "off"


def _depends_on_request(texts: list[str]) -> bool:
    blocks = (_CONSTANT.sub("", block) for text in texts for block in _BLOCK.findall(text))
    return any("{{" in block or "{%" in block for block in blocks)


def commands(texts: list[str]) -> dict[str, str]:
    """Setting → command, for what is started for these templates."""
    return {**_precompilers(texts), **_filters()}


def _precompilers(combining: list[str]) -> dict[str, str]:
    """The commands, not the classes, for the kinds of file that these templates combine."""
    from compressor.utils import get_mod_func  # type: ignore[import-not-found]
    from django.conf import settings

    found = {}
    for kind, command in settings.COMPRESS_PRECOMPILERS:
        try:
            importlib.import_module(get_mod_func(command)[0])
        except (ImportError, TypeError, ValueError):
            if any(kind in text for text in combining):
                found[f"COMPRESS_PRECOMPILERS, {kind}"] = command
    return found


def _filters() -> dict[str, str]:
    """The commands of filters that start one."""
    from compressor.filters import CompilerFilter  # type: ignore[import-not-found]
    from django.conf import settings
    from django.utils.module_loading import import_string

    found = {}
    for name in {one for names in settings.COMPRESS_FILTERS.values() for one in names}:
        kind = import_string(name)
        if issubclass(kind, CompilerFilter) and kind.command:
            found[f"COMPRESS_FILTERS, {name}"] = str(dict(kind.options).get("binary") or kind.command)
    return found
