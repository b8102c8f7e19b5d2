"""The trial of the site: what production would run, in its environment, from what Git will contain."""

from __future__ import annotations

import errno
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_claims import make
from test_trial_packages import nothing

from simple_deploy.model import Variable
from simple_deploy.trial import failing, verdict
from simple_deploy.trial.asked import told_by_place, unread_variable, variable
from simple_deploy.trial.case import Case
from simple_deploy.trial.checkout import checkout as check_out
from simple_deploy.trial.checkout import listing
from simple_deploy.trial.child.failure import told
from simple_deploy.trial.child.read_only import Frozen
from simple_deploy.trial.order import parts

if TYPE_CHECKING:
    from conftest import Checkout

ROOT = Path(__file__).resolve().parents[2]
# The parts of the trial in a run that only configures.
LIGHT = [
    "settings",
    "application",
    "collectstatic",
    "static files",
    "services",
    "local addresses",
    "copied keys",
    "loaded code",
    "backends",
    "error log",
    "mail",
    "home page",
    "uploads",
    "first user",
    "manage.py",
]
ORDER: dict[str, list[str]] = {"lacking": [], "absent": []}
SEEN: dict[str, Any] = {
    "tried": [],
    "failed": None,
    "settings": "blog.settings",
    "static": [],
    "static_names": "hashed",
    "static_handler": False,
    "compresses": "",
    "uploaded": False,
    "programs": [],
    "undeclared": [],
    "asked": {},
    "running": [],
    "unread": "",
    "errors": [],
    "bucket": "",
    "unchecked": [],
    "unmigrated": [],
    "unmanaged": [],
    "unknown_types": [],
    "not_converted": [],
    "disordered": None,
    "to_swapped": [],
    "first_migrate": None,
    "foreign_sql": [],
    "own_sql": [],
    "untranslated": [],
    "without_migrations": [],
    "services": [],
    "stored": [],
    "kept": [],
    "home": None,
    "manage_py": None,
    "debug": False,
    "hsts": 0,
    "commands": "",
    "installs": "",
    "away": None,
    "unfinished": [],
    "refused": None,
    "file_values": [],
    "read": {},
    "local_addresses": [],
    "cache_of_a_process": False,
    "sockets": [],
    "local_files": [],
    "dev_server": "",
    "unserved": [],
    "no_home": False,
    "copied_keys": [],
    "variables": {},
    "code_addresses": [],
    "uploads": "",
    "has_login": False,
    "no_superuser": "",
    "unsent": None,
    "sends_mail": False,
    "eager": False,
    "takes_uploads": True,
    "silent": False,
    "build": None,
    "release": None,
    "starts": [],
    "complete": False,
    "left_out": {},
    "withheld": {},
    "contested": [],
}


def failed(kind: str, message: str = "x", **of: Any) -> dict[str, Any]:
    told = {
        "part": "settings",
        "type": kind,
        "kinds": [kind],
        "message": message,
        "missing": None,
        "within": "",
        "apps": [],
        "file": "",
        "by": "blog",
        "causes": [message],
        "by_project": True,
    }
    told |= {"folder": False, "read_only": False, "own_folder": "", "is_there": False}
    told = {**told, "place": "blog/settings.py:2", **of}
    return {**SEEN, "failed": {"places": [told["place"]] if told["place"] else [], **told}}


FAR = {
    **{"setting": "CACHES", "name": "default", "backend": "django_redis.cache.RedisCache", "variable": None},
    **{"address": "redis:6379", "place": "blog/settings.py:9", "needed": True},
}


# the child's output -> the problem, or what is reported as untried
JUDGED = [
    (SEEN, "", ""),
    ({**SEEN, "without_migrations": ["users"]}, "no-migrations", ""),
    (
        {**SEEN, "without_migrations": ["users"], "left_out": {"users/migrations/0001_x.py": ".dockerignore"}},
        *("left-out-of-build", ""),
    ),
    ({**failed("KeyError", "'MAIL_KEY'"), "unread": "MAIL_KEY"}, "variable-not-read", ""),
    ({**SEEN, "unfinished": [failed("KeyError")["failed"]]}, "", "settings: KeyError: x"),
    ({**SEEN, "unknown_types": ["blog.Page.text: longtext (blog/models.py)"]}, "unknown-types", ""),
    ({**SEEN, "not_converted": ["blog/migrations/0002_x.py: Page.id, bigint to uuid"]}, "types-not-converted", ""),
    ({**SEEN, "foreign_sql": ["blog/migrations/0002_x.py: PRAGMA"]}, "sql-of-another-database", ""),
    ({**SEEN, "settings": "blog.dev"}, "other-settings", ""),
    ({**SEEN, "settings": None}, "settings-in-code", ""),
    ({**SEEN, "programs": ["sassc (COMPRESS_PRECOMPILERS, text/x-scss)"]}, "program-missing", ""),
    ({**SEEN, "bucket": "AWS_STORAGE_BUCKET_NAME"}, "static-bucket-missing", ""),
    ({**SEEN, "untranslated": ["locale/de/LC_MESSAGES/django.po:3: x"]}, "translations", ""),
    ({**SEEN, "errors": ["postgres.E005: x (y)"]}, "checks-failed", ""),
    ({**SEEN, "errors": ["fields.E210: x (y)"]}, "module-undeclared", ""),
    ({**SEEN, "services": [FAR]}, "service-unreachable", ""),
    ({**SEEN, "services": [{**FAR, "variable": ["REDIS_URL", "blog/settings.py:8"]}]}, "", ""),
    ({**SEEN, "services": [{**FAR, "needed": False}]}, "", ""),
    ({**SEEN, "stored": ["CACHES names the folder cache (blog/settings.py:9)"]}, "read-only-folder", ""),
    ({**SEEN, "build": failed("ValueError")["failed"]}, "build-would-fail", ""),
    ({**SEEN, "build": failed("RuntimeError", kinds=["OperationalError"])["failed"]}, "", ""),
    (failed("AttributeError"), "trial-failed", ""),
    (failed("ImproperlyConfigured", "x, but settings are not configured."), "loaded-too-early", ""),
    (failed("ValueError", "Unable to configure handler 'file'", read_only=True), "read-only-folder", ""),
    (failed("AttributeError", part="migrations"), "", "migrations: AttributeError"),
    (failed("AttributeError", part="migrations", place="blog/migrations/0002_x.py:3"), "trial-failed", ""),
    ({**SEEN, "disordered": {"kind": "several", "found": ["blog: 0002_a, 0002_b"]}}, "migrations-conflict", ""),
    ({**SEEN, "disordered": {"kind": "circle", "found": ["blog.0002_a"]}}, "migrations-circular", ""),
    (
        {**SEEN, "disordered": {"kind": "missing", "by": "blog", "wanted": "x.0001", "path": ""}},
        *("migration-missing", ""),
    ),
    ({**SEEN, "to_swapped": ["blog/migrations/0001_x.py: Page.owner to auth.User"]}, "model-swapped", ""),
    ({**SEEN, "first_migrate": failed("DoesNotExist")["failed"]}, "first-release-fails", ""),
    ({**SEEN, "first_migrate": failed("OperationalError")["failed"]}, "first-release-fails", ""),
    (failed("SyntaxError"), "trial-failed", ""),
    (failed("ImportError", "cannot import name 'x'", missing="blog"), "trial-failed", ""),
    (
        {**failed("ImportError", "cannot import name 'x'", by_project=False), "complete": True},
        "packages-incompatible",
        "",
    ),
    (failed("ImportError", "cannot import name 'x'", by_project=False, place=""), "", "settings: ImportError: cannot"),
    ({**failed("ImportError", "cannot import name 'x'"), "complete": True}, "trial-failed", ""),
    (
        {**failed("ImportError", "libGL.so: x", by_project=False, place=""), "complete": True},
        "",
        "settings: ImportError",
    ),
    (failed("AttributeError", place=""), "", "settings: AttributeError: x"),
    (failed("ModuleNotFoundError", missing="sentry_sdk"), "", "settings: ModuleNotFoundError: x (blog/settings.py:2)"),
    (failed("RuntimeError", kinds=["RuntimeError", "OperationalError"]), "", "settings: RuntimeError: x"),
    (failed("ValueError", "Fernet key must be 32 bytes"), "trial-failed", ""),
    (failed("ImproperlyConfigured", "Could not find GDAL", by="django"), "", "settings: ImproperlyConfigured: Could"),
    (
        failed("ImproperlyConfigured", "Application labels aren't unique, duplicates: blog", by="django"),
        "trial-failed",
        "",
    ),
    (
        {
            **failed("ImproperlyConfigured", by="django", causes=["x", "/a/site-packages/b.so: undefined symbol: _Py"]),
            "complete": True,
        },
        "packages-incompatible",
        "",
    ),
    (failed("TypeError", part="collectstatic"), "trial-failed", ""),
    (
        {**failed("ModuleNotFoundError", missing="blog", by_project=False, place=""), "complete": True},
        *("application-missing", ""),
    ),
    (failed("ImproperlyConfigured", "include `rest_framework.authtoken` in INSTALLED_APPS"), "trial-failed", ""),
    (failed("TypeError", part="static files"), "", "static files: TypeError: x"),
]


