"""Services that the settings name at addresses which production cannot reach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.model import Variable
from simple_deploy.plan.not_working import of_trial
from simple_deploy.trial import services, verdict
from simple_deploy.trial.case import Case
from simple_deploy.trial.child.parts.addresses import addresses, is_private

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("redis://user:secret@redis:6379/1", ["redis://redis:6379/1"]),
        ("127.0.0.1:11211;cache2:11211", ["127.0.0.1:11211", "cache2:11211"]),
        ("unix:/tmp/memcached.sock", ["unix:/tmp/memcached.sock"]),
        ([("127.0.0.1", 6379)], ["127.0.0.1:6379"]),
        ([{"address": "rediss://a.example.com"}], ["rediss://a.example.com"]),
        ({"default": {"HOST": "localhost", "DB": 0, "PASSWORD": "secret"}}, ["localhost"]),
        ("redis://[::1", []),
        ("memory://", []),
    ],
)
def test_the_addresses_in_a_setting_are_shown_without_passwords(value: object, shown: list[str]) -> None:
    assert [one.text for one in addresses(value)] == shown


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "192.168.1.9", "redis", "host.docker.internal", ""])
def test_addresses_of_one_machine_or_network_are_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["redis.example.com", "blog-redis.flycast", "cache.internal", "8.8.8.8", "fdaa::3"])
def test_addresses_on_a_platform_or_the_internet_are_not_private(host: str) -> None:
    assert not is_private(host)


def test_the_variable_of_an_address_is_found_by_changing_it() -> None:
    known = [{"setting": "CACHES", "name": name, "address": "redis:6379"} for name in ("a", "b", "c")]
    names = ("TITLE", "REDIS_URL_DB", "CACHE_HOST", "DATABASE_HOST")
    variables = [Variable(name=name, place=f"s.py:{line}", needed="no") for line, name in enumerate(names, 1)]

    def found_with(values: Mapping[str, str]) -> list[services.Service]:
        assert "TITLE" not in values
        changed = (values.get("REDIS_URL_DB", "redis"), f"{values.get('CACHE_HOST', 'redis')}:6379", "redis:6379")
        return [{**one, "address": address} for one, address in zip(known, changed, strict=True)]

    found = services.traced(known, variables, {"CACHE_HOST": "redis"}, found_with)
    assert [(one["name"], one["variable"], one["set"]) for one in found] == [
        ("a", ["REDIS_URL_DB", "s.py:2"], False),
        ("b", ["CACHE_HOST", "s.py:3"], True),
        ("c", None, False),
    ]


@pytest.mark.parametrize("given", [{}, {"REDIS_URL": "redis://redis:1"}])
def test_a_package_that_makes_the_settings_may_read_a_usual_variable(given: dict[str, str]) -> None:
    service = {"setting": "CACHES", "name": "default", "address": "redis://redis:6379/0", "place": "s.py"}
    found = services.traced([service], [], given, lambda values: [{**service, "address": values["REDIS_URL"]}])
    assert found == [{**service, "variable": ["REDIS_URL", "s.py"], "set": bool(given)}]


def test_a_variable_that_the_code_reads_comes_before_a_usual_one() -> None:
    """Celery reads CELERY_BROKER_URL itself, but its result backend may have the same address."""
    service = {"setting": "CELERY_BROKER_URL", "name": "", "address": "redis://localhost:6379/0", "place": "s.py:2"}
    read = [Variable(name="REDIS_URL", place="s.py:1", needed="no")]

    def found_with(values: Mapping[str, str]) -> list[services.Service]:
        address = values.get("CELERY_BROKER_URL") or values.get("REDIS_URL") or service["address"]
        return [{**service, "address": address}]

    (found,) = services.traced([service], read, {}, found_with)
    assert found["variable"] == ["REDIS_URL", "s.py:1"]
    (found,) = services.traced([service], [], {}, found_with)
    assert found["variable"] == ["CELERY_BROKER_URL", "s.py:2"]


def test_a_variable_that_is_the_default_of_another_one_is_asked_for_alone() -> None:
    cache = {"setting": "CACHES", "name": "default", "address": "redis://localhost:6379/0", "place": "s.py:3"}
    broker = {"setting": "CELERY_BROKER_URL", "name": "", "address": "redis://localhost:6379/0", "place": "s.py:2"}
    search = {"setting": "SEARCH", "name": "", "address": "localhost:9200", "place": "s.py:4"}
    names = ("REDIS_URL", "CELERY_BROKER_URL", "SEARCH_URL")
    read = [Variable(name=name, place=f"s.py:{line}", needed="no") for line, name in enumerate(names, 1)]

    def found_with(values: Mapping[str, str]) -> list[services.Service]:
        redis = values.get("REDIS_URL") or "redis://localhost:6379/0"
        own = {"address": values.get("CELERY_BROKER_URL") or redis}
        return [
            {**cache, "address": redis},
            {**broker, **own},
            {**search, "address": values.get("SEARCH_URL", "localhost:9200")},
        ]

    found = services.traced([cache, broker, search], read, {}, found_with)
    assert [one["variable"][0] for one in found] == ["REDIS_URL", "REDIS_URL", "SEARCH_URL"]


def test_the_address_in_the_code_is_no_news_where_the_site_has_the_variable() -> None:
    pairs = (("A_URL", False), ("A_URL", True), ("B_URL", False), ("", False))
    found = [{"variable": [name, "s.py:1"] if name else None, "needed": needed, "set": False} for name, needed in pairs]
    assert services.unknown(found, {"A_URL"}, set()) == found[1:]


def test_an_address_that_stays_is_the_user_s_own_and_no_placeholder() -> None:
    pairs = (("A_URL", False), ("A_URL", True), ("B_URL", True))
    found = [{"variable": [name, "s.py:1"], "needed": needed, "set": True} for name, needed in pairs]
    assert services.unknown(found, set(), {"A_URL"}) == found[1:2]


CACHE = """
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://redis:6379/1"},
    "other": {"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "LOCATION": "127.0.0.1:11211"},
    "far": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://redis.example.com"},
    "here": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
"""
LAYER = "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer'}}\n"
QUEUE = "CELERY_BROKER_URL = 'redis://localhost:6379/0'\n"


def test_a_service_is_needed_if_pages_use_it(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py")
    pages = "MIDDLEWARE.insert(0, 'django.middleware.cache.UpdateCacheMiddleware')\n"
    sessions = "SESSION_ENGINE = 'django.contrib.sessions.backends.cached_db'\nSESSION_CACHE_ALIAS = 'other'\n"
    seen = []
    for settings, asynchronous in (
        (CACHE + QUEUE + LAYER, False),
        (CACHE + sessions + pages, False),
        (LAYER, True),
    ):
        checkout.write("blog/settings.py", text + settings)
        answer = checkout.tried("settings", "services", asynchronous=asynchronous, read_only=False)
        assert answer["failed"] is None
        seen.append({(one["setting"], one["name"]): one["needed"] for one in answer["services"]})
    unused = {("CACHES", "default"): False, ("CACHES", "other"): False, ("CELERY_BROKER_URL", ""): False}
    used = {("CACHES", "default"): True, ("CACHES", "other"): True}
    assert seen == [unused, used, {("CHANNEL_LAYERS", "default"): False}]


@pytest.mark.parametrize(
    ("backend", "line", "noted"),
    [
        ("locmem.LocMemCache", "cache.set('token', 1)", True),
        ("db.DatabaseCache", "cache.set('token', 1)", False),
        ("locmem.LocMemCache", "", False),
    ],
)
def test_values_in_the_cache_of_one_process_are_noted(checkout: Checkout, backend: str, line: str, noted: bool) -> None:
    checkout.write("blog/store.py", f"from django.core.cache import cache\n\ndef store():\n    pass\n    {line}\n")
    checkout.write("blog/urls.py", f"from . import store\n{checkout.read('blog/urls.py')}")
    caches = f"CACHES = {{'default': {{'BACKEND': 'django.core.cache.backends.{backend}', 'LOCATION': 'a'}}}}\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + caches)
    answer = checkout.tried("settings", "services", asynchronous=False, read_only=False)
    assert answer["cache_of_a_process"] is noted
    tried, _ = verdict.read(Case({**SEEN, "cache_of_a_process": noted}, make(checkout.root), ORDER, "Heroku"))
    said = [note for note in of_trial(tried, make(checkout.root).settings) if "LocMemCache" in note]
    assert len(said) == noted


@pytest.mark.parametrize(
    ("cluster", "found"),
    [
        ("{'name': 'blog'}", ["redis://localhost:6379"]),
        ("{'name': 'blog', 'orm': 'default'}", []),
        ("{'name': 'blog', 'redis': 'redis://localhost:6379/4'}", ["redis://localhost:6379/4"]),
        ("{}", []),
    ],
)
def test_django_q_without_a_broker_looks_for_a_redis_here(checkout: Checkout, cluster: str, found: list[str]) -> None:
    text = f"{checkout.read('blog/settings.py')}SMTP_HOST = 'localhost'\n"
    checkout.write("blog/settings.py", f"{text}Q_CLUSTER = {cluster}\n")
    answer = checkout.tried("settings", "services", asynchronous=False, read_only=False)
    assert ([one["address"] for one in answer["services"]], answer["failed"]) == (found, None)
    assert {one["place"] for one in answer["services"]} <= {f"blog/settings.py:{text.count(chr(10)) + 1}"}


def test_the_line_of_the_address_is_named(checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py") + "INTERNAL_IPS = ['127.0.0.1']\n"
    checkout.write("blog/settings.py", text + "CELERY_BROKER_URL = 'redis://127.0.0.1:6379/0'\n")
    (service,) = checkout.tried("settings", "services", asynchronous=False, read_only=False)["services"]
    assert service["place"] == f"blog/settings.py:{text.count(chr(10)) + 1}"


def test_the_line_of_the_setting_itself_is_named(checkout: Checkout) -> None:
    """Another setting may have an address that begins so, and the settings may execute a file that is no module."""
    far = "CACHES = {\n    'default': {\n        'BACKEND': 'django.core.cache.backends.redis.RedisCache',\n"
    far += "        'LOCATION': 'redis://127.0.0.1:6379',\n    }\n}\n"
    checkout.write("etc/local.py", f"# Ours\n{far}")
    text = checkout.read("blog/settings.py") + "CELERY_BROKER_URL = 'redis://127.0.0.1:6379/0'\n"
    run = "exec((BASE_DIR / 'etc' / 'local.py').read_text(encoding='utf-8'))\n"
    checkout.write("blog/settings.py", text + run)
    found = checkout.tried("settings", "services", asynchronous=False, read_only=False)["services"]
    places = {one["setting"]: one["place"] for one in found}
    assert places == {"CACHES": "etc/local.py:5", "CELERY_BROKER_URL": f"blog/settings.py:{text.count(chr(10))}"}


def test_an_address_made_of_that_of_the_database_is_not_noted(checkout: Checkout) -> None:
    """The trial has a placeholder for it."""
    text = checkout.read("blog/settings.py")
    checkout.env["DATABASE_URL"] = "postgres://user:password@localhost:5432/site"
    checkout.write("blog/settings.py", text + "import os\nBROKER_URL = 'sqla+' + os.environ['DATABASE_URL']\n")
    assert checkout.tried("settings", "services", asynchronous=False, read_only=False)["services"] == []


FILES = """
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": BASE_DIR / "pages"},
    "other": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "/var/tmp/other"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.file"
SESSION_FILE_PATH = BASE_DIR / "sessions"
"""


@pytest.mark.parametrize("read_only", [True, False])
def test_folders_in_which_the_site_stores_files(checkout: Checkout, read_only: bool) -> None:
    text = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", text + FILES)
    answer = checkout.tried("settings", "services", asynchronous=False, read_only=read_only)
    line = text.count("\n") + 3
    stored = [
        f"CACHES names the folder pages (blog/settings.py:{line})",
        f"SESSION_FILE_PATH names the folder sessions (blog/settings.py:{line + 4})",
    ]
    assert answer["stored"] == (stored if read_only else [])


KEPT = """
HAYSTACK_CONNECTIONS = {
    "default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": BASE_DIR / "words"},
    "memory": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": "/none", "STORAGE": "ram"},
    "simple": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"},
}
"""


def kept(checkout: Checkout, settings: str) -> tuple[Any, str]:
    """The folders that a trial finds in these settings, and the place of their second line."""
    text = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", text + settings)
    answer = checkout.tried("settings", "services", asynchronous=False, read_only=False)
    assert ("services" in answer["tried"], answer["unfinished"]) == (True, [])
    return answer["kept"], f"blog/settings.py:{text.count(chr(10)) + 3}"


def test_folders_whose_files_the_site_needs_again(checkout: Checkout) -> None:
    found, place = kept(checkout, KEPT)
    assert found == [{"setting": "HAYSTACK_CONNECTIONS", "place": place, "folder": "words", "below": True}]


@pytest.mark.parametrize("read_only", [True, False])
def test_folders_of_the_home_folder(checkout: Checkout, tmp_path: Path, read_only: bool) -> None:
    text = checkout.read("blog/settings.py")
    own = "DATA_DIR = Path.home() / '.blog'\nLOG_DIR = DATA_DIR / 'log'\nTITLE = '~'\n"
    checkout.write("blog/settings.py", text + own)
    (tmp_path / "home").mkdir(exist_ok=True)
    checkout.env.update(dict.fromkeys(("HOME", "USERPROFILE"), str(tmp_path / "home")))
    (one,) = checkout.tried("settings", "services", asynchronous=False, read_only=read_only)["kept"]
    place = f"blog/settings.py:{text.count(chr(10)) + 1}"
    assert one == {"setting": "DATA_DIR", "place": place, "folder": "~/.blog", "below": True}


@pytest.mark.parametrize(
    ("media", "field", "named"),
    [
        ("''", "FileField()", ["."]),
        ("''", "ImageField()", ["."]),
        ("''", "FileField(storage=InMemoryStorage())", []),
        ("''", "TextField()", []),
        ("BASE_DIR / 'media'", "FileField()", []),
    ],
)
def test_uploads_need_a_folder_of_their_own(checkout: Checkout, media: str, field: str, named: list[str]) -> None:
    checkout.write(
        "blog/models.py",
        "from django.core.files.storage import InMemoryStorage\nfrom django.db import models\n"
        f"class Page(models.Model):\n    file = models.{field}\n",
    )
    text = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", f"{text}INSTALLED_APPS += ['blog']\nMEDIA_ROOT = {media}\n")
    order = {"application": "blog.wsgi", "asynchronous": False, "read_only": True}
    answer = checkout.tried("settings", "application", "services", **order)
    assert answer["failed"] is None
    kept = [one for one in answer["kept"] if one["setting"] == "MEDIA_ROOT"]
    assert [one["folder"] for one in kept] == named
    tried, _ = verdict.read(Case({**SEEN, "kept": kept}, make(checkout.root), {**ORDER, "read_only": True}, "Upsun"))
    said = "names the folder in which the site is started. On Upsun, nothing can be written there"
    assert [said in one for one in tried.short_lived] == [True] * len(named)


@pytest.mark.long
@pytest.mark.parametrize(("media", "place"), [("", ""), ("MEDIA_ROOT = ''\n", "blog/settings.py:")])
def test_the_place_of_uploads_may_be_the_default_of_django(checkout: Checkout, media: str, place: str) -> None:
    """The folder has the name of a module that the settings name."""
    checkout.write(
        "blog/models.py",
        "from django.db import models\nclass Page(models.Model):\n    file = models.FileField()\n",
    )
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}INSTALLED_APPS += ['blog']\n{media}")
    order = {"application": "blog.wsgi", "asynchronous": False, "read_only": True}
    (kept,) = checkout.tried("settings", "application", "services", **order)["kept"]
    assert kept["place"].startswith(place) if place else kept["place"] == ""
    tried, _ = verdict.read(Case({**SEEN, "kept": [kept]}, make(checkout.root), {**ORDER, "read_only": True}, "Upsun"))
    assert (f"MEDIA_ROOT ({place}" if place else "MEDIA_ROOT, by Django's default, names") in tried.short_lived[0]
    assert tried.short_lived[0].endswith("fails. Store uploads in a bucket")


MAILS = """
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = "/srv/mails"
"""


@pytest.mark.skipif(django.VERSION >= (6, 1), reason="Django 6.1 warns of these settings, and warnings are errors here")
def test_the_folder_of_mails(checkout: Checkout) -> None:
    found, place = kept(checkout, MAILS)
    assert found == [{"setting": "EMAIL_FILE_PATH", "place": place, "folder": "/srv/mails", "below": False}]


MAILERS = """
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
    "kept": {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": {"file_path": "/srv/mails"}},
}
"""


@pytest.mark.skipif(django.VERSION < (6, 1), reason="MAILERS came with Django 6.1")
def test_the_folder_of_a_mailer(checkout: Checkout) -> None:
    assert "EMAIL_BACKEND" not in checkout.read("blog/settings.py")
    found, _ = kept(checkout, MAILERS)
    assert [(one["setting"], one["folder"]) for one in found] == [("MAILERS", "/srv/mails")]


@pytest.mark.parametrize(("limits", "needed"), [("", True), ("ACCOUNT_RATE_LIMITS = False\n", False)])
def test_django_allauth_counts_logins_in_the_cache(checkout: Checkout, limits: str, needed: bool) -> None:
    for path in ("allauth/__init__.py", "allauth/account/__init__.py"):
        checkout.write(path, "")
    cache = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': 'redis://redis'}}\n"
    own = f"INSTALLED_APPS += ['allauth.account']\n{cache}{limits}"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + own)
    (service,) = checkout.tried("settings", "services", asynchronous=False, read_only=False)["services"]
    assert (service["setting"], service["needed"]) == ("CACHES", needed)
