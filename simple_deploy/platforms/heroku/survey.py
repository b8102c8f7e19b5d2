"""What exists on Heroku: answers of the Heroku CLI 11 → Remote. Values of config vars are dropped immediately."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from simple_deploy.contract import (
    Ask,
    Choose,
    GitRemotes,
    Problem,
    Question,
    Ran,
    Remote,
    Site,
    cli_failed,
    compared,
    unsafe,
)

FEATURE = "runtime-dyno-metadata"
NODE = "heroku/nodejs"
PYTHON = "heroku/python"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What only Heroku has. `metadata` is whether the app has its host name in a variable: None where that is not
    possible.

    `buildpacks` are asked for only if the project needs more than one.
    """

    region: str = "?"
    metadata: bool | None = False
    host: str = ""
    buildpacks: tuple[str, ...] = ()


def of(remote: Remote) -> Found:
    """Heroku's own facts; without a survey, those of a new app."""
    return remote.facts if isinstance(remote.facts, Found) else Found()


def app_of(url: str) -> str | None:
    """The app in a Git remote's address (https://git.heroku.com/NAME.git, or its ssh forms)."""
    match = re.fullmatch(r"(?:https://(?:[^/@]*@)?git\.|ssh://git@|git@)heroku\.com[/:](.+?)(?:\.git)?/?", url)
    return match[1] if match else None


REMOTES = GitRemotes(name="heroku", app_of=app_of)


def find(ask: Ask, site: Site) -> Remote:
    """The app. One that was renamed still has its ID, which also finds it."""
    claim = site.project.claim
    for name in dict.fromkeys((site.app, *((claim.id,) if claim and claim.id else ()))):
        known = replace(site.remote, app=name, git_remote=REMOTES.pointing_to(name, site.project))
        [ran] = ask([_about(name)])
        if ran.ok:
            app = json.loads(ran.stdout)["app"]
            return replace(known, app=str(app["name"]), id=str(app["id"]), exists=True)
        known = _without_app(known, ran)
        if known.taken or known.problems:
            return known
    return known


def survey(ask: Ask, choose: Choose, site: Site) -> Remote:
    """The app, its database, features, config var names, deployed commit, and the result of its last release."""
    name = site.app
    known = replace(site.remote, git_remote=REMOTES.pointing_to(name, site.project))
    found, *others, deployed = ask(
        [
            _about(name),
            Question(argv=("heroku", "config", "--app", name, "--json"), private=True),
            Question(argv=("heroku", "labs", "--app", name, "--json")),
            Question(argv=("heroku", "releases", "--app", name, "--json", "--num", "1")),
            Question(argv=("git", "ls-remote", f"https://git.heroku.com/{name}.git", "refs/heads/main")),
        ]
    )
    if not found.ok:
        return _without_app(known, found)
    answers = []
    for ran in (found, *others):
        try:
            answers.append(json.loads(ran.stdout))
        except ValueError as error:
            return replace(known, problems=(_unusable(ran, str(error)),))
    config = answers[1]
    same, differing = compared(site.options.values, config)
    known = replace(known, unsafe=unsafe(config, site.project.settings.committed), same=same, differing=differing)
    known = _with_app(known, *answers, deployed=deployed.stdout.partition("\t")[0])
    return replace(known, facts=replace(of(known), buildpacks=_buildpacks(ask, site)))


def _buildpacks(ask: Ask, site: Site) -> tuple[str, ...]:
    """Those in the app's list; each format in which the CLI prints the list contains the same words."""
    if not site.recipe.front_end:
        return ()
    [ran] = ask([Question(argv=("heroku", "buildpacks", "--app", site.app))])
    return tuple(re.findall(r"heroku/[a-z]+", ran.stdout)) if ran.ok else ()


def _about(name: str) -> Question:
    return Question(argv=("heroku", "apps:info", "--app", name, "--json"))


def _with_app(known: Remote, app: Any, config: Any, labs: Any, releases: Any, *, deployed: str) -> Remote:
    """The answers of the four commands, in the formats of CLI 11."""
    return replace(
        known,
        # The CLI accepts an ID instead of the name.
        app=str(app["app"]["name"]),
        id=str(app["app"]["id"]),
        exists=True,
        variables=frozenset(config),
        database=_database(app["addons"]),
        deployed=deployed or None,
        release=str(releases[0]["status"]) if releases else None,
        facts=Found(
            region=str(app["app"]["region"]["name"]),
            metadata=_metadata(labs),
            host=str(urlsplit(app["app"]["web_url"]).hostname),
        ),
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


def _metadata(features: dict[str, Any]) -> bool | None:
    found = next((feature for feature in features["app"] or [] if feature["name"] == FEATURE), None)
    return None if found is None else bool(found["enabled"])
