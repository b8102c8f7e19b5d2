"""The child's results → what was tried and what could not be, and the problems that stop the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from ..model import Problem, Project, StaticFiles, Tried, Variable
from ..production.build_only import REPLACED
from . import conflicts, failing, home_page, services, stopping, system_checks, undeclared
from .case import Case, Json
from .other_versions import Other
from .resolution import Resolution

# A run that only configures uses no network.
_TRIED_LATER = "; a run with --automate-all fetches them and tests this before it creates anything, and may stop then"


def read(case: Case) -> tuple[Tried, tuple[Problem, ...]]:
    """The result, and the problems that stop the run."""
    answer, project = case.answer, case.project
    wrong, doubtful = system_checks.apart(answer["errors"], project, {*case.guessed, *answer["asked"]})
    problems = stopping.problems(case, wrong)
    untried = (*_untried(case, problems), *(f"the value of {name}: {one}" for name, one in doubtful))
    problem, said = (None, "") if problems else home_page.read(case)
    tried = Tried(
        tried=tuple(answer["tried"]),
        untried=untried,
        missing_static=tuple(_missing_static(answer["static"], project)),
        static=StaticFiles(names=answer["static_names"], compresses=answer["compresses"], uploaded=answer["uploaded"]),
        variables=tuple(_lacking(answer, project)),
        out_of_reach=tuple(services.aside(one) for one in answer["services"] if not one["needed"]),
        unmigrated=tuple(answer["unmigrated"]),
        # SQL of a migration may make their tables.
        unmanaged=tuple(answer["unmanaged"] if not answer["own_sql"] else ()),
        own_sql=tuple(answer["own_sql"]),
        static_handler=answer["static_handler"],
        undeclared=undeclared.additions(case, wrong),
        home_page=said,
        short_lived=tuple(_short_lived(one, case) for one in answer["kept"]),
        file_values=tuple(dict.fromkeys(one for one in answer["file_values"] if one.split()[0] not in REPLACED)),
        local_addresses=(
            *(_of_this_computer(one, project) for one in answer["local_addresses"]),
            *map(_of_code, answer["code_addresses"]),
        ),
        sockets=tuple(answer["sockets"]),
        cache_of_a_process=answer["cache_of_a_process"],
        copied_keys=tuple(answer["copied_keys"]),
        unsent=_unsent(answer["unsent"]),
        sends_mail=answer["sends_mail"],
        hsts=answer["hsts"],
        eager=answer["eager"],
        takes_uploads=answer["takes_uploads"],
        uploads=answer["uploads"],
        has_login=answer["has_login"],
        no_superuser=answer["no_superuser"],
        silent=answer["silent"],
    )
    return tried, (*problems, *([problem] if problem else []))


def _missing_static(found: Sequence[str], project: Project) -> Iterator[str]:
    """Each with its place. What a page needs besides the names in templates, the build of a front end may make."""
    built = any(one.served for one in project.front_ends)
    yield from (one for one in found if not built or not one.startswith("the page at "))


def _of_this_computer(found: Json, project: Project) -> str:
    """The setting with its address, and how to change it."""
    own = [one.name for one in project.variables if found["setting"] == one.setting or found["place"] == one.place]
    # The line may name another setting that a variable gives, or the variable itself.
    others = [one.name for one in project.variables if {one.setting, one.name} & {*found["names"]}]
    change = _change(next(iter((*own, *others)), ""))
    return f"{found['setting']} is {found['address']} ({found['place']}; {change})"


def _of_code(found: Json) -> str:
    """The same for an address in other code."""
    return f"{found['place']} has {found['address']} ({_change(found['variable'])})"


def _change(variable: str) -> str:
    return f"set it with --env {variable}=VALUE" if variable else "read it from an environment variable"


def _untried(case: Case, problems: Sequence[Problem]) -> Iterator[str]:
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
    ended = [answer["failed"]] if answer["failed"] and not problems else []
    yield from (f"{one['part']}: {failing.said(one)}" for one in (*answer["unfinished"], *ended))


def _lacking(answer: Json, project: Project) -> Iterator[Variable]:
    """The variables without which the settings cannot be loaded, or lead to a service that pages need and miss, and
    others that the code looks up, whose names the settings do not have.
    """
    for name, place in answer["asked"].items():
        yield Variable(name=name, place=place, needed="yes", in_build=name not in answer["running"])
    for name, place in answer["read"].items():
        if name not in answer["asked"]:
            yield Variable(name=name, place=place, needed="no", absent=True)
    known = {*answer["asked"], *answer["read"], *(one.name for one in project.variables)}
    for name, read in answer["variables"].items():
        if name not in known:
            needed: Literal["perhaps", "no"] = "perhaps" if read["fails"] else "no"
            yield Variable(name=name, place=read["place"], needed=needed, in_build=False, absent=not read["fails"])
    missed = [one for one in answer["services"] if one["needed"] and one["variable"]]
    for service in missed:
        name, place = service["variable"]
        settings = {other["setting"] for other in missed if other["variable"][0] == name}
        setting = settings.pop() if len(settings) == 1 else ""
        yield Variable(name=name, place=place, needed="no", setting=setting, unreachable=service["address"])


def _unsent(mail: Json | None) -> str:
    """The setting because of which the site's mail is not delivered, and what to do."""
    if mail is None:
        return ""
    place = f" ({mail['place']})" if mail["place"] else ""
    default = ", the default of Django" if mail["by_default"] and not place else ""
    lost = "mail is not delivered, for example the one with the link to set a new password"
    fate = "sending mail fails, and a page that sends some answers with an error" if mail["fails"] else lost
    in_mailers = mail["setting"] == "MAILERS"
    setting = f"the {mail['key']} in MAILERS" if in_mailers else mail["setting"]
    # Django 6.1 rejects the older settings beside MAILERS.
    names = "MAILERS" if in_mailers else "EMAIL_BACKEND, EMAIL_HOST, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD"
    # Without a value, it is what the settings log in with.
    said = f"is {mail['value']}{default}, so" if mail["value"] else f"is empty{default}. Without a login or a host,"
    return (
        f"{setting}{place} {said} {fate}. For production, give the settings the SMTP server of a mail service ({names})"
    )


def _short_lived(kept: Json, case: Case) -> str:
    """What becomes of a folder with files that the site needs again."""
    fate = (
        "nothing can be written there while the site runs, so what uses it fails"
        if kept["below"] and case.order["read_only"]
        else "its files are lost with each restart and deployment, so keep them elsewhere, or make them again"
    )
    folder = "in which the site is started" if kept["folder"] in (".", case.project.manage_dir) else kept["folder"]
    place = f" ({kept['place']})" if kept["place"] else ", by Django's default,"
    remedy = ". Store uploads in a bucket" if kept["setting"] == "MEDIA_ROOT" else ""
    return f"{kept['setting']}{place} names the folder {folder}. On {case.platform}, {fate}{remedy}"


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
