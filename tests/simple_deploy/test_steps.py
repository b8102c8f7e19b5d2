"""The complete commands of Heroku and Fly.io in each state of an app: what is run, and what the receipt records."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sample_settings import SETTINGS
from test_claims import EVERY, FLY, HEAD, HEROKU, make, wanted

from simple_deploy.contract import Platform, Question, Remote, Site, fixed_port
from simple_deploy.contract.facts import facts
from simple_deploy.model import Claim, Created, Deferred, GitEntry, Project, Ran, Step
from simple_deploy.platforms.fly_io import identity as fly_identity
from simple_deploy.platforms.fly_io.databases import Found as FlyFound
from simple_deploy.platforms.heroku.survey import Found as HerokuFound
from simple_deploy.text.shell import shown
from simple_deploy.text.toml_file import loads

HERE = Path("/srv/blog")
NEW = Remote(surveyed=True, account="me", app="blog")
ON_HEROKU = replace(
    NEW,
    exists=True,
    facts=HerokuFound(region="eu", metadata=True),
    variables=frozenset({"ON_HEROKU", "SECRET_KEY", "DISABLE_COLLECTSTATIC"}),
    database="postgresql-1",
    deployed=HEAD,
    release="succeeded",
)
ON_FLY = replace(
    NEW,
    exists=True,
    facts=FlyFound(organization="personal", region="fra"),
    variables=frozenset({"SECRET_KEY"}),
    database="blog-db",
    deployed=HEAD,
)
REMOTE = {"heroku": "https://git.heroku.com/blog.git"}


def nobody(questions: Sequence[Question]) -> list[Ran]:
    """No question is needed."""
    raise AssertionError(questions)


def project(**git: Any) -> Project:
    return make(HERE, **git)


def told(step: Step) -> str:
    """The step in one line: its command, or in brackets why it is done; and what it creates."""
    said = f"[{step.already_done}]" if step.already_done else shown(step.argv)
    made = "".join(f" +{made.kind} {made.name}" for made in step.makes)
    cost = f" ${step.cost.cents}" if step.cost else ""
    return f"{said}{made}{cost}{' private' if step.private else ''}"


def steps(platform: Platform, remote: Remote, shape: Project | None = None, *, commits: bool = False) -> list[Step]:
    given = {"region": "eu"} if platform is HEROKU else {"region": "ams", "organization": "acme"}
    return list(
        platform.steps(Site(project=shape or project(), options=wanted(**given), remote=remote, commits=commits))
    )


OWN = make(HERE, remotes=REMOTE)
CREATED = "heroku apps:create blog --remote heroku --region eu +app blog +Git remote heroku"
SET = "heroku config:set --app blog ON_HEROKU=1 ********"
PUSHED = "git push heroku HEAD:refs/heads/main $700"
WAITED = "heroku releases --app blog --json --num 1"
ADDED = "heroku addons:create heroku-postgresql:essential-0 --app blog --wait"
DEPLOYED = "fly deploy --app blog --ha=false --yes --image-label commit-HEAD $369"
SIZES = "--initial-cluster-size 1 --vm-size shared-cpu-1x --volume-size 1"
UNKNOWN = "[the app blog has a Git remote here; --automate-all checks what it has]"
MADE = " +database heroku-postgresql:essential-0 $500"
UP = {
    "create-app": "[found in region eu] +app blog +Git remote heroku",
    "git-remote": "[it already does] +Git remote heroku",
}
UP |= {"metadata": "[it already does]", "database": f"[found postgresql-1]{MADE}", "variables": "[they are set]"}
FLY_UP = {"create-app": "[found in the organization personal] +app blog", "attach-database": "[found blog-db] private"}
FLY_UP |= {"create-database": "[found blog-db] +database blog-db $234 private", "secrets": "[it is set]"}


def settings(**of: Any) -> Project:
    return replace(project(), settings=replace(project().settings, **of))


def fly_toml(text: str) -> Project:
    return make(HERE, files={"fly.toml": text.encode()})


# state of the app: the platform, the survey's result, the project, and the steps; some, if not all are shown.
WHOLE: dict[str, tuple[Platform, Remote, Project, dict[str, str]]] = {
    "no app on Heroku": (
        HEROKU,
        NEW,
        project(),
        {
            "create-app": CREATED,
            "metadata": "heroku labs:enable runtime-dyno-metadata --app blog",
            "database": f"{ADDED}{MADE}",
            "variables": f"{SET} DISABLE_COLLECTSTATIC=1",
            "push": PUSHED,
            "release": WAITED,
        },
    ),
    "a remote, and no survey": (
        HEROKU,
        Remote(app="blog"),
        OWN,
        {
            "create-app": f"{UNKNOWN} +app blog +Git remote heroku",
            "metadata": UNKNOWN,
            "database": f"{UNKNOWN}{MADE}",
            "variables": UNKNOWN,
            "push": PUSHED,
            "release": WAITED,
        },
    ),
    "this commit runs on Heroku": (
        HEROKU,
        ON_HEROKU,
        OWN,
        {**UP, "push": "[the app runs this commit] $700", "release": "[it has]"},
    ),
    "its release failed": (
        HEROKU,
        replace(ON_HEROKU, release="failed"),
        OWN,
        {**UP, "retry": "heroku releases:retry --app blog $700", "release": WAITED},
    ),
    "the commit before it runs on Heroku": (
        HEROKU,
        replace(ON_HEROKU, deployed="1" * 40),
        OWN,
        {**UP, "push": PUSHED, "release": WAITED},
    ),
    "no app on Fly.io": (
        FLY,
        NEW,
        project(),
        {
            "create-app": "fly apps create blog --org acme +app blog",
            "create-database": f"fly postgres create --name blog-db --org acme --region ams {SIZES}"
            " +database blog-db $234 private",
            "attach-database": "fly postgres attach blog-db --app blog --yes private",
            "secrets": "fly secrets import --app blog --stage",
            "deploy": DEPLOYED,
        },
    ),
    "this commit runs on Fly.io": (FLY, ON_FLY, project(), {**FLY_UP, "deploy": "[the app runs this commit] $369"}),
    "the commit before it runs on Fly.io": (
        FLY,
        replace(ON_FLY, deployed="1" * 40),
        project(),
        {**FLY_UP, "deploy": DEPLOYED},
    ),
    "a secret is staged": (
        FLY,
        replace(ON_FLY, facts=FlyFound(organization="personal", region="fra", staged=True)),
        project(),
        {**FLY_UP, "deploy": DEPLOYED},
    ),
}
SOME: dict[str, tuple[Platform, Remote, Project, dict[str, str]]] = {
    "a DATABASE_URL set by hand": (
        HEROKU,
        replace(NEW, exists=True, variables=frozenset({"DATABASE_URL"})),
        project(),
        {
            "database": f"[found the variable DATABASE_URL is set]{MADE}",
            "git-remote": "heroku git:remote --app blog --remote heroku +Git remote heroku",
        },
    ),
    "settings that manage.py does not name": (
        HEROKU,
        NEW,
        settings(selected=False, module="blog.production"),
        {"variables": f"{SET} DJANGO_SETTINGS_MODULE=blog.production DISABLE_COLLECTSTATIC=1"},
    ),
    "static files": (HEROKU, NEW, settings(installed_apps=("django.contrib.staticfiles",)), {"variables": SET}),
    "a remote of another app": (
        HEROKU,
        NEW,
        make(HERE, remotes={"heroku": "https://git.heroku.com/other.git"}),
        {
            "create-app": "heroku apps:create blog --remote heroku-blog --region eu +app blog +Git remote heroku-blog",
            "push": "git push heroku-blog HEAD:refs/heads/main $700",
        },
    ),
    "a database that waits": (
        FLY,
        replace(NEW, facts=FlyFound(organization="personal", region="fra", waiting=True, user="blog_2")),
        project(),
        {
            "create-database": "[found, not attached to any app] +database blog-db $234 private",
            "attach-database": "fly postgres attach blog-db --app blog --database-user blog_2 --yes private",
        },
    ),
    "two machines": (
        FLY,
        ON_FLY,
        fly_toml("app = 'blog'\n[http_service]\nmin_machines_running = 2\n[env]\nDEBUG = '1'\n"),
        {
            "secrets": "fly secrets import --app blog --stage",
            "deploy": "fly deploy --app blog --yes --image-label commit-HEAD $369",
        },
    ),
    "a managed database": (
        FLY,
        replace(NEW, facts=FlyFound(organization="personal", region="fra", kind="managed")),
        project(),
        {
            "create-database": "fly mpg create --name blog-db --org personal --region fra --plan basic"
            " +managed database blog-db $4080 private",
            "attach-database": "fly mpg attach ID --app blog private",
        },
    ),
}


@pytest.mark.parametrize("state", WHOLE)
def test_every_step_in_a_state_of_the_app(state: str) -> None:
    platform, remote, shape, expected = WHOLE[state]
    assert {step.id: told(step) for step in steps(platform, remote, shape)} == expected


@pytest.mark.parametrize("state", SOME)
def test_the_steps_that_depend_on_a_state(state: str) -> None:
    platform, remote, shape, expected = SOME[state]
    found = {step.id: told(step) for step in steps(platform, remote, shape)}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(("platform", "remote"), [(HEROKU, ON_HEROKU), (FLY, ON_FLY)])
def test_a_commit_made_by_the_run_is_deployed(platform: Platform, remote: Remote) -> None:
    sending = [step for step in steps(platform, remote, OWN, commits=True) if step.id in ("push", "release", "deploy")]
    assert [step.already_done for step in sending] == [None] * len(sending)
    assert sending


def test_uncommitted_files_in_the_image_are_deployed_and_noted(tmp_path: Path) -> None:
    entries = (GitEntry(path="x", state="modified"),)
    (*_, step) = FLY.steps(
        Site(project=project(entries=entries), options=wanted(ignore_unclean_git=True), remote=ON_FLY)
    )
    assert shown(step.argv).endswith("--image-label uncommitted-20060102120000")
    assert not step.already_done


def test_the_id_of_an_app_is_read() -> None:
    asked = {"heroku": ({"app": {"id": "6f4c"}}, "6f4c"), "fly_io": (answered("personal"), "dev@example.com/blog")}
    for platform in (HEROKU, FLY):
        identity = steps(platform, replace(NEW, account="dev@example.com"))[0].identity
        assert identity
        answer, expected = asked[platform.id]
        assert identity.read(json.dumps(answer)) == expected
        assert (
            " ".join(identity.argv)
            == {
                "heroku": "heroku apps:info --app blog --json",
                "fly_io": "fly status --app blog --json",
            }[platform.id]
        )


@pytest.mark.parametrize(
    ("organization", "account", "expected"),
    [("acme", "me", "acme/blog"), ("acme", "you", "acme/blog"), ("personal", "me", "me/blog")],
)
def test_an_app_on_fly_io_belongs_to_its_organization(organization: str, account: str, expected: str) -> None:
    assert fly_identity.identity(answered(organization), account) == expected


IPS = [{"Type": "shared_v4", "Address": "66.241.124.101"}, {"Type": "v6", "Address": "2a09:8280:1::7a:3c1:0"}]
IDENTITY = "acme/blog/2a09:8280:1::7a:3c1:0"


def answered(organization: str) -> dict[str, Any]:
    return {"ID": "blog", "Name": "blog", "Organization": {"Slug": organization}}


@pytest.mark.parametrize(
    ("said", "claimed", "expected"),
    [
        (IPS, None, IDENTITY),
        (IPS, IDENTITY, IDENTITY),
        (IPS, "acme/blog/2a09:8280:1::ff:ffff:0", IDENTITY),
        # Recorded when the app was created: the deployment after that may have failed.
        (IPS, "acme/blog", "acme/blog"),
        (IPS, "other/blog", IDENTITY),
        ([], IDENTITY, "acme/blog"),
        (IPS[:1], IDENTITY, "acme/blog"),
        ({}, IDENTITY, "acme/blog"),
        (None, IDENTITY, "acme/blog"),
    ],
)
def test_the_address_distinguishes_an_app_on_fly_io_from_a_later_one(
    said: Any, claimed: str | None, expected: str
) -> None:
    def ask(questions: Sequence[Question]) -> list[Ran]:
        [question] = questions
        assert question.argv == ("fly", "ips", "list", "--app", "blog", "--json")
        output, status = (json.dumps(said), 0) if said is not None else ("", 1)
        return [Ran(argv=question.argv, returncode=status, stdout=output, stderr="", seconds=0)]

    claim = None if claimed is None else Claim(app="blog", said_by="the receipt", id=claimed)
    claiming = replace(project(), claim=claim)
    assert fly_identity.found(ask, answered("acme"), claiming, Remote(account="me")) == expected


def test_a_deployment_on_fly_io_records_the_address() -> None:
    *_, step = steps(FLY, NEW)
    assert step.identity
    assert step.identity.argv == ("fly", "ips", "list", "--app", "blog", "--json")
    assert step.identity.read(json.dumps(IPS)) == IDENTITY
    with pytest.raises(LookupError):
        step.identity.read("[]")


def test_the_id_of_a_managed_database_is_read() -> None:
    managed = replace(NEW, facts=FlyFound(kind="managed", organization="personal"))
    attach = next(step for step in steps(FLY, managed) if step.id == "attach-database")
    late = attach.argv[3]
    assert isinstance(late, Deferred)
    assert late.query.argv == ("fly", "mpg", "list", "--org", "personal", "--json")
    assert late.query.read(json.dumps([{"name": "other", "id": "1"}, {"name": "blog-db", "id": "2"}])) == "2"
    with pytest.raises(LookupError):
        late.query.read("[]")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ([{"status": "succeeded", "version": 7}], "done"),
        ([{"status": "pending", "version": 7}], "wait"),
        ([{"status": "failed", "version": 7}], "ended with status failed (release v7); the previous version"),
        ([], "wait"),
        ({}, "wait"),
        ([{"status": "failed"}], "wait"),
    ],
    ids=str,
)
def test_the_state_of_a_release(said: object, verdict: str) -> None:
    poll = steps(HEROKU, NEW)[-1].poll
    assert poll
    assert poll.verdict(json.dumps(said)).startswith(verdict)
    assert poll.verdict("<html>") == "wait"


ENDS: list[tuple[Platform, Remote, list[Created], list[str]]] = [
    (HEROKU, ON_HEROKU, [], ["heroku apps:destroy --app blog --confirm blog"]),
    (HEROKU, NEW, [], []),
    (FLY, ON_FLY, [Created(kind="database", name="blog-db")], ["fly apps destroy blog --yes"]),
    (FLY, replace(NEW, facts=FlyFound(made=True)), [Created(kind="database", name="blog-db")], ["blog-db --yes"]),
    (FLY, replace(NEW, facts=FlyFound(made=True)), [Created(kind="app", name="blog")], []),
    (
        FLY,
        replace(NEW, account="7"),
        [Created(kind="managed database", name="blog-db")],
        ["mpg destroy 7 --yes"],
    ),
    (
        FLY,
        replace(NEW, account="?"),
        [Created(kind="managed database", name="blog-db")],
        ["destroy ID --yes"],
    ),
    (FLY, replace(NEW, account=""), [Created(kind="managed database", name="blog-db")], []),
]


@pytest.mark.parametrize(("platform", "remote", "made", "commands"), ENDS)
def test_the_removal_of_an_app(platform: Platform, remote: Remote, made: list[Created], commands: list[str]) -> None:
    def ask(questions: Sequence[Question]) -> list[Ran]:
        """The managed databases that the account lists."""
        listed = [{"name": "blog-db", "id": remote.account}] if remote.account else []
        return [answer(json.dumps(listed), status=int(remote.account == "?"))]

    ends = [
        shown(step.argv)
        for step in platform.destroy(ask, Site(project=project(), options=wanted(), remote=remote), made)
    ]
    assert len(ends) == len(commands)
    assert all(end.endswith(command) for end, command in zip(ends, commands, strict=True))


def test_the_command_that_removes_one_resource() -> None:
    removals = {
        (platform.id, kind): " ".join(platform.removal("blog", Created(kind=kind, name="thing")))
        for platform in (HEROKU, FLY)
        for kind in ("app", "database", "managed database", "Git remote", "unknown")
    }
    assert removals == {
        ("heroku", "app"): "heroku apps:destroy --app blog --confirm blog",
        ("heroku", "database"): "heroku addons:destroy thing --app blog",
        ("heroku", "managed database"): "",
        ("heroku", "Git remote"): "git remote remove thing",
        ("heroku", "unknown"): "",
        ("fly_io", "app"): "fly apps destroy blog --yes",
        ("fly_io", "database"): "fly apps destroy thing --yes",
        ("fly_io", "managed database"): "fly mpg destroy ID --yes",
        ("fly_io", "Git remote"): "",
        ("fly_io", "unknown"): "",
    }


def test_the_questions_for_address_and_log() -> None:
    for platform, argv, said in (
        (HEROKU, "heroku apps:info --app blog --json", {"app": {"web_url": "https://blog.example/"}}),
        (FLY, "fly status --app blog --json", {"Hostname": "blog.example"}),
    ):
        address = platform.address("blog")
        assert address
        assert " ".join(address.argv) == argv
        assert address.read(json.dumps(said)) == "https://blog.example/"
    watch = HEROKU.watch("blog")
    assert watch and watch.crashed
    assert " ".join(watch.log) == "heroku logs --app blog --process-type web --num 100"
    assert " ".join(watch.crashed.argv) == "heroku ps --app blog --json"


def test_a_python_newer_than_the_known_ones_is_noted_on_heroku() -> None:
    newer, known = wanted(python=(3, 15)), wanted(python=(3, 14))
    assert not HEROKU.check(Site(project=project(), options=newer, remote=NEW))
    (note,) = HEROKU.notes(Site(project=project(), options=newer, remote=NEW))
    assert note.startswith("simple_deploy cannot tell whether Heroku supports Python 3.15: its data, from")
    assert not HEROKU.notes(Site(project=project(), options=known, remote=NEW))
    assert HEROKU.check(Site(project=project(), options=wanted(python=(3, 9)), remote=NEW)), "an older one is refused"


def test_without_dyno_metadata_the_host_name_is_set() -> None:
    lacking = replace(ON_HEROKU, facts=HerokuFound(region="eu", metadata=None, host="blog-123.herokuapp.com"))
    found = {step.id: told(step) for step in steps(HEROKU, lacking, OWN)}
    assert "metadata" not in found
    assert found["variables"] == "heroku config:set --app blog ALLOWED_HOSTS=blog-123.herokuapp.com"
    own = replace(lacking, variables=lacking.variables | {"ALLOWED_HOSTS"})
    assert {step.id: told(step) for step in steps(HEROKU, own, OWN)}["variables"] == "[they are set]", (
        "it is the user's"
    )
    (enabling,) = (step for step in steps(HEROKU, NEW) if step.id == "metadata")
    assert "run the same command again: it then sets ALLOWED_HOSTS to the app's host name" in enabling.on_failure


def answer(stdout: str = "", stderr: str = "", status: int = 0) -> Ran:
    return Ran(argv=("heroku",), returncode=status, stdout=stdout, stderr=stderr, seconds=0.0)


@pytest.mark.parametrize("margin", ["›", "»"])
def test_heroku_cli_errors_are_parsed_with_every_systems_margin(margin: str) -> None:
    said = f" {margin}   Error: You do not\n {margin}   have access to the app blog.\n"
    refused = [answer(stderr=said, status=2), *[answer(status=2)] * 4]
    assert HEROKU.survey
    found = HEROKU.survey(lambda questions: refused, lambda *_: None, Site(project=OWN, options=wanted(), remote=NEW))
    assert (found.taken, found.problems) == (True, ())


FEATURE = {"name": "runtime-dyno-metadata", "enabled": True}


@pytest.mark.parametrize(
    ("labs", "metadata"), [([FEATURE], True), ([{**FEATURE, "enabled": False}], False), ([], None)]
)
def test_a_survey_distinguishes_disabled_and_missing_features(labs: list[Any], metadata: bool | None) -> None:
    app = {"name": "blog", "id": "1", "region": {"name": "eu"}, "web_url": "https://blog-123.herokuapp.com/"}
    said = [{"app": app, "addons": []}, {}, {"app": labs}, []]
    answers = [*(answer(json.dumps(value)) for value in said), answer()]
    assert HEROKU.survey
    found = HEROKU.survey(lambda questions: answers, lambda *_: None, Site(project=OWN, options=wanted(), remote=NEW))
    assert found.facts == HerokuFound(region="eu", metadata=metadata, host="blog-123.herokuapp.com")


def test_a_misspelt_version_file_is_refused_before_the_push() -> None:
    shape = make(HERE, files={"python-version": b"3.13\n"})
    (problem,) = HEROKU.check(Site(project=shape, options=wanted(), remote=NEW))
    assert problem.found.startswith("Heroku treats python-version as a misspelled .python-version")
    assert not HEROKU.check(
        Site(project=make(HERE, files={".python-version": b"3.13\n"}), options=wanted(), remote=NEW)
    )


def test_console_commands_on_fly_io_start_the_machine_first() -> None:
    for how in (FLY.guide.console, FLY.guide.superuser):
        assert how.commands[0] == "fly machine start --app {app}"


@pytest.mark.parametrize("platform", EVERY)
def test_the_terminal_shows_the_command_that_makes_an_admin_user(platform: Platform) -> None:
    how = platform.guide.superuser
    assert "createsuperuser" in str(how.commands[how.shown])


def test_the_free_trial_of_fly_io_is_one_note_before_the_first_deployment() -> None:
    def said(remote: Remote) -> int:
        return sum("free trial" in note for note in FLY.notes(Site(project=project(), options=wanted(), remote=remote)))

    assert [said(replace(ON_FLY, deployed=None)), said(NEW), said(ON_FLY), said(Remote(app="blog"))] == [1, 1, 0, 0]


@pytest.mark.parametrize("name", ["heroku", "fly_io"])
def test_the_pages_have_the_prices_of_the_facts(name: str) -> None:
    """People read the same prices that the plan adds up."""
    folder = Path(__file__).parents[2] / "simple_deploy" / "platforms" / name
    page = (folder / "README.md").read_text(encoding="utf-8")
    found = (fact.value for key, fact in facts(folder).items() if key.endswith("price"))
    prices = [price for price in found if isinstance(price, dict)]
    assert len(prices) >= 2
    for price in prices:
        assert re.findall(r"\$[\d.]*\d", price["text"]), price
        assert [amount for amount in re.findall(r"\$[\d.]*\d", price["text"]) if amount not in page] == []


def test_heroku_builds_a_project_with_a_package_json_as_python() -> None:
    """By default, Heroku would detect it as Node.js."""
    package = make(HERE, files={"package.json": b'{"scripts": {"build": "vite build"}}'})
    sites = [Site(project=project, options=wanted(), remote=NEW) for project in (make(HERE), package)]
    plain, chosen = (next(step.argv for step in HEROKU.steps(site) if step.id == "create-app") for site in sites)
    assert chosen == (*plain, "--buildpack", "heroku/python")


COMMANDS = {
    "gunicorn blog.wsgi --bind 0.0.0.0:8000": "8000",
    'CMD ["gunicorn", "-b", ":5000", "blog.wsgi"]': "5000",
    "python manage.py runserver 0.0.0.0:8000": "8000",
    "daphne -b 0.0.0.0 -p 8001 blog.asgi:application": "8001",
    "uvicorn blog.asgi:application --port 8002": "8002",
    "gunicorn blog.wsgi --bind 0.0.0.0:$PORT": "",
    "gunicorn blog.wsgi:app --timeout 8000": "",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_fixed_port_in_a_start_command(command: str) -> None:
    assert fixed_port(command) == COMMANDS[command]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "FROM python:3.6-slim\nRUN python manage.py collectstatic\nCMD ./start\n",
            ["your Dockerfile uses Python 3.6, which has had"],
        ),
        ("FROM docker.io/library/python:3.13\nCMD ./start\n", ["your Dockerfile does not collect static files"]),
        ("FROM python:3.13\n# collectstatic\nCMD ./start\n", ["your Dockerfile does not collect static files"]),
        ("FROM python:3.13\nCMD ./entrypoint.sh\n", []),
        ("FROM python:3.13\nRUN python manage.py collectstatic\nCMD ./start\n", []),
    ],
)
def test_missing_parts_of_a_dockerfile_are_noted(lines: str, said: list[str]) -> None:
    named = b"[build]\ndockerfile = 'Dockerfile'\n"
    own = replace(make(HERE, files={"Dockerfile": lines.encode(), "fly.toml": named}), settings=SETTINGS)
    site = Site(project=own, options=wanted(), remote=NEW)
    found = [note for note in (*FLY.not_working(site), *FLY.notes(site)) if note.startswith("your Dockerfile")]
    assert [note[: len(text)] for note, text in zip(found, said, strict=True)] == said


def test_a_file_for_gunicorn_does_not_choose_the_port() -> None:
    def written(platform: Platform, path: str, *files: str) -> str:
        site = Site(project=make(HERE, files=dict.fromkeys(files, b"")), options=wanted(), remote=NEW)
        return next(file.edit(None) for file in platform.files(site) if file.path == path)

    assert "--bind 0" not in written(HEROKU, "Procfile") and '"--bind"' not in written(FLY, "Dockerfile")
    assert written(HEROKU, "Procfile", "gunicorn.conf.py").endswith(" --bind 0.0.0.0:$PORT\n")
    assert '"--bind", "0.0.0.0:8080"]' in written(FLY, "Dockerfile", "gunicorn.conf.py")


def test_a_module_named_gunicorn_does_not_hide_the_package_on_heroku() -> None:
    def start(**of: Any) -> str:
        site = Site(project=replace(make(HERE, files={"gunicorn.py": b""}), **of), options=wanted(), remote=NEW)
        return next(file.edit(None) for file in HEROKU.files(site) if file.path == "Procfile")

    assert "web: PYTHONPATH= gunicorn " in start()
    below = {"manage_dir": "src", "settings": replace(SETTINGS, path="src/blog/settings.py")}
    assert "web: gunicorn --chdir src blog.wsgi " in start(**below)
    beside = {"manage_dir": "example", "settings": replace(SETTINGS, path="src/blog/settings.py")}
    assert "web: gunicorn --chdir example --pythonpath ../src blog.wsgi " in start(**beside)


def test_the_users_own_files_must_not_fix_another_port() -> None:
    def codes(platform: Platform, **files: bytes) -> list[str]:
        named = {name.replace("_", "."): text for name, text in files.items()}
        site = Site(project=make(HERE, files=named), options=wanted(), remote=NEW)
        return [problem.code for problem in platform.check(site)]

    assert codes(HEROKU, Procfile=b"web: gunicorn blog.wsgi -b :8000\n") == ["heroku-port"]
    assert codes(HEROKU, Procfile=b"web: gunicorn blog.wsgi -b :$PORT\nother: x :8000\n") == []
    development = {"Procfile": b"web: python manage.py runserver 0.0.0.0:$PORT\n"}
    notes = HEROKU.notes(Site(project=make(HERE, files=development), options=wanted(), remote=NEW))
    assert any('"web" line in Procfile is kept, although it starts Django\'s development' in note for note in notes)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("RUN python manage.py collectstatic", "collects static files without the settings for Fly.io"),
        ("RUN pip install x && \\\n python manage.py collectstatic", "collects static files without the settings"),
        ("ENV ON_FLY_IO=1\nRUN python manage.py collectstatic", ""),
        ("# RUN python manage.py collectstatic", "does not collect static files"),
        ("COPY start.sh .", ""),
    ],
)
def test_a_dockerfile_without_the_sites_static_files_is_kept_and_another_is_built(lines: str, said: str) -> None:
    text = f"FROM python:3.13\n{lines}\nCMD gunicorn blog.wsgi\n"
    for toml, reason in ((b"", said), (b"[build]\ndockerfile = 'Dockerfile'\n", "")):
        files = {"Dockerfile": text.encode(), "fly.toml": toml}
        site = Site(project=replace(make(HERE, files=files), settings=SETTINGS), options=wanted(), remote=NEW)
        notes = [note for note in FLY.notes(site) if "so it stays as it is and Fly.io builds" in note]
        assert [reason in note for note in notes] == ([True] if reason else [])
        assert FLY.check(site) == ()


@pytest.mark.parametrize(
    ("image", "more", "allowed", "said"),
    [
        ("python:3.9.6-slim", "", ">=3.12", "has Python 3.9, and pyproject.toml asks for >=3.12"),
        ("python:3.13", "", ">=3.12", ""),
        ("python:3.9", "", "", ""),
        ("python:3.9", "RUN uv sync --frozen\n", ">=3.12", ""),
        ("python:3.9", "RUN uv sync --python-preference only-system\n", ">=3.12", "has Python 3.9, and pyproject.toml"),
        ("python:3.13 AS build\nFROM python:3.9-slim", "", ">=3.12", "has Python 3.9"),
        ("python:3.9-slim AS build\nFROM debian", "", ">=3.12", ""),
    ],
)
def test_a_dockerfile_whose_python_the_project_does_not_allow(image: str, more: str, allowed: str, said: str) -> None:
    text = f"FROM {image}\n{more}RUN ON_FLY_IO=1 python manage.py collectstatic\nCMD gunicorn blog.wsgi\n"
    made = make(HERE, files={"Dockerfile": text.encode()})
    dependencies = replace(made.dependencies, manifest="pyproject.toml", python=allowed)
    site = Site(project=replace(made, settings=SETTINGS, dependencies=dependencies), options=wanted(), remote=NEW)
    notes = [note for note in FLY.notes(site) if "so it stays as it is and Fly.io builds" in note]
    assert [said in note for note in notes] == ([True] if said else [])


@pytest.mark.parametrize(("first", "may"), [(b"#!/bin/sh\n", True), (b"#!/usr/bin/env python\n", False)])
def test_a_script_of_any_name_may_collect_static_files(first: bytes, may: bool) -> None:
    text = b'FROM python:3.13\nENTRYPOINT ["script/run"]\nCMD ["gunicorn", "-b", ":8080", "blog.wsgi"]\n'
    for toml in (b"", b"[build]\ndockerfile = 'Dockerfile'\n"):
        files = {"Dockerfile": text, "fly.toml": toml, "script/run": first + b'exec "$@"\n'}
        site = Site(project=replace(make(HERE, files=files), settings=SETTINGS), options=wanted(), remote=NEW)
        said = (*FLY.not_working(site), *FLY.notes(site))
        notes = [note for note in said if note.startswith("your Dockerfile does not collect static files")]
        assert bool(notes) is not may


GUNICORN = 'FROM python:3.13\nCMD ["gunicorn", "-b", ":8080", "blog.wsgi"]\n'
PORT = GUNICORN.replace("8080", "8000")
RUNS = "FROM python:3.13\nCMD python manage.py runserver 0.0.0.0:8080\n"
SERVICE = "app = 'x'\n[http_service]\ninternal_port = 8000\n"


@pytest.mark.parametrize(
    ("dockerfile", "toml", "image", "said"),
    [
        (None, "", "Dockerfile", ""),
        (GUNICORN, "", "Dockerfile", ""),
        (PORT, "", "fly.Dockerfile", "starts the site on port 8000, and fly.toml sends visitors to port 8080"),
        (PORT, SERVICE, "Dockerfile", ""),
        (RUNS, "", "fly.Dockerfile", "starts Django's development server (CMD python manage.py runserver"),
        ("FROM python:3.13\nRUN pip install x\n", "", "fly.Dockerfile", "starts nothing: it has no CMD"),
        ("FROM company/site\n", "", "Dockerfile", ""),
        ("FROM node:22 AS js\nFROM nginx:1.27\n", "", "fly.Dockerfile", "is for another program (FROM nginx:1.27)"),
        ("FROM node:22\nRUN apt-get install python3\nCMD gunicorn blog.wsgi\n", "", "Dockerfile", ""),
        (RUNS, "[build]\ndockerfile = 'fly.Dockerfile'\n", "fly.Dockerfile", "starts Django's development server"),
        (GUNICORN, "[build]\ndockerfile = './fly.Dockerfile'\n", "fly.Dockerfile", ""),
        (RUNS, "[build]\n  [build.args]\n  A = '1'\n", "fly.Dockerfile", "starts Django's development server"),
        (RUNS, "[env]\nPORT = 'x'\n", "fly.Dockerfile", None),
        (RUNS, "[build]\ndockerfile = 'docker/web'\n", "", ""),
        (RUNS, "[build]\ndockerfile = 'Dockerfile'\n", "Dockerfile", "dockerfile"),
        (RUNS, "[build]\nbuild-target = 'web'\n", "Dockerfile", "build-target"),
    ],
)
def test_a_dockerfile_that_does_not_start_the_site_is_kept_and_another_is_built(
    dockerfile: str | None, toml: str, image: str, said: str | None
) -> None:
    files = {"Dockerfile": dockerfile and dockerfile.encode(), "fly.toml": toml.encode() or None}
    project = make(HERE, files={name: raw for name, raw in files.items() if raw})
    site = Site(project=project, options=wanted(), remote=NEW)
    written = [edit.path for edit in FLY.files(site) if "ockerfile" in edit.path]
    assert written == ([image] if image else [])
    notes = [note for note in FLY.notes(site) if "so it stays as it is and Fly.io builds fly.Dockerfile" in note]
    problems = FLY.check(site)
    if said is None:
        assert [problem.code for problem in problems] == ["fly-toml"]
    elif image == "fly.Dockerfile":
        (edit,) = (edit for edit in FLY.files(site) if edit.path == "fly.toml")
        assert loads(edit.edit(toml or None).encode())["build"]["dockerfile"].removeprefix("./") == image
        assert [said in note for note in notes] == ([True] if said else [])
        assert problems == ()
    else:
        assert [problem.code for problem in problems] == (["fly-dockerfile"] if said else [])
        assert all(f"remove {said} from [build]" in problem.remedy for problem in problems)
        assert notes == []
    replaced = Site(project=project, options=wanted(replace_files=True), remote=NEW)
    assert "fly-dockerfile" not in [problem.code for problem in FLY.check(replaced)]
