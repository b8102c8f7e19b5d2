"""Where production gets the value of each variable from, and the commands that set the user's values."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_claims import EVERY, FLY, HEROKU, UPSUN, make, wanted

from simple_deploy import env_options
from simple_deploy.contract import Platform, Remote, Site
from simple_deploy.loaded import _with_tried
from simple_deploy.model import Options, Project, Purpose, Secret, Tried, Variable
from simple_deploy.plan import Planned, plan
from simple_deploy.plan.variable_notes import notes
from simple_deploy.platforms._upsun.variables import Found as UpsunFound
from simple_deploy.platforms.fly_io.databases import Found as FlyFound
from simple_deploy.preview import as_json, origin, preview
from simple_deploy.production.build_only import BUILD_ONLY_KEY, build_only_value, demanded, placeholders
from simple_deploy.text.shell import pasted_step
from simple_deploy.trial.environments import environment, guessed, offered
from simple_deploy.variables import decide

HERE = Path("/srv/blog")
NEW = Remote(surveyed=True, account="me", app="blog", facts=FlyFound(organization="me", region="fra"))
READ = (
    Variable(name="DB_NAME", place="s.py:1", needed="yes", setting="DATABASES"),
    Variable(name="DEBUG", place="s.py:2", needed="yes", setting="DEBUG", kind="boolean"),
    Variable(name="DJANGO_KEY", place="s.py:3", needed="yes", setting="SECRET_KEY"),
    Variable(name="DB_HOST", place="s.py:8", needed="no", setting="DATABASES", absent=True),
    Variable(name="HOME_PAGE", place="s.py:4", needed="no"),
    Variable(name="MAIL_KEY", place="s.py:9", needed="no", absent=True),
    Variable(name="LDAP", place="s.py:5", needed="perhaps"),
    Variable(name="PORT", place="s.py:6", needed="yes"),
    Variable(name="STRIPE_KEY", place="s.py:7", needed="yes", setting="STRIPE_KEY"),
)


def planned(project: Project, options: Options, platform: Platform, remote: Remote) -> Planned:
    """The plan without any lock file."""
    return plan(Site(project=project, options=options, remote=remote), platform, {})


def project(*variables: Variable) -> Project:
    return replace(make(HERE), variables=variables or READ)


def sources(platform: Platform, remote: Remote = NEW, **given: Any) -> dict[str, str]:
    decided = decide(Site(project=project(), options=wanted(**given), remote=remote), platform)
    return {state.name: state.source for state in decided.states}


@pytest.mark.parametrize("platform", EVERY)
def test_every_variable_has_a_source_or_is_missing(platform: Platform) -> None:
    assert sources(platform) == {
        "DB_HOST": "default",
        "DB_NAME": "block",
        "DEBUG": "block",
        "DJANGO_KEY": "block",
        "HOME_PAGE": "default",
        "MAIL_KEY": "unset",
        "LDAP": "perhaps",
        "PORT": "platform",
        "STRIPE_KEY": "missing",
    }
    there = replace(NEW, exists=True, variables=frozenset({"STRIPE_KEY", "DB_NAME"}))
    assert {**sources(platform, there)}.items() >= {"STRIPE_KEY": "set", "DB_NAME": "set", "DEBUG": "block"}.items()


def test_a_trial_has_debug_off_if_an_earlier_run_has_set_its_variable() -> None:
    read = Variable(name="SITE_DEBUG", place="s.py:1", needed="no", setting="DEBUG", kind="boolean")
    there = replace(NEW, exists=True, variables=frozenset({"SITE_DEBUG"}))
    for remote, given, value in ((NEW, {}, None), (there, {}, "False"), (there, {"SITE_DEBUG": "1"}, "1")):
        site = Site(project=project(read), options=wanted(variables=given), remote=remote)
        tried = environment(site, HEROKU, bare=False)
        assert tried.get("SITE_DEBUG") == value


def test_a_trial_has_a_key_if_an_earlier_run_has_set_its_variable() -> None:
    read = Variable(name="DJANGO_KEY", place="s.py:1", needed="no", setting="SECRET_KEY")
    for known, value in ((frozenset[str](), None), (frozenset({"DJANGO_KEY"}), BUILD_ONLY_KEY)):
        site = Site(project=project(read), options=wanted(), remote=replace(NEW, exists=True, variables=known))
        assert environment(site, HEROKU, bare=False).get("DJANGO_KEY") == value


def test_a_default_that_the_settings_block_replaces_is_not_called_the_value_in_production() -> None:
    read = tuple(
        Variable(name=name, place="s.py:1", needed="no", setting=setting, absent=setting == "DATABASES")
        for name, setting in (("SITE_DEBUG", "DEBUG"), ("DB_HOST", "DATABASES"), ("TITLE", ""), ("ZONE", "TIME_ZONE"))
    )
    made = planned(project(*read), wanted(offered={"SITE_DEBUG": "yes"}), HEROKU, NEW).plan
    lines = [line.text.strip() for line in preview(made)]
    assert {line for line in lines if "(s.py:1): " in line} == {
        "SITE_DEBUG (s.py:1): the default in your code, but the settings block sets DEBUG",
        "DB_HOST (s.py:1): the default in your code, but the settings block sets DATABASES",
        "TITLE (s.py:1): the default in your code",
        "ZONE (s.py:1): the default in your code",
    }


def test_a_value_that_only_the_app_has_makes_a_failure_doubtful() -> None:
    there = replace(NEW, exists=True, variables=frozenset({"BLOG_TITLE", "SECRET_KEY", "ON_HEROKU", "HOME_PAGE"}))
    for remote, names in ((NEW, set()), (there, {"BLOG_TITLE"})):
        site = Site(project=project(READ[4]), options=wanted(), remote=remote)
        assert guessed(site, HEROKU, decide(site, HEROKU).states) == names


def test_the_engine_in_a_variable_is_that_of_production() -> None:
    """Code after the settings of the database may ask for it."""
    engine = Variable(name="DB_ENGINE", place="s.py:8", needed="no", setting="DATABASES", kind="engine")
    decided = decide(Site(project=project(engine), options=wanted(), remote=NEW), HEROKU)
    assert decided.options.variables["DB_ENGINE"] == "django.db.backends.postgresql"
    assert not list(notes(decided, wanted(), HEROKU))
    none = decide(Site(project=project(engine), options=wanted(database="none"), remote=NEW), FLY)
    assert "DB_ENGINE" not in none.options.variables


@pytest.mark.parametrize(("name", "told"), [("REDIS_URL", True), ("CELERY_BROKER_URL", True), ("MAIL_KEY", False)])
def test_a_missing_address_of_a_redis_comes_with_how_to_add_one(name: str, told: bool) -> None:
    made = planned(project(Variable(name=name, place="s.py:1", needed="yes")), wanted(), HEROKU, NEW)
    [problem] = [one for one in made.problems if one.code == "variables-missing"]
    assert (f"{name} seems to be the address of a Redis. One on Heroku costs $3 a month" in problem.remedy) is told


def test_a_secret_whose_default_is_empty_has_no_value() -> None:
    read = Variable(name="MAIL_PASSWORD", place="s.py:1", needed="no", empty=True)
    [note] = [note for note in planned(project(read), wanted(), HEROKU, NEW).plan.notes if "MAIL_PASSWORD" in note]
    assert note.startswith("your code reads these, which have no value on Heroku, and goes on without one: MAIL_PAS")


def test_a_value_of_a_file_without_effect_is_said_to_be_ignored() -> None:
    """Its setting is the block's, and the settings cannot be loaded without the variable."""
    read = Variable(name="DB_NAME", place="s.py:1", needed="yes", setting="DATABASES")
    [note] = [
        note
        for note in planned(project(read), wanted(offered={"DB_NAME": "db.sqlite3"}), HEROKU, NEW).plan.notes
        if "DB_NAME" in note
    ]
    assert note.startswith("DB_NAME: ignored from --env-file, because")


