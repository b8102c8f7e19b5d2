"""Every command line that the product can run or print is known to the vendor's reference, and to the emulator.

Plans are generated for every state of an app that a survey can find, for every package manager and both layouts: steps
with their polls, questions and explanations, addresses, logs, removals, surveys, and the commands on the summary page.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_claims import HEAD, make, wanted

from matrix import emulators, grammar
from simple_deploy import platforms
from simple_deploy.contract import HowTo, Platform, Question, Remote, Site
from simple_deploy.model import Created, Deferred, Project, Query, Ran, Secret, Step
from simple_deploy.platforms._upsun.variables import Found as UpsunFound
from simple_deploy.platforms.fly_io.databases import Found as FlyFound
from simple_deploy.platforms.heroku.survey import Found as HerokuFound
from simple_deploy.text.shell import filled

HERE = Path("/srv/blog")
NEW = Remote(surveyed=True, account="dev@example.com", app="blog")
ON_FLY = FlyFound(organization="acme", region="fra")
ON_UPSUN = UpsunFound(id="abcdefghijkl2", region="eu-5.platform.sh", organization="acme")
# The possible results of a survey, each a separate state.
FACTS: dict[str, list[Any]] = {
    "heroku": [HerokuFound(region="eu", metadata=known, host="blog-1.herokuapp.com") for known in (True, False, None)],
    "fly_io": [
        ON_FLY,
        replace(ON_FLY, waiting=True),
        replace(ON_FLY, waiting=True, user="blog_2"),
        replace(ON_FLY, kind="managed", waiting=True),
        replace(ON_FLY, kind="postgres", made=True),
        replace(ON_FLY, staged=True),
    ],
    "upsun": [
        ON_UPSUN,
        replace(ON_UPSUN, unseen=("SECRET_KEY",)),
        replace(ON_UPSUN, levels={"DEBUG": ("environment",), "SECRET_KEY": ("project",)}),
    ],
}
FACTS["platform_sh"] = FACTS["upsun"]
MADE = tuple(
    Created(kind=kind, name=name)
    for kind, name in (
        ("app", "blog"),
        ("Git remote", "heroku"),
        ("database", "blog-db"),
        ("managed database", "blog-db"),
    )
)


GIVEN = {
    "region": "fra",
    "organization": "acme",
    "yes": True,
    "variables": {"MAIL_KEY": Secret("x", prefix="MAIL_KEY=")},
}


def said_as(value: object) -> Ran:
    """The answer to a question; None if it is rejected."""
    return Ran(argv=("x",), returncode=value is None, stdout=json.dumps(value), stderr="", seconds=0.0)


def words(argv: Sequence[object]) -> Iterator[list[str]]:
    """The command, and the questions whose answers are its words."""
    yield [str(word) for word in argv]
    for word in argv:
        if isinstance(word, Deferred):
            yield list(word.query.argv)


def of_step(step: Step) -> Iterator[list[str]]:
    yield from words(step.argv)
    for query in (step.identity,):
        if isinstance(query, Query):
            yield list(query.argv)
    if step.explain:
        yield list(step.explain)


def remotes(platform: Platform) -> Iterator[Remote]:
    yield NEW
    yield Remote(app="blog")
    for facts in FACTS[platform.id]:
        unsafe = {"DEBUG": "x", "SECRET_KEY": "y"} if "DEBUG" in getattr(facts, "levels", ()) else {}
        there = replace(NEW, exists=True, id="x", facts=facts, unsafe=unsafe)
        yield there
        for release in ("succeeded", "failed", "not deployed", "hook failed", "repaired"):
            yield replace(there, deployed=HEAD, release=release, git_remote="there", database="blog-db")
        yield replace(there, variables=frozenset({"SECRET_KEY", "DEBUG"}))


def shapes() -> Iterator[Project]:
    yield make(HERE)
    yield replace(make(HERE, remotes={"heroku": "https://git.heroku.com/blog.git"}), manage_dir="back end")
    yield replace(make(HERE), settings=replace(make(HERE).settings, selected=False))


def planned(platform: Platform) -> Iterator[list[str]]:
    """Steps, removals and their follow-ups, in every state."""
    for remote in remotes(platform):
        site = Site(project=make(HERE), options=wanted(), remote=remote)
        for managed in ([{"id": "1", "name": "blog-db"}], None):
            steps = platform.destroy(lambda questions, said=managed: [said_as(said)], site, MADE)
            yield from (argv for step in steps for argv in of_step(step))
        for project in shapes():
            for database in platform.databases:
                for given in ({}, GIVEN):
                    options = wanted(database=database, **given)
                    for step in platform.steps(Site(project=project, options=options, remote=remote)):
                        yield from of_step(step)
                    # The next state of a push is that of another commit.
                    for step in platform.steps(Site(project=project, options=options, remote=remote, commits=True)):
                        yield from of_step(step)


def standing(platform: Platform) -> Iterator[list[str]]:
    """Commands that do not depend on a state."""
    yield from (
        [platform.cli.executable, *platform.cli.version[1:]]
        if platform.cli.version
        else [platform.cli.executable, "--version"],
        list(platform.cli.whoami),
        shlex.split(platform.cli.login),
    )
    yield list(platform.address("blog").argv)
    watch = platform.watch("blog")
    yield list(watch.log)
    if watch.crashed:
        yield list(watch.crashed.argv)
    live = platform.live(Site(project=make(HERE), options=wanted(), remote=replace(NEW, facts=FACTS[platform.id][0])))
    yield from (list(live.log), list(live.address.argv))
    yield from (list(argv) for made in MADE if (argv := platform.removal("blog", made)))


def printed(platform: Platform) -> Iterator[list[str]]:
    """The commands of the summary page."""
    filling = {
        "app": "blog",
        **platform.placeholders(
            Site(project=make(HERE), options=wanted(), remote=replace(NEW, facts=FACTS[platform.id][0]))
        ),
        "manage_py": "manage.py",
        "quoted_manage_py": "manage.py",
    }
    for field in fields(platform.guide):
        how = getattr(platform.guide, field.name)
        if isinstance(how, HowTo):
            for command in how.commands:
                line = filled(command, filling) if isinstance(command, str) else shlex.join(map(str, command))
                yield shlex.split(line.format(**filling) if not isinstance(command, str) else line)
    yield shlex.split(filled(platform.guide.destroy, filling))


APP = {"Name": "blog", "ID": "1", "Deployed": True, "Organization": {"Slug": "acme"}, "CurrentRelease": {}}
DATABASE = {**APP, "Name": "blog-db"}
PLACE = {"code": "fra", "name": "Frankfurt", "latitude": 50, "longitude": 8, "mpg_available": True}
PROJECT = "abcdefghijkl2\tblog\teu-5.platform.sh\tacme\tflexible\n"
LOG = "Executing deploy hook for application app\n"
# The CLIs' answers to a survey; the first whose key is part of the command.
ANSWERS: dict[str, list[tuple[str, str]]] = {
    "heroku": [],
    "fly_io": [
        ("apps list", json.dumps([APP, DATABASE])),
        ("orgs list", json.dumps({"acme": "Acme"})),
        ("secrets list", "[]"),
        ("status", json.dumps({"Machines": []})),
        ("platform regions", json.dumps([PLACE])),
        ("postgres list", json.dumps([DATABASE])),
        ("postgres users", "[]"),
        ("mpg list", "[]"),
    ],
    "upsun": [
        ("project:list", PROJECT),
        ("organization:list", "acme\tflexible\n"),
        ("default_branch", "main\n"),
        ("head_commit", f"{HEAD}\n"),
        ("activity:log", LOG),
        ("variable:list", ""),
        ("ssh", ""),
    ],
}
ANSWERS["platform_sh"] = [(key, text.replace("flexible", "fixed")) for key, text in ANSWERS["upsun"]]


def surveyed(platform: Platform) -> Iterator[list[str]]:
    """The questions of surveys, as far as they get with these answers."""
    asked: list[list[str]] = []

    def ask(questions: Sequence[Question]) -> list[Ran]:
        asked.extend(list(question.argv) for question in questions)
        return [answer(question.argv) for question in questions]

    def answer(argv: tuple[str, ...]) -> Ran:
        line = " ".join(argv)
        said = next((text for part, text in ANSWERS[platform.id] if part in line), "{}")
        return Ran(argv=argv, returncode=0, stdout=said, stderr="", seconds=0.0)

    ways: list[dict[str, Any]] = [{"database": kind, "app_name": "blog"} for kind in platform.databases]
    for given in ways:
        site = Site(project=make(HERE), options=wanted(adopt=True, **given), remote=replace(NEW, app="blog"))
        assert platform.find and platform.survey
        with suppress(LookupError):  # an unsuitable answer ends this survey
            platform.survey(ask, lambda *_: None, site)
        with suppress(LookupError):
            platform.find(ask, site)
    yield from asked


def every(platform: Platform) -> list[list[str]]:
    found = [*planned(platform), *standing(platform), *printed(platform), *surveyed(platform)]
    # A word that only a Python command can determine is shown as one: `python -c`.
    return [list(argv) for argv in {tuple(argv) for argv in found if argv[0] == platform.cli.executable}]


@pytest.mark.parametrize("name", platforms.installed())
def test_every_command_line_is_known(name: str) -> None:
    platform, emulator = platforms.load(name), emulators.load(name)
    lines = every(platform)
    assert len(lines) >= 20
    refused = [f"{shlex.join(argv)}: {reason}" for argv in lines if (reason := grammar.refusal(argv))]
    assert refused == []
    # Logging in needs a browser, which no emulator has.
    emulated = [argv for argv in lines if "login" not in argv and "--version" not in argv]
    assert [shlex.join(argv) for argv in emulated if emulator.refusal(argv)] == []


@pytest.mark.parametrize("name", platforms.installed())
def test_every_kind_of_command_is_checked(name: str) -> None:
    """What is not reached is not checked: each of these is used somewhere."""
    said = {shlex.join(argv) for argv in every(platforms.load(name))}
    reached = {
        "heroku": ("releases:retry", "ALLOWED_HOSTS=", "apps:destroy", "git:remote", "pg:backups:capture", "ps --app"),
        "fly_io": ("mpg destroy", "mpg attach", "postgres users list", "machine start", "--database-user", "logs"),
        "upsun": ("environment:redeploy", "variable:delete", "variable:update", "ssh --environment", "set-remote -"),
    }
    reached["platform_sh"] = reached["upsun"]
    assert [part for part in reached[name] if not any(part in line for line in said)] == []


WRONG = [
    ("fly deploy --loudly", "the reference knows no option --loudly of 'deploy'"),
    ("fly machine wake 1", "the reference knows no command 'machine wake'"),
    ("fly apps create one two", "'apps create' does not take 2 arguments"),
    ("fly apps destroy --yes", "'apps destroy' does not take 0 arguments"),
    ("fly logs --app", "--app of 'logs' takes a value"),
    ("upsun push --app=x", "the reference knows no option --app of 'environment:push'"),
    ("platform project:make", "the reference knows no command 'project:make'"),
    ("platform set-remote x y", "'project:set-remote' does not take 2 arguments"),
]


@pytest.mark.parametrize(("line", "reason"), WRONG)
def test_a_command_line_missing_from_the_reference_is_found(line: str, reason: str) -> None:
    assert grammar.refusal(shlex.split(line)) == reason


@pytest.mark.parametrize("line", ["fly -h", "heroku whatever", "upsun --version", "upsun ssh -e . -- ls --all -x"])
def test_accepted_command_lines(line: str) -> None:
    assert grammar.refusal(shlex.split(line)) is None or line == "fly -h"


@pytest.mark.parametrize("program", ["fly", "upsun"])
def test_a_grammar_names_its_source(program: str) -> None:
    found = grammar.grammars()[program]
    assert found.source.startswith("https://")
    assert found.version
    assert date.fromisoformat(found.looked_up)
    assert len(found.commands) > 20
