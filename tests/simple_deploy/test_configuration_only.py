"""`simple_deploy --platform heroku` without a CLI, a login or a network: the files and the output."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_trial import LIGHT

from matrix.engine.deployer import started
from simple_deploy import receipt
from simple_deploy.effects import installation
from simple_deploy.inspect.script_variables import programs_started
from simple_deploy.model import Secret, Step

if TYPE_CHECKING:
    from conftest import Checkout

# Settings are loaded, and nothing is written or tried.
LOADED = ("-m", "simple_deploy", "--platform", "heroku", "--json", "--dry-run", "--no-trial")
PYTHON = "{}.{}".format(*sys.version_info)
WEB = "--worker-class gthread --threads 5 --timeout 20 --graceful-timeout 20 --keep-alive 95"
WANTED = "Django\ngunicorn>=22\nwhitenoise>=6.5\ndj-database-url>=2.1\npsycopg[binary]>=3.1.18\n"

posix = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal of POSIX")


def test_a_flat_project_gets_its_four_files(checkout: Checkout) -> None:
    before = checkout.contents()
    ended = checkout.deployer("--platform", "heroku")
    assert (ended.returncode, ended.stderr) == (0, "")
    after = checkout.contents()
    assert {path for path in after if after[path] != before.get(path)} == {
        "Procfile",
        ".python-version",
        "requirements.txt",
        "blog/settings.py",
    }
    assert checkout.read("Procfile") == (
        f"release: python manage.py migrate --noinput\nweb: gunicorn blog.wsgi {WEB}\n"
    )
    assert checkout.read(".python-version") == f"{PYTHON}\n"
    assert checkout.read("requirements.txt") == WANTED
    assert after["blog/settings.py"].startswith(before["blog/settings.py"])


def test_a_nested_project_gets_its_files_at_the_git_root(nested: Checkout) -> None:
    assert nested.deployer().returncode == 0
    assert nested.read("Procfile") == (
        f"release: python site/manage.py migrate --noinput\nweb: gunicorn --chdir site blog.wsgi {WEB}\n"
    )
    assert nested.read("requirements.txt") == WANTED
    assert (nested.root / ".python-version").exists()
    assert "# >>> simple_deploy: heroku >>>" in nested.read("site/blog/settings.py")


@pytest.mark.long
def test_without_a_wsgi_script_gunicorn_calls_django_itself(checkout: Checkout) -> None:
    checkout.git("rm", "--quiet", "blog/wsgi.py", "blog/asgi.py")
    text = checkout.read("blog/settings.py").replace("WSGI_APPLICATION = 'blog.wsgi.application'", "")
    checkout.write("blog/settings.py", text)
    checkout.commit_all("No WSGI")
    outcome = json.loads(checkout.deployer("--json", trial=True).stdout)
    assert outcome["trial"]["tried"] == LIGHT
    assert "gunicorn 'django.core.wsgi:get_wsgi_application()' " in checkout.read("Procfile")


def test_manage_py_two_folders_down_with_a_space_in_the_path(deep: Checkout) -> None:
    assert deep.deployer().returncode == 0
    assert deep.read("Procfile") == (
        "release: python 'code/my site/manage.py' migrate --noinput\n"
        f"web: gunicorn --chdir 'code/my site' blog.wsgi {WEB}\n"
    )
    assert '.parent.parent / "staticfiles"' in deep.read("code/my site/blog/settings.py")


def test_a_console_that_lacks_a_character_still_shows_the_rest(checkout: Checkout) -> None:
    checkout.write("Procfile", "worker: echo käse\n")
    checkout.commit_all("Not only ASCII")
    ended = checkout.deployer("--dry-run", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert ended.returncode == 0
    assert "\n worker: echo k?se\n" in ended.stdout


def test_a_second_run_changes_nothing_although_nothing_is_committed(checkout: Checkout) -> None:
    checkout.deployer()
    before = checkout.contents()
    ended = checkout.deployer()
    assert ended.returncode == 0
    assert "was already configured for Heroku; no files were changed" in ended.stdout
    assert checkout.contents() == before


def test_the_remaining_commands_can_be_pasted_where_manage_py_is(nested: Checkout) -> None:
    said = nested.deployer("--deployed-project-name", "my-blog", "--region", "eu").stdout
    commands = [shlex.split(line) for line in re.findall(r"^  ([a-z].*)$", said, re.MULTILINE)]
    assert [command[:2] for command in commands] == [
        ["git", "add"],
        ["git", "commit"],
        ["heroku", "apps:create"],
        ["heroku", "labs:enable"],
        ["heroku", "addons:create"],
        ["python", "-c"],
        ["git", "push"],
        [*installation.rehearse()[:2]],
    ]
    commands[5] = started(commands[5])
    assert commands[5][:2] == ["heroku", "config:set"]
    assert commands[2] == ["heroku", "apps:create", "my-blog", "--remote", "heroku", "--region", "eu"]
    assert all(command[command.index("--app") + 1] == "my-blog" for command in commands[3:6])
    assert "Total cost: about $12 a month" in said
    for command in commands[:2]:
        assert nested.git("-C", str(nested.manage_dir), *command[1:]) is not None
    assert nested.git("status", "--porcelain") == ""


@posix
@pytest.mark.parametrize(("answer", "status"), [("n\n", 1), ("y\n", 0)])
def test_on_a_terminal_files_are_written_only_after_a_yes(checkout: Checkout, answer: str, status: int) -> None:
    from matrix.sandbox.terminals import converse

    before = checkout.contents()
    argv = [sys.executable, "manage.py", "simple_deploy", "--platform", "heroku", "--no-trial", "--no-color"]
    env = {**checkout.env, "TERM": "dumb"}
    ended, shown = converse(argv, ("Write these files? [y/N]", answer), cwd=checkout.root, env=env)
    assert ended == status, shown
    assert "+gunicorn>=22" in shown
    assert (checkout.contents() != before) is (status == 0)


def test_a_dry_run_shows_everything_and_changes_nothing(checkout: Checkout) -> None:
    before = checkout.contents()
    ended = checkout.deployer("--dry-run")
    assert ended.returncode == 0
    for shown in ("+web: gunicorn blog.wsgi", "+gunicorn>=22", "+    SECURE_SSL_REDIRECT = True", "heroku apps:create"):
        assert shown in ended.stdout
    assert "This was a dry run: nothing was changed." in ended.stdout
    assert checkout.contents() == before
    assert not (checkout.root / "simple_deploy_logs").exists()


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="the two names are one file there")
def test_a_procfile_in_lower_case_is_another_file(checkout: Checkout) -> None:
    checkout.write("procfile", "web: python manage.py runserver\n")
    checkout.commit_all("Add a file that Heroku does not read")
    ended = checkout.deployer("--json")
    assert any("Git has procfile, which" in note for note in json.loads(ended.stdout)["notes"])


def test_stdout_has_only_json(checkout: Checkout) -> None:
    ended = checkout.deployer("--json", "--dry-run")
    plan = json.loads(ended.stdout)
    assert plan["status"] == "previewed"
    assert {file["path"]: file["change"] for file in plan["files"]} == {
        "Procfile": "create",
        ".python-version": "create",
        "requirements.txt": "modify",
        "blog/settings.py": "modify",
    }
    assert [step["id"] for step in plan["steps"]] == [
        "git-add",
        "git-commit",
        "check-commit",
        "create-app",
        "metadata",
        "database",
        "variables",
        "push",
        "release",
    ]
    assert plan["monthly_cost_cents"] == 1200
    assert "This was a dry run" in ended.stderr


def test_json_also_reports_failures(checkout: Checkout) -> None:
    checkout.write("untracked.txt", "mine\n")
    ended = checkout.deployer("--json")
    failed = json.loads(ended.stdout)
    assert (ended.returncode, failed["status"], failed["error"]["problems"]) == (1, "failed", ["git-unclean"])


def test_python_m_simple_deploy_does_the_same_where_the_app_is_not_installed(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py").replace("    'simple_deploy',", "")
    checkout.write("blog/settings.py", text)
    checkout.commit_all("Without the app")
    script = checkout.read("manage.py")
    assigned = script.replace(".setdefault('DJANGO_SETTINGS_MODULE', ", "['DJANGO_SETTINGS_MODULE'] = (")
    checkout.write("manage.py", assigned)
    checkout.commit_all("Assign the settings module")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--no-color")
    assert assigned != script
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "simple_deploy" not in checkout.read("blog/settings.py").partition("INSTALLED_APPS = [app")[2]
    assert "INSTALLED_APPS = [app" not in checkout.read("blog/settings.py")


def test_python_m_simple_deploy_needs_a_manage_py(checkout: Checkout) -> None:
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", cwd=checkout.root / "blog")
    assert ended.returncode == 1
    assert "There is no manage.py in" in ended.stderr
    assert ended.stdout == ""


def test_django_admin_outside_of_a_project_supports_json(checkout: Checkout, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    django_admin = ("-m", "django", "simple_deploy", "--settings", "blog.settings", "--pythonpath", str(checkout.root))
    ended = checkout.python(*django_admin, "--platform", "heroku", "--json", cwd=empty)
    failed = json.loads(ended.stdout)
    assert (ended.returncode, failed["platform"], failed["error"]["problems"]) == (1, "heroku", ["no-manage-py"])
    assert ended.stderr == f"Stopped: {failed['error']['message']}\n"


def test_preparations_of_manage_py_for_its_settings(checkout: Checkout) -> None:
    """An entry in `sys.path`, and a module that it computes."""
    (checkout.root / "blog").rename(checkout.root / "blog2")
    checkout.write("lib/readme", "x\n")
    (checkout.root / "blog2").rename(checkout.root / "lib" / "blog")
    text = checkout.read("manage.py").replace("'blog.settings'", "'.'.join(['blog', 'settings'])")
    checkout.write("manage.py", f"import sys\nsys.path.insert(0, 'lib')\n{text}")
    checkout.commit_all("A path of its own")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json", "--dry-run", "--no-trial")
    assert json.loads(ended.stdout)["status"] == "previewed"


def test_a_manage_py_that_only_starts_a_program_names_no_settings(checkout: Checkout) -> None:
    started = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'open(\"made\", \"w\")'], check=True)\n"
    checkout.write("manage.py", started)
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    error = json.loads(ended.stdout)["error"]
    assert error["problems"] == ["settings-unnamed"]
    assert "Its code can start another program (manage.py:2)." in error["message"]
    assert not (checkout.root / "made").exists()
    named = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json", "--settings", "blog.settings")
    assert json.loads(named.stdout)["error"]["problems"] != ["settings-unnamed"]


@pytest.mark.parametrize(
    ("modules", "used"),
    [
        (("base", "local", "heroku"), "heroku"),
        (("base", "local", "production"), "production"),
        (("base", "local", "fly_io"), None),
        (("production", "heroku"), None),
    ],
)
def test_settings_that_no_script_names_are_found_by_their_name(
    checkout: Checkout, modules: tuple[str, ...], used: str | None
) -> None:
    named = r"os\.environ\.setdefault\(.*?\)"
    for script in ("manage.py", "blog/wsgi.py", "blog/asgi.py"):
        if (checkout.root / script).is_file():
            checkout.write(script, re.sub(named, "pass", checkout.read(script)))
    for module in modules:
        checkout.write(f"blog/settings/{module}.py", checkout.read("blog/settings.py"))
    checkout.git("rm", "--quiet", "--cached", "blog/settings.py")
    (checkout.root / "blog" / "settings.py").unlink()
    checkout.write("blog/settings/__init__.py", "")
    checkout.commit_all("Leave the settings to a variable")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json", "--dry-run", "--no-trial")
    outcome = json.loads(ended.stdout)
    if used is None:
        assert outcome["error"]["problems"] == ["settings-unnamed"]
    else:
        assert [file["path"] for file in outcome["files"] if "settings" in file["path"]] == [f"blog/settings/{used}.py"]
        assert any(note.startswith(f"production uses blog.settings.{used}, because") for note in outcome["notes"])


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("import os\nos.execv('x', ['x'])\nos.system('uv sync')\n", [2, 3]),
        ("from subprocess import check_call as run_it\nrun_it(['uv', 'sync'])\n", [2]),
        ("import os\nos.getcwd()\nrun()\n", []),
        ("import (\n", []),
    ],
)
def test_the_programs_that_a_script_can_start(code: str, lines: list[int], tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text(code, encoding="utf-8")
    assert programs_started(tmp_path / "manage.py") == lines


def test_a_fresh_clone_lacks_variables_that_its_settings_need(checkout: Checkout) -> None:
    own = "import os\nprint('Settings that print')\nPAY_KEY = os.environ['PAY_KEY']\n"
    own += "if not os.getenv('MAIL_KEY'):\n    raise RuntimeError('MAIL_KEY must be set')\n"
    checkout.write("blog/settings.py", own + checkout.read("blog/settings.py"))
    checkout.commit_all("Read variables")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json", "--dry-run", "--no-trial")
    outcome = json.loads(ended.stdout)
    assert "Settings that print" in ended.stderr
    sources = {one["name"]: one["source"] for one in outcome["variables"]}
    assert (outcome["status"], sources["PAY_KEY"]) == ("previewed", "missing")


def test_variables_without_which_settings_cannot_be_loaded_are_named(checkout: Checkout) -> None:
    own = "import os\nPAY_KEY = {'a': 1}[os.environ['PAY_KEY']]\n"
    checkout.write("blog/settings.py", own + checkout.read("blog/settings.py"))
    checkout.commit_all("Read a variable")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == ["settings-lack-variables"]
    assert "It reads variables that this shell does not have:\n     PAY_KEY (blog/settings.py:2)\n" in ended.stderr
    assert "--env PAY_KEY=VALUE" in ended.stderr


GUARDED = """
import os
KEY = os.environ["PAY_KEY"]
if not os.getenv("STORAGE", "").startswith("s3:"):
    raise RuntimeError("no bucket: uploads would be lost")
