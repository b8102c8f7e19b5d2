"""Which app belongs to this project: only one that a deployment recorded. Nothing here starts a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sample_settings import SETTINGS as SAMPLE

from simple_deploy import claims, receipt
from simple_deploy.contract import Platform, Question, Remote, Site
from simple_deploy.model import (
    Claim,
    Created,
    Dependencies,
    Git,
    GitEntry,
    Ignored,
    Options,
    Project,
    Purpose,
    Ran,
    Secret,
    Step,
)
from simple_deploy.plan import Planned, plan
from simple_deploy.platforms import installed, load
from simple_deploy.platforms._upsun.variables import Found as UpsunFound
from simple_deploy.platforms.fly_io.databases import Found as FlyFound
from simple_deploy.receipt import Writer, begun

HEAD = "0123456789abcdef0123456789abcdef01234567"
ORIGIN = "https://github.com/me/blog.git"
NOW = datetime(2006, 1, 2, 12, tzinfo=timezone.utc)
ID = "abcdefghijkl2"
FACTS = UpsunFound(id=ID, region="eu-5.platform.sh")
SETTINGS = replace(SAMPLE, installed_apps=(), middleware=(), staticfiles_backend="", database_engine="")
DEPENDENCIES = Dependencies(
    package_manager="pip", manifest="requirements.txt", declared=frozenset(), files=("requirements.txt",), install=()
)
EVERY = [pytest.param(load(name), id=name) for name in installed()]
HEROKU, FLY, UPSUN = load("heroku"), load("fly_io"), load("upsun")


def planned(project: Project, options: Options, platform: Platform, remote: Remote) -> Planned:
    """The plan without any lock file."""
    return plan(Site(project=project, options=options, remote=remote), platform, {})


def make(
    root: Path, *, remotes: dict[str, str] | None = None, origin: str | None = ORIGIN, files: Any = (), **of: Any
) -> Project:
    named = {**({"origin": origin} if origin else {}), **(remotes or {})}
    git = Git(head=HEAD, branch="main", first_commit=HEAD, remotes=named, **of)
    content = {"blog/settings.py": b"DEBUG = True\n", "requirements.txt": b"Django\n", **dict(files)}
    return Project(
        root=root,
        manage_dir=".",
        git=git,
        settings=SETTINGS,
        dependencies=DEPENDENCIES,
        files=content,
        ignored=Ignored(tracked=tuple(content)),
        claim=None,
    )


def wanted(**given: Any) -> Options:
    fixed = {"manage_py": Path("manage.py"), "settings_module": "blog.settings", "python": (3, 13), "now": NOW}
    return Options(secret_key=Secret("s3cret"), **{"purpose": Purpose.DEPLOY, **fixed, **given})


def settings_after(project: Project, platform: Platform, app: str) -> bytes:
    """The settings file after a deployment to that app."""
    surveyed = Remote(surveyed=True, account="dev@example.com", app=app)
    made = planned(project, wanted(), platform, surveyed).plan
    return next(change.after for change in made.changes if change.path == "blog/settings.py")


@pytest.mark.parametrize(
    ("state", "app_id", "known"), [("done", None, True), ("failed", None, False), ("failed", ID, True)]
)
def test_the_receipt_claims_created_apps_and_apps_with_an_id(
    tmp_path: Path, state: str, app_id: str | None, known: bool
) -> None:
    record(tmp_path, HEROKU, "my-blog", app_id, state)
    claim = receipt.claim(receipt.load(tmp_path), "heroku", "the receipt")
    assert (claim and (claim.app, claim.id)) == (("my-blog", app_id or "") if known else None)


def test_an_app_on_heroku_that_was_renamed_is_found_by_its_id(tmp_path: Path) -> None:
    about = {"name": "renamed", "id": ID, "region": {"name": "eu"}, "web_url": "https://renamed.example/"}
    app = {"app": about, "addons": []}
    answers = {"apps:info": app, "config": {}, "labs": {"app": []}, "releases": []}
    asked = []

    def ask(questions: Sequence[Question]) -> list[Ran]:
        ran = []
        for argv in (question.argv for question in questions):
            known = argv[0] == "git" or ID in argv
            asked.extend(argv[3:4] if argv[1] == "apps:info" else ())
            error = "" if known else "Couldn't find that app."
            said = json.dumps(answers.get(argv[1])) if known else ""
            ran.append(Ran(argv=argv, returncode=0 if known else 1, stdout=said, stderr=error, seconds=0))
        return ran

    project = make(tmp_path)
    for claim, destroys, names in (
        (ID, True, ["my-blog", ID]),
        ("gone", True, ["my-blog", "gone"]),
        ("my-blog", True, ["my-blog"]),
        ("", True, ["my-blog"]),
        (ID, False, ["my-blog"]),
    ):
        asked.clear()
        claimed = replace(project, claim=Claim(app="my-blog", said_by="the receipt", id=claim))
        site = Site(project=claimed, options=wanted(), remote=Remote(app="my-blog"))
        assert HEROKU.find and HEROKU.survey
        found = HEROKU.find(ask, site) if destroys else HEROKU.survey(ask, lambda *_: None, site)
        assert (found.exists, found.problems, asked) == (ID in names, (), names)
        assert found.app == ("renamed" if found.exists else names[-1])


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()


def deployed(project: Project, platform: Platform, app: str) -> Project:
    """The project with the files that a deployment to that app commits."""
    return replace(project, files={**project.files, "blog/settings.py": settings_after(project, platform, app)})


def record(root: Path, platform: Platform, app: str, app_id: str | None = None, state: Any = "done") -> None:
    """A receipt of a run that created the app."""
    run = begun("deploy", NOW, platform.id, app, "main", account="dev@example.com")
    step = Step(id="create-app", title="", why="", argv=("x",), makes=(Created(kind="app", name=app),))
    Writer(root, run).step(step, state, app_id)


def settled(project: Project, platform: Platform, **given: Any) -> str:
    """The project's app or ID, or the code of the problem; "" for neither."""
    found, problems = claims.claimed(project, wanted(**given), platform)
    return problems[0].code if problems else (found.claim and (found.claim.id or found.claim.app)) or ""