def test_values_of_this_computer_are_noted() -> None:
    values = {
        "SITE_URL": "http://localhost:8000",
        "ORIGINS": "https://example.com, http://127.0.0.1:3000",
        "EMAIL_HOST": "localhost",
        "BACKEND": "http://backend:8000/api",
        "CDN": "https://cdn.example.com",
        "BUCKET": "s3://files",
        "TITLE": "A local host",
    }
    made = planned(project(), wanted(variables=values), HEROKU, NEW)
    (note,) = [note for note in made.plan.not_working if "your computer" in note]
    assert "visitors cannot reach: BACKEND, EMAIL_HOST, ORIGINS, SITE_URL. Give" in note


def test_a_default_out_of_reach_is_needed_unless_the_app_has_a_value() -> None:
    far = Variable(name="REDIS_URL", place="s.py:8", needed="no", unreachable="redis://redis:6379")
    for remote, code in ((NEW, ["default-unreachable"]), (replace(NEW, variables=frozenset({"REDIS_URL"})), [])):
        made = planned(project(far), wanted(), HEROKU, remote)
        assert [one.code for one in made.problems] == code
    assert not planned(project(far), wanted(variables={"REDIS_URL": "redis://a.b"}), HEROKU, NEW).problems
    same = planned(project(far), wanted(variables={"REDIS_URL": "redis://:pw@redis:6379/2"}), HEROKU, NEW)
    assert [one.code for one in same.problems] == ["given-unreachable"]
    broker = replace(far, setting="CELERY_BROKER_URL")
    eager = Variable(name="EAGER", place="s.py:9", needed="no", setting="CELERY_TASK_ALWAYS_EAGER")
    for others, switch in (((), "CELERY_TASK_ALWAYS_EAGER = True"), ((eager,), "--env EAGER=True")):
        [problem] = planned(project(broker, *others), wanted(), HEROKU, NEW).problems
        assert f"in the process that starts them, without a broker: {switch}\n" in problem.remedy
    configured = wanted(purpose=Purpose.CONFIGURE)
    (note,) = [
        note for note in planned(project(far), configured, HEROKU, Remote()).plan.not_working if "REDIS_URL" in note
    ]
    assert "REDIS_URL (s.py:8; the default is redis://redis:6379, which production cannot reach)" in note


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("REDIS_URL", "the address of a service that production can reach: --env REDIS_URL=ADDRESS"),
        ("CACHE_LOCATION", "the address of a service that production can reach: --env CACHE_LOCATION=ADDRESS"),
        ("REDIS_HOST", "the host name of a service that production can reach: --env REDIS_HOST=HOST"),
        ("REDIS_HOST_URL", "the address of a service that production can reach: --env REDIS_HOST_URL=ADDRESS"),
    ],
)
def test_a_default_out_of_reach_is_replaced_by_a_value_of_its_form(name: str, form: str) -> None:
    far = Variable(name=name, place="s.py:8", needed="no", unreachable="redis://redis:6379")
    (problem,) = planned(project(far), wanted(), HEROKU, NEW).problems
    assert form in problem.remedy


