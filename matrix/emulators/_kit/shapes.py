"""JSON output of a platform, kept as data: values are filled into a template."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ONE_FIELD = re.compile(r"\{([^{}]+)\}")


class Shapes:
    """The templates in a JSON file, by name."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self, name: str, /, **values: Any) -> dict[str, Any]:
        """The template `name`: `"{app[id]}"` becomes that value, `"v{number}"` a text with it."""
        templates = json.loads(self._path.read_bytes())
        return dict(_filled(templates[name], values))


def _filled(shape: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(shape, dict):
        return {name: _filled(part, values) for name, part in shape.items()}
    if isinstance(shape, list):
        return [_filled(part, values) for part in shape]
    if not isinstance(shape, str):
        return shape
    whole = _ONE_FIELD.fullmatch(shape)
    return string.Formatter().get_field(whole[1], (), values)[0] if whole else shape.format_map(values)