def judged(project: Project, platform: Platform, remote: Remote, **given: Any) -> str:
    """The code of the problem with the app that the survey found; "" for none."""
    project, problems = claims.claimed(project, wanted(**given), platform)
    surveyed = replace(remote, surveyed=True, account="dev@example.com")
    problems = problems or claims.problems(Site(project=project, options=wanted(**given), remote=surveyed), platform)
    return problems[0].code if problems else ""


@pytest.mark.parametrize("platform", EVERY)
def test_an_app_with_the_same_name_is_foreign_unless_adopted(platform: Platform, tmp_path: Path) -> None:
    project, found = make(tmp_path), Remote(app="blog", id=ID, exists=True)
    assert judged(project, platform, found) == "unclaimed-app"
    assert judged(project, platform, found, yes=True) == "unclaimed-app"
    assert judged(project, platform, found, yes=True, app_name="blog") == "unclaimed-app"
    assert judged(project, platform, found, app_name="blog", adopt=True) == ""
    assert judged(project, platform, found, adopt=True) == "adopt"
    assert judged(project, platform, replace(found, exists=False)) == ""


def test_messages_about_an_app_that_may_be_foreign(tmp_path: Path) -> None:
    remote = Remote(surveyed=True, account="dev@example.com", app="my blog", exists=True)
    (problem,) = claims.problems(Site(project=make(tmp_path), options=wanted(), remote=remote), UPSUN)
    assert problem.found == (
        "Upsun already has an app called my blog on the account dev@example.com, and nothing shows that it belongs to "
        "this project."
    )
    assert problem.remedy == (
        "To create a new one: --deployed-project-name NEW-NAME\n"
        'To deploy to that app and use its database: --deployed-project-name "my blog" --adopt'
    )


@pytest.mark.parametrize("platform", EVERY)
def test_a_committed_line_identifies_the_app_in_every_clone(platform: Platform, tmp_path: Path) -> None:
    project = deployed(make(tmp_path), platform, "my-blog")
    for origin in (
        "https://x-access-token:TOKEN@github.com/me/blog",
        "git@github.com:me/blog.git",
        "ssh://git@github.com:22/Me/Blog/",
    ):
        clone = make(tmp_path / "other-name", origin=origin, files=project.files, shallow=True)
        assert settled(clone, platform) == "my-blog"
        assert judged(clone, platform, Remote(app="my-blog", id=ID, exists=True)) == ""
        again = planned(clone, wanted(), platform, Remote(surveyed=True, account="ci", app="my-blog")).plan
        assert "blog/settings.py" not in {change.path for change in again.changes}
        alone = planned(clone, wanted(purpose=Purpose.CONFIGURE), platform, Remote(app="my-blog")).plan
        assert "blog/settings.py" not in {change.path for change in alone.changes}