"""


@pytest.mark.parametrize("by_file", [True, False])
def test_settings_are_loaded_with_the_values_for_production(by_file: bool, checkout: Checkout, tmp_path: Path) -> None:
    checkout.write("blog/settings.py", GUARDED + checkout.read("blog/settings.py"))
    checkout.commit_all("Refuse to lose uploads")
    without = checkout.python(*LOADED)
    assert json.loads(without.stdout)["error"]["problems"] == ["settings-lack-values"]
    assert "no bucket: uploads would be lost" in without.stderr
    values = tmp_path / "values.env"
    values.write_text("STORAGE=s3:blog\n", encoding="utf-8")
    ended = checkout.python(*LOADED, *(["--env-file", str(values)] if by_file else ["--env", "STORAGE=s3:blog"]))
    outcome = json.loads(ended.stdout)
    sources = {one["name"]: one["source"] for one in outcome["variables"]}
    assert (outcome["status"], sources["PAY_KEY"]) == ("previewed", "missing")


def test_a_variable_that_settings_ask_for_in_their_own_way_is_offered(checkout: Checkout) -> None:
    own = "import os\nif 'PAY_KEY' not in [*os.environ]:\n    raise RuntimeError('PAY_KEY is empty')\n"
    checkout.write("blog/settings.py", own + checkout.read("blog/settings.py"))
    checkout.commit_all("Ask for a variable")
    without = checkout.python(*LOADED)
    assert json.loads(without.stdout)["error"]["problems"] == ["settings-need-manage-py"]
    assert "If PAY_KEY is a variable, give its value for production: --env PAY_KEY=VALUE\n" in without.stderr
    assert json.loads(checkout.python(*LOADED, "--env", "PAY_KEY=1").stdout)["status"] == "previewed"
    # Later runs know that an earlier one has set it.
    for value in ("1", Secret("1")):
        run = receipt.begun("deploy", datetime(2006, 1, 2), "heroku", "blog", None)
        step = Step(id="variables", title="", why="", argv=(), sets={"PAY_KEY": value})
        receipt.Writer(checkout.root, run).step(step, "done")
        assert json.loads(checkout.python(*LOADED).stdout)["status"] == "previewed"


def test_settings_that_cannot_be_loaded(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", "import blog.nowhere\n" + checkout.read("blog/settings.py"))
    checkout.commit_all("Import what is not there")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    message = ended.stderr.removeprefix("Stopped: ").removesuffix("\n")
    assert json.loads(ended.stdout) == {
        "status": "failed",
        "platform": "heroku",
        "log": None,
        "error": {"code": "refused", "message": message, "problems": ["settings-need-manage-py"]},
    }
    assert (ended.returncode, ended.stderr) == (
        1,
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. The settings module blog.settings that manage.py names could not be loaded: "
        "ModuleNotFoundError: No module named 'blog.nowhere' (blog/settings.py:1)\n"
        '   -> Correct what "python manage.py check" reports. If it reports nothing, add\n'
        '   "simple_deploy" to INSTALLED_APPS and use manage.py: python manage.py simple_deploy\n',
    )


def test_settings_of_an_option_that_cannot_be_loaded(checkout: Checkout) -> None:
    checkout.write("blog/production.py", "from .nowhere import *\n")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--settings", "blog.production")
    assert ended.returncode == 1
    said = " ".join(ended.stderr.split())
    assert "The settings module blog.production that --settings names could not be loaded" in said
    assert 'Correct what "python manage.py check --settings blog.production" reports.' in said


NONE = """
import os
ALLOWED_HOSTS = ["127.0.0.1", os.getenv("NOT_SET")]
CSRF_TRUSTED_ORIGINS = [os.getenv("NOT_SET") or "https://example.com"]
MEDIA_ROOT = STATIC_ROOT = os.getenv("NOT_SET")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": os.getenv("NOT_SET")}}
LOGGING = SITE_ID = REDIS_URL = os.getenv("NOT_SET")
RQ_QUEUES = {"default": {"HOST": os.getenv("NOT_SET"), "PORT": os.getenv("NOT_SET")}}
Q_CLUSTER = {"redis": os.getenv("NOT_SET")}
CELERY_BROKER_URL = HUEY = SOCIALACCOUNT_PROVIDERS = HAYSTACK_CONNECTIONS = os.getenv("NOT_SET")
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
"""


@pytest.mark.parametrize("platform", ["fly_io", "heroku", "upsun"])
def test_settings_that_are_none_where_a_variable_is_not_set(checkout: Checkout, platform: str) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + NONE)
    checkout.commit_all("Read what is not set")
    ended = checkout.deployer("--platform", platform, trial=True)
    assert ended.returncode == 0, ended.stderr
    assert "not tested here" not in ended.stderr


def test_settings_that_do_not_exist(checkout: Checkout) -> None:
    checkout.write("manage.py", checkout.read("manage.py").replace("'blog.settings'", "'gone.settings'"))
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == ["settings-not-found"]


@pytest.mark.long
def test_a_manage_py_in_the_package_of_the_settings(checkout: Checkout) -> None:
    checkout.git("mv", "manage.py", "blog/manage.py")
    folder = checkout.root / "blog"
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", cwd=folder)
    assert (ended.returncode, ended.stderr) == (
        1,
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. manage.py names the settings module blog.settings, which Python finds from the Git root only. manage.py "
        "does not\n"
        "   look for modules there, so it works only where PYTHONPATH names that folder, as a Dockerfile may do, or "
        "where\n"
        "   the project itself is installed.\n"
        "   -> Add two lines below the imports of blog/manage.py, and commit:\n"
        "   from pathlib import Path\n"
        "   sys.path.insert(0, str(Path(__file__).resolve().parents[1]))\n",
    )
    here = checkout.python("-m", "simple_deploy", "--platform", "heroku", cwd=folder, PYTHONPATH=str(checkout.root))
    assert (here.returncode, here.stderr) == (1, ended.stderr)
    lines = "\n".join(line.strip() for line in ended.stderr.splitlines()[-2:])
    checkout.write("blog/manage.py", checkout.read("blog/manage.py").replace("import sys\n", f"import sys\n{lines}\n"))
    checkout.commit_all("Look for modules in the Git root")
    followed = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--no-trial", cwd=folder)
    assert followed.returncode == 0, followed.stderr


@pytest.mark.parametrize(
    ("path", "code"), [("blog/nowhere.py", "module-not-installed"), ("apps/nowhere.py", "settings-need-manage-py")]
)
def test_a_module_of_the_projects_package_is_not_one_with_the_same_name(
    checkout: Checkout, path: str, code: str
) -> None:
    checkout.write(path, "import nowhere\n")
    checkout.write("blog/settings.py", "import nowhere\n" + checkout.read("blog/settings.py"))
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == [code]


def test_settings_that_need_a_package_which_is_not_installed(checkout: Checkout) -> None:
    checkout.write("blog/settings.py", "import nowhere\n" + checkout.read("blog/settings.py"))
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku")
    assert (ended.returncode, ended.stderr) == (
        1,
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. The settings module blog.settings could not be loaded: ModuleNotFoundError: No module named 'nowhere' "
        "(blog/settings.py:1)\n"
        "   -> Install your project's requirements for the Python that runs this command, or use the one that has "
        "them.\n"
        "   If no requirement brings the module nowhere, add the package that has it, and commit.\n",
    )


def test_the_log_has_the_facts_and_keeps_itself_out_of_git(checkout: Checkout) -> None:
    logging = (
        "\nLOGGING = {'version': 1, 'root': {'level': 'DEBUG', 'handlers': []}, 'disable_existing_loggers': True}\n"
    )
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + logging)
    checkout.commit_all("Quiet, please")
    checkout.deployer()
    log = checkout.logs()
    for fact in ("Git root:", "Settings: blog.settings", "modify blog/settings.py", "heroku apps:create"):
        assert fact in log
    assert "simple_deploy_logs" not in checkout.git("status", "--porcelain")
    assert 'if not _given.get("LOGGING"):\n' in checkout.read("blog/settings.py")


@pytest.mark.parametrize("folder", ["", "outside"])
def test_log_files_are_replaced_wherever_they_are(checkout: Checkout, tmp_path: Path, folder: str) -> None:
    path = str(tmp_path / "debug.txt") if folder else "debug.txt"
    entry = {"class": "logging.FileHandler", "filename": path, "encoding": "utf-8"}
    logging = f"\nLOGGING = {{'version': 1, 'handlers': {{'file': {entry}}}}}\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + logging)
    checkout.commit_all("Log to a file")
    ended = checkout.deployer()
    assert ended.returncode == 0, ended.stderr
    assert 'if "filename" in _handler\n' in checkout.read("blog/settings.py")


@pytest.mark.parametrize(("backend", "made"), [("db.DatabaseCache", True), ("locmem.LocMemCache", False)])
def test_a_release_makes_the_table_of_a_cache(checkout: Checkout, backend: str, made: bool) -> None:
    caches = {"default": {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": "cache"}}
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + f"\nCACHES = {caches}\n")
    checkout.commit_all("Cache")
    assert checkout.deployer().returncode == 0
    release = checkout.read("Procfile").splitlines()[0]
    assert release.endswith("migrate --noinput && python manage.py createcachetable") == made


def test_no_logging_writes_no_log(checkout: Checkout) -> None:
    checkout.deployer("--no-logging")
    assert checkout.logs() == ""
    # The data for --undo is kept anyway.
    assert {path.name for path in (checkout.root / "simple_deploy_logs").iterdir()} == {
        ".gitignore",
        "backups",
        "receipt.json",
    }


def test_the_users_own_text_is_kept(checkout: Checkout) -> None:
    checkout.write("Procfile", "web: daphne blog.asgi:application --port $PORT\nworker: celery -A blog worker")
    checkout.write(".python-version", "# ours\n3.13\n")
    (checkout.root / "requirements.txt").write_bytes("Django\r\nWhiteNoise==6.8\r\n".encode("utf-16"))
    settings = (checkout.root / "blog" / "settings.py").read_bytes().replace(b"\n", b"\r\n")
    (checkout.root / "blog" / "settings.py").write_bytes(settings)
    checkout.commit_all("Our way")
    ended = checkout.deployer("--dry-run")
    assert 'your own "web" line in Procfile is kept' in ended.stdout
    checkout.deployer()
    assert checkout.read("Procfile") == (
        "web: daphne blog.asgi:application --port $PORT\nworker: celery -A blog worker\n"
        "release: python manage.py migrate --noinput\n"
    )
    assert checkout.read(".python-version") == "# ours\n3.13\n"
    added = (checkout.root / "requirements.txt").read_bytes().decode("utf-16")
    assert added == "Django\r\nWhiteNoise==6.8\r\ngunicorn>=22\r\ndj-database-url>=2.1\r\npsycopg[binary]>=3.1.18\r\n"
    after = (checkout.root / "blog" / "settings.py").read_bytes()
    assert after.startswith(settings)
    assert after.count(b"\n") == after.count(b"\r\n")


def test_a_line_below_the_block_survives_a_later_run(checkout: Checkout) -> None:
    checkout.deployer()
    mine = checkout.read("blog/settings.py") + "SESSION_COOKIE_AGE = 60\n"
    checkout.write("blog/settings.py", mine.replace("SECURE_SSL_REDIRECT = True", "SECURE_SSL_REDIRECT = False"))
    checkout.commit_all("Mine")
    checkout.deployer()
    assert checkout.read("blog/settings.py") == mine


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="needs a limit of POSIX")
def test_a_full_disk_leaves_the_project_as_it_was(checkout: Checkout) -> None:
    from matrix.sandbox.limits import largest_file

    before = checkout.contents()
    with largest_file(4000):
        ended = checkout.deployer(fork=False, PYTHONDONTWRITEBYTECODE="1")
    assert (ended.returncode, ended.stderr) == (
        1,
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. The commit could not be tested in a temporary folder: File too large.\n"
        "   -> Make the temporary folder (TMPDIR) writable or free some disk space, then run the same command again.\n",
    )
    assert checkout.contents() == before
    assert checkout.deployer().returncode == 0


def test_help_has_our_options_before_those_of_django(checkout: Checkout) -> None:
    said = checkout.deployer("--help").stdout
    assert said.startswith("usage: python -m simple_deploy [--platform NAME] [options]\n")
    groups = ("examples:", "what to do:", "the app:", "run options:", "options:")
    assert re.findall(r"^(\w[\w ]+:)$", said, re.MULTILINE) == [*groups]
    assert said.endswith(f"\nDocumentation: {installation.documentation()}\n")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--platform", "nowhere"], '"nowhere" is not a platform'),
        (["--wait=-1"], '"-1" is not a number of seconds'),
        (["--wait", "soon"], '"soon" is not a number of seconds'),
    ],
)
def test_a_wrong_option_is_a_usage_error(checkout: Checkout, options: list[str], words: str) -> None:
    ended = checkout.deployer(*options)
    assert ended.returncode == 2
    assert words in ended.stderr
