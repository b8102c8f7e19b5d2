"""The child's results → what was tried, and problems with the project's own file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from ..masking.telling import named
from ..messages import errors
from ..model import Problem, Project, StaticFiles, Tried, Variable
from ..package_managers.modules import package_of
from ..production.build_only import REPLACED, UNKNOWN, named_in
from . import conflicts, home_page, migrations, paths
from .other_versions import Other
from .resolution import Resolution

# A production service that is missing here is not an error in the code.
_ELSEWHERE = re.compile(
    r".*(OperationalError|InterfaceError|Connection\w*Error|gaierror|Timeout\w*|HTTPError|SSLError)"
)

# An extension module that was compiled for another Python or another package.
_COMPILED_FOR_ANOTHER = re.compile(r"undefined symbol|symbol not found|binary incompatib|compiled using NumPy", re.I)
# Django's errors in code that is imported before it is set up.
_TOO_EARLY = re.compile(r"settings are not configured|Apps aren't loaded yet")
# Errors that do not depend on the values of variables.
_CERTAIN = frozenset({"SyntaxError", "ImportError", "NameError"})
# Django's error for a model that code imports from an app which these settings leave out.
_NO_APP = re.compile(r"isn't in an application in INSTALLED_APPS")

# Django's check of a model that has images.
_NO_PILLOW = "fields.E210:"

# A run that only configures uses no network.
_TRIED_LATER = "; a run with --automate-all fetches them and tests this before it creates anything"

Json = Mapping[str, Any]


def read(
    answer: Json,
    project: Project,
    order: Json,
    platform: str,
    *,
    guessed: Set[str] = frozenset(),
    fetches: bool = True,
    released: bool = False,
    works_otherwise: bool = False,
) -> tuple[Tried, tuple[Problem, ...]]:
    """The result, and the problems that stop the run. `guessed` are the variables that had placeholder values.

    `fetches` is whether the run fetches packages that are not installed, `released` whether production has tables,
    `works_otherwise` whether the site can be loaded here with other packages: then these are the reason of a failure,
    and neither a placeholder nor this machine.
    """
    failed = answer["failed"]
    guesses = bool(guessed or answer["asked"])
    lacking = ", ".join(order["lacking"])
    reason = f"{lacking} not installed here{', and could not be fetched' if fetches else _TRIED_LATER}"
    untried = [f"the application and the system checks: {reason}"] if lacking else []
    untried += [f"the check {one}: it asks a database or another server" for one in answer["unchecked"]]
    wrong, doubtful = _apart(answer["errors"], project, {*guessed, *answer["asked"]})
    untried += [f"the value of {name}: {one}" for name, one in doubtful]
    problem = None
    querying = (answer.get("release") or {}).get("place")
    contested = answer.get("contested")
    if contested and not fetches:
        names = " or ".join(contested[0]["packages"])
        untried.append(f"{contested[0]['file']}, which is that of {names}; a run with --automate-all tests both")
    if contested and fetches:
        problem = _overlap(contested[0], project)
    elif querying and not released:
        problem = errors.queries_while_loading(place=querying, platform=platform)
    elif answer["unread"]:
        problem = errors.variable_not_read(variable=answer["unread"], place=failed["place"])
    elif failed:
        problem = _problem(answer, project, platform, guesses, works_otherwise)
        if problem is None:
            untried.append(f"{failed['part']}: {_said(failed)}")
    elif answer["settings"] != project.settings.module:
        problem = errors.other_settings(module=project.settings.module, loaded=answer["settings"], platform=platform)
    elif (found := migrations.problem(answer, project, platform)) or (
        (first := answer["first_migrate"])
        and not released
        and (found := migrations.first_migrate(answer, project, platform, _said(first), guessed=guesses))
    ):
        problem = found
    elif answer["programs"] and not any(one.served for one in project.front_ends):
        # A front end brings Node.js and its programs, where the platform builds it with the site.
        problem = _program_missing(answer["programs"], project, platform)
    elif answer["bucket"]:
        problem = _bucket_missing(answer["bucket"], project, platform)
    elif answer["untranslated"]:
        problem = errors.translations_broken(found=answer["untranslated"][:10])
    elif answer["build"] and not _is_elsewhere(answer["build"]):
        problem = errors.build_would_fail(platform=platform, reason=_said(answer["build"]))
    elif literal := [one for one in answer["services"] if one["needed"] and not one["variable"]]:
        problem = _out_of_reach(literal[0], platform)
    elif answer["stored"]:
        problem = errors.writes_below_folder(platform=platform, reason=answer["stored"][0])
    elif wrong:
        problem = _checks(wrong[:10], project, platform)
    said = ""
    if answer["home"] and not problem:
        problem, said = _home_page(answer, project, platform, guesses)
    tried = Tried(
        tried=tuple(answer["tried"]),
        untried=tuple(untried),
        missing_static=tuple(answer["static"]),
        static=StaticFiles(names=answer["static_names"], compresses=answer["compresses"], uploaded=answer["uploaded"]),
        variables=tuple(_lacking(answer)),
        out_of_reach=tuple(_aside(one) for one in answer["services"] if not one["needed"]),
        unmigrated=tuple(answer["unmigrated"]),
        own_sql=tuple(answer["own_sql"]),
        static_handler=answer["static_handler"],
        home_page=said,
        file_values=tuple(dict.fromkeys(one for one in answer["file_values"] if one.split()[0] not in REPLACED)),
    )
    return tried, (problem,) if problem else ()


def _apart(found: list[str], project: Project, guessed: Set[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The errors of checks, and apart from them, with a variable each, those that a placeholder may have caused."""
    by_setting = {one.setting: one.name for one in project.variables if one.name in guessed and one.setting}
    causes = [next((by_setting[name] for name in named_in(one) if name in by_setting), "") for one in found]
    pairs = list(zip(causes, found, strict=True))
    return [one for cause, one in pairs if not cause], [pair for pair in pairs if pair[0]]