@pytest.mark.parametrize(
    ("answer", "stops"),
    [
        (failed("ImproperlyConfigured", by="django", place=""), True),
        (failed("TypeError", part="migrations", place=""), True),
        (failed("OperationalError"), False),
        (failed("ModuleNotFoundError", missing="new"), False),
    ],
)
def test_a_failure_with_productions_packages_alone_is_certain(
    answer: dict[str, Any], stops: bool, tmp_path: Path
) -> None:
    for works, expected in ((False, False), (True, stops)):
        _, problems = verdict.read(
            Case(answer, make(tmp_path), ORDER, "Heroku", guessed={"NAME"}, works_otherwise=works)
        )
        assert bool(problems) == expected


@pytest.mark.parametrize(
    ("kind", "certain"), [("AssertionError", False), ("ValueError", False), ("NameError", True), ("SyntaxError", True)]
)
def test_a_failure_that_a_placeholder_may_cause_does_not_stop_the_run(kind: str, certain: bool, tmp_path: Path) -> None:
    asked = {**failed(kind), "asked": {"NAME": "blog/settings.py:2"}}
    for answer, guessed in ((failed(kind), {"NAME"}), (asked, set[str]())):
        tried, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku", guessed=guessed))
        assert (bool(problems), bool(tried.untried)) == (certain, not certain)
    assert verdict.read(Case(failed(kind), make(tmp_path), ORDER, "Heroku"))[1]


def test_a_model_of_an_app_that_these_settings_leave_out_is_certain(tmp_path: Path) -> None:
    said = "Model class debug_toolbar.models.HistoryEntry doesn't declare an explicit app_label and isn't in an"
    answer = failed("RuntimeError", f"{said} application in INSTALLED_APPS.", by="django")
    tried, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku", guessed={"NAME"}))
    assert [one.code for one in problems] == ["trial-failed"] and not tried.untried


@pytest.mark.parametrize(
    ("fetches", "said"),
    [
        (True, "whitenoise not installed here, and could not be fetched"),
        (
            False,
            "whitenoise not installed here; a run with --automate-all fetches them and tests this before it creates",
        ),
    ],
)
def test_a_missing_package_is_unreachable_only_if_the_index_was_asked(fetches: bool, said: str, tmp_path: Path) -> None:
    order = {**ORDER, "lacking": ["whitenoise"]}
    tried, _ = verdict.read(Case(SEEN, make(tmp_path), order, "Heroku", fetches=fetches))
    assert tried.untried[0].startswith(f"the application and the system checks: {said}")


@pytest.mark.parametrize(("answer", "code", "untried"), JUDGED)
def test_certain_errors_stop_the_run_and_others_are_noted(
    answer: dict[str, Any], code: str, untried: str, tmp_path: Path
) -> None:
    tried, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert [problem.code for problem in problems] == ([code] if code else [])
    assert [text[: len(untried)] for text in tried.untried] == ([untried] if untried else [])


def test_a_check_of_a_placeholder_does_not_stop_the_run(tmp_path: Path) -> None:
    """A second run does not know the values that the site has."""
    variable = Variable(name="ORIGINS", place="blog/settings.py:9", needed="yes", setting="CORS_ORIGIN_WHITELIST")
    project = replace(make(tmp_path), variables=(variable,))
    error = "corsheaders.E013: Origin 'build-only' in CORS_ORIGIN_WHITELIST is missing scheme or netloc"
    tried, problems = verdict.read(Case({**SEEN, "errors": [error]}, project, ORDER, "Heroku", guessed={"ORIGINS"}))
    assert not problems and tried.untried == (f"the value of ORIGINS: {error}",)
    _, (problem,) = verdict.read(
        Case({**SEEN, "errors": [error, "x.E1: y"]}, project, ORDER, "Heroku", guessed={"ORIGINS"})
    )
    assert problem.code == "checks-failed" and "corsheaders" not in problem.found
    _, (problem,) = verdict.read(Case({**SEEN, "errors": [error]}, project, ORDER, "Heroku"))
    assert problem.code == "checks-failed-by-value"


def test_a_missing_package_is_looked_for_in_the_table_that_production_installs(tmp_path: Path) -> None:
    """The manifest may list it for development."""
    answer = {**failed("ModuleNotFoundError", missing="shell_plus"), "complete": True}
    project = make(tmp_path)
    project = replace(project, dependencies=replace(project.dependencies, manifest="Pipfile", table="packages"))
    _, (problem,) = verdict.read(Case(answer, project, ORDER, "Heroku"))
    assert problem.found.startswith(
        "Production would not have the module shell_plus: no requirement in Pipfile ([packages]) provides it."
    )
    assert problem.remedy.startswith("Add the package that has it to Pipfile ([packages]), ")


@pytest.mark.parametrize(
    ("message", "installed", "stops"),
    [
        ("cannot import name 'version' from partially initialized module 'shop'", True, False),
        ("No module named 'shop._version'", True, False),
        ("cannot import name 'version' from partially initialized module 'shop'", False, True),
        ("cannot import name 'versions' from 'shop'", True, True),
    ],
)
def test_a_version_that_the_build_of_the_project_writes(
    message: str, installed: bool, stops: bool, tmp_path: Path
) -> None:
    project = make(tmp_path)
    dependencies = replace(project.dependencies, files=(".",) if installed else ("requirements.txt",))
    answer = failed("ImportError", message, kinds=["ImportError"])
    case = Case(answer, replace(project, dependencies=dependencies), ORDER, "Heroku")
    assert bool(verdict.read(case)[1]) is stops


@pytest.mark.parametrize(("files", "refused"), [((".",), False), (("requirements.txt",), True)])
def test_a_package_of_the_project_is_missing_only_if_production_does_not_build_it(
    files: tuple[str, ...], refused: bool, tmp_path: Path
) -> None:
    answer = {**failed("ModuleNotFoundError", missing="shop.apps", own_folder="lib"), "complete": True}
    project = make(tmp_path)
    project = replace(project, dependencies=replace(project.dependencies, files=files))
    tried, problems = verdict.read(Case(answer, project, ORDER, "Heroku"))
    assert ([one.code for one in problems], bool(tried.untried)) == (
        (["module-undeclared"], False) if refused else ([], True)
    )


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("lib/shop/__init__.py", "lib"),
        ("lib/shop.py", "lib"),
        ("lib/shop/apps.py", "lib"),
        ("shop/apps.py", "."),
        ("templates/shop/home.html", ""),
        ("blog/shop.py", ""),
    ],
)
def test_the_folder_of_the_project_that_has_a_missing_module(path: str, folder: str, tmp_path: Path) -> None:
    """A file in another package is no module of its own."""
    for name in ("blog/__init__.py", path):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert told(ModuleNotFoundError("x", name="shop.apps"), tmp_path)["own_folder"] == folder


def test_a_module_behind_another_of_its_packages_name_is_not_untracked(tmp_path: Path) -> None:
    """In the folder site, which manage.py is in, `site` is the folder below it."""
    (tmp_path / "site" / "site").mkdir(parents=True)
    (tmp_path / "site" / "site" / "urls.py").write_text("", encoding="utf-8")
    found = told(ModuleNotFoundError("No module named 'site.site'", name="site.site"), tmp_path)
    answer = {**SEEN, "failed": {"part": "settings", **found, "place": "blog/settings.py:2"}, "complete": True}
    project = replace(make(tmp_path), manage_dir="site")
    _, (problem,) = verdict.read(Case(answer, project, ORDER, "Heroku"))
    assert problem.code == "module-off-path"


