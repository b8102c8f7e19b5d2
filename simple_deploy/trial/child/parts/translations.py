"""The translations."""

from __future__ import annotations

import os
from typing import Any


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """What stops `compilemessages` in the build."""
    import io

    from django.core.management import CommandError, call_command

    said = io.StringIO()
    os.chdir(order["tree"])
    try:
        call_command("compilemessages", ignore_patterns=[".*"], no_color=True, stdout=io.StringIO(), stderr=said)
    except CommandError as error:
        text = said.getvalue().replace(f"{order['tree']}{os.sep}", "")
        found["untranslated"] += [line for line in text.splitlines() if ".po" in line] or [str(error)]
