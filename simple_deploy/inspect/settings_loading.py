"""The developer's settings, loaded where only `python -m simple_deploy` was started."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from runpy import run_path

from django.conf import settings
from django.utils.functional import empty

from ..model import Variable
from ..production.build_only import UNKNOWN, build_only, demanded
from .own_line import own_lines
from .repository import root_above
from .script_variables import default_settings_module, programs_started
from .settings_choice import for_production, settings_files
from .settings_modules import modules
from .settings_switch import FOR_PRODUCTION
from .source import source
from .variables import variables

_NAME = "DJANGO_SETTINGS_MODULE"
# The audit events of programs that are started.
_STARTING = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"})


@dataclass(frozen=True, kw_only=True)
class NotLoaded:
    """Why the settings cannot be loaded, and whether that is so with a value for each variable that they need."""

    error: Exception
    stood_in: bool


def load_settings(script: Path, platform: str | None, values: Callable[[], Mapping[str, str]]) -> NotLoaded | None:
    """Choose the settings as manage.py does and load them; returns the first reason why they cannot be loaded.

    Where no script names any, the only ones for production, or for the platform, are used. What manage.py prepares for
    them, and the variables that they need, are supplied only if loading fails without: `values` gives the user's for
    the site, others get a placeholder.
    """
    os.environ.setdefault(_NAME, default_settings_module(script) or "")
    named, first, given, stood_in = os.environ[_NAME], _failure(), dict(os.environ), False
    choose = partial(_name_for_production, names=for_production(platform))
    stand_in = partial(_stand_in_for_variables, values=values)
    ways: list[Callable[[Path], None]] = [_prepare_as_manage_py_does, choose, stand_in]
    for way in ways if first else ():
        way(script)
        error = _failure()
        if error is None:
            return None
        # As long as no module is named, the error says only that; what manage.py prepares, the settings may rely on.
        # With placeholders, it may be about one of them.
        stood_in = way is stand_in and str(error) != str(first) and UNKNOWN not in str(error)
        if not named or way is _prepare_as_manage_py_does or stood_in:
            named, first = os.environ[_NAME], error
    for name in os.environ.keys() - given.keys():
        del os.environ[name]
    return NotLoaded(error=first, stood_in=stood_in) if first else None


def lacking(script: Path) -> list[Variable]:
    """The variables that the settings need, according to their source, and this shell lacks."""
    return [one for one in _read(script) if one.needed != "no" and one.name not in os.environ]


def candidates(script: Path) -> list[str]:
    """The modules that may be production's settings: those that server scripts name, or else every settings file, first
    those with a name for production.
    """
    others = settings_files(script.parent)
    return _named_for_the_server(script) or sorted(others, key=lambda one: one.rpartition(".")[2] not in FOR_PRODUCTION)


def _failure() -> Exception | None:
    try:
        _ = settings.INSTALLED_APPS
    except Exception as error:  # whatever a project's settings may raise
        # django-configurations leaves a module without the settings of its class.
        sys.modules.pop(os.environ[_NAME], None)
        # Settings that ask Django for one while they load leave what it has until then.
        settings._wrapped = empty
        return error
    return None


def _prepare_as_manage_py_does(script: Path) -> None:
    """Run manage.py up to where it calls Django: until then it may compute the module, or add to `sys.path`.

    It starts no program: one that is not Django's own may start tools that change the project.
    """
    from django.core import management

    running = [True]
    sys.addaudithook(lambda event, _: _refuse(event) if running else None)
    kept, arguments = management.execute_from_command_line, sys.argv
    management.execute_from_command_line = lambda argv=None: None
    sys.argv = [str(script), "simple_deploy"]
    if not os.environ[_NAME]:
        del os.environ[_NAME]
    try:
        run_path(str(script), run_name="__main__")
    except (Exception, SystemExit):
        return  # The error from the settings themselves is more specific.
    finally:
        running.clear()
        management.execute_from_command_line, sys.argv = kept, arguments
        os.environ.setdefault(_NAME, "")


def _refuse(event: str) -> None:
    if event in _STARTING:
        raise PermissionError(f"manage.py is only read: {event}")


def _name_for_production(script: Path, names: Sequence[str]) -> None:
    """Use the module that the WSGI and ASGI scripts name, or the only one with a name for production: manage.py needs a
    program that was not started, or names none.
    """
    files = settings_files(script.parent)
    named = _named_for_the_server(script) or [one for one in files if one.rpartition(".")[2] in names]
    # A manage.py that starts another program itself may leave the settings to it.
    if len(named) == 1 and not os.environ[_NAME] and not programs_started(script):
        os.environ[_NAME] = named[0]


def _named_for_the_server(script: Path) -> list[str]:
    scripts = sorted(script.parent.glob("*/[aw]sgi.py"))
    return list(dict.fromkeys(filter(None, map(default_settings_module, scripts))))


def _stand_in_for_variables(script: Path, values: Callable[[], Mapping[str, str]]) -> None:
    """Values for variables that the settings read and this shell lacks: a fresh clone has no .env."""
    read, root = _read(script), root_above(script.parent) or script.parent
    os.environ.update({**values(), **os.environ})
    os.environ.update(build_only(read, os.environ))
    for _ in read:
        error = _failure()
        asked = demanded(str(error), read, own_lines(error, root)) if error else {}
        if asked.keys() <= os.environ.keys():
            return
        os.environ.update(asked)


def _read(script: Path) -> tuple[Variable, ...]:
    root = root_above(script.parent)
    if root is None:
        return ()
    return variables(modules(source(root), [os.environ[_NAME]], script.parent.relative_to(root).as_posix()))
