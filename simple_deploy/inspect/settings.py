"""Settings of the project → Settings: those that production uses, from this process or from one of their own."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from .. import errors
from ..commands import run
from ..model import Options, Problem, Record, Settings
from ..telling import named
from .settings_reader import OutsideRepository, from_json, production_module, read_loaded, sqlite_files


def read_settings(root: Path, options: Options, record: Record) -> tuple[Settings | None, list[Problem]]:
    """The settings that --settings names, else those that the WSGI script selects; or the problem with them."""
    module = options.settings_module
    try:
        if not options.settings_named:
            module = production_module(options.settings_module)
        if module == options.settings_module:
            settings = read_loaded(module, options.manage_py, root)
        else:
            settings = _read_other(module, options.manage_py, root, record)
            # manage.py runs with settings of its own, and so does what writes their database.
            both = {*settings.sqlite_files, *sqlite_files(root)}
            settings = replace(settings, sqlite_files=tuple(sorted(both)))
    except OutsideRepository as error:
        return None, [errors.settings_outside(module, str(error))]
    except Exception as error:  # whatever a project's settings may raise
        return None, [errors.settings_not_found(module, named(f"{type(error).__name__}: {error}"))]
    return (settings, []) if settings.wsgi else (None, [errors.no_wsgi()])


def _read_other(module: str, manage_py: Path, root: Path, record: Record) -> Settings:
    reader = (sys.executable, "-m", "simple_deploy.inspect")
    ran = run((*reader, module, str(manage_py), str(root)), cwd=manage_py.parent)
    record(ran, False)
    if not ran.ok:
        raise ImportError(errors.last_line(ran.stderr))
    return from_json(ran.stdout.splitlines()[-1])
