"""Values that code takes from a file of variables which production does not have (python-dotenv)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def watch(tree: Path, missing: list[str]) -> None:
    """Note each name that `dotenv_values(...).get(NAME)` does not find, with its line: it is None without an error."""
    try:
        import dotenv.main  # type: ignore[import-not-found]
    except ImportError:
        # Another package, django-dotenv, has a module of that name.
        return

    class Values(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            caller = sys._getframe(1)
            path = Path(caller.f_code.co_filename)
            if name not in self and default is None and path.is_relative_to(tree):
                missing.append(f"{name} ({path.relative_to(tree).as_posix()}:{caller.f_lineno})")
            return super().get(name, default)

    original = dotenv.main.dotenv_values

    def dotenv_values(*words: Any, **more: Any) -> Values:
        return Values(original(*words, **more))

    for module in (dotenv, dotenv.main):
        module.dotenv_values = dotenv_values
