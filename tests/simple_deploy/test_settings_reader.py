"""The settings module that manage.py and wsgi.py name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import django
import pytest
from sample_settings import SETTINGS
from test_claims import wanted

from simple_deploy.inspect.own_line import own_line
from simple_deploy.inspect.own_modules import own_sources
from simple_deploy.inspect.script_variables import default_settings_module
from simple_deploy.inspect.settings import _read, other_product
from simple_deploy.inspect.settings_choice import Choice, _beside, _named, for_production
from simple_deploy.inspect.settings_reader import _in_code, from_json, to_json, uploads
from simple_deploy.model import Secret

if TYPE_CHECKING:
    from conftest import Checkout

NAMED = [
    ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "x.settings")', "x.settings"),
    ('def main():\n    os.environ["DJANGO_SETTINGS_MODULE"] = "x.settings"', "x.settings"),
    ('environ["LANG"] = environ["DJANGO_SETTINGS_MODULE"] = "x.settings"', "x.settings"),
    ('os.environ["DJANGO_SETTINGS_MODULE"] = module', None),
    ('DJANGO_SETTINGS_MODULE = "x.settings"', None),
    ('print("DJANGO_SETTINGS_MODULE")\nos.environ["LANG"] = "C"\nlines[0] = "x.settings"', None),
    ("def broken(", None),
]


def test_settings_in_the_code_of_manage_py_are_no_module(tmp_path: Path) -> None:
    settings, problems = _read(Choice(module=""), tmp_path, wanted(settings_module=""), lambda ran, shown: None)
    assert settings is None and [problem.code for problem in problems] == ["settings-in-code"]


def test_settings_that_another_process_has_read_have_the_same_types() -> None:
    read = from_json(to_json(SETTINGS))
    assert {name: type(value) for name, value in vars(read).items()} == {
        name: type(value) for name, value in vars(SETTINGS).items()
    }


def test_a_secret_that_comes_from_a_variable_is_not_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = 'import os\nSECRET_KEY = os.environ["KEY"]\nMAIL_PASSWORD = "in the code"\n'
    (tmp_path / "shop_settings.py").write_text(code, encoding="utf-8")
    monkeypatch.setenv("KEY", "from a variable")
    monkeypatch.syspath_prepend(str(tmp_path))
    import_module("shop_settings")
    secrets = Secret("from a variable"), Secret("in the code")
    assert _in_code(secrets, own_sources(tmp_path)) == secrets[1:]


FILES = "django.core.files.storage.FileSystemStorage"


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ({}, "/srv/media"),
        ({"STORAGES": {"default": {"BACKEND": FILES}}}, "/srv/media"),
        ({"STORAGES": {"default": {"BACKEND": FILES, "OPTIONS": {"location": Path("/srv/files")}}}}, "/srv/files"),
        ({"STORAGES": {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}}, ""),
        ({"STORAGES": {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}}, ""),
        ({"DEFAULT_FILE_STORAGE": "storages.backends.s3boto3.S3Boto3Storage"}, ""),
    ],
)
def test_the_default_storage_tells_where_uploads_go(given: dict[str, Any], folder: str) -> None:
    assert Path(uploads(SimpleNamespace(MEDIA_ROOT="/srv/media", **given))) == Path(folder)


@pytest.mark.parametrize(("code", "module"), NAMED)
def test_the_settings_module_that_a_script_names(tmp_path: Path, code: str, module: str | None) -> None:
    script = tmp_path / "manage.py"
    script.write_text(code, encoding="utf-8")
    assert default_settings_module(script) == module


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of settings, with a script that names one of them."""
    for name in ("__init__", "dev", "production", "alone"):
        path = tmp_path / "conf_of_shop" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    (tmp_path / "conf_of_shop" / "broken").mkdir()
    (tmp_path / "conf_of_shop" / "broken" / "__init__.py").write_text("1 / 0", encoding="utf-8")
    script = tmp_path / "manage.py"
    script.write_text('environ.setdefault("DJANGO_SETTINGS_MODULE", "conf_of_shop.dev")', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return script


# the module in the WSGI script, the loaded one -> the one for production, and whether there is a note
CHOSEN = {
    ("conf_of_shop.production", "conf_of_shop.dev"): ("conf_of_shop.production", False),
    ("conf_of_shop.gone", "conf_of_shop.dev"): ("conf_of_shop.dev", True),
    ("conf_of_shop.broken.inside", "conf_of_shop.dev"): ("conf_of_shop.dev", True),
    (None, "conf_of_shop.dev"): ("conf_of_shop.dev", False),
    # The shell's DJANGO_SETTINGS_MODULE is this developer's.
    (None, "conf_of_shop.alone"): ("conf_of_shop.dev", True),
}


@pytest.mark.parametrize(("served", "loaded"), CHOSEN)
def test_the_module_in_the_scripts_overrides_the_shells(package: Path, served: str | None, loaded: str) -> None:
    first = next(_named(package, served, loaded))
    assert (first.module, bool(first.notes)) == CHOSEN[served, loaded]


def test_the_loaded_module_is_used_if_manage_py_computes_it(package: Path) -> None:
    package.write_text('environ.setdefault("DJANGO_SETTINGS_MODULE", name)', encoding="utf-8")
    [only] = _named(package, None, "conf_of_shop.alone")
    assert (only.module, only.notes) == ("conf_of_shop.alone", ())


@pytest.mark.parametrize(
    ("module", "beside"),
    [
        ("conf_of_shop.dev", "conf_of_shop.production"),
        ("conf_of_shop.alone", None),
        ("conf_of_shop.production", None),
        ("conf_of_shop.broken.dev", None),
        ("dev", None),
    ],
)
def test_settings_for_production_next_to_those_for_development(package: Path, module: str, beside: str | None) -> None:
    assert [one.module for one in _beside(Choice(module=module), for_production("heroku"))] == (
        [beside] if beside else []
    )


def test_the_last_line_of_the_projects_own_code(tmp_path: Path) -> None:
    code = compile("def fail():\n    import json\n    json.loads('{')\n", str(tmp_path / "blog.py"), "exec")
    names: dict[str, object] = {}
    exec(code, names)
    with pytest.raises(ValueError) as caught:
        names["fail"]()  # type: ignore[operator]
    assert own_line(caught.value, tmp_path) == "blog.py:3"
    assert own_line(caught.value, tmp_path / "elsewhere") == ""
    with pytest.raises(SyntaxError) as wrong:
        compile("x = (\n", str(tmp_path / "x.py"), "exec")
    assert own_line(wrong.value, tmp_path) == "x.py:1"


PACKAGE = {
    "blog/settings/__init__.py": "",
    "blog/settings/dev.py": "from .base import *\n",
    "blog/settings/production.py": "import os\nfrom .base import *\nSTRIPE_KEY = os.environ['STRIPE_KEY']\n"
    "PAY_KEY = os.getenv('PAY_KEY', '')\nif not PAY_KEY:\n    raise RuntimeError('PAY_KEY must be set')\n",
}


def with_package(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py")
    (checkout.root / "blog/settings.py").unlink()
    for path, content in {**PACKAGE, "blog/settings/base.py": text}.items():
        checkout.write(path, content)
    for script in ("manage.py", "blog/wsgi.py"):
        checkout.write(script, checkout.read(script).replace("'blog.settings'", "'blog.settings.dev'"))
    checkout.commit_all("A package of settings")


def test_the_block_is_in_the_module_for_production(checkout: Checkout) -> None:
    with_package(checkout)
    ended = checkout.deployer()
    assert ended.returncode == 0, ended.stderr
    assert "# >>> simple_deploy" in checkout.read("blog/settings/production.py")
    assert "DJANGO_SETTINGS_MODULE=blog.settings.production" in ended.stdout
    page = checkout.page(".md")
    assert "instead of blog.settings.dev, which your scripts name" in page.replace("\n", " ")


@pytest.mark.long
def test_manage_py_decides_if_the_wsgi_module_has_no_urls(
    checkout: Checkout,
) -> None:
    with_package(checkout)
    checkout.write("blog/wsgi.py", checkout.read("blog/wsgi.py").replace("settings.dev", "settings"))
    checkout.commit_all("As people leave it who split settings.py")
    ended = checkout.deployer("--dry-run")
    assert ended.returncode == 0, ended.stderr
    said = " ".join(ended.stdout.split())
    assert "modify blog/settings/production.py" in said
    without = "The settings module blog.settings does not set ROOT_URLCONF"
    assert f"blog.settings is not used, although the WSGI script names it. {without}" in said
    assert "instead of blog.settings," not in said and "--settings blog.settings " not in said


def test_settings_for_development_are_not_used_without_a_word(checkout: Checkout) -> None:
    with_package(checkout)
    (checkout.root / "blog/settings/production.py").unlink()
    checkout.commit_all("Settings for production are made on the server")
    ended = checkout.deployer("--dry-run")
    assert ended.returncode == 0, ended.stderr
    assert "production uses blog.settings.dev, whose name is that of settings for development" in " ".join(
        ended.stdout.split()
    )


@pytest.mark.long
def test_a_package_without_settings_has_those_for_production(checkout: Checkout) -> None:
    with_package(checkout)
    for script in ("manage.py", "blog/wsgi.py"):
        checkout.write(script, checkout.read(script).replace("settings.dev", "settings"))
    checkout.commit_all("The developers' shells name the settings")
    ended = checkout.deployer("--dry-run", DJANGO_SETTINGS_MODULE="blog.settings.dev")
    assert ended.returncode == 0, ended.stderr
    said = " ".join(ended.stdout.split())
    assert "modify blog/settings/production.py" in said and "DJANGO_SETTINGS_MODULE=blog.settings.production" in said


CHECKED = """import os
from .base import *
if os.environ.get('DB_ENGINE', 'django.db.backends.sqlite3').endswith('sqlite3'):
    raise RuntimeError('Production needs PostgreSQL: set DB_ENGINE')
"""


@pytest.mark.long
@pytest.mark.parametrize("way", ["--env", "--env-file"])
def test_settings_for_production_are_loaded_with_the_users_values(checkout: Checkout, way: str, tmp_path: Path) -> None:
    with_package(checkout)
    checkout.write("blog/settings/production.py", CHECKED)
    checkout.commit_all("Production says what it needs")
    value, file = "DB_ENGINE=django.db.backends.postgresql", tmp_path / "values"
    file.write_text(value, encoding="utf-8")
    ended = checkout.deployer("--dry-run", way, value if way == "--env" else str(file))
    assert ended.returncode == 0, ended.stderr
    assert "modify blog/settings/production.py" in " ".join(ended.stdout.split())


@pytest.mark.long
def test_unloadable_production_settings_fall_back_to_the_others(checkout: Checkout) -> None:
    with_package(checkout)
    checkout.write("blog/settings/production.py", "from .base import *\nimport not_installed_here\n")
    checkout.commit_all("Something that is not installed here")
    ended = checkout.deployer("--dry-run")
    assert ended.returncode == 0, ended.stderr
    said = " ".join(ended.stdout.split())
    assert "blog.settings.production is not used, although it looks like the settings for production" in said
    assert "+# >>> simple_deploy" in ended.stdout and "modify blog/settings/dev.py" in said
    checkout.write("blog/wsgi.py", checkout.read("blog/wsgi.py").replace("settings.dev", "settings.production"))
    ended = checkout.deployer("--dry-run", "--ignore-unclean-git")
    reason = "ModuleNotFoundError: No module named 'not_installed_here' (blog/settings/production.py:2)"
    assert f"blog.settings.production for production could not be loaded: {reason}" in ended.stderr


SWITCHED = """import os
from .base import *
if os.environ.get('SITE_ENV', 'development') == 'production':
    from .production import *
else:
    from .dev import *
"""


def with_a_switch(checkout: Checkout, **files: str) -> None:
    with_package(checkout)
    for path, text in {"blog/settings/__init__.py": SWITCHED, **files}.items():
        checkout.write(path, text)
    for script in ("manage.py", "blog/wsgi.py"):
        checkout.write(script, checkout.read(script).replace("settings.dev", "settings"))
    checkout.commit_all("A variable chooses the settings")


@pytest.mark.long
def test_a_variable_that_chooses_the_settings_has_the_value_for_production(checkout: Checkout) -> None:
    with_a_switch(checkout, **{"blog/settings/production.py": "SESSION_COOKIE_NAME = 'own'\n"})
    said = " ".join(checkout.deployer("--dry-run").stdout.split())
    assert "Your site gets SITE_ENV=production" in said and "(blog/settings/__init__.py:3)" in said
    assert "heroku config:set" in said and " SITE_ENV=production" in said.partition("heroku config:set")[2]
    said = " ".join(checkout.deployer("--dry-run", "--env", "SITE_ENV=staging").stdout.split())
    assert "SITE_ENV=staging" in said and "Your site gets" not in said
    (checkout.root.parent / "values").write_text("SITE_ENV=development\n", encoding="utf-8")
    said = " ".join(checkout.deployer("--dry-run", "--env-file", str(checkout.root.parent / "values")).stdout.split())
    assert "Your site gets SITE_ENV=production" in said


def test_a_variable_that_chooses_values_is_named(checkout: Checkout) -> None:
    text = "\nimport os\nif os.environ.get('SITE_ENV') == 'production':\n    SESSION_COOKIE_NAME = 'own'\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + text)
    checkout.commit_all("Values for production")
    said = " ".join(checkout.deployer("--dry-run").stdout.split())
    assert "values for production that apply where SITE_ENV is production (blog/settings.py:" in said
    assert "This run does not set it. To set it: --env SITE_ENV=production" in said


VALUES = """
import os
DEBUG = os.environ.get("DEBUG", "True") == "True"
DEV_MODE = DEBUG
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("more", "options", "said"),
    [
        ("", (), "Your site gets DEBUG=False, because other settings depend on it (blog/settings.py:"),
        ("", ("--no-trial",), "This run does not set it. To set it: --env DEBUG=False"),
        ("", ("--env", "DEBUG=False"), ""),
        ('KEY = "" if DEBUG else os.environ["KEY"]', (), "tried with DEBUG=False, and would not work: it needs KEY"),
        ("if not DEBUG: import not_installed", (), "This run does not set it. To set it: --env DEBUG=False"),
        (
            "if not DEBUG: WSGI_APPLICATION = 'gone.app'",
            (),
            "tried with DEBUG=False, and would not work: The settings name",
        ),
    ],
)
def test_debug_is_off_before_the_block_where_that_works(
    checkout: Checkout, more: str, options: tuple[str, ...], said: str
) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + VALUES + more + "\n")
    checkout.commit_all("Values that depend on DEBUG")
    ended = checkout.deployer("--dry-run", *options, trial=True)
    assert ended.returncode == 0, ended.stderr
    notes = " ".join(ended.stdout.split())
    assert said in notes
    step = notes.partition("heroku config:set")[2].partition("git push")[0]
    assert (" DEBUG=False " in step) is (said.startswith("Your site gets") or "--env" in options)


@pytest.mark.long
@pytest.mark.skipif(django.VERSION >= (6, 1), reason="Django 6.1 warns of these settings, and warnings are errors here")
@pytest.mark.parametrize(
    ("user", "said"),
    [
        ("", "would not work: it needs the SMTP server of a mail service (EMAIL_HOST, EMAIL_HOST_USER)"),
        ("me", "Your site gets DEBUG=False, because other settings depend on it"),
    ],
)
def test_debug_stays_where_mail_would_need_a_server(checkout: Checkout, user: str, said: str) -> None:
    backend = 'f\'django.core.mail.backends.{"console" if DEBUG else "smtp"}.EmailBackend\''
    own = f"{VALUES}EMAIL_BACKEND = {backend}\nEMAIL_HOST_USER = {user!r}\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + own)
    checkout.write("blog/urls.py", "from django.core.mail import send_mail\n" + checkout.read("blog/urls.py"))
    checkout.commit_all("Mail that depends on DEBUG")
    assert said in " ".join(checkout.deployer("--dry-run", trial=True).stdout.split())


@pytest.mark.long
@pytest.mark.parametrize(
    ("script", "code", "served"),
    [
        ("blog/asgi.py", "from channels.routing import get_default_application", "blog.asgi "),
        ("asgi.py", "from channels.routing import get_default_application", "asgi "),
        ("blog/asgi.py", "from django.core.asgi import get_asgi_application", "blog.routing "),
    ],
)
def test_the_script_of_channels_2_sets_django_up_for_its_routing(
    checkout: Checkout, script: str, code: str, served: str
) -> None:
    own = "INSTALLED_APPS += ['channels']\nASGI_APPLICATION = 'blog.routing.application'\n"
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\n{own}")
    for path, text in {"channels/__init__.py": "", "blog/routing.py": "", script: f"{code}\n"}.items():
        checkout.write(path, text)
    checkout.commit_all("Channels")
    ended = checkout.deployer("--dry-run")
    assert ended.returncode == 0, ended.stderr
    assert f"web: gunicorn {served}--worker-class uvicorn" in " ".join(ended.stdout.split())


def test_a_note_names_the_product_with_the_similar_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert other_product() == []
    (tmp_path / "django_simple_deploy").mkdir()
    (tmp_path / "django_simple_deploy" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert [note.partition(",")[0] for note in other_product()] == ["django-simple-deploy"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("given", "named", "used"),
    [
        ((), "blog.hosted", "blog/hosted.py"),
        (("--env", "DJANGO_SETTINGS_MODULE=blog.settings"), "blog.hosted", "blog/settings.py"),
        (("--settings", "blog.settings"), "blog.hosted", "blog/settings.py"),
        ((), "blog.local", "blog/settings.py"),
    ],
    ids=["file", "env wins", "option wins", "file of a developer"],
)
def test_the_variable_names_the_settings(checkout: Checkout, given: tuple[str, ...], named: str, used: str) -> None:
    for path in ("blog/hosted.py", "blog/local.py"):
        checkout.write(path, "from .settings import *\n")
    checkout.write("production.txt", f"DJANGO_SETTINGS_MODULE={named}\n")
    checkout.commit_all("Settings that no script names")
    ended = checkout.deployer("--dry-run", "--env-file", "production.txt", *given)
    assert ended.returncode == 0, ended.stderr
    assert f"modify {used}" in " ".join(ended.stdout.split())