def test_the_users_value_wins_and_a_file_fills_only_gaps() -> None:
    offered = {"DEBUG": "True", "STRIPE_KEY": "sk", "PORT": "1", "DB_NAME": "local", "UNREAD": "1"}
    decided = decide(
        Site(project=project(), options=wanted(variables={"PORT": "9", "OWN": "o"}, offered=offered), remote=NEW),
        HEROKU,
    )
    found = {state.name: state.source for state in decided.states}
    assert (found["PORT"], found["STRIPE_KEY"], found["DEBUG"], found["OWN"]) == ("given", "given", "block", "given")
    assert "UNREAD" not in found
    assert {name: str(value) for name, value in decided.options.variables.items()} == {
        **{"DB_NAME": "build-only", "DEBUG": "False", "DJANGO_KEY": "DJANGO_KEY=********"},
        **{"OWN": "o", "PORT": "9", "STRIPE_KEY": "sk"},
    }


@pytest.mark.parametrize("value, source", [("False", "given"), ("0", "given"), ("off", "given"), ("True", "block")])
def test_a_file_may_turn_debug_off_for_what_the_settings_make_of_it(value: str, source: str) -> None:
    options = wanted(offered={"DEBUG": value})
    decided = decide(Site(project=project(), options=options, remote=NEW), HEROKU)
    assert [state.source for state in decided.states if state.name == "DEBUG"] == [source]
    assert decided.options.variables["DEBUG"] == (value if source == "given" else "False")


