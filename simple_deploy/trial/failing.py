"""The part of the trial that failed → the problem that production would have, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..masking.telling import named
from ..messages import errors
from ..model import Problem, Project
from ..package_managers import Known, project_table, setup_script
from ..package_managers.modules import package_of, with_modules
from ..package_managers.names import name_of
from ..package_managers.standard_library import removed_module
from ..production.build_only import UNKNOWN
from . import paths
from .case import Case, Json

# A production service that is missing here is not an error in the code.
_ELSEWHERE = re.compile(
    r".*(OperationalError|InterfaceError|Connection\w*Error|gaierror|Timeout\w*|HTTPError|SSLError)"
)

# An extension module that was compiled for another Python or another package.
_COMPILED_FOR_ANOTHER = re.compile(r"undefined symbol|symbol not found|binary incompatib|compiled using NumPy", re.I)
# Django's errors in code that is imported before it is set up.
_TOO_EARLY = re.compile(r"settings are not configured|Apps aren't loaded yet")
# A module that the build of the project's own package writes, such as setuptools-scm's `version_file`.
_WRITTEN = re.compile(r"(?:cannot import name|No module named) '(?:\w+\.)*_{0,2}version_{0,2}'")
# Errors that do not depend on the values of variables.
_CERTAIN = frozenset({"SyntaxError", "ImportError", "NameError", "FieldError"})
# Django's errors for code that needs an app which these settings leave out, or have twice.
_WRONG_APPS = re.compile(
    r"isn't in an application in INSTALLED_APPS|No installed app with label|Application \w+ aren't unique"
)


def problem(case: Case, failed: Json) -> Problem | None:
    """None if the reason is not in the code: a service or package that is missing here, or a placeholder."""
    answer, project, platform, works_otherwise = case.answer, case.project, case.platform, case.works_otherwise
    reason, place = said(failed), failed["place"]
    if "." in project.dependencies.files and _WRITTEN.search(failed["message"]):
        return None
    if path := paths.untracked(failed, project):
        return paths.lacking(path, answer, reason)
    if folder := paths.untracked_folder(failed, project):
        return errors.folder_untracked(folder=folder, keep=f"{folder}/.gitkeep", reason=reason)
    if unusable := not_there(case, failed):
        return unusable
    if failed["missing"] and "ModuleNotFoundError" in failed["kinds"]:
        if is_off_path(case, failed):
            script = project.settings.application.partition(":")[0]
            return errors.module_off_path(platform=platform, folder=failed["own_folder"], script=script, reason=reason)
        if removed := removed_module(reason):
            return removed
        certain = answer["complete"] and not may_be_built(case, failed)
        if certain and _is_application(failed, project):
            return errors.application_missing(application=project.settings.application)
        return _undeclared(answer, failed, project, reason) if certain else None
    # A migration that cannot be imported.
    migration = failed["part"] == "migrations" and "/migrations/" in place
    tried = migration or failed["part"] in ("settings", "application", "collectstatic", "checks", "manage.py")
    if is_elsewhere(failed) or not (works_otherwise or tried):
        return None
    if _TOO_EARLY.search(failed["message"]) and place:
        return errors.loaded_too_early(platform=platform, script=project.settings.application, reason=reason)
    if answer["complete"] and (misfit := _misfit(failed)):
        return errors.packages_incompatible(platform=platform, manifest=project.dependencies.manifest, reason=misfit)
    # A placeholder may lack the format of the user's value, and this machine a library that production has.
    certain = _CERTAIN | ({"FileNotFoundError"} if failed["file"] else set())
    certain = frozenset() if UNKNOWN in failed["file"] + failed["message"] else certain
    doubtful = not certain & {*failed["kinds"]} and not _WRONG_APPS.search(failed["message"])
    doubted = doubtful and not migration and (case.guesses or failed["by"] == "django")
    if works_otherwise or (place and not doubted):
        return errors.trial_failed(part=failed["part"], reason=reason, platform=platform)
    return None


def _misfit(failed: Json) -> str:
    """Why a package cannot be imported with the others, or with this Python, without paths of this machine."""
    compiled = next(filter(_COMPILED_FOR_ANOTHER.search, failed["causes"]), None)
    if compiled:
        return re.sub(r"\S*site-packages[/\\]", "", compiled)
    if failed["by_project"] or not failed["message"].startswith("cannot import name"):
        return ""
    by = f"{failed['by']}: " if failed["by"] else ""
    return by + str(failed["message"].partition(" (")[0])


def lacks_database(failed: Json | None) -> bool:
    """Whether a part failed because a trial has no database server."""
    return bool(failed) and "NoServer" in (failed or {})["kinds"]


def may_be_built(case: Case, failed: Json) -> bool:
    """Whether the missing module is the project's own, and production may have it because it builds the project."""
    own = case.order.get("own")
    left_out = own and (failed["missing"] or "").partition(".")[0] not in own["names"]
    return bool(failed["own_folder"]) and "." in case.project.dependencies.files and not left_out