@pytest.mark.parametrize("platform", EVERY)
def test_a_copied_starter_gets_its_own_app(platform: Platform, tmp_path: Path) -> None:
    starter = deployed(make(tmp_path), platform, "first-client")
    there = Remote(app="first-client", id=ID, exists=True)
    for origin in ("https://github.com/me/second-client.git", None):
        clone = make(tmp_path, origin=origin, files=starter.files)
        assert settled(clone, platform) == "copied-app"
        assert judged(clone, platform, there, app_name="first-client") == "unclaimed-app"
        assert judged(clone, platform, there, app_name="first-client", adopt=True) == ""
        assert settled(clone, platform, app_name="second-client") == ""
        renewed = settings_after(clone, platform, "second-client").decode()
        assert f"# App on {platform.name}: second-client (repository " in renewed
        assert "first-client" not in renewed


def test_a_copy_without_an_origin_of_a_project_without_one_is_that_project(tmp_path: Path) -> None:
    project = deployed(make(tmp_path, origin=None), HEROKU, "my-blog")
    assert b"# App on Heroku: my-blog (repository none)\n" in (project.files["blog/settings.py"] or b"")
    assert settled(project, HEROKU) == "my-blog"
    assert settled(make(tmp_path, files=project.files), HEROKU) == "copied-app"
    record(tmp_path, HEROKU, "my-blog", ID)
    assert settled(make(tmp_path, files=project.files), HEROKU) == ID


@pytest.mark.parametrize("platform", EVERY)
def test_a_configuration_only_run_writes_no_app_line(platform: Platform, tmp_path: Path) -> None:
    project = make(tmp_path)
    options = wanted(purpose=Purpose.CONFIGURE, app_name="shop")
    made = planned(project, options, platform, Remote(app="shop")).plan
    after = {**project.files, **{change.path: change.after for change in made.changes}}
    assert "# App on" not in (after["blog/settings.py"] or b"").decode()
    configured = make(tmp_path, files=after)
    assert settled(configured, platform) == ""
    assert judged(configured, platform, Remote(app="shop", id=ID, exists=True)) == "unclaimed-app"


def test_a_proposed_name_is_marked_in_fly_toml(tmp_path: Path) -> None:
    def toml(project: Project, **remote: Any) -> str:
        (change,) = (
            change
            for change in planned(project, wanted(), FLY, Remote(app="my-blog", **remote)).plan.changes
            if change.path == "fly.toml"
        )
        return change.after.decode()

    proposed = toml(make(tmp_path))
    assert "removes this line.\napp = 'my-blog'\n" in proposed
    project = make(tmp_path, files={"fly.toml": proposed.encode()})
    assert (settled(project, FLY), FLY.app_name(project, None)) == ("", "my-blog")
    used = toml(project, surveyed=True, facts=FlyFound(region="fra"))
    assert "No deployment has used this name" not in used
    assert settled(make(tmp_path, origin=None, files={"fly.toml": used.encode()}), FLY) == "my-blog"
    # fly.toml alone cannot distinguish two copies of a repository.
    assert settled(make(tmp_path, files={"fly.toml": used.encode()}), FLY) == "copied-app"


def test_an_uncommitted_fly_toml_claims_nothing(tmp_path: Path) -> None:
    there = Remote(app="same-name", id=ID, exists=True)
    project = make(tmp_path, origin=None, files={"fly.toml": b"app = 'same-name'\n"})
    assert judged(project, FLY, there) == ""
    ignored = replace(project, ignored=Ignored(files=("fly.toml",)))
    staged = replace(project, git=replace(project.git, entries=(GitEntry(path="fly.toml", state="added"),)))
    for uncommitted in (ignored, staged):
        assert (settled(uncommitted, FLY), FLY.app_name(uncommitted, None)) == ("", "same-name")
        assert judged(uncommitted, FLY, there) == "unclaimed-app"
    edited = replace(project, git=replace(project.git, entries=(GitEntry(path="fly.toml", state="modified"),)))
    assert judged(edited, FLY, there) == ""


def test_a_shallow_clone_never_generates_a_name(tmp_path: Path) -> None:
    clone = make(tmp_path, shallow=True)
    for platform in (HEROKU, FLY, UPSUN):
        assert settled(clone, platform) == "shallow-clone"
        assert settled(clone, platform, app_name="shop") == ""
        assert settled(clone, platform, purpose=Purpose.CONFIGURE) == ""