@pytest.mark.parametrize(
    ("module", "withheld", "package"),
    [
        ("rest_framework.authtoken", {}, "djangorestframework"),
        ("rest_framework", {"rest_framework": "a-fork"}, "a-fork"),
        ("no_such", {}, "the package that has it"),
    ],
)
def test_the_package_to_add_is_named(module: str, withheld: dict[str, str], package: str, tmp_path: Path) -> None:
    """What is installed here tells first."""
    answer = {**failed("ModuleNotFoundError", missing=module), "complete": True, "withheld": withheld}
    _, (problem,) = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert problem.remedy.startswith(f"Add {package} to ")


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("CSRF_TRUSTED_ORIGINS", "checks-failed-by-value"),
        ("CORS_ALLOWED_ORIGINS", "checks-failed"),
        ("DATABASES", "checks-failed"),
    ],
)
def test_a_check_of_a_setting_from_a_variable_names_the_variable(setting: str, code: str, tmp_path: Path) -> None:
    variable = Variable(name="ORIGINS", place="blog/settings.py:9", needed="no", setting=setting)
    project = replace(make(tmp_path), variables=(variable,))
    found = ["4_0.E001: the values in the CSRF_TRUSTED_ORIGINS setting must start with a scheme", "x.E1: DATABASES"]
    _, (problem,) = verdict.read(Case({**SEEN, "errors": found}, project, ORDER, "Heroku"))
    assert problem.code == code
    assert ("ORIGINS (blog/settings.py:9)" in problem.found) == (code == "checks-failed-by-value")


@pytest.mark.parametrize(("name", "folder"), [("data/words/new.txt", False), ("data/words", True)])
def test_a_folder_missing_from_git_is_reported(tmp_path: Path, name: str, folder: bool) -> None:
    answer = failed("FileNotFoundError", file=f"/tmp/simple_deploy-1a_b/tree/{name}", folder=folder)
    assert verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))[1][0].code == "trial-failed"
    (tmp_path / "data" / "words").mkdir(parents=True)
    (problem,) = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))[1]
    assert problem.found.startswith("Production would not have the folder data/words, because Git has no file in it: ")
    assert 'git add --force "data/words/.gitkeep"' in problem.remedy


NOT_OPENED = "Unable to configure handler 'file'"


@pytest.mark.parametrize(("path", "code"), [("/etc/no_site/key", "trial-failed"), ("/x/build-only/key", "")])
def test_a_missing_file_is_certain_unless_a_placeholder_names_it(tmp_path: Path, path: str, code: str) -> None:
    answer = failed("FileNotFoundError", kinds=["FileNotFoundError", "OSError"], file=path)
    problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku", guessed={"KEY"}))[1]
    assert [problem.code for problem in problems] == ([code] if code else [])


def test_an_import_of_a_placeholder_is_no_error_of_the_code(tmp_path: Path) -> None:
    for value, codes in (("build-only", []), ("blog.hooks", ["trial-failed"])):
        answer = failed("ImportError", f"{value} doesn't look like a module path", kinds=["ImportError"])
        problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku", guessed={"HOOKS"}))[1]
        assert [problem.code for problem in problems] == codes


def test_the_file_of_a_hidden_error_is_told(tmp_path: Path) -> None:
    hidden = ValueError(NOT_OPENED)
    hidden.__cause__ = FileNotFoundError(errno.ENOENT, "x", str(tmp_path / "logs" / "site.log"))
    assert told(hidden, tmp_path)["file"] == str(tmp_path / "logs" / "site.log")


def test_a_module_or_file_missing_from_git_is_reported(tmp_path: Path) -> None:
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "local_settings.py").write_text("", encoding="utf-8")
    (tmp_path / "key.pem").write_text("", encoding="utf-8")
    module = failed("ImportError", missing="blog.local_settings", kinds=["ModuleNotFoundError", "ImportError"])
    file = failed("FileNotFoundError", file="/tmp/simple_deploy-1a_b/tree/key.pem", folder=True)
    for answer, path in ((module, "blog/local_settings.py"), (file, "key.pem")):
        _, (problem,) = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
        assert problem.found.startswith(f"Production would not have {path}, because Git does not track it: ")


ASKED = [
    (failed("KeyError", "'PAY_KEY'"), "PAY_KEY"),
    (failed("ImproperlyConfigured", "Set the PAY_KEY environment variable"), "PAY_KEY"),
    (failed("UndefinedValueError", "PAY_KEY not found. Declare it as envvar"), "PAY_KEY"),
    (failed("EnvError", 'Environment variable "PAY_KEY" not set'), "PAY_KEY"),
    (failed("KeyError", "'SET_KEY'"), None),
    (failed("KeyError", "'lower'"), None),
    (failed("ImproperlyConfigured", 'Could not find the GDAL library. Try setting "GDAL"', by="django"), None),
    (failed("KeyError", "'PAY_KEY'", place=""), None),
    (
        failed("ImproperlyConfigured", "provide STORE with CLOUD or set PAY_KEY variable", place="", by="store"),
        "PAY_KEY",
    ),
    (failed("SomeError", "pass api_key or set the `PAY_KEY` or `PAY_ADMIN_KEY` environment variable."), "PAY_KEY"),
    (failed("AttributeError", "PAY_KEY"), None),
    (failed("ImproperlyConfigured", "include `rest_framework.authtoken` in INSTALLED_APPS"), None),
    (failed("ImproperlyConfigured", "SECRET_KEY must be set if DEBUG is False"), "SITE_KEY"),
    (failed("RuntimeError", "SITE_KEY and SET_KEY are required"), "SITE_KEY"),
    (failed("RuntimeError", "SET_KEY is required"), None),
    (failed("RuntimeError", "SITE_KEY is too short", by_project=False, by="pay"), None),
    (failed("RuntimeError", "SITE_KEY is missing", part="application"), None),
    (failed("AttributeError", "x", place="blog/settings.py:1", by_project=False, by="decouple"), "SITE_DEBUG"),
    (failed("AttributeError", "x", places=["blog/env.py:9", "blog/settings.py:1"]), "SITE_DEBUG"),
    (failed("AttributeError", "x", places=["blog/env.py:9", "blog/settings.py:8"]), None),
    (failed("AttributeError", "x", place="blog/settings.py:1", part="application"), None),
    (SEEN, None),
]


SETTINGS = {"SITE_DEBUG": "DEBUG", "SITE_KEY": "SECRET_KEY"}
READ = [Variable(name=one, place="blog/settings.py:1", needed="no", setting=SETTINGS[one]) for one in SETTINGS]


@pytest.mark.parametrize(("answer", "name"), ASKED)
def test_a_variable_that_the_settings_ask_for(answer: dict[str, Any], name: str | None) -> None:
    assert variable(answer, {"SET_KEY": "1"}, READ) == name


def test_the_checkout_is_the_commit_with_the_planned_files(checkout: Checkout, tmp_path: Path) -> None:
    checkout.write("untracked.py", "x")
    checkout.write("manage.py", "changed")
    checkout.git("add", "manage.py")
    tree = tmp_path / "try" / "tree"
    tree.parent.mkdir()
    assert check_out(checkout.root, tree, {"new/Procfile": b"web: x\n"}, lambda *_: None) == ""
    files = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    assert files == {*checkout.git("ls-tree", "-r", "--name-only", "HEAD").split(), "new/Procfile"}
    assert (tree / "manage.py").read_text(encoding="utf-8") != "changed"
    assert checkout.git("diff", "--cached", "--name-only").split() == ["manage.py"]


def planned(checkout: Checkout, *options: str, **env: str) -> tuple[dict[str, Any], str]:
    ended = checkout.deployer("--dry-run", "--json", *options, trial=True, **env)
    return json.loads(ended.stdout), ended.stderr


def test_the_site_is_loaded_as_production_will_load_it(checkout: Checkout) -> None:
    """The shell and .env are ignored; a computed name is found when it is requested."""
    own = 'import os\nif "DYNO" in os.environ:\n    assert "ONLY_HERE" not in os.environ\n'
    own += '    os.environ["_".join(["PAY", "KEY"])]\n'
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + own)
    checkout.commit_all("Ask for a variable")
    outcome, _ = planned(checkout, ONLY_HERE="1")
    tried = {"tried": LIGHT, "not_tried": [], "missing_static": [], "unmigrated": []}
    assert outcome["trial"] == tried
    asked = [variable for variable in outcome["variables"] if variable["name"] == "PAY_KEY"]
    line = checkout.read("blog/settings.py").count("\n")
    assert asked == [{"name": "PAY_KEY", "place": f"blog/settings.py:{line}", "source": "missing"}]