def _checks(found: list[str], project: Project, platform: str) -> Problem:
    """A check that names a setting whose value comes from a variable may only need another value."""
    if lacks := next((one for one in found if one.startswith(_NO_PILLOW)), ""):
        return _unlisted("PIL", "Pillow", lacks, project)
    named = {name for one in found for name in named_in(one)} - REPLACED
    variables = [one for one in project.variables if one.setting in named]
    if not variables:
        return errors.checks_failed(found=found, platform=platform)
    listed = [f"{one.name} ({one.place})" for one in variables]
    return errors.checks_failed_by_value(found=found, platform=platform, variables=listed, first=variables[0].name)


def _lacking(answer: Json) -> Iterator[Variable]:
    """The variables without which the settings cannot be loaded, or lead to a service that pages need and miss."""
    for name, place in answer["asked"].items():
        yield Variable(name=name, place=place, needed="yes", in_build=name not in answer["running"])
    for one in answer["services"]:
        if one["needed"] and one["variable"]:
            name, place = one["variable"]
            yield Variable(name=name, place=place, needed="no", unreachable=one["address"])


def _aside(service: Json) -> str:
    named = f"; {service['variable'][0]} can change it" if service["variable"] else ""
    return f"{service['setting']} ({service['place']}): {service['address']}{named}"


def _out_of_reach(service: Json, platform: str) -> Problem:
    setting, address = service["setting"], service["address"]
    name = "MEMCACHED_LOCATION" if "memcache" in service["backend"].lower() else "REDIS_URL"
    default = address if "://" in address or name != "REDIS_URL" else f"redis://{address}"
    return errors.service_unreachable(
        platform=platform, setting=setting, place=service["place"], address=address, variable=name, default=default
    )


def resolved(
    tried: Tried,
    problems: tuple[Problem, ...],
    found: Resolution,
    project: Project,
    python: str,
    untried_versions: Sequence[Other] = (),
) -> tuple[Tried, tuple[Problem, ...]]:
    """The result with the findings of the resolution. The site was not loaded with the `untried_versions`."""
    untried = (*tried.untried, found.untried) if found.untried else tried.untried
    names = tuple(pin.partition("==")[0] for pin in found.installed)
    tried = replace(
        tried,
        untried=untried,
        compiled=found.compiled,
        large=found.large,
        installed=names,
        other_versions=tuple(str(one) for one in untried_versions if one.is_of_another_series),
    )
    manifest = project.dependencies.manifest
    if found.conflict:
        problems += (conflicts.problem(found.conflict, manifest=manifest, python=python),)
    if found.unbuildable:
        problems += (found.unbuildable.problem(manifest),)
    return tried, problems


