"""The process that loads the site, with the current interpreter: what it is to try, and its answer."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ..effects.commands import run
from ..masking.unsafe import turns_on
from ..model import Project, Record, Variable
from ..production.build_only import placeholders
from . import code_addresses, code_variables, failing, services, starts
from .asked import told_by_place, unread_variable, variable
from .checkout import checkout
from .environments import Offered
from .order import isolated

CHILD = Path(__file__).with_name("child") / "__main__.py"
# From the current environment, what an interpreter needs to start.
_KEPT = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT", "LANG", "LC_ALL")
# What the project writes to its home or to the temporary folder goes with the trial.
_HOME, _TEMPORARY = ("HOME", "USERPROFILE"), ("TMPDIR", "TEMP", "TMP")
_SECONDS = 120
_VERSION = """__version__ = version = "0"
__version_tuple__ = version_tuple = (0,)
__commit_id__ = commit_id = None
"""
# The limit for variables and modules that are found one by one, each through its own error.
_MOST = 12


def seen(
    project: Project,
    contents: Mapping[str, bytes],
    order: Mapping[str, Any],
    env: Mapping[str, str],
    building: Mapping[str, str],
    offered: Offered,
    record: Record,
) -> dict[str, Any] | None:
    """The child's answer, and the variables without a value in `env`. With `building`, the build is tried too."""
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as name:
        # The child sees paths with links resolved.
        folder = Path(os.path.realpath(name))
        tree = folder / "tree"
        failed = checkout(project.root, tree, contents, record, left_out=order["left_out"])
        if failed:
            raise OSError(failed)
        if order["version_file"]:
            _write_version(tree / order["version_file"])
        if order["read_only"]:
            # The build has made the one, the platform the others.
            for there in filter(None, (order["collected"], *order["writable"])):
                (tree / there).mkdir(parents=True, exist_ok=True)
        withheld = dict(order["withheld"])
        placed = {**order, "tree": str(tree), "withheld": withheld}
        parts = [part for part in order["parts"] if part in ("settings", "collectstatic")]
        build_order = {**placed, "parts": parts, "read_only": False, "argv": _manage("collectstatic")}
        read, unknown = project.variables, offered.unknown
        build = partial(_completed, folder, build_order, building, read, offered.building, unknown, record)
        run_site = partial(_completed, folder, placed, env, read, offered.running, unknown, record)
        answer, asked = run_site()
        first_build = None
        if building and answer and answer["failed"] and answer["failed"]["read_only"]:
            # The build may write, so production may have the file that is written where it is missing.
            first_build = build()
            answer, asked = run_site()
        undeclared: list[dict[str, Any]] = []
        declared = dict(order["declared"])
        while answer and (package := _undeclared(answer["failed"], withheld)) and len(undeclared) < _MOST:
            # The user learns of all at once. Each brings the packages that it needs.
            undeclared.append(answer["failed"])
            declared[package] = []
            still = isolated({**order, "declared": declared})["withheld"]
            for module in withheld.keys() - still.keys():
                del withheld[module]
            answer, asked = run_site()
        if answer is None:
            return None
        env = {**env, **_values(asked, {**unknown, **offered.running})}
        unread = unread_variable(answer, env)
        asked.pop(unread, None)
        release = _release(folder, placed, env, record, answer)
        code_read = code_variables.variables(tree, answer["code"])
        in_code = code_addresses.local_addresses(tree, answer["code"])
        found_services = _services(project, folder, placed, env, record, answer)
        started = [] if answer["failed"] else _started(folder, placed, env, record)
        built, running = None, []
        if building:
            # A build has a placeholder for what it asks for itself, whether or not the site was given a value. Where
            # packages are missing, the first one says that again.
            built, more = (None if undeclared else first_build) or build()
            more.pop(unread, None)
            running = sorted(asked.keys() - more) if built and not built["failed"] else []
            asked |= more
    known = {name: order[name] for name in ("complete", "withheld", "left_out")}
    build_failed = built["failed"] if built else None
    found = {
        # Where the user's own value turns it on, that value is what is wrong.
        "debug": answer["debug"] and not turns_on(env.get("DEBUG", "")),
        "undeclared": undeclared,
        "asked": asked,
        "running": running,
        "unread": unread,
        "services": found_services,
        "variables": code_read,
        "code_addresses": in_code,
        "build": build_failed,
        "release": release,
        "starts": started,
    }
    return {**answer, **known, **found}


def _write_version(path: Path) -> None:
    """The module as setuptools-scm and hatch-vcs write it in the build, unless Git has it."""
    if path.parent.is_dir() and not path.exists():
        path.write_text(_VERSION, encoding="utf-8")


def _undeclared(failed: Mapping[str, Any] | None, withheld: Mapping[str, str]) -> str:
    """The package whose absence is the failure, if it is here and production certainly does not have it."""
    if not failed or failed["own_folder"] or "ModuleNotFoundError" not in failed["kinds"]:
        return ""
    return withheld.get((failed["missing"] or "").partition(".")[0], "")