@pytest.mark.parametrize(
    ("value", "used"),
    [
        ("www.example.com", True),
        ("localhost, .example.com", True),
        ("localhost,127.0.0.1,site.local", False),
        ("*", False),
        ("www.example.com,*", False),
        ('["www.example.com"]', False),
    ],
)
def test_a_file_may_name_the_domains_of_the_site(value: str, used: bool) -> None:
    """The block keeps the hosts of the settings, but for a pattern that allows every host."""
    read = Variable(name="HOSTS", place="s.py:1", needed="yes", setting="ALLOWED_HOSTS")
    decided = decide(Site(project=project(read), options=wanted(offered={"HOSTS": value}), remote=NEW), HEROKU)
    assert decided.options.variables["HOSTS"] == (value if used else "localhost")


@pytest.mark.parametrize("platform", EVERY)
def test_a_key_with_a_default_in_the_source_gets_a_new_one(platform: Platform) -> None:
    """The settings may have made the key of tokens of it before the block replaces it."""
    read = Variable(name="DJANGO_KEY", place="s.py:1", needed="no", setting="SECRET_KEY")
    made = planned(project(read), wanted(), platform, NEW)
    (state,) = [one for one in made.plan.variables if one.name == "DJANGO_KEY"]
    assert (state.source, origin(state)) == ("block", "a new key that this run generates")
    assert any("DJANGO_KEY" in f"{step.argv} {step.stdin}" for step in made.plan.steps)
    there = replace(NEW, exists=True, variables=frozenset({"DJANGO_KEY"}))
    decided = decide(Site(project=project(read), options=wanted(), remote=there), platform)
    assert [one.source for one in decided.states] == ["set"]
    options = wanted(offered={"DJANGO_KEY": "mine"})
    decided = decide(Site(project=project(read), options=options, remote=NEW), platform)
    assert ([one.source for one in decided.states], decided.options.variables["DJANGO_KEY"]) == (["given"], "mine")


@pytest.mark.parametrize(
    ("name", "setting", "noted"),
    [
        ("IP_HASH_SALT", "IP_HASH_SALT", True),
        ("JWT_SIGNING_KEY", "", True),
        ("DB_PASSWORD", "DATABASES", False),
        ("SITE_TITLE", "SITE_TITLE", False),
    ],
)
def test_secrets_with_a_default_in_the_code_are_noted(name: str, setting: str, noted: bool) -> None:
    read = Variable(name=name, place="s.py:1", needed="no", setting=setting)
    decided = decide(Site(project=project(read), options=wanted(), remote=NEW), HEROKU)
    start = f"these seem to be secrets, and production uses the value in your repository: {name} (s.py:1). Set your own"
    assert [note.startswith(start) for note in notes(decided, wanted(), HEROKU)] == [True] * noted
    given = wanted(variables={name: "x"})
    assert not [*notes(decide(Site(project=project(read), options=given, remote=NEW), HEROKU), given, HEROKU)]


@pytest.mark.parametrize(("setting", "names"), [("SECRET_KEY", ["KEY"]), ("TOKEN", ["DJANGO_SECRET_KEY", "KEY"])])
def test_a_key_in_an_example_file_is_not_set_beside_the_one_that_the_code_reads(setting: str, names: list[str]) -> None:
    read = Variable(name="KEY", place="s.py:1", needed="yes", setting=setting)
    listed = Variable(name="DJANGO_SECRET_KEY", place=".env.sample", needed="no", absent=True)
    decided = decide(Site(project=project(read, listed), options=wanted(), remote=NEW), HEROKU)
    assert [one.name for one in decided.states] == names


