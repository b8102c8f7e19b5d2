"""`python -m simple_deploy`: the same command, for a project that has not added it to INSTALLED_APPS."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import errors
from .inspect.settings_reader import default_settings_module


def main() -> int:
    """Find the manage.py of the current folder and act as `manage.py simple_deploy` would."""
    script = Path.cwd() / "manage.py"
    if not script.is_file():
        sys.stderr.write(f"Stopped: {errors.Refused([errors.no_manage_py(str(Path.cwd()))])}\n")
        return 1
    module = default_settings_module(script)
    if module:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)
    sys.path.insert(0, str(script.parent))
    sys.argv[0] = str(script)
    from django.core.management import handle_default_options  # noqa: F401

    from .management.commands.simple_deploy import Command

    Command().run_from_argv([str(script), "simple_deploy", *sys.argv[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
