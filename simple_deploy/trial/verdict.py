"""The child's results → what was tried, and problems with the project's own file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from ..messages import errors
from ..model import Problem, Project, StaticFiles, Tried, Variable
from ..production.build_only import REPLACED, named_in
from . import conflicts, failing, home_page, migrations, starts
from .case import Case, Json
from .other_versions import Other
from .resolution import Resolution

# Django's check of a model that has images.
_NO_PILLOW = "fields.E210:"

# A run that only configures uses no network.
_TRIED_LATER = "; a run with --automate-all fetches them and tests this before it creates anything"


def read(case: Case) -> tuple[Tried, tuple[Problem, ...]]:
    """The result, and the problem that stops the run."""
    answer, project = case.answer, case.project
    wrong, doubtful = _apart(answer["errors"], project, {*case.guessed, *answer["asked"]})
    problem = next(filter(None, _problems(case, wrong)), None)
    untried = (*_untried(case, problem), *(f"the value of {name}: {one}" for name, one in doubtful))
    said = ""
    if answer["home"] and not problem:
        problem, said = _home_page(case)
    elif answer["away"] and not problem:
        problem, said = home_page.away(case)
    elif answer["refused"] and not problem:
        problem, said = home_page.refused(case)
    tried = Tried(
        tried=tuple(answer["tried"]),
        untried=untried,
        missing_static=tuple(answer["static"]),
        static=StaticFiles(names=answer["static_names"], compresses=answer["compresses"], uploaded=answer["uploaded"]),
        variables=tuple(_lacking(answer)),
        out_of_reach=tuple(_aside(one) for one in answer["services"] if not one["needed"]),
        unmigrated=tuple(answer["unmigrated"]),
        own_sql=tuple(answer["own_sql"]),
        static_handler=answer["static_handler"],
        home_page=said,
        short_lived=tuple(_short_lived(one, case) for one in answer["kept"]),
        file_values=tuple(dict.fromkeys(one for one in answer["file_values"] if one.split()[0] not in REPLACED)),
    )
    return tried, (problem,) if problem else ()


def _untried(case: Case, problem: Problem | None) -> Iterator[str]:
    """What could not be tried, each with the reason. A failure that is no problem is the reason of what it ended."""
    answer = case.answer
    if case.order["lacking"]:
        missing = f"{', '.join(case.order['lacking'])} not installed here"
        reason = f"{missing}{', and could not be fetched' if case.fetches else _TRIED_LATER}"
        yield f"the application and the system checks: {reason}"
    yield from (f"the check {one}: it asks a database or another server" for one in answer["unchecked"])
    if answer["commands"] == "unknown":
        yield f"{case.project.manage_py}: it needs a network or another program before it runs Django's commands"
    if answer["contested"] and not case.fetches:
        either = " or ".join(answer["contested"][0]["packages"])
        yield f"{answer['contested'][0]['file']}, which is that of {either}; a run with --automate-all tests both"
    ended = [answer["failed"]] if answer["failed"] and not problem else []
    yield from (f"{one['part']}: {failing.said(one)}" for one in (*answer["unfinished"], *ended))


def _problems(case: Case, wrong: Sequence[str]) -> Iterator[Problem | None]:
    """What stops the run, in the order in which production would meet it. `wrong` are the errors of checks."""
    answer, project, platform = case.answer, case.project, case.platform
    yield from _before_loading(case)
    if answer["failed"]:
        yield failing.problem(case, answer["failed"])
        return
    if answer["settings"] != project.settings.module:
        yield errors.other_settings(module=project.settings.module, loaded=answer["settings"], platform=platform)
    # Without its packages, the settings block has no effect.
    if answer["debug"] and not case.order["lacking"]:
        yield errors.debug_on()
    yield from starts.problems(case)
    if answer["manage_py"]:
        yield failing.problem(case, answer["manage_py"])
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
            yield _out_of_reach(service, platform)
    if answer["stored"]:
        yield errors.writes_below_folder(platform=platform, reason=answer["stored"][0])
    if wrong:
        yield _checks(wrong[:10], project, platform)


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


def _apart(found: list[str], project: Project, guessed: Set[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """The errors of checks, and apart from them, with a variable each, those that a placeholder may have caused."""
    by_setting = {one.setting: one.name for one in project.variables if one.name in guessed and one.setting}
    causes = [next((by_setting[name] for name in named_in(one) if name in by_setting), "") for one in found]
    pairs = list(zip(causes, found, strict=True))
    return [one for cause, one in pairs if not cause], [pair for pair in pairs if pair[0]]


def _checks(found: Sequence[str], project: Project, platform: str) -> Problem:
    """A check that names a setting whose value comes from a variable may only need another value."""
    if lacks := next((one for one in found if one.startswith(_NO_PILLOW)), ""):
        return failing.unlisted("PIL", "Pillow", lacks, project)
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


def _short_lived(kept: Json, case: Case) -> str:
    """What becomes of a folder with files that the site needs again."""
    fate = (
        "nothing can be written there while the site runs, so what uses it fails"
        if kept["below"] and case.order["read_only"]
        else "its files are lost with each restart and deployment, unless you have the platform keep them"
    )
    return f"{kept['setting']} ({kept['place']}) names the folder {kept['folder']}. On {case.platform}, {fate}"


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


def _home_page(case: Case) -> tuple[Problem | None, str]:
    """The problem of the home page, or what to note about it."""
    answer, project = case.answer, case.project
    failed = answer["home"]
    if failing.is_elsewhere(failed):
        return None, ""
    builds = any(one.served for one in project.front_ends)
    complete = answer["complete"] and not failing.may_be_built(failed, project)
    certain = home_page.is_certain(failed, complete=complete, builds=builds)
    if certain and not failed["filled"]:
        return home_page.problem(failed, answer, project, case.platform, failing.said(failed)), ""
    return None, home_page.note(failed, failing.said(failed), unknown=case.guesses or builds, certain=certain)


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
