"""The project's settings module → Settings: the one for production, loaded in this process or in another one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from ..contract import plain
from ..effects.commands import last_line, run
from ..effects.own_module import own_module
from ..masking.telling import named
from ..messages import errors
from ..model import Options, Problem, Record, Secret, Settings
from ..production.build_only import build_only, demanded, has_effect
from .found_above import found_by_this_shell
from .own_line import own_line
from .settings_choice import GUESSED, Choice, choices, settings_files
from .settings_modules import modules
from .settings_reader import OutsideRepository, from_json, log_files, read_loaded, sqlite_files
from .source import source
from .variables import variables


class _NotLoaded(Exception):
    """A separate process could not load the settings; the argument is the reason."""


def read_settings(root: Path, options: Options, record: Record) -> tuple[Settings | None, list[Problem]]:
    """The settings that production uses, or the problem with them.

    A module that is meant for production but not named anywhere is used only if it can be loaded here. One without
    ROOT_URLCONF, such as a package that only contains the settings, is used only if there is no other.
    """
    manage_dir = options.manage_py.parent.relative_to(root).as_posix()
    return _first(iter(choices(options, source(root), manage_dir)), other_product(), root, options, record)


def _first(
    left: Iterator[Choice], notes: list[str], root: Path, options: Options, record: Record
) -> tuple[Settings | None, list[Problem]]:
    """The first choice that can be used; after an optional one, the next is what the site otherwise has."""
    passed_over: list[Problem] = []
    problems: list[Problem] = []
    for choice in left:
        settings, problems = _read(choice, root, options, record)
        if settings:
            otherwise = _first(left, [*notes], root, options, record)[0] if choice.optional else None
            notes += choice.notes
            # manage.py may run with other settings, and what writes their files does too.
            other = not _is_loaded(choice, options)
            databases = {*settings.sqlite_files, *(sqlite_files(root) if other else ())}
            logs = {*settings.log_files, *(log_files(root) if other else ())}
            made = replace(
                settings,
                sqlite_files=tuple(sorted(databases)),
                log_files=tuple(sorted(logs)),
                environment=choice.environment,
                notes=tuple(notes),
                passed_over=tuple(passed_over),
                otherwise=otherwise,
            )
            return made, problems
        if choice.optional:
            continue
        notes += [f"{choice.label} is not used, although {choice.why}. {one.found}" for one in problems]
        if choice.why == GUESSED:
            passed_over += [errors.settings_passed_over(module=choice.label, reason=one.found) for one in problems]
        elif errors.no_urlconf.code not in {one.code for one in problems}:
            break
    return None, problems


def other_product() -> list[str]:
    """A note if the product with the similar name is installed in this environment."""
    if find_spec("django_simple_deploy") is None:
        return []
    return [
        "django-simple-deploy, a different product, is installed in this environment too; its command is manage.py "
        "deploy. docs/migrating.md in the repository of simple-deploy explains how to change over."
    ]


def _is_loaded(choice: Choice, options: Options) -> bool:
    """Whether this process has loaded these settings."""
    return choice.module == options.settings_module and choice.variables.items() <= os.environ.items()


def _read(choice: Choice, root: Path, options: Options, record: Record) -> tuple[Settings | None, list[Problem]]:
    module = choice.module
    if not module:
        return None, [errors.settings_in_code(script="manage.py")]
    if problem := found_by_this_shell(module, options.manage_py, root):
        return None, [problem]
    try:
        if _is_loaded(choice, options):
            settings = read_loaded(module, options.manage_py, root)
        else:
            settings = _read_other(choice, options, root, record)
    except OutsideRepository as error:
        return None, [errors.settings_outside(module=module, path=str(error))]
    except _NotLoaded as error:
        return None, [_not_loaded(module, str(error), options.manage_py)]
    except Exception as error:  # whatever a project's settings may raise
        return None, [_not_loaded(module, reason(error, root), options.manage_py)]
    return (settings, []) if settings.application else (None, [errors.no_urlconf(module=module)])


def _not_loaded(module: str, why: str, manage_py: Path) -> Problem:
    # Not at the top: most settings can be loaded.
    from ..package_managers.standard_library import removed_module

    return removed_module(why) or settings_not_found(module, why, manage_py)


def settings_not_found(module: str, why: str, manage_py: Path) -> Problem:
    """The problem of this module, with the others that the user may choose."""
    others = [one for one in settings_files(manage_py.parent) if one != module]
    return errors.settings_not_found(module=module, reason=why, others=others or ["your_project.settings"])


def reason(error: BaseException, root: Path) -> str:
    """The error from the settings, and the last line of the project's own code that led to it."""
    place = own_line(error, root)
    return named(f"{type(error).__name__}: {error}") + (f" ({place})" if place else "")


def _read_other(choice: Choice, options: Options, root: Path, record: Record) -> Settings:
    """Settings that this process has not loaded, with the user's values, and placeholders for others that they need."""
    manage_py = options.manage_py
    read = variables(modules(source(root), [choice.module], manage_py.parent.relative_to(root).as_posix()))
    given, offered = _texts(options.variables), _texts(options.offered)
    effective = {
        one.name: offered[one.name] for one in read if one.name in offered and has_effect(one, offered[one.name])
    }
    of_site = {**options.recorded, **effective, **given, **choice.variables}
    env = {"PYTHONPATH": os.pathsep.join(sys.path), **build_only(read, os.environ), **of_site}
    for _ in range(len(read) + 1):
        text = _answer(choice.module, manage_py, root, env, record)
        answer = json.loads(text)
        failed = answer.get("failed", "")
        asked = demanded(failed, read, answer.get("places", ()))
        if asked.keys() <= env.keys():
            break
        env |= {name: offered.get(name, value) for name, value in asked.items()}
    if failed:
        raise _NotLoaded(failed)
    return from_json(text)


def _texts(values: Mapping[str, str | Secret]) -> Mapping[str, str]:
    """Those that are known: the user may be asked for a secret later."""
    return {name: text for name, value in values.items() if (text := plain(value))}


def _answer(module: str, manage_py: Path, root: Path, env: Mapping[str, str], record: Record) -> str:
    argv = (sys.executable, *own_module("simple_deploy.inspect"), module, str(manage_py), str(root))
    ran = run(argv, cwd=manage_py.parent, env=env)
    record(ran, False)
    if not ran.ok:
        raise _NotLoaded(last_line(ran.stderr))
    return ran.stdout.splitlines()[-1]
