"""What the failure of the home page in the trial says about production: a problem, a note, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..masking.telling import telling
from ..messages import errors
from ..model import Problem, Project
from . import failing, paths
from .case import Case

# Errors that depend neither on rows nor on the values of variables, nor on files that a build makes.
_CERTAIN = frozenset({"TemplateSyntaxError", "SyntaxError", "ImportError", "NameError", "NotPostgreSQL"})
# django-compressor has combined no files with the content that they have in this page.
_NOT_COMBINED = "OfflineGenerationError"
# What django.contrib.sites raises without SITE_ID, where no Site has the host of the request.
_NO_SITE = "Site.DoesNotExist"
# A name of a URL that does not exist, whatever its arguments are.
_NO_SUCH_URL = re.compile(r"is not a valid view|is not a registered namespace|with no arguments not found")


def read(case: Case) -> tuple[Problem | None, str]:
    """The problem of the home page, or what to note about it."""
    if case.answer["home"]:
        return _failed(case)
    if case.answer["away"]:
        return _away(case)
    if case.answer["refused"]:
        return _refused(case)
    if files := case.answer["local_files"]:
        setting = f", as {case.answer['dev_server']} decides" if case.answer["dev_server"] else ""
        problem = errors.page_loads_locally(file=files[0], setting=setting)
        # A placeholder may be such an address.
        return (None, f"perhaps {problem.found[0].lower()}{problem.found[1:]}") if case.guesses else (problem, "")
    if files := case.answer["unserved"]:
        first = next((one for one in files if one.endswith((".css", ".js"))), "")
        if first:
            return errors.page_files_unserved(file=first), ""
        return None, f"the page at / refers to {', '.join(files[:5])}, which Django serves only with DEBUG"
    if case.answer["no_home"]:
        return None, "the site has no page at /, so its address alone answers 404 Not Found"
    return None, ""


def _failed(case: Case) -> tuple[Problem | None, str]:
    """The problem of a home page that fails, or what to note about it."""
    answer, project = case.answer, case.project
    failed = answer["home"]
    if failing.is_elsewhere(failed):
        return None, ""
    if unusable := failing.not_there(case, failed):
        return unusable, ""
    if failed["type"] == _NOT_COMBINED:
        return errors.page_not_combined(address=failed["address"], platform=case.platform), ""
    if failed["type"] == _NO_SITE and project.settings.site_by_host:
        return _no_site(case)
    builds = any(one.served for one in project.front_ends)
    complete = answer["complete"] and not failing.may_be_built(case, failed)
    certain = _is_certain(failed, complete=complete, builds=builds)
    folders = ", ".join(failed["template_folders"])
    said = f"{failing.said(failed)}. TEMPLATES names a folder that is not there: {folders}" if folders else ""
    said = said or failing.said(failed)
    if certain and not failed["filled"]:
        return _problem(failed, answer, project, case.platform, said), ""
    return None, _note(failed, said, unknown=case.guesses or builds, certain=certain)


def _no_site(case: Case) -> tuple[Problem | None, str]:
    """The problem of a page that looks for the Site of its host. A migration of the project, or a user after an
    earlier deployment, may have made it.
    """
    failed = case.answer["home"]
    reason = failing.said(failed)
    if case.fetches and not case.released and not failed["own_rows"]:
        return errors.site_by_host(address=failed["address"], platform=case.platform, reason=reason), ""
    return None, (
        f"{failed['address']} answers with an error until a Site in the database has the host of this site: there is "
        f"no SITE_ID in the settings ({reason})"
    )


def _is_certain(failed: Mapping[str, Any], *, complete: bool, builds: bool) -> bool:
    """Whether the page fails in production too, if the same code is reached. `complete`: every package is here.

    `builds`: the build of a front end makes files that are not here.
    """
    if failed["missing"] and not complete:
        return False
    kinds = {*failed["own_kinds"]}
    if "TemplateDoesNotExist" in kinds:
        # Only Windows has the file that "pages\\home.html" names.
        return not builds or "\\" in failed["message"]
    if failed["message"].startswith("Missing staticfiles manifest entry"):
        return complete and not builds
    gone = failed["type"] == "FileNotFoundError" and bool(paths.not_found(failed)) and not builds
    nowhere = "NoReverseMatch" in kinds and bool(_NO_SUCH_URL.search(failed["message"]))
    return gone or nowhere or bool(_CERTAIN & kinds)


def _problem(
    failed: Mapping[str, Any], answer: Mapping[str, Any], project: Project, platform: str, reason: str
) -> Problem:
    """The problem of a page that fails whatever the user does with the site."""
    absent = next((path for path in failed["absent"] if (project.root / path).is_file()), "")
    if absent := absent or paths.untracked(failed, project):
        return paths.lacking(absent, answer, reason)
    return errors.page_fails(address=failed["address"], platform=platform, reason=reason)


def _away(case: Case) -> tuple[Problem | None, str]:
    """The problem of a page that redirects to another host, or what to note about it."""
    answer = case.answer["away"]
    unknown = {*case.guessed, *case.answer["asked"]}
    values = {one.name for one in case.project.variables if one.setting == "PREPEND_WWW"}
    guessed = bool(values & unknown) if answer["by_setting"] else case.guesses
    prefix = answer["host"].removesuffix(answer["sent_from"])
    # An earlier deployment may have a domain, which only the platform knows.
    new = case.fetches and not case.released
    if new and prefix.endswith(".") and not answer["own"] and not guessed:
        by = "PREPEND_WWW = True" if answer["by_setting"] else "a middleware of the project"
        return errors.redirects_away(platform=case.platform, by=by, prefix=prefix), ""
    host = f"the site's address with {prefix} in front" if prefix.endswith(".") else answer["host"]
    return None, f"every page may redirect to {host}, which has to lead to this site"


def _refused(case: Case) -> tuple[Problem | None, str]:
    """The problem of a site that does not answer at the platform's address, or what to note about it."""
    failed = case.answer["refused"]
    reason, shared = failing.said(failed), ".".join(failed["host"].split(".")[-2:])
    # A value below the platform's domain may be the app's address, which the trial does not always know. A secret is no
    # address, and no row that a migration makes has it.
    guessed = any(not telling(name) for name in (*case.guessed, *case.answer["asked"]))
    guessed = guessed or any(shared in one for one in case.given)
    if case.fetches and not case.released and not guessed:
        return errors.refuses_host(platform=case.platform, reason=reason), ""
    return None, f"every page may answer 400 Bad Request at {case.platform}'s address: {reason}"


def _note(failed: Mapping[str, Any], reason: str, *, unknown: bool, certain: bool) -> str:
    """The note about a page that may fail in production; "" if rows or values of its own would explain it."""
    # The other is what Page.objects.all()[0] raises.
    by_rows = bool({"ObjectDoesNotExist", "IndexError"} & {*failed["kinds"]}) and bool(failed["queries"])
    unknown = unknown or failed["missing"] or failed["filled"] or (failed["by"] == "django" and not by_rows)
    if unknown and not certain:
        return ""
    when = " while the database has no rows" if failed["queries"] else ""
    return f"{failed['address']} answers with an error{when}: {reason}"
