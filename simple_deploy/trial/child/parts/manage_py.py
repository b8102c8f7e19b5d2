"""manage.py: the build and the release run Django's commands with it."""

from __future__ import annotations

import os
import re
import runpy
import sys
from pathlib import Path
from typing import Any

from ..failure import told
from ..out_of_reach import within
from . import Inconclusive

_SECONDS = 5
# Programs that install packages or make environments, as a word of a command.
_INSTALLS = re.compile(r"(^|[\s/\\])(pip3?|uv|poetry|pipenv|venv|virtualenv|ensurepip)(\.exe)?(\s|$)")


class _Reached(BaseException):
    """The script has come to Django's commands: no `except Exception` of its own may catch this."""


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Run the script up to Django's commands. Note how it fails before, or that it does not come to them."""
    tree, script = Path(order["tree"]), _Script(Path.cwd() / "manage.py")
    ran = within(order["tree"], _SECONDS, script.run)
    if script.reached:
        return
    if ran.missed:
        # Another program may bring Django, and run them.
        found["commands"] = "unknown"
        installing = next(filter(_INSTALLS.search, ran.commands), "")
        found["installs"] = installing.replace(f"{tree}{os.sep}", "")
    if ran.missed or not ran.ended or script.needs_the_main_thread:
        raise Inconclusive
    if script.error:
        found["manage_py"] = {"part": "manage.py", **told(script.error, tree)}
    else:
        found["commands"] = "not reached"


class _Script:
    """A run of the script, which a release does with `migrate`; `error` is how it failed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reached = False
        self.error: BaseException | None = None

    @property
    def needs_the_main_thread(self) -> bool:
        """Whether it sets handlers of signals, for example, which this thread cannot."""
        return "main thread" in str(self.error)

    def run(self) -> None:
        """Run it as `python manage.py` does."""
        from django.core.management import ManagementUtility

        setattr(ManagementUtility, "execute", self._execute)  # noqa: B010 - mypy lets no method be replaced
        sys.argv = [self.path.name, "migrate", "--noinput"]
        try:
            runpy.run_path(str(self.path), run_name="__main__")
        except _Reached:
            pass
        except (Exception, SystemExit) as error:
            self.error = error

    def _execute(self) -> None:
        self.reached = True
        raise _Reached
