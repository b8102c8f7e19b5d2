"""What exists on Heroku: answers of the Heroku CLI 11 → Remote. Values of config vars are dropped at once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ..contract import Ask, Choose, Options, Problem, Project, Question, Ran, Remote, cli_failed, plain, unsafe
from .project import remote_of

FEATURE = "runtime-dyno-metadata"


def survey(ask: Ask, choose: Choose, project: Project, options: Options, known: Remote) -> Remote:
    """The app, its database, features, config var names, what it runs, and how its last release ended."""
    name = str(known.app)
    known = replace(known, git_remote=remote_of(project, name))
    of_app = ("--app", name)
    found, config, labs, releases, deployed = ask(
        [
            Question(argv=("heroku", "apps:info", *of_app, "--json")),
            Question(argv=("heroku", "config", *of_app, "--json"), private=True),
            Question(argv=("heroku", "labs", *of_app, "--json")),
            Question(argv=("heroku", "releases", *of_app, "--json", "--num", "1")),
            Question(argv=("git", "ls-remote", f"https://git.heroku.com/{name}.git", "refs/heads/main")),
        ]
    )
    if not found.ok:
        absent = _without_app(known, found)
        claimed = project.claim.id if project.claim and options.destroy else ""
        # An app that was renamed still has its id.
        renamed = claimed not in ("", name) and not (absent.taken or absent.problems)
        return survey(ask, choose, project, options, replace(known, app=claimed)) if renamed else absent
    answers = []
    for ran in (found, config, labs, releases):
        try:
            answers.append(json.loads(ran.stdout))
        except ValueError as error:
            return replace(known, problems=(_unusable(ran, str(error)),))
    config = answers[1]
    same = frozenset(name for name, value in options.variables.items() if config.get(name) == plain(value))
    known = replace(known, unsafe=unsafe(config, project.settings.secrets), same=same)
    return _with_app(known, *answers, deployed=deployed.stdout.partition("\t")[0])


def _with_app(known: Remote, app: Any, config: Any, labs: Any, releases: Any, *, deployed: str) -> Remote:
    """The answers of the four commands, in the shapes that the CLI 11 gives them."""
    return replace(
        known,
        # An id in the place of the name finds the app, too.
        app=str(app["app"]["name"]),
        id=str(app["app"]["id"]),
        exists=True,
        variables=frozenset(config),
        database=_database(app["addons"]),
        deployed=deployed or None,
        release=str(releases[0]["status"]) if releases else None,
        facts={
            "region": str(app["app"]["region"]["name"]),
            "metadata": _metadata(labs),
            "host": str(urlsplit(app["app"]["web_url"]).hostname),
        },
    )


def _without_app(known: Remote, found: Ran) -> Remote:
    """No such app yet (the usual first run), or not on this account."""
    # The CLI's margin (oclif): "»" on Windows, "›" elsewhere.
    said = " ".join(found.stderr.translate(dict.fromkeys(map(ord, "›»"), " ")).split())
    if "Couldn't find that app" in said:
        return known
    if "do not have access" in said or "forbidden" in said:
        return replace(known, taken=True)
    return replace(known, problems=(_unusable(found, said),))


def _unusable(ran: Ran, reason: str) -> Problem:
    return cli_failed(command=" ".join(map(str, ran.argv)), reason=reason if ran.ok else ran.stderr.strip() or reason)


def _database(addons: list[dict[str, Any]]) -> str | None:
    """The add-on that provides PostgreSQL, if there is one."""
    return next((a["name"] for a in addons if a["addon_service"]["name"] == "heroku-postgresql"), None)


def _metadata(features: dict[str, Any]) -> str:
    """ "on", "" where it can be turned on, or "missing" where Heroku has no such feature for the app."""
    found = next((feature for feature in features["app"] or [] if feature["name"] == FEATURE), None)
    if found is None:
        return "missing"
    return "on" if found["enabled"] else ""