def test_a_push_from_a_shallow_clone_fetches_the_history_first(tmp_path: Path) -> None:
    def first(platform: Platform, **git: Any) -> str:
        surveyed = Remote(surveyed=True, account="ci", app="my-blog", exists=True, facts=FACTS)
        return planned(make(tmp_path, **git), wanted(), platform, surveyed).plan.steps[0].id

    assert (first(HEROKU, shallow=True), first(HEROKU)) == ("git-history", "git-add")
    assert (first(UPSUN, shallow=True), first(FLY, shallow=True)) == ("git-history", "git-add")


def test_a_remote_is_a_claim_in_any_spelling_of_its_address(tmp_path: Path) -> None:
    for address in (
        "https://git.heroku.com/my-blog.git",
        "https://heroku:KEY@git.heroku.com/my-blog.git",
        "https://git.heroku.com/my-blog",
        "git@heroku.com:my-blog.git",
        "ssh://git@heroku.com/my-blog.git",
    ):
        assert settled(make(tmp_path, remotes={"heroku": address}), HEROKU) == "my-blog"
    for address in ("https://git.heroku.com.example.com/my-blog.git", "https://example.com/git.heroku.com/x.git"):
        assert settled(make(tmp_path, remotes={"heroku": address}), HEROKU) == ""


def test_all_conflicting_sources_are_listed(tmp_path: Path) -> None:
    record(tmp_path, FLY, "b", ID)
    project = make(tmp_path, origin=None, files={"fly.toml": b"app = 'a'\n"})
    _, (problem,) = claims.claimed(project, wanted(), FLY)
    assert problem.found == (
        "It is unclear which app on Fly.io belongs to this project: fly.toml names a, simple_deploy_logs/receipt.json "
        "names b."
    )
    assert problem.remedy == "Name the right one: --deployed-project-name NAME"
    assert settled(project, FLY, app_name="a") == "a"
    assert settled(project, FLY, app_name="b") == ID
    assert settled(project, FLY, app_name="c") == ""


def test_the_committed_line_selects_one_of_several_remotes(tmp_path: Path) -> None:
    remotes = {f"{name}": f"https://git.heroku.com/{name}.git" for name in ("staging", "production")}
    project = make(tmp_path, remotes=remotes)
    assert settled(project, HEROKU) == "several-apps"
    assert settled(project, HEROKU, app_name="staging") == "staging"
    assert settled(deployed(project, HEROKU, "production"), HEROKU) == "production"


def test_a_known_id_decides(tmp_path: Path) -> None:
    record(tmp_path, HEROKU, "my-blog", ID)
    project = deployed(make(tmp_path), HEROKU, "my-blog")
    assert judged(project, HEROKU, Remote(app="my-blog", id=ID, exists=True)) == ""
    assert judged(project, HEROKU, Remote(app="my-blog", id="another", exists=True)) == "other-id"
    assert judged(project, HEROKU, Remote(app="my-blog", id="another", exists=True), app_name="my-blog") == "other-id"
    adopted = {"app_name": "my-blog", "adopt": True}
    assert judged(project, HEROKU, Remote(app="my-blog", id="another", exists=True), **adopted) == ""


def test_a_missing_app_is_not_created_again(tmp_path: Path) -> None:
    project, gone = deployed(make(tmp_path), HEROKU, "my-blog"), Remote(app="my-blog")
    assert judged(project, HEROKU, gone) == "unseen-app"
    assert judged(project, HEROKU, replace(gone, taken=True)) == "unseen-app"
    assert judged(project, HEROKU, gone, app_name="my-blog") == ""
    assert judged(project, HEROKU, replace(gone, taken=True), app_name="my-blog") == "name-taken"
    receipt.save(tmp_path, (begun("deploy", NOW, "heroku", "my-blog", "main"),))
    assert judged(project, HEROKU, gone) == "unseen-app"
    # The run that wrote the line did not create it yet.
    record(tmp_path, HEROKU, "my-blog", state="failed")
    assert judged(project, HEROKU, gone) == ""
    record(tmp_path, HEROKU, "my-blog", ID)
    assert judged(project, HEROKU, gone) == "unseen-app"