@pytest.mark.parametrize(("trial", "source"), [(True, "unset"), (False, "block")])
def test_what_the_block_overrides_and_a_condition_reads_is_left_to_the_trial(trial: bool, source: str) -> None:
    read = Variable(name="RDS_HOST", place="s.py:1", needed="perhaps", setting="DATABASES")
    (state,) = decide(Site(project=project(read), options=wanted(trial=trial), remote=NEW), HEROKU).states
    assert state.source == source


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "localhost"),
        ("DEBUG", "False"),
        ("DJANGO_ALLOWED_HOSTS", "localhost"),
        ("SHOP_DEBUG", "False"),
    ],
)
def test_code_may_read_a_variable_for_the_setting_of_its_name(name: str, value: str) -> None:
    read = Variable(name=name, place=".env.example", needed="yes")
    decided = decide(Site(project=project(read), options=wanted(), remote=NEW), HEROKU)
    assert ([one.source for one in decided.states], decided.options.variables[name]) == (["block"], value)


def test_without_a_database_the_block_overrides_no_database() -> None:
    assert sources(FLY, database="none")["DB_NAME"] == "missing"


@pytest.mark.parametrize("platform", EVERY)
def test_a_missing_value_stops_a_deployment_and_is_noted_otherwise(platform: Platform) -> None:
    (problem,) = (p for p in planned(project(), wanted(), platform, NEW).problems if p.code == "variables-missing")
    assert "  STRIPE_KEY (s.py:7)" in problem.found
    assert problem.remedy == (
        "Set each one: --env STRIPE_KEY=VALUE. Or read them from a file with the values for\n"
        "production: --env-file FILE"
    )
    configured = planned(project(), wanted(purpose=Purpose.CONFIGURE), platform, Remote(app="blog"))
    assert not [p for p in configured.problems if p.code == "variables-missing"]
    assert [
        note for note in configured.plan.not_working if "STRIPE_KEY (s.py:7)" in note and "before the first" in note
    ]
    commands = " ".join(pasted_step(step) for step in configured.plan.pending)
    assert "__import__('getpass').getpass('STRIPE_KEY: ')" in commands
    given = wanted(variables={"STRIPE_KEY": Secret("sk_live_1")})
    assert not [p for p in planned(project(), given, platform, NEW).problems if p.code == "variables-missing"]


@pytest.mark.parametrize("platform", EVERY)
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("x", "your value of SECRET_KEY is set, but it is short or easy to guess: "),
        ("django-insecure-" + "q7!kz2@x" * 6, "your value of SECRET_KEY is set, but it is a well-known placeholder: "),
        ("k3@9vq!s7wzr2m#tb8xfj5ydc1hgn4pl0aeuio6&", ""),
    ],
)
def test_a_key_that_others_can_guess_is_noted(key: str, said: str, platform: Platform) -> None:
    made = planned(project(READ[-1]), wanted(variables={**SET, "SECRET_KEY": Secret(key)}), platform, NEW)
    found = [note for note in made.plan.notes if note.startswith("your value of SECRET_KEY")]
    assert bool(found) == bool(said) and all(one.startswith(said) and key not in one for one in found if len(key) > 1)


SET = {"STRIPE_KEY": Secret("sk_live_1"), "SITE": "a b"}


def steps(platform: Platform, remote: Remote = NEW) -> list[tuple[str, list[str]]]:
    made = planned(project(READ[-1]), wanted(variables=SET), platform, remote).plan
    words = {
        step.id: [word.argument() if isinstance(word, Secret) else str(word) for word in (*step.argv, *step.stdin)]
        for step in made.pending
    }
    return [(name, argv) for name, argv in words.items() if name in ("variables", "secrets") or "variable-" in name]