def not_there(case: Case, failed: Json) -> Problem | None:
    """The problem of a path that production does not have, or not to write to."""
    if folder := paths.of_this_machine(failed, case.order["absent"]):
        return errors.path_of_this_machine(platform=case.platform, folder=folder, reason=said(failed))
    return errors.writes_below_folder(platform=case.platform, reason=said(failed)) if failed["read_only"] else None


def is_off_path(case: Case, failed: Json) -> bool:
    """Whether the missing module is in a folder of the project from which only manage.py imports."""
    brought = failed["missing"] in case.answer["withheld"]
    elsewhere = paths.is_in_git(failed) and not may_be_built(case, failed)
    return (elsewhere or failed["is_there"]) and not brought


def _is_application(failed: Json, project: Project) -> bool:
    """Whether the missing module is the one that the server would start, or a package that it would be in."""
    application = project.settings.application.partition(":")[0]
    # The place is that of the setting, if it has one.
    return f"{application}.".startswith(f"{failed['missing']}.") and not failed["by_project"]


def is_elsewhere(failed: Json) -> bool:
    """Whether a service is missing that only production has."""
    return any(_ELSEWHERE.fullmatch(kind) for kind in failed["kinds"])


def _undeclared(answer: Json, failed: Json, project: Project, reason: str) -> Problem:
    """Everything that production installs is here, and does not include the module."""
    module, within = failed["missing"], failed["within"]
    if within:
        return errors.module_gone(module=module, within=within, manifest=project.dependencies.manifest, reason=reason)
    top = module.partition(".")[0]
    withheld = answer["withheld"].get(top)
    package = with_modules(withheld) if withheld else package_of(module)
    return unlisted(module, package, reason, project)


def missing_apps(case: Case, failed: Json) -> Iterator[Problem]:
    """The problems of other apps that no requirement provides: the user learns of all at once."""
    for module in failed["apps"]:
        reason = f"ModuleNotFoundError: No module named '{module}' (INSTALLED_APPS)"
        yield unlisted(module, package_of(module), reason, case.project)


def unlisted(module: str, package: str, reason: str, project: Project) -> Problem:
    """The problem of a module that no declared package brings."""
    dependencies = project.dependencies
    files = Known(project.files)
    table = f" ([{dependencies.table}])" if dependencies.table else ""
    # The plan may write requirements.txt for a project that only setup.py describes.
    is_new = project.files.get(dependencies.manifest) is None and setup_script.describes(files)
    manifest = (
        f"{setup_script.place_of_requirements(files)} (install_requires)"
        if is_new
        else f"{dependencies.manifest}{table}"
    )
    extras = list(project_table.extras_with(package, files))[:1]
    # A requirement without a version may bring one that has the module no longer.
    how, where = ("Require", "in") if name_of(package) in dependencies.declared else ("Add", "to")
    return errors.module_undeclared(
        module=module, package=package, manifest=manifest, reason=reason, extras=extras, how=how, where=where
    )


def said(failed: Json) -> str:
    """The error in one line, with its place in the project."""
    first = (failed["message"].splitlines() or [""])[0]
    place = f" ({failed['place']})" if failed["place"] else ""
    return named(f"{failed['type']}: {first}" if first else failed["type"]) + place