def _completed(
    folder: Path,
    order: Mapping[str, Any],
    env: Mapping[str, str],
    read: Collection[Variable],
    offered: Mapping[str, str],
    unknown: Mapping[str, str],
    record: Record,
) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """The child's answer, and the place of each variable that it lacked: they are added one by one.

    A failure may not name the variables, and code may make their names up: then it gets everything `offered`. It gets
    the placeholders for `unknown` values too where the site is loaded with them.
    """
    asked: dict[str, str] = {}
    # Since then, the failure is the same.
    without_effect: set[str] = set()
    failed = None
    for _ in range(_MOST):
        known = {**env, **_values(asked, offered)}
        answer = _answer(folder, order, known, record)
        if not answer or answer["failed"] != failed:
            without_effect.clear()
        failed = answer["failed"] if answer else None
        lacking = variable(answer, known, read) if answer else None
        if answer is None or lacking is None:
            break
        asked[lacking] = _read_at(lacking, answer["failed"], read)
        without_effect.add(lacking)
    for name in without_effect:
        if failed and told_by_place(name, failed, read):
            del asked[name]
    for spare in (offered, {**unknown, **offered} if unknown else {}):
        names = spare.keys() - env.keys() - asked.keys()
        if not answer or not answer["failed"] or not names:
            continue
        other = _answer(folder, order, {**known, **spare, **env}, record)
        helped = other and (not other["failed"] or (spare is offered and other["failed"] != answer["failed"]))
        if other and helped:
            return other, {**asked, **dict.fromkeys(sorted(names), answer["failed"]["place"])}
    return answer, asked


def _read_at(name: str, failed: Mapping[str, Any], read: Iterable[Variable]) -> str:
    """The place of the variable in the traceback, or else that of the failure."""
    places = (one.place for one in read if one.name == name and one.place in failed["places"])
    return str(next(places, failed["place"] or failed["by"]))


def _values(names: Iterable[str], offered: Mapping[str, str]) -> dict[str, str]:
    """What the user offers for each variable, or else a placeholder."""
    return {name: offered.get(name, value) for name, value in placeholders(names).items()}


def _manage(command: str) -> list[str]:
    return ["manage.py", command, "--noinput"]


def _release(
    folder: Path, order: Mapping[str, Any], env: Mapping[str, str], record: Record, answer: Mapping[str, Any]
) -> dict[str, Any] | None:
    """How `migrate` fails if the site queries the database while it is loaded: before the first release there are no
    tables.
    """
    if not failing.lacks_database(answer["failed"]):
        return None
    release = {**order, "parts": ["settings", "URLs"], "argv": _manage("migrate")}
    seen = _answer(folder, release, env, record)
    return seen["failed"] if seen and failing.lacks_database(seen["failed"]) else None


def _started(folder: Path, order: Mapping[str, Any], env: Mapping[str, str], record: Record) -> list[starts.Started]:
    """What each start command of the user's own files loads, where the server looks for it."""

    def load(changes: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any] | None:
        parts = [part for part in order["parts"] if part in ("settings", "application")]
        return _answer(folder, {**order, **changes, "parts": parts}, {**env, **variables}, record)

    return [starts.loaded(one, Path(order["tree"]), load) for one in order["starts"]]


def _services(
    project: Project, folder: Path, order: Mapping[str, Any], env: Mapping[str, str], record: Record, answer: Any
) -> list[services.Service]:
    """The services out of production's reach whose addresses come from the code."""
    if not answer["services"]:
        return []
    parts = [part for part in order["parts"] if part in ("settings", "application", "services")]

    def found_with(values: Mapping[str, str]) -> list[services.Service]:
        seen = _answer(folder, {**order, "parts": parts}, {**env, **values}, record)
        return list(seen["services"]) if seen else []

    return services.traced(answer["services"], project.variables, env, found_with)


def _answer(folder: Path, order: Mapping[str, Any], env: Mapping[str, str], record: Record) -> dict[str, Any] | None:
    order_file, answer_file = folder / "order.json", folder / "answer.json"
    order_file.write_text(json.dumps(order), encoding="utf-8")
    answer_file.unlink(missing_ok=True)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    argv = (sys.executable, str(CHILD), str(order_file), str(answer_file))
    home = folder / "home"
    home.mkdir(exist_ok=True)
    own = {**dict.fromkeys(_HOME, str(home)), **dict.fromkeys(_TEMPORARY, str(folder)), "PYTHONUTF8": "1"}
    cwd = Path(order["tree"]) / order["manage_dir"]
    ran = run(argv, cwd=cwd, timeout=_SECONDS, environment={**kept, **own, **env})
    record(replace(ran, argv=("the trial of the site",)), True)
    try:
        return dict(json.loads(answer_file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