def test_heroku_sets_them_with_its_own_in_one_release() -> None:
    ((_, argv),) = steps(HEROKU)
    assert argv[:5] == ["heroku", "config:set", "--app", "blog", "ON_HEROKU=1"]
    assert argv[-2:] == ["STRIPE_KEY=sk_live_1", "SITE=a b"]
    there = frozenset({"ON_HEROKU", "SECRET_KEY", "STRIPE_KEY", "SITE", "DISABLE_COLLECTSTATIC"})
    known = replace(NEW, exists=True, variables=there, same=frozenset({"SITE"}))
    assert steps(HEROKU, known) == [("variables", ["heroku", "config:set", "--app", "blog", "STRIPE_KEY=sk_live_1"])]
    assert steps(HEROKU, replace(known, same=there)) == []


def test_fly_io_reads_them_from_standard_input() -> None:
    ((_, words),) = steps(FLY)
    assert words[:4] == ["fly", "secrets", "import", "--app"]
    assert words[-2:] == ["STRIPE_KEY=sk_live_1", "SITE=a b"]
    known = replace(NEW, exists=True, variables=frozenset({"SECRET_KEY"}), same=frozenset({"STRIPE_KEY", "UNREAD"}))
    ((_, words),) = steps(FLY, known)
    assert words == ["fly", "secrets", "import", "--app", "blog", "--stage", "SITE=a b"]
    assert steps(FLY, replace(known, same=frozenset(SET))) == []


def test_a_multi_line_value_reaches_fly_io_completely() -> None:
    made = planned(project(READ[-1]), wanted(variables={"STRIPE_KEY": Secret("a\nb")}), FLY, NEW).plan
    (step,) = (step for step in made.pending if step.id == "secrets")
    assert isinstance(step.stdin[-1], Secret)
    assert step.stdin[-1].argument() == 'STRIPE_KEY="""a\nb"""'


def test_upsun_sets_them_only_for_the_running_site_and_hides_secrets() -> None:
    create = ["upsun", "variable:create", "--level", "project", "--prefix", "env", "--name"]
    rest = ["--visible-build", "false", "--no-interaction"]
    assert steps(UPSUN) == [
        ("variable-SITE", [*create, "SITE", "--value=a b", "--sensitive", "false", *rest]),
        ("variable-STRIPE_KEY", [*create, "STRIPE_KEY", "--value=sk_live_1", "--sensitive", "true", *rest]),
    ]
    facts = UpsunFound(id="x", region="eu-5", places={"STRIPE_KEY": "environment", "SITE": "project"})
    known = replace(NEW, exists=True, facts=facts, same=frozenset({"SITE"}))
    update = ["upsun", "variable:update", "env:STRIPE_KEY", "--value=sk_live_1", "--level", "environment"]
    assert steps(UPSUN, known) == [
        ("variable-STRIPE_KEY", [*update, "--project", "x", "--environment", ".", "--no-interaction"])
    ]


@pytest.mark.parametrize("platform", EVERY)
def test_the_site_is_tried_with_what_an_earlier_run_has_set(platform: Platform) -> None:
    known = {
        "STRIPE_KEY": "earlier",
        "LDAP": "earlier",
        "HOME_PAGE": "earlier",
        "PREFIX_TITLE": "earlier",
        "PREFIX_KEY": None,
    }
    there = frozenset({"STRIPE_KEY", "LDAP", "PREFIX_TITLE", "PREFIX_KEY", "PREFIX_NAME"})
    options = wanted(variables={"STRIPE_KEY": "now"}, remembered=known)
    remote = replace(NEW, exists=True, variables=there, differing=frozenset({"LDAP"}))
    site = Site(project=project(), options=options, remote=remote)
    env, spare = environment(site, platform, bare=False), offered(site, platform)
    assert (env["STRIPE_KEY"], env.get("HOME_PAGE"), env.get("LDAP")) == ("now", None, None)
    assert spare.running == {"PREFIX_TITLE": "earlier", "PREFIX_KEY": placeholders(["PREFIX_KEY"])["PREFIX_KEY"]}
    assert spare.unknown == {"PREFIX_NAME": "build-only"}
    there_too = environment(replace(site, remote=replace(remote, differing=frozenset())), platform, bare=False)
    assert there_too["LDAP"] == "earlier"


