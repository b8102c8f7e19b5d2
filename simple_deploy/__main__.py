"""`python -m simple_deploy`: the same command, for a project that has not added it to INSTALLED_APPS."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from importlib.util import find_spec
from pathlib import Path

from . import env_options
from .effects.interrupts import quiet_interrupts
from .effects.outlet import Outlet, stopped
from .messages import errors
from .messages.stops import Refused
from .model import Problem, Variable


def _without_django(problem: Problem) -> int:
    stop = Refused([problem])
    return stopped(stop, str(stop), in_json="--json" in sys.argv)


if find_spec("django") is None:
    sys.exit(_without_django(errors.no_django(interpreter=sys.executable)))

# Errors that name code, not what it needs.
_OF_CODE = (AttributeError, ImportError, NameError, SyntaxError)

with quiet_interrupts():
    try:
        from django.core.management.base import CommandParser, handle_default_options
    except Exception as error:  # an old Django on a newer Python
        sys.exit(_without_django(errors.django_not_loaded(interpreter=sys.executable, reason=str(error))))

    from .effects.own_module import INFORMING
    from .inspect import root_above
    from .inspect.found_above import found_above
    from .inspect.ignored_module import example_of, ignored_module
    from .inspect.script_variables import programs_started
    from .inspect.settings import reason, settings_not_found
    from .inspect.settings_loading import NotLoaded, candidates, lacking, load_settings
    from .masking.known_secrets import known_secrets
    from .masking.redact import Redactor
    from .production.build_only import named_in, placeholders


def main() -> int:
    """Run like `manage.py simple_deploy` in the current folder."""
    script = Path.cwd() / "manage.py"
    sys.path.insert(0, str(script.parent))
    given = _given()
    out = sys.stdout
    # Settings may print; with --json, standard output is JSON and nothing else.
    with redirect_stdout(sys.stderr) if given.json else nullcontext():
        problem = None if INFORMING & {*sys.argv} else _problem(script, given)
        if not problem:
            sys.argv[0] = str(script)
            from .management.commands.simple_deploy import Command

            Command(stdout=Outlet(out)).run_from_argv([str(script), "simple_deploy", *sys.argv[1:]])
    return _refused(script, given, problem) if problem else 0


def _given() -> Namespace:
    """The options that take effect before the command itself is loaded."""
    parser = CommandParser(add_help=False, allow_abbrev=False, called_from_command_line=True)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    parser.add_argument("--traceback", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--platform")
    # The command reports what is wrong with these.
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--env-file", action="append", default=[])
    return parser.parse_known_args()[0]


def _refused(script: Path, given: Namespace, problem: Problem) -> int:
    redact = Redactor(known_secrets(script, os.environ.get("DJANGO_SETTINGS_MODULE", "")))
    stop = Refused([problem])
    return stopped(stop, redact(str(stop)), in_json=given.json, platform=given.platform)


def _problem(script: Path, given: Namespace) -> Problem | None:
    return _prepare(script, given) if script.is_file() else errors.no_manage_py(folder=str(script.parent))


def _prepare(script: Path, given: Namespace) -> Problem | None:
    """Choose the settings as manage.py does and load them: Django's own error would be a traceback."""
    handle_default_options(given)
    failed = load_settings(script, given.platform, lambda: _values(script, given))
    if failed and given.traceback:
        raise failed.error
    return _not_loaded(failed, script, given) if failed else None


def _values(script: Path, given: Namespace) -> dict[str, str]:
    """What this run sets, and earlier ones have set: a secret is not recorded, and gets a placeholder."""
    from . import receipt

    root = root_above(script.parent)
    known = receipt.known_values(receipt.load(root), given.platform, None) if root and given.platform else {}
    earlier = {name: known[name] or stand_in for name, stand_in in placeholders(known).items()}
    return {**earlier, **env_options.values(given.env, given.env_file)}


def _not_loaded(failed: NotLoaded, script: Path, given: Namespace) -> Problem:
    error = failed.error
    root = root_above(script.parent) or script.parent
    module, why = os.environ["DJANGO_SETTINGS_MODULE"], reason(error, root)
    if not module:
        starts = [f"manage.py:{line}" for line in programs_started(script)[:1]]
        return errors.settings_unnamed(starts=starts, candidates=candidates(script) or ["your_project.settings"])
    from .package_managers.standard_library import removed_module

    if removed := removed_module(why):
        return removed
    missing = error.name if isinstance(error, ModuleNotFoundError) and error.name else ""
    if missing and (file := ignored_module(missing, script.parent, root)):
        if missing == module:
            return errors.settings_ignored(module=module, file=file)
        example = example_of(root / file)
        source = f" from {example}" if example else ""
        return errors.settings_ignored_module(module=module, reason=why, file=file, source=source)
    package = missing.partition(".")[0]
    if missing == module.partition(".")[0] and (elsewhere := found_above(module, script, root)):
        return elsewhere
    if not package or _is_own(package, script.parent):
        return _needing(module, why, failed, [] if package else lacking(script), given)
    if package == module.partition(".")[0]:
        return found_above(module, script, root) or settings_not_found(module, why, script)
    from .package_managers.modules import package_of

    return errors.settings_lack_a_module(module=module, reason=why, missing=missing, package=package_of(missing))


def _is_own(name: str, folder: Path) -> bool:
    """Whether the project has this module, perhaps in a folder that manage.py adds to the path, such as apps/."""
    own = [path for start in ("", "*/") for path in folder.glob(f"{start}{name}*") if path.name in (name, f"{name}.py")]
    # site/celery.py is another module than celery.
    return any(path.is_dir() or path.parent == folder or not (path.parent / "__init__.py").is_file() for path in own)


def _needing(module: str, why: str, failed: NotLoaded, variables: Sequence[Variable], given: Namespace) -> Problem:
    by, option = ("--settings", f" --settings {module}") if given.settings else ("manage.py", "")
    if variables and failed.stood_in:
        return errors.settings_lack_values(module=module, by=by, option=option, reason=why)
    if not variables:
        name = "" if isinstance(failed.error, _OF_CODE) else _variable_in(why)
        asked = f"If {name} is a variable, give its value for production: --env {name}=VALUE\n" if name else ""
        return errors.settings_need_manage_py(module=module, by=by, option=option, reason=why, asked=asked)
    listed = [f"{one.name} ({one.place})" for one in variables]
    return errors.settings_lack_variables(module=module, by=by, reason=why, variables=listed, first=variables[0].name)


def _variable_in(reason: str) -> str:
    """A name in the reason that may be a variable's: no setting of Django, and no name of one word."""
    from django.conf import global_settings

    return next((name for name in named_in(reason) if "_" in name and not hasattr(global_settings, name)), "")


if __name__ == "__main__":
    with quiet_interrupts():
        sys.exit(main())
