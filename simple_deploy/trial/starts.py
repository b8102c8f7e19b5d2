"""The start commands in the user's own files: what each one loads, where, and how that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ..contract import Platform, Site, Start
from ..messages import errors
from ..model import Problem, Project
from . import failing, paths
from .case import Case
from .start_command import Named, named

Started = dict[str, Any]
# Loads the site with these changes to the order, and with these variables too.
Load = Callable[[Mapping[str, Any], Mapping[str, str]], Mapping[str, Any] | None]
# A project with one of these may be installed as a package, so that its modules are found from any folder.
_PACKAGED = ("pyproject.toml", "setup.py", "setup.cfg")


def wanted(site: Site, platform: Platform) -> list[Started]:
    """What start commands load, or load from elsewhere, than the application that a trial loads anyway."""
    found = ((start, named(start.command)) for start in platform.starts(site))
    each = [_wanted(site, start, one) for start, one in found if one]
    return [one for one in each if not _is_known(site.project, one)]


def _wanted(site: Site, start: Start, one: Named) -> Started:
    project, anywhere = site.project, _folders(site.project)
    return {
        "place": f"{start.file}:{_line(project, start.file, one.application)}",
        "application": one.application,
        "folders": _looked_in(site, start, one) or anywhere,
        "anywhere": anywhere,
        "instead": " ".join(site.recipe.served),
        "variables": dict(one.variables),
    }


def _looked_in(site: Site, start: Start, one: Named) -> list[str]:
    """The folders where the server finds modules; none if they are not known."""
    changed = "PYTHONPATH" in {*site.options.variables, *site.remote.variables}
    elsewhere = any((site.project.root / name).exists() for name in (*_PACKAGED, *start.before))
    if start.folder is None or one.folders is None or site.recipe.binds or changed or elsewhere:
        return []
    below = [(PurePosixPath(start.folder) / folder).as_posix() for folder in one.folders]
    return list(dict.fromkeys([*below, *start.path]))


def _folders(project: Project) -> list[str]:
    """The folders where a server may find the project's modules, wherever it runs."""
    own = [PurePosixPath(folder) for folder in (project.manage_dir, *project.more_paths)]
    return list(dict.fromkeys(each.as_posix() for one in own for each in (one, *one.parents)))


def _is_known(project: Project, one: Started) -> bool:
    """Whether the trial loads the same from the same folders."""
    application = project.settings.application
    same = one["application"] == (application if ":" in application else f"{application}:application")
    own = {project.manage_dir, *project.more_paths}
    return same and not one["variables"] and one["folders"][0] in own <= {*one["folders"]}


def _line(project: Project, file: str, application: str) -> int:
    """The line that names the application; 1 if the text is spread over several."""
    text = (project.files.get(file) or b"").decode("utf-8", "replace")
    module = application.partition(":")[0]
    numbered = enumerate(text.splitlines(), 1)
    return next((number for number, line in numbered if module in line and line.lstrip()[:1] != "#"), 1)


def loaded(one: Started, tree: Path, load: Load) -> Started:
    """With how it fails (`failed`; `gone`: the folder that does not exist), and whether the project has the modules."""
    first, *others = one["folders"]
    if not (tree / first).is_dir():
        return {**one, "gone": first, "failed": None, "settings": "", "in_effect": True}
    application = one["application"]
    changes = {"application": application, "manage_dir": first, "paths": others, "argv": ["gunicorn", application]}
    answer = load(changes, one["variables"]) or {"failed": None, "settings": "", "in_effect": True}
    missing = (answer["failed"] or {}).get("missing") or ""
    seen = {name: answer[name] for name in ("failed", "settings", "in_effect")}
    top = missing.partition(".")[0]
    return {**one, **seen, "gone": "", "own": _has(tree, one, top), "elsewhere": _has(tree, one, missing)}


def _has(tree: Path, one: Started, module: str) -> str:
    """The folder of the project in which the module is; "" if none has it."""
    path = PurePosixPath(*module.split("."))
    places = [folder for folder in one["anywhere"] if module]
    return next((at for at in places if (tree / at / path).is_dir() or (tree / at / f"{path}.py").is_file()), "")


def problems(case: Case) -> Iterator[Problem]:
    """What stops the run."""
    for one in case.answer["starts"]:
        if one["gone"]:
            yield _fails(case, one, f"there is no folder {one['gone']}")
        elif one["failed"]:
            yield from _failing(case, one)
        elif not one["in_effect"]:
            module, loaded = case.project.settings.module, one["settings"]
            yield errors.other_settings(module=module, loaded=loaded, platform=case.platform)


def _failing(case: Case, one: Started) -> Iterator[Problem]:
    failed, module = one["failed"], one["application"].partition(":")[0]
    reason = failing.said(failed)
    missing = failed["missing"] or ""
    if one["elsewhere"]:
        yield _fails(case, one, f"{reason}. {missing} is in the folder {one['elsewhere']}")
    elif path := paths.untracked(failed, case.project):
        yield paths.lacking(path, case.answer, reason)
    elif _is_absent(case, one, missing) or failed["message"].startswith(f"module '{module}' has no attribute"):
        yield _fails(case, one, reason)
    elif found := failing.problem(case, failed):
        yield _fails(case, one, reason) if found.code == errors.trial_failed.code else found


def _is_absent(case: Case, one: Started, missing: str) -> bool:
    """Whether no package can bring the module: it belongs to the project, or every package is here."""
    named = one["application"].replace(":", ".").startswith(f"{missing}.")
    return bool(missing) and (bool(one["own"]) or (named and case.answer["complete"]))


def _fails(case: Case, one: Started, reason: str) -> Problem:
    return errors.start_fails(
        platform=case.platform,
        place=one["place"],
        application=one["application"],
        reason=reason,
        own=case.project.settings.application,
        wanted=one["instead"],
    )