def test_a_second_database_on_fly_io_is_refused() -> None:
    given = {"DATABASE_URL": Secret("postgres://u:p@h/d")}
    codes = [p.code for p in planned(project(READ[0]), wanted(variables=given), FLY, NEW).problems]
    assert "fly-two-databases" in codes
    codes = [p.code for p in planned(project(READ[0]), wanted(variables=given, database="none"), FLY, NEW).problems]
    assert "fly-two-databases" not in codes


@pytest.mark.parametrize("platform", [FLY, UPSUN], ids=lambda platform: platform.id)
def test_a_build_gets_placeholders_instead_of_values(platform: Platform) -> None:
    static = replace(make(HERE).settings, installed_apps=("django.contrib.staticfiles",))
    shape = replace(project(), settings=static)
    made = planned(shape, wanted(variables=SET), platform, NEW).plan
    texts = "".join(change.after.decode() for change in made.changes)
    (line,) = (line.strip() for line in texts.splitlines() if "collectstatic --noinput" in line)
    words = f"SECRET_KEY={BUILD_ONLY_KEY} DB_NAME=build-only DEBUG=False"
    words += f" DJANGO_KEY={BUILD_ONLY_KEY} LDAP=build-only PORT=1"
    assert f"{words} STRIPE_KEY={placeholders(['STRIPE_KEY'])['STRIPE_KEY']} " in line
    assert "sk_live_1" not in texts
    assert "HOME_PAGE" not in texts


@pytest.mark.parametrize(
    ("name", "setting", "said"),
    [
        ("DJANGO_KEY", "SECRET_KEY", "your value, but the settings block sets SECRET_KEY"),
        ("DB_NAME", "DATABASES", "your value, but the settings block sets DATABASES"),
        ("SECRET_KEY", "SECRET_KEY", "your value"),
        ("SITE_HOSTS", "ALLOWED_HOSTS", "your value"),
    ],
)
def test_a_value_that_the_block_replaces_is_said_to_be_replaced(name: str, setting: str, said: str) -> None:
    read = Variable(name=name, place="s.py:2", needed="no", setting=setting)
    made = planned(project(read), wanted(variables={name: "x"}), HEROKU, NEW).plan
    assert f"  {name} (s.py:2): {said}" in [line.text for line in preview(made)]


def test_a_variable_that_only_an_example_names_is_said_to_be_unread() -> None:
    named = Variable(name="DEBUG_LEVEL", place=".env.example", needed="no", absent=True)
    lines = [line.text for line in preview(planned(project(named), wanted(), HEROKU, NEW).plan)]
    assert "  DEBUG_LEVEL (.env.example): not set; the settings do not read it by this name" in lines


def test_the_preview_and_the_json_list_variables() -> None:
    made = planned(project(), wanted(variables=SET), HEROKU, NEW).plan
    lines = [line.text for line in preview(made)]
    assert "  DB_NAME (s.py:1): a placeholder; the settings block sets the real value" in lines
    assert "  SITE: your value" in lines
    from simple_deploy.model import Outcome

    told = as_json(Outcome(status="previewed", plan=made))
    assert {"name": "STRIPE_KEY", "place": "s.py:7", "source": "given"} in told["variables"]
    assert "sk_live_1" not in json.dumps(told) and "sk_live_1" not in "".join(lines)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (Variable(name="SENTRY_DSN", place="", needed="yes"), "https://public@localhost/1"),
        (Variable(name="CELERY_BROKER_URL", place="", needed="yes"), "redis://localhost:6379/0"),
        (Variable(name="SITE_URL", place="", needed="yes"), "http://localhost"),
        (Variable(name="X", place="", needed="yes", kind="integer"), "1"),
        (Variable(name="X", place="", needed="yes", setting="ALLOWED_HOSTS"), "localhost"),
        (Variable(name="X", place="", needed="yes", setting="TIME_ZONE"), "UTC"),
        (Variable(name="X", place="", needed="yes", setting="LANGUAGE_CODE"), "en"),
        (Variable(name="DEBUG", place="", needed="yes", kind="integer", setting="DEBUG"), "0"),
        (Variable(name="DEBUG", place="", needed="yes", setting="DEBUG"), "False"),
        (Variable(name="X", place="", needed="yes", kind="engine"), "django.db.backends.postgresql"),
        (Variable(name="DB_ENGINE", place="", needed="yes"), "django.db.backends.postgresql"),
        (Variable(name="X", place="", needed="yes"), "build-only"),
    ],
)
def test_a_placeholder_has_the_format_that_code_expects(variable: Variable, value: str) -> None:
    assert build_only_value(variable) == value