def test_messages_about_a_missing_app(tmp_path: Path) -> None:
    project = make(tmp_path, remotes={"heroku": "https://git.heroku.com/gone.git"})
    project, _ = claims.claimed(project, wanted(), HEROKU)
    remote = Remote(surveyed=True, account="dev@example.com", app="gone")
    (problem,) = claims.problems(Site(project=project, options=wanted(), remote=remote), HEROKU)
    assert problem.found == (
        "The account dev@example.com has no access to the app gone on Heroku, which the Git remote heroku names."
    )
    assert problem.remedy == (
        "Log in to the account that owns it, or create a new app: --deployed-project-name NEW-NAME\n"
        "If it was deleted, remove the reference to it here: git remote remove heroku"
    )


def test_the_folder_link_has_the_id_whatever_the_title(tmp_path: Path) -> None:
    remotes = {"upsun": f"{ID}@git.eu-5.platform.sh:{ID}.git"}
    project = deployed(make(tmp_path, remotes=remotes), UPSUN, "Blog")
    assert settled(project, UPSUN) == ID
    assert judged(project, UPSUN, Remote(app="Blog, renamed", id=ID, exists=True)) == ""
    another = Remote(app="Blog", id="another1234567", exists=True)
    assert judged(project, UPSUN, another, app_name="Blog") == "other-id"
    assert settled(project, UPSUN, app_name="another1234567") == ID
    assert judged(project, UPSUN, another, app_name="another1234567") == "other-id"


def test_a_destroyed_app_claims_nothing(tmp_path: Path) -> None:
    record(tmp_path, HEROKU, "my-blog", ID)
    assert receipt.claim(receipt.load(tmp_path), "heroku", "the receipt") == Claim(
        app="my-blog", id=ID, account="dev@example.com", said_by="the receipt"
    )
    assert receipt.claim(receipt.load(tmp_path), "fly_io", "the receipt") is None
    later = NOW.replace(hour=13)
    Writer(tmp_path, begun("destroy", later, "heroku", "my-blog", "main")).files("none")
    assert receipt.claim(receipt.load(tmp_path), "heroku", "the receipt") is None
    Writer(tmp_path, begun("deploy", later.replace(hour=14), "heroku", "my-blog", "main")).files("none")
    assert receipt.claim(receipt.load(tmp_path), "heroku", "the receipt") is None
    assert not receipt.standing(receipt.load(tmp_path))


def test_unsafe_values_are_replaced_by_a_step_of_the_plan(tmp_path: Path) -> None:
    variables = frozenset({"ON_HEROKU", "SECRET_KEY", "DISABLE_COLLECTSTATIC"})
    remote = Remote(surveyed=True, account="me", app="my-blog", exists=True, variables=variables)
    # A variable DEBUG is not ours: some settings accept only True or False, or choose other settings by it.
    there = {step.id: step for step in HEROKU.steps(Site(project=make(tmp_path), options=wanted(), remote=remote))}
    assert there["variables"].already_done == "they are set"
    remote = replace(remote, unsafe={"DEBUG": "it is on", "SECRET_KEY": "it is short"})
    step = next(
        step
        for step in HEROKU.steps(Site(project=make(tmp_path), options=wanted(), remote=remote))
        if step.id == "variables"
    )
    assert (step.already_done, step.title) == (None, "Set the config vars SECRET_KEY, DEBUG")
    assert step.why == ("the settings read them; DEBUG is replaced: it is on; SECRET_KEY is replaced: it is short")


def test_debug_in_fly_toml_is_overridden_by_a_secret_and_digests_are_noted(tmp_path: Path) -> None:
    project = make(tmp_path, files={"fly.toml": b"app = 'a'\n[env]\n  DEBUG = '1'\n"})
    remote = Remote(surveyed=True, account="me", app="a", exists=True, variables=frozenset({"SECRET_KEY"}))
    step = next(
        step for step in FLY.steps(Site(project=project, options=wanted(), remote=remote)) if step.id == "secrets"
    )
    assert (step.already_done, step.title, step.stdin) == (None, "Set the secret DEBUG", ("DEBUG=False",))
    assert any(
        "so the values of SECRET_KEY could not be checked" in note
        for note in FLY.notes(Site(project=project, options=wanted(), remote=remote))
    )
    safe = replace(remote, variables=frozenset({"SECRET_KEY", "DEBUG"}))
    assert (
        next(
            s for s in FLY.steps(Site(project=project, options=wanted(), remote=safe)) if s.id == "secrets"
        ).already_done
        == "it is set"
    )
