"""Where in a template an error was raised."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def template_line(error: BaseException, tree: Path) -> str:
    """The line of the innermost template below the tree, as its path and number; "" if there is none."""
    # Django raises the same error again, without the templates between.
    place = template_line(error.__cause__, tree) if type(error.__cause__) is type(error) else ""
    raised = None if place else error.__traceback__
    while raised:
        part = raised.tb_frame.f_locals.get("self")
        name = str(getattr(getattr(part, "origin", None), "name", ""))
        if name and Path(name).is_relative_to(tree):
            place = f"{Path(name).relative_to(tree).as_posix()}{_number(part, error)}"
        raised = raised.tb_next
    return place


def _number(part: Any, error: BaseException) -> str:
    line = getattr(getattr(error, "token", None) or getattr(part, "token", None), "lineno", None)
    return f":{line}" if line else ""