def test_values_come_from_the_command_line_the_shell_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_SHELL", "s")
    file = tmp_path / "a.env"
    file.write_text("export MAIL_PASSWORD='geheim-123'\nSITE=x\n", encoding="utf-8")
    values, problems = env_options.given(map(env_options.variable, ["A=b=c", "OF_SHELL"]))
    assert (values, problems) == ({"A": "b=c", "OF_SHELL": "s"}, [])
    values, problems = env_options.offered([str(file)])
    password = values["MAIL_PASSWORD"]
    assert isinstance(password, Secret) and password.reveal() == "geheim-123" and values["SITE"] == "x"
    _, unset = env_options.given([("UNSET_HERE", None)])
    _, unreadable = env_options.offered(["nowhere.env"])
    assert [problem.code for problem in (*unset, *unreadable)] == ["env-unset", "env-file"]


def test_settings_are_loaded_without_the_values_that_the_command_refuses(tmp_path: Path) -> None:
    file = tmp_path / "a.env"
    file.write_text("MAIL_PASSWORD=geheim-123\nSITE=x\n", encoding="utf-8")
    values = env_options.values(["=x", "SITE=y", "UNSET_HERE"], ["nowhere.env", str(file)])
    assert values == {"MAIL_PASSWORD": "geheim-123", "SITE": "y"}


@pytest.mark.parametrize("word", ["=x", "A-B=1", "1A=2", ""])
def test_an_invalid_variable_is_refused(word: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        env_options.variable(word)


def test_the_order_of_variables_does_not_depend_on_what_the_trial_asked_for() -> None:
    """It is that of the placeholders in a Dockerfile, which a second run must not change."""
    known = [Variable(name=name, place="s.py:1", needed="perhaps") for name in ("FIRST", "LAST")]
    for name in ("FIRST", "LAST"):
        tried = Tried(variables=(Variable(name=name, place="s.py:1", needed="yes"),))
        assert [one.name for one in _with_tried(known, tried)] == ["FIRST", "LAST"]


@pytest.mark.parametrize(
    ("value", "there"),
    [("False", True), (Secret("0"), True), ("on", True), ("sk-123", False), (Secret("sk-123"), False), ("2", False)],
)
def test_a_build_gets_the_users_switches_and_no_other_value(value: str | Secret, there: bool) -> None:
    read = Variable(name="USE_S3", place="s.py:1", needed="no")
    site = Site(project=project(read), options=wanted(variables={"USE_S3": value}), remote=NEW)
    assert ("USE_S3" in site.recipe.build_variables) is there
    secret = Variable(name="SHOP_KEY", place="s.py:1", needed="no")
    site = Site(project=project(secret), options=wanted(variables={"SHOP_KEY": value}), remote=NEW)
    assert "SHOP_KEY" not in site.recipe.build_variables


def test_an_error_may_name_a_setting_without_the_prefix_of_its_variable() -> None:
    read = [Variable(name=name, place="s.py:1", needed="no") for name in ("SHOP_FRONTEND_URL", "SHOP_KEY")]
    assert [*demanded('"FRONTEND_URL" has not been set', read)] == ["SHOP_FRONTEND_URL"]
    assert [*demanded('"KEY" has not been set', read)] == []