@pytest.mark.long
def test_a_variable_behind_a_condition_is_missing_if_production_meets_the_condition(checkout: Checkout) -> None:
    own = 'import os\nif "DYNO" in os.environ:\n    os.environ["PAY_KEY"]\n'
    own += 'if "TOYS" in os.environ:\n    os.environ["TOY_KEY"]\n'
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + own)
    checkout.commit_all("Ask for a variable under a condition")
    outcome, _ = planned(checkout)
    found = {variable["name"]: variable["source"] for variable in outcome["variables"]}
    assert (found["PAY_KEY"], found["TOY_KEY"]) == ("missing", "perhaps")


@pytest.mark.long
def test_a_value_from_an_env_file_is_not_a_placeholder(checkout: Checkout, tmp_path: Path) -> None:
    own = "import os\nassert os.environ['PAY_KEY'] == 'good', 'a bad key'\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + own)
    checkout.commit_all("Check a value")
    (tmp_path / "values").write_text("PAY_KEY=bad\n", encoding="utf-8")
    outcome, _ = planned(checkout, "--env-file", str(tmp_path / "values"), PAY_KEY="good")
    assert outcome["error"]["problems"] == ["trial-failed"]


def test_a_trial_leaves_nothing_in_the_temporary_folder(checkout: Checkout, tmp_path: Path) -> None:
    """A cache in files makes its folder, for example."""
    own = 'import os, tempfile\nif "DYNO" in os.environ:\n    tempfile.mkdtemp()\n'
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + own)
    checkout.commit_all("Write a temporary file")
    (tmp_path / "temporary").mkdir()
    outcome, _ = planned(checkout, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path / "temporary")))
    assert "settings" in outcome["trial"]["tried"] and list((tmp_path / "temporary").iterdir()) == []


def test_a_remedy_for_git_says_where_the_git_root_is(nested: Checkout) -> None:
    """Its paths are relative to the Git root, and the command is run in the folder of manage.py."""
    nested.write("site/blog/settings.py", nested.read("site/blog/settings.py") + "\nfrom .local_settings import *\n")
    nested.write(".gitignore", nested.read(".gitignore") + "local_settings.py\n")
    nested.write("site/blog/local_settings.py", "")
    nested.commit_all("Use a file that Git ignores")
    said = nested.deployer(trial=True).stderr
    assert "git add --force" in said
    assert said.rstrip().endswith("Run Git's commands in the Git root: cd ..")


def test_packages_that_are_used_and_not_declared_are_added(checkout: Checkout) -> None:
    """Each stops the site on its own, so all are found at once."""
    checkout.write(
        "blog/settings.py", checkout.read("blog/settings.py") + "\nimport sortedcontainers\nimport hypothesis\n"
    )
    checkout.commit_all("Import two packages")
    outcome, said = planned(checkout)
    assert outcome["status"] == "previewed", said
    assert re.search(r"\n\+sortedcontainers~=\d+\.\d+\n\+hypothesis~=\d+\.\d+\n", said)
    said = " ".join(said.split())
    assert "No module named 'sortedcontainers' (blog/settings.py:" in said


def test_a_package_is_not_added_where_another_problem_stops_the_run(checkout: Checkout) -> None:
    only_there = "if 'DYNO' in os.environ:\n    import absent\n"
    added = f"\nimport os\nimport sortedcontainers\n{only_there}"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + added)
    checkout.commit_all("Import a package that is not installed")
    outcome, said = planned(checkout)
    assert outcome["error"]["problems"] == ["module-undeclared"]
    assert "the module absent" in said and "sortedcontainers" not in said


@pytest.mark.long
def test_all_missing_apps_are_reported_together(checkout: Checkout) -> None:
    added = "\nimport os\nif 'DYNO' in os.environ:\n    INSTALLED_APPS += ['absent', 'absent.more', 'gone.apps.Gone']\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + added)
    checkout.commit_all("Use apps that are not installed")
    outcome, said = planned(checkout)
    assert outcome["error"]["problems"] == ["module-undeclared"] * 2
    assert "the module absent:" in said and "the module gone:" in said


def test_problems_that_do_not_depend_on_each_other_are_reported_together(tmp_path: Path) -> None:
    answer = {**SEEN, "services": [FAR, {**FAR, "name": "other"}], "debug": True, "untranslated": ["x.po:3: y"]}
    _, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert [one.code for one in problems] == ["debug-on", "translations", "service-unreachable"]


def test_errors_only_in_production_stop_the_run(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + "\nfrom .local_settings import *\n")
    checkout.write(".gitignore", checkout.read(".gitignore") + "local_settings.py\n")
    checkout.write("blog/local_settings.py", "")
    checkout.commit_all("Use a file that Git ignores")
    outcome, said = planned(checkout)
    assert outcome["error"]["problems"] == ["trial-untracked"]
    assert "Production would not have blog/local_settings.py, because Git does not track it" in said
    before = checkout.contents()
    assert checkout.deployer().returncode == 0
    assert checkout.contents() != before


@pytest.mark.long
def test_a_setting_with_the_name_of_djangos_own_does_not_change_which_settings_are_loaded(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + "\nSETTINGS_MODULE = 'blog.settings.dev'\n")
    checkout.commit_all("A name of Django's")
    outcome, said = planned(checkout)
    assert outcome["status"] == "previewed", said


