"""`python -m simple_deploy`: the same command, for a project that has not added it to INSTALLED_APPS."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .interrupts import quiet_interrupts

with quiet_interrupts():
    from . import errors
    from .inspect.settings_reader import default_settings_module
    from .known_secrets import known_secrets
    from .model import Problem
    from .redact import Redactor


def main() -> int:
    """Act as `manage.py simple_deploy` would in the current folder."""
    script = Path.cwd() / "manage.py"
    sys.path.insert(0, str(script.parent))
    problem = _prepare(script) if script.is_file() else errors.no_manage_py(str(script.parent))
    if problem:
        redact = Redactor(known_secrets(script, os.environ.get("DJANGO_SETTINGS_MODULE", "")))
        sys.stderr.write(redact.output(f"Stopped: {errors.Refused([problem])}\n"))
        return 1
    sys.argv[0] = str(script)
    from .management.commands.simple_deploy import Command

    Command().run_from_argv([str(script), "simple_deploy", *sys.argv[1:]])
    return 0


def _prepare(script: Path) -> Problem | None:
    """Name the settings as manage.py does, and load them: Django's own error would be a traceback."""
    from django.conf import settings
    from django.core.management.base import CommandParser, handle_default_options

    parser = CommandParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    parser.add_argument("--traceback", action="store_true")
    given = parser.parse_known_args()[0]
    handle_default_options(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", default_settings_module(script) or "")
    module = os.environ["DJANGO_SETTINGS_MODULE"]
    try:
        _ = settings.INSTALLED_APPS
    except Exception as error:  # whatever a project's settings may raise
        if given.traceback:
            raise
        return errors.settings_need_manage_py(module or "(none)", f"{type(error).__name__}: {error}")
    return None


if __name__ == "__main__":
    with quiet_interrupts():
        sys.exit(main())