def _problem(answer: Json, project: Project, platform: str, guesses: bool, works_otherwise: bool) -> Problem | None:
    """None if the reason is not in the code: a service or package that is missing here, or a placeholder."""
    failed = answer["failed"]
    said, place = _said(failed), failed["place"]
    if path := paths.untracked(failed, project):
        return paths.lacking(path, answer, said)
    if folder := paths.untracked_folder(failed, project):
        return errors.folder_untracked(folder=folder, keep=f"{folder}/.gitkeep", reason=said)
    if failed["read_only"]:
        return errors.writes_below_folder(platform=platform, reason=said)
    if failed["missing"] and "ModuleNotFoundError" in failed["kinds"]:
        return _undeclared(answer, project, said) if answer["complete"] else None
    # A migration that cannot be imported.
    migration = failed["part"] == "migrations" and "/migrations/" in place
    tried = migration or failed["part"] in ("settings", "application", "collectstatic")
    if _is_elsewhere(failed) or not (works_otherwise or tried):
        return None
    if _TOO_EARLY.search(failed["message"]) and place:
        return errors.loaded_too_early(platform=platform, script=project.settings.application, reason=said)
    if answer["complete"] and (reason := _misfit(failed)):
        return errors.packages_incompatible(platform=platform, manifest=project.dependencies.manifest, reason=reason)
    # A placeholder may lack the format of the user's value, and this machine a library that production has.
    certain = _CERTAIN | ({"FileNotFoundError"} if failed["file"] and UNKNOWN not in failed["file"] else set())
    doubtful = not certain & {*failed["kinds"]} and not _NO_APP.search(failed["message"])
    doubted = doubtful and not migration and (guesses or failed["by"] == "django")
    if works_otherwise or (place and not doubted):
        return errors.trial_failed(part=failed["part"], reason=said, platform=platform)
    return None


def _home_page(answer: Json, project: Project, platform: str, guessed: bool) -> tuple[Problem | None, str]:
    """The problem of the home page, or what to note about it."""
    failed = answer["home"]
    if _is_elsewhere(failed):
        return None, ""
    builds = any(one.served for one in project.front_ends)
    certain = home_page.is_certain(failed, complete=answer["complete"], builds=builds)
    if certain and not failed["filled"]:
        return home_page.problem(failed, answer, project, platform, _said(failed)), ""
    return None, home_page.note(failed, _said(failed), unknown=guessed or builds, certain=certain)


def _misfit(failed: Json) -> str:
    """Why a package cannot be imported with the others, or with this Python, without paths of this machine."""
    compiled = next(filter(_COMPILED_FOR_ANOTHER.search, failed["causes"]), None)
    if compiled:
        return re.sub(r"\S*site-packages[/\\]", "", compiled)
    if failed["by_project"] or not failed["message"].startswith("cannot import name"):
        return ""
    return str(failed["message"].partition(" (")[0])


def lacks_database(failed: Json | None) -> bool:
    """Whether a part failed because a trial has no database server."""
    return bool(failed) and "NoServer" in (failed or {})["kinds"]


def _is_elsewhere(failed: Json) -> bool:
    return any(_ELSEWHERE.fullmatch(kind) for kind in failed["kinds"])


def _undeclared(answer: Json, project: Project, said: str) -> Problem:
    """Everything that production installs is here, and does not include the module."""
    module, within = answer["failed"]["missing"], answer["failed"]["within"]
    if within:
        return errors.module_gone(module=module, within=within, manifest=project.dependencies.manifest, reason=said)
    package = answer["withheld"].get(module.partition(".")[0]) or package_of(module)
    return _unlisted(module, package, said, project)


def _unlisted(module: str, package: str, said: str, project: Project) -> Problem:
    dependencies = project.dependencies
    manifest = dependencies.manifest + (f" ([{dependencies.table}])" if dependencies.table else "")
    return errors.module_undeclared(module=module, package=package, manifest=manifest, reason=said)


def _overlap(contested: Json, project: Project) -> Problem:
    first, second = contested["packages"]
    manifest = project.dependencies.manifest
    return errors.packages_overlap(first=first, second=second, file=contested["file"], manifest=manifest)


def _bucket_missing(setting: str, project: Project, platform: str) -> Problem:
    names = [variable.name for variable in project.variables if variable.setting == setting]
    return errors.static_bucket_missing(platform=platform, setting=setting, variable=names[0] if names else setting)


def _program_missing(programs: list[str], project: Project, platform: str) -> Problem:
    manifest = project.dependencies.manifest
    return errors.program_missing(platform=platform, programs=programs, manifest=manifest)


def _said(failed: Json) -> str:
    first = (failed["message"].splitlines() or [""])[0]
    place = f" ({failed['place']})" if failed["place"] else ""
    return named(f"{failed['type']}: {first}" if first else failed["type"]) + place
