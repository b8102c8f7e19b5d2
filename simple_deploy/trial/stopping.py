"""The problems in the results of the child that stop the run, in the order in which production would meet them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..messages import errors
from ..model import Problem, Project
from . import failing, migrations, services, starts, system_checks
from .case import Case, Json


def problems(case: Case, wrong: Sequence[str]) -> tuple[Problem, ...]:
    """What stops the run, in the order in which production would meet it. `wrong` are the errors of checks."""
    found = {problem.found: problem for problem in _problems(case, wrong) if problem}
    return tuple(found.values())


def _problems(case: Case, wrong: Sequence[str]) -> Iterator[Problem | None]:
    answer, project, platform = case.answer, case.project, case.platform
    if reason := next(_before_loading(case), None):
        yield reason
        return
    for one in answer["undeclared"]:
        yield failing.problem(case, one)
    if answer["failed"]:
        # In the installed version, a module of such a package may be missing.
        if _package(answer["failed"]) not in {_package(one) for one in answer["undeclared"]}:
            first = failing.problem(case, answer["failed"])
            yield first
            if first and first.code == errors.module_undeclared.code:
                yield from failing.missing_apps(case, answer["failed"])
        return
    if not answer["settings"]:
        yield errors.settings_in_code(script=project.settings.application.partition(":")[0])
    elif answer["settings"] != project.settings.module:
        yield errors.other_settings(module=project.settings.module, loaded=answer["settings"], platform=platform)
    # Without its packages, the settings block has no effect.
    if answer["debug"] and not case.order["lacking"]:
        yield errors.debug_on()
    yield from starts.problems(case)
    if answer["manage_py"]:
        yield failing.problem(case, answer["manage_py"])
    if answer["installs"]:
        yield errors.installs_packages(
            manage_py=project.manage_py,
            command=answer["installs"],
            platform=platform,
            module=project.settings.module,
        )
    if answer["commands"] == "not reached":
        yield errors.no_commands(manage_py=project.manage_py, platform=platform)
    yield migrations.problem(answer, project, platform)
    if answer["first_migrate"] and not case.released:
        said = failing.said(answer["first_migrate"])
        yield migrations.first_migrate(answer, project, platform, said, guessed=case.guesses)
    # A front end brings Node.js and its programs, where the platform builds it with the site.
    if answer["programs"] and not any(one.served for one in project.front_ends):
        yield _program_missing(answer["programs"], project, platform)
    if answer["bucket"]:
        yield _bucket_missing(answer["bucket"], project, platform)
    if answer["untranslated"]:
        yield errors.translations_broken(found=answer["untranslated"][:10])
    if answer["build"] and not failing.is_elsewhere(answer["build"]):
        yield errors.build_would_fail(platform=platform, reason=failing.said(answer["build"]))
    for service in answer["services"]:
        if service["needed"] and not service["variable"]:
            yield services.problem(service, platform)
    if answer["stored"]:
        yield errors.writes_below_folder(platform=platform, reason=answer["stored"][0])
    if wrong:
        yield system_checks.problem(wrong[:10], project, platform)


def _package(failed: Json) -> str:
    """The top-level module that is missing; "" if the failure is another."""
    return (failed["missing"] or "").partition(".")[0]


def _before_loading(case: Case) -> Iterator[Problem]:
    """Reasons that explain why the site was not loaded, or was loaded from other files than in production."""
    answer = case.answer
    if answer["contested"] and case.fetches:
        yield _overlap(answer["contested"][0], case.project)
    querying = (answer["release"] or {}).get("place")
    if querying and not case.released:
        yield errors.queries_while_loading(place=querying, platform=case.platform)
    if answer["unread"]:
        yield errors.variable_not_read(variable=answer["unread"], place=answer["failed"]["place"])


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