@pytest.mark.long
def test_a_refusal_says_which_settings_were_passed_over(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py")
    (checkout.root / "blog/settings.py").unlink()
    switch = "import os\nfrom .base import *\nSITE_ENV = os.environ.get('SITE_ENV', 'development')\n"
    chosen = "if SITE_ENV == 'production':\n    from .production import *\nelse:\n    from .absent import *\n"
    checkout.write("blog/settings/base.py", text)
    checkout.write("blog/settings/absent.py", "import os\nif 'DYNO' in os.environ:\n    undefined\n")
    checkout.write("blog/settings/production.py", "open('manage.py/site.log', 'a')\n")
    checkout.write("blog/settings/__init__.py", switch + chosen)
    checkout.commit_all("A variable chooses the settings")
    outcome, said = planned(checkout)
    assert outcome["error"]["problems"] == ["trial-failed", "settings-passed-over"]
    said = " ".join(said.split())
    assert "blog.settings with SITE_ENV=production looks like the settings for production" in said
    assert "'manage.py/site.log' (blog/settings/production.py:1)" in said


def test_a_wsgi_module_that_does_not_exist_stops_the_run(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py").replace("'blog.wsgi.application'", "'renamed.wsgi.application'")
    checkout.write("blog/settings.py", text)
    checkout.commit_all("Name a module that is gone")
    outcome, said = planned(checkout)
    assert outcome["error"]["problems"] == ["application-missing"] and "starts as renamed.wsgi, and" in said


def test_a_package_that_a_setting_names_is_shown_where_it_is_named(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py") + "CACHES = {'default': {'BACKEND': 'httpx.cache.HttpCache'}}\n"
    checkout.write("blog/settings.py", text)
    urls = checkout.read("blog/urls.py")
    checkout.write("blog/urls.py", f"{urls}from django.core.cache import caches\ncaches['default'].get('key')\n")
    checkout.commit_all("Use a cache that is not installed")
    outcome, said = planned(checkout)
    assert outcome["error"]["problems"] == ["module-gone"]
    said = " ".join(said.split())
    assert "InvalidCacheBackendError: Could not find backend 'httpx.cache.HttpCache': No module named 'httpx" in said
    assert f"(blog/settings.py:{len(text.splitlines())})" in said


GUARDING = """NAMES = ["absent_one"]
def load():
    try:
        import absent_one
    except ImportError as error:
        raise {kind}("Install it") from error
"""


@pytest.mark.parametrize("kind", [RuntimeError, ImportError])
def test_code_that_raises_its_own_error_for_a_missing_package_is_shown_there(
    kind: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"guarding_{kind.__name__.lower()}"
    (tmp_path / f"{name}.py").write_text(GUARDING.format(kind=kind.__name__), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    guarding = importlib.import_module(name)
    with pytest.raises(kind, match="Install it") as raised:
        guarding.load()
    found = told(raised.value, tmp_path)
    assert (found["missing"], found["place"]) == ("absent_one", f"{name}.py:6")


def test_an_app_that_only_a_debug_of_true_adds_is_shown_where_it_is_added(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py") + "DEBUG = True\nif DEBUG:\n    INSTALLED_APPS += ['httpx']\n"
    checkout.write("blog/settings.py", text)
    checkout.commit_all("Add an app that is not declared")
    outcome, said = planned(checkout)
    assert outcome["status"] == "previewed" and "+httpx~=" in said
    assert f"(blog/settings.py:{len(text.splitlines()) - 1})" in " ".join(said.split())


@pytest.mark.long
def test_a_style_sheet_that_is_not_utf_8_keeps_its_name(checkout: Checkout) -> None:
    """Django can give no file a name with a hash then."""
    checkout.write("blog/static/a.css", "body { background: url('there.png') }\n")
    checkout.write("blog/static/there.png", "")
    (checkout.root / "blog/static/legacy.css").write_bytes(b"/* caf\xe9 */ body { background: url('there.png') }")
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", text)
    checkout.commit_all("Add an old style sheet")
    ended = checkout.deployer("--json", trial=True)
    assert json.loads(ended.stdout)["trial"]["missing_static"] == ["legacy.css: it is not UTF-8"]
    assert "Manifest" not in checkout.read("blog/settings.py")
    collected = checkout.python("manage.py", "collectstatic", "--noinput", ON_HEROKU="1")
    assert collected.returncode == 0, collected.stderr


@pytest.mark.long
def test_what_templates_of_a_package_refer_to_is_one_entry(checkout: Checkout, tmp_path: Path) -> None:
    """Its examples may refer to many files, and no page of the site may show them. Those of an optional app that is not
    installed are not noted.
    """
    package = tmp_path / "packages" / "widgets"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    for name in ("a", "b"):
        own, other = f"{{% static 'widgets/{name}/1.png' %}}{{% static '{name}.png' %}}", "{% static 'charts/x.js' %}"
        text = f"{{% load static %}}{own}{other}\n"
        (package / "templates" / f"{name}.html").write_text(text, encoding="utf-8")
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'widgets',")
    checkout.write("blog/settings.py", text)
    checkout.env["PYTHONPATH"] = str(package.parent)
    answer = checkout.tried("settings", "static files")
    assert answer["static"] == ["templates of widgets: widgets/a/1.png and 3 more"]
    (package / "static" / "widgets" / "themes").mkdir(parents=True)
    (package / "static" / "widgets" / "themes" / "dark.css").write_text("", encoding="utf-8")
    for name in ("a", "b"):
        text = "{% load static %}{% static 'charts/x.js' %}{% static 'widgets/themes' %}\n"
        (package / "templates" / f"{name}.html").write_text(text, encoding="utf-8")
    answer = checkout.tried("settings", "static files")
    assert (answer["static"], answer["static_names"]) == ([], "tolerant")


@pytest.mark.parametrize(
    ("path", "script", "noted"),
    [
        ("blog/templates/room.html", "new WebSocket(\n  'ws://' + window.location.host + '/ws/')", ["{path}:2"]),
        ("blog/static/chat.js", "new WebSocket(`ws://${location.host}/ws/`)", ["{path}:1"]),
        ("blog/templates/room.html", "new WebSocket('ws://{{ request.get_host }}/ws/')", ["{path}:1"]),
        ("blog/static/chat.js", "new WebSocket((secure ? 'wss://' : 'ws://') + location.host)", []),
        ("blog/static/chat.js", "// a server at ws://localhost:3000", []),
    ],
)
def test_a_page_that_opens_a_websocket_without_tls_is_noted(
    path: str, script: str, noted: list[str], checkout: Checkout
) -> None:
    checkout.write(path, script)
    answer = checkout.tried("settings", "static files")
    assert (answer["sockets"], answer["failed"]) == ([one.format(path=path) for one in noted], None)


@pytest.mark.long
@pytest.mark.parametrize(
    ("strict", "noted"),
    [
        (False, ["widgets/a.css: The file 'widgets/gone.png' could not be found and 1 more of its files"]),
        (
            True,
            [
                "own.js: The file 'site.js.map' could not be found",
                "widgets/a.css: The file 'widgets/gone.png' could not be found and 2 more of its files",
            ],
        ),
    ],
)
def test_what_files_of_a_package_refer_to_is_one_entry(
    strict: bool, noted: list[str], checkout: Checkout, tmp_path: Path
) -> None:
    """Visitors do not need source maps."""
    static = tmp_path / "packages" / "widgets" / "static" / "widgets"
    static.mkdir(parents=True)
    (static.parent.parent / "__init__.py").write_text("", encoding="utf-8")
    for name in ("a", "b"):
        (static / f"{name}.css").write_text("a { background: url('gone.png') }\n", encoding="utf-8")
    for file in (static / "site.js", checkout.root / "blog" / "static" / "own.js"):
        file.parent.mkdir(exist_ok=True)
        file.write_text("let a = 1\n//# sourceMappingURL=site.js.map\n", encoding="utf-8")
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'widgets', 'blog',")
    checkout.write("blog/settings.py", text)
    checkout.env["PYTHONPATH"] = str(static.parents[2])
    answer = checkout.tried("settings", "static files", own_manifest=strict)
    assert (answer["static"], answer["static_names"]) == (noted, "tolerant")


@pytest.mark.parametrize("first", ['@import "tailwindcss" source("../src");', "@tailwind base;\n@import 'gone.css';"])
def test_what_tailwind_makes_a_style_sheet_of_is_not_noted(first: str, checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", text)
    for name in ("input", "site"):
        checkout.write(f"blog/static/{name}.css", (first if name == "input" else "") + "\n@import 'lost.css';\n")
    answer = checkout.tried("settings", "static files")
    assert answer["static"] == ["site.css: The file 'lost.css' could not be found"]
    assert answer["static_names"] == "tolerant"


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "more", "found"),
    [
        ("tests/templates/a.html", "", False),
        ("blog/tests/a.py", "", False),
        ("blog/templates/a.html", "", True),
        ("tests/templates/a.html", "TEMPLATES[0]['DIRS'] = [BASE_DIR / 'tests/templates']", True),
        ("tests/site/templates/a.html", "INSTALLED_APPS += ['tests.site']", True),
    ],
)
def test_templates_of_tests_are_not_searched(path: str, more: str, found: bool, checkout: Checkout) -> None:
    checkout.write("tests/site/__init__.py", "")
    checkout.write(path, "{% static 'lost.png' %}\n")
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\n{more}\n")
    answer = checkout.tried("settings", "static files")
    assert (answer["failed"], answer["static"]) == (None, [f"{path}:1: lost.png"] if found else [])


@pytest.mark.long
def test_references_to_missing_static_files_are_tolerated_and_noted(checkout: Checkout) -> None:
    checkout.write("blog/static/site.css", "body { background: url('gone.png') } a { background: url('there.png') }\n")
    checkout.write("blog/static/there.png", "")
    checkout.write("blog/static/other.css", "body { background: url('site.css') }\n")
    checkout.write("blog/templates/a.html", "{% load static %}\n<img src=\"{% static 'lost.png' %}\">\n")
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", text)
    checkout.write(".gitignore", f"{checkout.read('.gitignore')}\nbuilt.js\n")
    checkout.write("blog/static/built.js", "")
    checkout.write("blog/templates/b.html", "{% load static %}\n{% static 'built.js' %}\n")
    checkout.commit_all("Refer to what is not there")
    ended = checkout.deployer("--json", trial=True)
    missing = json.loads(ended.stdout)["trial"]["missing_static"]
    assert missing == [
        "site.css: The file 'gone.png' could not be found",
        "blog/templates/a.html:2: lost.png",
        "blog/templates/b.html:2: built.js (blog/static/built.js is here, but Git does not have it)",
    ]
    assert 'f"{__name__}.TolerantStaticFiles"' in checkout.read("blog/settings.py")
    collected = checkout.python("manage.py", "collectstatic", "--noinput", ON_HEROKU="1")
    assert collected.returncode == 0, collected.stderr
    names = json.loads(checkout.read("staticfiles/staticfiles.json"))["paths"]
    css = checkout.read(f"staticfiles/{names['site.css']}")
    assert names["site.css"] != "site.css" and "gone.png" in css and names["there.png"] in css
    shown = "from django.templatetags.static import static as s; print(s('lost.png'), s('there.png'))"
    served = checkout.python("manage.py", "shell", "-v", "0", "-c", shown, ON_HEROKU="1")
    assert served.stdout.split() == ["/static/lost.png", f"/static/{names['there.png']}"], served.stderr
    checkout.write("blog/static/gone.png", "")
    checkout.write("blog/static/lost.png", "")
    checkout.git("add", "--force", "blog/static/built.js")
    checkout.commit_all("Add them")
    assert checkout.deployer().returncode == 0
    assert "TolerantStaticFiles" in checkout.read("blog/settings.py")
    assert checkout.deployer(trial=True).returncode == 0
    assert '"whitenoise.storage.CompressedManifestStaticFilesStorage"' in checkout.read("blog/settings.py")
    checkout.commit_all("Configure")
    assert checkout.deployer().returncode == 0
    assert checkout.git("status", "--porcelain") == ""


@pytest.mark.long
@pytest.mark.parametrize(
    "reference, storage",
    [
        ("{% static image %}", "TolerantStaticFiles"),
        ("{% static '/site.css' %}", "TolerantStaticFiles"),
        ("{% static 'site.css?v=2' %}", "CompressedManifestStaticFilesStorage"),
        ("", "CompressedManifestStaticFilesStorage"),
    ],
    ids=["a computed name", "a name that only development accepts", "a name with a version", "none"],
)
def test_a_second_run_reuses_the_trial_of_the_first(
    reference: str, storage: str, checkout: Checkout, tmp_path: Path
) -> None:
    checkout.write("blog/templates/a.html", f"{{% load static %}}\n{reference}\n")
    checkout.write("blog/static/site.css", "")
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", text)
    checkout.commit_all("Refer to a static file")
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "LOCALAPPDATA": str(tmp_path / "cache")}
    assert checkout.deployer(trial=True, **cache).returncode == 0
    assert storage in checkout.read("blog/settings.py")
    outcome, _ = planned(checkout, **cache)
    assert outcome["trial"]["tried"] and not outcome["files"]
    assert len([*(tmp_path / "cache" / "simple_deploy" / "trial").iterdir()]) == 1


@pytest.mark.long
def test_a_second_run_recognises_a_file_that_depends_on_the_trial(checkout: Checkout) -> None:
    """The Dockerfile has a placeholder for a variable that only the trial finds; nothing is committed yet."""
    own = 'import os\nSHOP = os.environ["_".join(["SHOP", "KEY"])]\n'
    checkout.write("blog/settings.py", own + checkout.read("blog/settings.py"))
    checkout.write(".env", "SHOP_KEY=1\n")
    checkout.write(".gitignore", checkout.read(".gitignore") + "\n.env\n")
    checkout.commit_all("Ask for a variable")
    options = ("--platform", "fly_io")
    assert checkout.deployer(*options, trial=True, SHOP_KEY="1").returncode == 0
    assert "SHOP_KEY=build-only" in checkout.read("Dockerfile")
    outcome, _ = planned(checkout, *options, SHOP_KEY="1")
    assert outcome.get("files") == [], outcome.get("error")
    # A change that no run made still stops the run.
    checkout.write("Dockerfile", checkout.read("Dockerfile") + "# Mine.\n")
    outcome, _ = planned(checkout, *options, SHOP_KEY="1")
    assert outcome["error"]["problems"] == ["git-unclean"]


@pytest.mark.long
@pytest.mark.parametrize(("condition", "in_build"), [("True", True), ('"FLY_APP_NAME" in os.environ', False)])
def test_a_build_has_the_same_placeholders_whether_or_not_a_value_is_given(
    condition: str, in_build: bool, checkout: Checkout, tmp_path: Path
) -> None:
    """Only the trial finds the variable, so that without a value the site asks for it, and with one only the build."""
    own = f'import os\nif {condition}:\n    SHOP = os.environ["_".join(["SHOP", "KEY"])]\n'
    checkout.write("blog/settings.py", own + checkout.read("blog/settings.py"))
    checkout.commit_all("Ask for a variable")
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "LOCALAPPDATA": str(tmp_path / "cache")}
    given = {**cache, "SHOP_KEY": "1"} if in_build else cache
    ended = checkout.deployer("--platform", "fly_io", "--env", "SHOP_KEY=1", trial=True, **given)
    assert ended.returncode == 0, ended.stderr
    assert ("SHOP_KEY=build-only" in checkout.read("Dockerfile")) == in_build
    checkout.commit_all("Configure")
    for options in (["--env", "SHOP_KEY=1"], []):
        outcome, _ = planned(checkout, "--platform", "fly_io", *options, **given)
        assert outcome.get("files") == [], outcome.get("error")


@pytest.mark.long
def test_a_build_has_a_placeholder_for_a_variable_that_only_the_running_site_gets(checkout: Checkout) -> None:
    """The platform sets DATABASE_URL when the site starts; the code reads it where only the trial finds it."""
    checkout.write(
        "blog/settings.py", 'import os\nos.environ["_".join(["DATABASE", "URL"])]\n' + checkout.read("blog/settings.py")
    )
    checkout.commit_all("Ask for a variable")
    outcome, _ = planned(checkout, "--platform", "fly_io", DATABASE_URL="sqlite://")
    dockerfile = next(file["diff"] for file in outcome["files"] if file["path"] == "Dockerfile")
    assert "DATABASE_URL=sqlite:///:memory: python manage.py collectstatic" in dockerfile


MODEL = """
from django.core.checks import Error, register
from django.db import connection, models

class Page(models.Model):
    @classmethod
    def check(cls, **options):
        return [Error("not on " + connection.vendor, id="blog.E001", obj="Page")]

@register
def pages(app_configs, **kwargs):
    try:
        Page.objects.count()
    except Exception as error:
        return [Error(str(error), id="blog.E002")]
    return []
"""


def test_a_full_trial_checks_the_production_database_and_missing_migrations(checkout: Checkout) -> None:
    checkout.write("blog/models.py", MODEL)
    # A package without a migration in it creates no table either.
    checkout.write("blog/migrations/__init__.py", "")
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    engine = (
        "\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x', 'HOST': '127.0.0.1'}}\n"
    )
    # From the output of `startproject` with Django 6.1, and what the settings block replaces.
    mail = "SILENCED_SYSTEM_CHECKS = ['mail.E001']\n"
    checkout.write("blog/settings.py", text + engine + mail)
    answer = checkout.tried("settings", "checks", "migrations")
    assert (answer["failed"], answer["errors"]) == (None, ["blog.E001: not on postgresql (Page)"])
    assert answer["unchecked"] == ["blog.E002"]
    assert (answer["without_migrations"], answer["unmigrated"]) == (["blog"], [])


def test_models_in_another_language_are_those_of_the_migrations(checkout: Checkout) -> None:
    """Translated, every text of AbstractUser differs from the one that makemigrations wrote."""
    user = "from django.contrib.auth.models import AbstractUser\n\n\nclass User(AbstractUser):\n    pass\n"
    checkout.write("blog/models.py", user)
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", f"{text}\nAUTH_USER_MODEL = 'blog.User'\nLANGUAGE_CODE = 'ru'\n")
    checkout.write("blog/migrations/__init__.py", "")
    made = checkout.python("manage.py", "makemigrations", "blog")
    assert made.returncode == 0, made.stderr
    checkout.commit_all("A user model")
    answer = checkout.tried("settings", "checks", "migrations")
    assert (answer["failed"], answer["unmigrated"]) == (None, [])


TYPES = """
from django.db import models

class Own(models.Field):
    def db_type(self, connection):
        return self.kind

class Page(models.Model):
"""
# The types of columns -> those that PostgreSQL lacks.
KINDS = {
    **dict.fromkeys(("longtext", "double", "TINYINT(1)", "integer unsigned", "datetime(6)", "enum('a')"), True),
    **dict.fromkeys(("double precision", "text", "numeric(3)", "vector(3)", "timestamp with time zone", ""), False),
}
OWN_SQL = """
from django.db import migrations

class Migration(migrations.Migration):
    operations = [{operation}]
"""
RUNS = 'migrations.RunSQL("SELECT 1")'
OPERATIONS = {
    RUNS: True,
    f"migrations.SeparateDatabaseAndState(database_operations=[{RUNS}])": True,
    "migrations.RunPython(print)": False,
}


def _tried_with_postgresql(checkout: Checkout) -> dict[str, Any]:
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    engine = "\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}\n"
    checkout.write("blog/settings.py", text + engine)
    checkout.write("blog/migrations/__init__.py", "")
    answer = checkout.tried("settings", "migrations")
    assert answer["failed"] is None
    return answer


def test_types_that_postgresql_lacks(checkout: Checkout) -> None:
    classes = [f"type('K', (Own,), {{'kind': {kind!r}}})()" for kind in KINDS]
    fields = "\n".join(f"    f{number} = {made}" for number, made in enumerate(classes))
    checkout.write("blog/models.py", f"{TYPES}{fields}\n")
    checkout.write("blog/migrations/0001_initial.py", OWN_SQL.format(operation=""))
    answer = _tried_with_postgresql(checkout)
    lacking = [
        f"blog.Page.f{number}: {kind} (blog/models.py)" for number, (kind, lacks) in enumerate(KINDS.items()) if lacks
    ]
    assert answer["unknown_types"] == lacking


@pytest.mark.parametrize(("operation", "runs"), OPERATIONS.items())
def test_migrations_with_sql(checkout: Checkout, operation: str, runs: bool) -> None:
    checkout.write("blog/migrations/0001_initial.py", OWN_SQL.format(operation=operation))
    answer = _tried_with_postgresql(checkout)
    assert answer["own_sql"] == (["blog/migrations/0001_initial.py:5"] if runs else [])


FOREIGN = [
    ("migrations.RunSQL('CREATE TABLE x (id INTEGER PRIMARY KEY AUTOINCREMENT)')", "", "AUTOINCREMENT"),
    ("migrations.RunSQL(['SELECT 1', ('INSERT OR IGNORE INTO x VALUES (%s)', [1])])", "", "INSERT OR IGNORE"),
    ("migrations.RunPython(run)", "    connection.cursor().execute('PRAGMA foreign_keys = OFF')", "PRAGMA"),
    ("migrations.RunPython(run)", "    if connection.vendor == 'sqlite':\n        x.execute('PRAGMA x')", ""),
    ("migrations.RunPython(run)", "    if 'sqlite' in DATABASE['ENGINE']:\n        x.execute('PRAGMA x')", ""),
    ("migrations.RunSQL(migrations.RunSQL.noop)", "", ""),
]


@pytest.mark.parametrize(("operation", "body", "words"), FOREIGN)
def test_sql_of_another_database(checkout: Checkout, operation: str, body: str, words: str) -> None:
    run = f"def run(apps, editor):\n    from django.db import connection\n{body}\n"
    checkout.write("blog/migrations/0001_initial.py", run + OWN_SQL.format(operation=operation))
    said = [f"blog/migrations/0001_initial.py: {words}"] if words else []
    assert _tried_with_postgresql(checkout)["foreign_sql"] == said


ALTERED = """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel("Topic", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Page", [("id", models.BigAutoField(primary_key=True)), ("field", {before})]),
        {operation},
    ]
"""
FIELD = "migrations.AlterField('page', 'field', {after})"
TOPIC = "models.ForeignKey('blog.Topic', models.CASCADE)"
# The field before and after, and the types of the column that PostgreSQL does not convert.
ALTERATIONS = [
    ("models.BigIntegerField()", "models.UUIDField()", "bigint to uuid"),
    ("models.TimeField()", "models.DateTimeField()", "time to timestamp with time zone"),
    ("models.UUIDField()", TOPIC, "uuid to bigint"),
    ("models.ForeignKey('self', models.CASCADE)", "models.DurationField()", "bigint to interval"),
    ("models.CharField(max_length=9)", "models.IntegerField()", ""),
    ("models.IntegerField()", "models.BooleanField()", ""),
    ("models.DecimalField(max_digits=4, decimal_places=2)", "models.BigIntegerField()", ""),
    ("models.IntegerField()", TOPIC, ""),
    ("models.ForeignKey('other.Model', models.CASCADE)", "models.UUIDField()", ""),
    ("type('Own', (models.Field,), {'db_type': lambda self: 1})()", "models.UUIDField()", ""),
]


@pytest.mark.parametrize(("before", "after", "types"), ALTERATIONS)
def test_a_change_of_type_that_postgresql_rejects(checkout: Checkout, before: str, after: str, types: str) -> None:
    text = ALTERED.format(before=before, operation=FIELD.format(after=after))
    checkout.write("blog/migrations/0001_initial.py", text)
    answer = _tried_with_postgresql(checkout)
    said = [f"blog/migrations/0001_initial.py: page.field, {types}"] if types else []
    assert answer["not_converted"] == said


def test_a_field_that_is_removed_and_added_again_has_any_type(checkout: Checkout) -> None:
    again = "migrations.RemoveField('page', 'field'), migrations.AddField('page', 'field', models.UUIDField())"
    checkout.write("blog/migrations/0001_initial.py", ALTERED.format(before="models.TimeField()", operation=again))
    assert _tried_with_postgresql(checkout)["not_converted"] == []


@pytest.mark.parametrize(
    ("message", "by_place"),
    [("x", True), ("SITE_DEBUG is wrong", False), ("DEBUG is wrong", False), ("PAY_KEY is wrong", True)],
)
def test_a_variable_that_only_the_place_of_a_failure_suggests(message: str, by_place: bool) -> None:
    assert told_by_place("SITE_DEBUG", failed("ValueError", message)["failed"], READ) is by_place


@pytest.mark.parametrize(
    ("answer", "env", "unread"),
    [
        (failed("KeyError", "'MAIL_KEY'"), {"MAIL_KEY": "x"}, "MAIL_KEY"),
        (failed("KeyError", "'MAIL_KEY'"), {}, ""),
        (failed("KeyError", "'MAIL_KEY'", place=""), {"MAIL_KEY": "x"}, ""),
        (failed("ValueError", "MAIL_KEY"), {"MAIL_KEY": "x"}, ""),
        (SEEN, {"MAIL_KEY": "x"}, ""),
    ],
)
def test_a_variable_that_is_set_and_still_missing(answer: dict[str, Any], env: dict[str, str], unread: str) -> None:
    assert unread_variable(answer, env) == unread


def test_a_name_that_the_settings_block_replaces_is_not_noted(tmp_path: Path) -> None:
    answer = {**SEEN, "file_values": ["SECRET_KEY (blog/settings.py:3)", "HOST (blog/settings.py:4)"] * 2}
    tried, _ = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert tried.file_values == ("HOST (blog/settings.py:4)",)


@pytest.mark.parametrize(
    ("read", "noted"),
    [
        ('VALUES.get("HOST")', ["HOST (blog/settings.py:3)"]),
        ('VALUES.get("HOST", "x")', []),
        ('VALUES.get("THERE")', []),
        ('{**VALUES, **os.environ}.get("HOST")', []),
    ],
)
def test_names_that_only_a_file_may_have(read: str, noted: list[str], checkout: Checkout) -> None:
    """python-dotenv reads the file; here, a double of it."""
    text = "def dotenv_values(path):\n    return dict(THERE='1')\n"
    checkout.write("dotenv/main.py", text)
    checkout.write("dotenv/__init__.py", "from .main import dotenv_values\n")
    own = f'import os; from dotenv import dotenv_values\nVALUES = dotenv_values(".env")\nHOST = {read}\n'
    checkout.write("blog/settings.py", own + checkout.read("blog/settings.py"))
    assert checkout.tried("settings")["file_values"] == noted


def test_another_package_has_a_module_of_that_name(checkout: Checkout) -> None:
    """django-dotenv is the file dotenv.py."""
    checkout.write("dotenv.py", "def read_dotenv(): pass\n")
    checkout.write("blog/settings.py", "import dotenv\n" + checkout.read("blog/settings.py"))
    answer = checkout.tried("settings")
    assert (answer["failed"], answer["tried"]) == (None, ["settings"])


def test_a_driver_that_is_missing_is_the_reason(checkout: Checkout, tmp_path: Path) -> None:
    error = ImportError("No module named 'MySQLdb'", name="MySQLdb")
    try:
        raise RuntimeError("Error loading MySQLdb module.") from error
    except RuntimeError as raised:
        assert told(raised, tmp_path)["missing"] == "MySQLdb"


@pytest.mark.parametrize(("module", "within"), [("json.gone", "json"), ("gone", ""), ("gone.too", "")])
def test_a_package_that_lacks_a_module(module: str, within: str, tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError) as raised:
        __import__(module)
    assert told(raised.value, tmp_path)["within"] == within


QUERY = "from django.contrib.auth.models import User\nNAMES = [user.username for user in User.objects.all()]\n"
GUARDED = (
    "from django.contrib.auth.models import User\nfrom django.db import {error}\n"
    "try:\n    User.objects.count()\nexcept {error}:\n    pass\n"
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("at", "text", "place"),
    [
        ("blog/urls.py", QUERY, "blog/urls.py:"),
        ("blog/__init__.py", "", ""),
        ("blog/urls.py", GUARDED.format(error="OperationalError"), ""),
        ("blog/urls.py", GUARDED.format(error="ProgrammingError"), ""),
        # A web server loads it when the tables exist.
        ("blog/wsgi.py", QUERY, ""),
    ],
)
def test_code_that_queries_while_migrate_loads_it_is_named(at: str, text: str, place: str, checkout: Checkout) -> None:
    checkout.write(at, checkout.read(at) + text)
    engine = "\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + engine)
    found = checkout.tried("settings", "URLs")["failed"]
    assert failing.lacks_database(found) == bool(place)
    assert not place or found["place"].startswith(place)


def test_a_query_while_loading_stops_the_first_release_only(tmp_path: Path) -> None:
    answer = {**failed("NoServer"), "release": {"place": "blog/urls.py:3"}}
    _, (problem,) = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert (problem.code, "blog/urls.py:3 queries the database" in problem.found) == ("queries-while-loading", True)
    _, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku", released=True))
    assert "queries-while-loading" not in [one.code for one in problems]


def test_without_the_blocks_packages_its_settings_are_not_checked() -> None:
    everything = ["settings", "application", "collectstatic", "static files", "checks", "migrations", "first migrate"]
    assert parts(static=True, lacking=False, whole=True) == everything
    assert parts(static=True, lacking=True, whole=True) == ["settings", "collectstatic", "static files", "migrations"]
    assert parts(static=False, lacking=True, whole=False) == ["settings"]


def test_only_equal_trials_have_equal_keys() -> None:
    from simple_deploy.trial import cache

    one = cache.key({"a": "1"}, {"parts": []}, {"A": "1"})
    assert one == cache.key({"a": "1"}, {"parts": []}, {"A": "1"})
    others = [
        cache.key({"a": "2"}, {"parts": []}, {"A": "1"}),
        cache.key({"a": "1", "b": "1"}, {"parts": []}, {"A": "1"}),
        cache.key({"a": "1"}, {"parts": ["settings"]}, {"A": "1"}),
        cache.key({"a": "1"}, {"parts": []}, {"A": "2"}),
    ]
    assert len({one, *others}) == 5


def test_another_version_of_the_trial_does_not_use_old_results(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "simple_deploy", tmp_path / "simple_deploy", ignore=shutil.ignore_patterns("__pycache__"))
    cached = {"PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}

    def said(code: str) -> str:
        argv = [sys.executable, "-c", f"from simple_deploy.trial import cache; {code}"]
        env = {**os.environ, **cached}
        return subprocess.run(argv, env=env, cwd=tmp_path, check=True, capture_output=True, encoding="utf-8").stdout

    assert said("cache.store('a', {'b': 1}); print(cache.load('a'))") == "{'b': 1}\n"
    with (tmp_path / "simple_deploy" / "trial" / "verdict.py").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")
    assert said("print(cache.load('a'))") == "None\n"


def test_committing_the_tried_files_gives_the_same_tree(checkout: Checkout) -> None:
    contents = {"Procfile": b"web: gunicorn\n", "blog/settings.py": b"DEBUG = False\n"}
    before = listing(checkout.root, contents, nothing)
    for path, content in contents.items():
        checkout.write(path, content.decode())
    assert listing(checkout.root, contents, nothing) == before
    checkout.commit_all()
    assert listing(checkout.root, {}, nothing) == before
    assert before != listing(checkout.root, {"Procfile": b"web: other\n"}, nothing)


@pytest.mark.parametrize(
    ("wrapper", "names"),
    [
        ("{}", "hashed"),
        ("StaticFilesHandler({})", "plain"),
        ("partial(print, {{'http': StaticFilesHandler({})}})", "plain"),
        ("{} if settings.DEBUG else StaticFilesHandler({})", "hashed"),
    ],
)
def test_djangos_handler_for_static_files_finds_no_hashed_names(wrapper: str, names: str, checkout: Checkout) -> None:
    script = f"""
import os
from functools import partial

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blog.settings")
application = {wrapper.format(*["get_wsgi_application()"] * 2)}
"""
    checkout.write("blog/wsgi.py", script)
    order = {"complete": True, "withheld": {}, "application": "blog.wsgi"}
    answer = checkout.tried("settings", "application", "static files", **order)
    assert answer["failed"] is None and answer["static_names"] == names
    tried, _ = verdict.read(Case({**SEEN, **answer}, make(checkout.root), ORDER, "Heroku"))
    assert tried.static.names == names and tried.static_handler == (names == "plain")


def test_static_folders_in_a_text_are_left_to_the_checks(checkout: Checkout) -> None:
    """Without the comma of a tuple, each character would be a folder, and "/" is one."""
    text = checkout.read("blog/settings.py") + 'STATICFILES_DIRS = (str(BASE_DIR / "assets"))\n'
    checkout.write("blog/settings.py", text)
    order = {"complete": True, "withheld": {}, "asynchronous": False, "read_only": False}
    answer = checkout.tried("settings", "static files", "checks", **order)
    assert answer["failed"] is None and any("staticfiles.E001" in one for one in answer["errors"])


def test_a_thread_that_never_ends_does_not_delay_the_answer(checkout: Checkout) -> None:
    """A scheduler that the project starts, for example."""
    own = "\nimport threading\nthreading.Thread(target=threading.Event().wait).start()\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + own)
    assert checkout.tried("settings")["tried"] == ["settings"]


@pytest.mark.long
def test_urls_of_static_files_before_they_are_collected(checkout: Checkout) -> None:
    (checkout.root / "static").mkdir()
    checkout.write("static/site.css", "a {}\n")
    checkout.write(
        "blog/urls.py", 'from django.templatetags.static import static\n\nurlpatterns = [static("site.css")][:0]\n'
    )
    text = checkout.read("blog/settings.py") + '\nSTATICFILES_DIRS = [BASE_DIR / "static"]\n'
    checkout.write("blog/settings.py", text)
    checkout.commit_all()
    # Routes are loaded only by the server, when there are hashed names.
    for _ in range(2):
        ended = checkout.deployer("--json", trial=True)
        assert json.loads(ended.stdout)["trial"]["not_tried"] == []
        assert '"whitenoise.storage.CompressedManifestStaticFilesStorage"' in checkout.read("blog/settings.py")
        checkout.commit_all()
    # Models are loaded by collectstatic itself.
    checkout.write("blog/models.py", 'from django.templatetags.static import static\n\nICON = static("site.css")\n')
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',", 1)
    checkout.write("blog/settings.py", text)
    checkout.commit_all()
    for _ in range(2):
        assert checkout.deployer(trial=True).returncode == 0
        assert "TolerantStaticFiles" in checkout.read("blog/settings.py")
        checkout.commit_all()


def test_writes_below_the_folder_are_refused_as_on_a_read_only_file_system(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "there").mkdir(parents=True)
    frozen = Frozen(str(tree))
    write, read = (str(tree / "a"), "a", os.O_WRONLY), (str(tree / "a"), "r", os.O_RDONLY)
    frozen.refuse("open", write)
    frozen.on = True
    for event, arguments in (("open", write), ("os.mkdir", (str(tree / "new"), 0o777, -1))):
        with pytest.raises(OSError, match="Read-only file system"):
            frozen.refuse(event, arguments)
    frozen.refuse("open", read)
    frozen.refuse("open", (3, "w", 0))
    frozen.refuse("open", (str(tmp_path / "tree.txt"), "w", 0))
    frozen.refuse("os.mkdir", (str(tree / "there"), 0o777, -1))
    frozen.refuse("os.listdir", (str(tree),))
    mounted = Frozen(str(tree), ["uploads"])
    mounted.on = True
    mounted.refuse("open", (str(tree / "uploads" / "a"), "w", 0))
    with pytest.raises(OSError, match="Read-only file system"):
        mounted.refuse("open", (str(tree / "uploads.txt"), "w", 0))
    frozen.built = True
    frozen.refuse("os.mkdir", (str(tree / "new"), 0o777, -1))
    with pytest.raises(OSError, match="Read-only file system"):
        frozen.refuse("open", write)


def test_a_write_that_another_error_hides_is_recognised(tmp_path: Path) -> None:
    refused = OSError(errno.EROFS, "in any language", str(tmp_path / "site.log"))
    hidden = ValueError(NOT_OPENED)
    hidden.__cause__ = refused
    assert told(hidden, tmp_path)["read_only"] and told(refused, tmp_path)["read_only"]
    assert not told(ValueError("x"), tmp_path)["read_only"]
    assert not told(FileNotFoundError(errno.ENOENT, "x"), tmp_path)["read_only"]


@pytest.mark.parametrize("error", [OSError(errno.EROFS, "read-only"), ValueError("in {}: bad value")])
def test_paths_in_a_reason_are_relative_to_the_repository(tmp_path: Path, error: Exception) -> None:
    inside = str(tmp_path / "tree" / "data")
    if isinstance(error, OSError):
        error.filename = inside
    else:
        error.args = (error.args[0].format(inside),)
    message = told(error, tmp_path / "tree")["message"]
    assert message in (f"[Errno {errno.EROFS}] read-only: 'data'", "in data: bad value")
