"""The home page in the trial: requested without a server, a network, or a row in the database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_claims import make
from test_trial import ORDER, SEEN, failed

from simple_deploy.model import FrontEnd, Variable
from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

START = """
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

def other(request):
    return render(request, "other.html")

def home(request):
{body}

urlpatterns = [path("", home, name="home"), path("other/", other)]
"""
# What the view does -> how it fails, and where.
PAGES = {
    'return render(request, "home.html")': None,
    'return render(request, "gone.html")': ("TemplateDoesNotExist: gone.html", "blog/urls.py:12", False),
    'return redirect("/other/?a=b")': ("NoReverseMatch: Reverse for 'gone'", "templates/other.html:2", False),
    'return redirect("https://example.com/other/")': None,
    'open("data.json")': ("FileNotFoundError: [Errno 2]", "blog/urls.py:12", False),
    'connection.cursor().execute("SELECT strftime(1)")': (
        *("NotPostgreSQL: PostgreSQL does not have strftime()", "blog/urls.py:12", False),
    ),
    "list(User.objects.extra(select={'a': 'ifnull(1, 2)'}))": (
        *("NotPostgreSQL: PostgreSQL does not have ifnull()", "blog/urls.py:12", True),
    ),
    "User.objects.first(); User.objects.get(pk=1)": ("User.DoesNotExist: User matching", "blog/urls.py:12", True),
    "return HttpResponse(len(User.objects.filter(pk__in=[1, 2])) + User.objects.count())": None,
    'User.objects.create(username="x"); undefined': ("NameError: name 'undefined'", "blog/urls.py:12", False),
    'return HttpResponse(User.objects.get_or_create(username="x")[0].pk)': None,
    "User(pk=3).save(); return HttpResponse(User.objects.bulk_create([User(), User()])[1].pk)": None,
    'request.session["a"] = 1; return HttpResponse("x")': None,
    'return HttpResponse(f"{request.user} {User.objects.update(is_staff=True)} {request.is_secure()}")': None,
}
STRICT = """
DEBUG = False
ALLOWED_HOSTS = ["*"]
TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]
STATIC_ROOT = BASE_DIR / "collected"
STATICFILES_DIRS = [BASE_DIR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
"""
# The view needs what is not here.
UNKNOWN = [
    'connection.cursor().execute("SELECT 1")',
    '__import__("socket").create_connection(("127.0.0.1", 9))',
    '__import__("subprocess").run(["git", "--version"])',
    'open(__import__("tempfile").gettempdir() + "/x", "w")',
]


def requested(checkout: Checkout, body: str) -> dict[str, Any]:
    checkout.write("blog/urls.py", START.format(body=f"    {body}"))
    checkout.write("templates/home.html", "{% if user.is_authenticated %}x{% endif %}\n")
    checkout.write("templates/other.html", "\n{% url 'gone' %}\n")
    more = "\nTEMPLATES[0]['DIRS'] = [BASE_DIR / 'templates']\nALLOWED_HOSTS = ['.example.org']\n"
    more += "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\nSECURE_SSL_REDIRECT = True\n"
    more += (
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x', 'ATOMIC_REQUESTS': True}}\n"
    )
    more += "CACHES = {'default': {'BACKEND': 'x.Memcached', 'LOCATION': '127.0.0.1:9'}}\nRQ_QUEUES = '127.0.0.1:9'\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + more)
    answer = checkout.tried("settings", "services", "home page", asynchronous=False, read_only=False)
    assert answer["failed"] is None
    return answer


@pytest.mark.parametrize(("body", "fails"), PAGES.items())
def test_how_the_page_fails(body: str, fails: tuple[str, str, bool] | None, checkout: Checkout) -> None:
    answer = requested(checkout, body)
    home, conclusive = answer["home"], "home page" in answer["tried"]
    found = home and (f"{home['type']}: {home['message']}", home["place"], bool(home["queries"]))
    assert conclusive and bool(found) == bool(fails), found
    if found and fails:
        assert found[0].startswith(fails[0]) and found[1:] == fails[1:], found


ANSWERING = """

class Answering:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        from django.http import HttpResponse
        return HttpResponse("Sorry", status={status})

MIDDLEWARE += ["blog.settings.Answering"]
"""


@pytest.mark.parametrize(
    ("status", "body", "fails", "needed"),
    [
        (500, 'return render(request, "gone.html")', "TemplateDoesNotExist", False),
        (404, 'return render(request, "gone.html")', None, False),
        (500, '__import__("socket").create_connection(("127.0.0.1", 9))', None, True),
        (200, '__import__("socket").create_connection(("127.0.0.1", 9))', None, False),
    ],
)
def test_a_middleware_that_answers_errors(
    status: int, body: str, fails: str | None, needed: bool, checkout: Checkout
) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + ANSWERING.format(status=status))
    answer = requested(checkout, body)
    assert (answer["home"] and answer["home"]["type"], answer["services"][0]["needed"]) == (fails, needed)


@pytest.mark.parametrize("needed", [False, True])
def test_a_view_that_answers_its_own_error(needed: bool, checkout: Checkout) -> None:
    connect = '__import__("socket").create_connection(("127.0.0.1", 9))' if needed else "undefined"
    body = f"try:\n        {connect}\n    except Exception:\n        return HttpResponse(status=500)"
    answer = requested(checkout, body)
    assert (answer["home"], answer["services"][0]["needed"]) == (None, needed)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_page_that_writes_below_the_folder(read_only: bool, checkout: Checkout, tmp_path: Path) -> None:
    checkout.write("blog/urls.py", START.format(body="    open('last.txt', 'wb').close()\n    return HttpResponse()"))
    home = checkout.tried("settings", "home page", asynchronous=False, read_only=read_only, lacking=[])["home"]
    if not read_only:
        assert home is None
        return
    assert (home["read_only"], home["place"]) == (True, "blog/urls.py:12")
    _, problems = verdict.read(Case({**SEEN, "home": home}, make(tmp_path), ORDER, "Upsun", guessed={"MAIL_KEY"}))
    assert [one.code for one in problems] == ["read-only-folder"]


def at_own_host(checkout: Checkout, settings: str, hosts: str = "['blog.example.net']") -> dict[str, Any]:
    """The answer about a site whose settings block names `hosts`."""
    text = checkout.read("blog/settings.py") + f"\n_hosts = {hosts}\nALLOWED_HOSTS = ['localhost', *_hosts]\n"
    checkout.write("blog/settings.py", text + settings)
    checkout.write("blog/urls.py", START.format(body="    return HttpResponse()"))
    return checkout.tried("settings", "home page", asynchronous=False, read_only=False)


WWW = {"host": "www.blog.example.net", "sent_from": "blog.example.net", "by_setting": True, "own": False}
MIDDLEWARE = """
def middleware(get_response):
    def answer(request):
        from django.http import HttpResponseRedirect
        away = request.get_host() != "www.example.com"
        return HttpResponseRedirect("https://www.example.com" + {path}) if away else get_response(request)
    return answer

MIDDLEWARE += ["blog.settings.middleware"]
"""


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("PREPEND_WWW = True", WWW),
        ("PREPEND_WWW = True\nALLOWED_HOSTS += ['.example.net']", WWW),
        ("PREPEND_WWW = True\nALLOWED_HOSTS += ['.example.com']", {**WWW, "own": True}),
        ("PREPEND_WWW = True\nALLOWED_HOSTS += ['www.blog.example.net']", {**WWW, "own": True}),
        (MIDDLEWARE.format(path="request.path"), {**WWW, "host": "www.example.com", "by_setting": False}),
        # A page for logging in, for example.
        (MIDDLEWARE.format(path='"/login/"'), None),
        ("", None),
    ],
)
def test_a_site_that_sends_visitors_to_another_host(
    settings: str, found: dict[str, Any] | None, checkout: Checkout
) -> None:
    assert at_own_host(checkout, settings)["away"] == found


@pytest.mark.parametrize(
    ("away", "guessed", "code", "note"),
    [
        (WWW, set(), "redirects-away", ""),
        (WWW, {"KEY"}, "redirects-away", ""),
        (WWW, {"WWW"}, "", "every page may redirect to the site's address with www. in front, which"),
        ({**WWW, "own": True}, set(), "", "every page may redirect to the site's address with www. in front, which"),
        ({**WWW, "by_setting": False}, {"KEY"}, "", "every page may redirect to the site's address with www."),
        ({**WWW, "host": "www.example.com"}, set(), "", "every page may redirect to www.example.com, which"),
        ({**WWW, "host": "example.net"}, set(), "", "every page may redirect to example.net, which"),
    ],
)
def test_what_a_redirect_to_another_host_says(
    away: dict[str, Any], guessed: set[str], code: str, note: str, tmp_path: Path
) -> None:
    variable = Variable(name="WWW", place="blog/settings.py:9", needed="yes", setting="PREPEND_WWW")
    project = replace(make(tmp_path), variables=(variable,))
    tried, problems = verdict.read(Case({**SEEN, "away": away}, project, ORDER, "Heroku", guessed=guessed))
    assert [one.code for one in problems] == ([code] if code else [])
    assert tried.home_page.startswith(note) and bool(tried.home_page) == bool(note)
    for known in ({"fetches": False}, {"released": True}):
        assert not verdict.read(Case({**SEEN, "away": away}, project, ORDER, "Heroku", **known))[1]


REFUSING = """
def refusing(get_response):
    def answer(request):
        from django.core.exceptions import DisallowedHost
        if request.get_host() != "www.example.com":
            raise DisallowedHost("Unknown host")
        return get_response(request)
    return answer

MIDDLEWARE += ["blog.settings.refusing"]
"""


@pytest.mark.parametrize("hosts", ["['blog.example.net']", "[]", "['www.example.com']"])
def test_a_site_that_refuses_the_host_it_has_there(hosts: str, checkout: Checkout) -> None:
    answer = at_own_host(checkout, REFUSING, hosts)
    found = answer["refused"]
    assert not answer["home"] and bool(found) == ("blog" in hosts), found
    if found:
        assert (found["host"], found["type"], found["message"]) == (
            "blog.example.net",
            "DisallowedHost",
            "Unknown host",
        )
        assert found["place"].startswith("blog/settings.py:")


@pytest.mark.parametrize(
    ("given", "guessed", "code"),
    [
        ((), set(), "refuses-host"),
        (("https://example.com",), set(), "refuses-host"),
        (("https://mine.example.net",), set(), ""),
        ((), {"SITE_URL"}, ""),
        ((), {"SECRET_KEY"}, "refuses-host"),
    ],
)
def test_what_a_site_that_refuses_its_host_says(
    given: tuple[str, ...], guessed: set[str], code: str, tmp_path: Path
) -> None:
    refused = failed("DisallowedHost", "Unknown host", host="blog.example.net")["failed"]
    answer = {**SEEN, "refused": refused}

    def judged(**known: Any) -> tuple[list[str], str]:
        case = Case(answer, make(tmp_path), ORDER, "Heroku", guessed=guessed, given=given, **known)
        tried, problems = verdict.read(case)
        return [one.code for one in problems], tried.home_page

    note = (
        "every page may answer 400 Bad Request at Heroku's address: DisallowedHost: Unknown host (blog/settings.py:2)"
    )
    assert judged() == (([code], "") if code else ([], note))
    assert judged(fetches=False) == judged(released=True) == ([], note)


def test_a_page_for_errors_that_fails_too(checkout: Checkout) -> None:
    checkout.write("blog/broken.py", "def server_error(request):\n    raise KeyError\n")
    answer = requested(checkout, "undefined\n\nhandler500 = 'blog.broken.server_error'")
    assert answer["home"]["type"] == "NameError"
    assert answer["home"]["place"] == "blog/urls.py:12"


def test_a_missing_template_is_named_where_another_one_includes_it(checkout: Checkout) -> None:
    checkout.write("templates/base.html", "\n{% include 'gone.html' %}\n")
    checkout.write("templates/page.html", "{% extends 'base.html' %}\n")
    answer = requested(checkout, 'return render(request, "page.html")')
    assert answer["home"]["place"] == "templates/base.html:2"


def test_where_django_looked_for_a_template(checkout: Checkout) -> None:
    answer = requested(checkout, 'return render(request, "gone.html")')
    assert answer["home"]["absent"] == ["templates/gone.html"]


def test_a_server_that_only_the_page_for_errors_needs_explains_nothing(checkout: Checkout) -> None:
    """The first failure was before."""
    checkout.write("templates/500.html", "{{ undefined.lines }}")
    more = "\ndef handler500(request):\n    connection.cursor().execute('SELECT 1')\n"
    answer = requested(checkout, f"undefined{more}")
    assert (answer["home"]["type"], "home page" in answer["tried"]) == ("NameError", True)


def test_a_page_that_has_written_a_row_would_find_it_in_production(checkout: Checkout) -> None:
    for body, filled in (
        ('User.objects.create(username="x"); User.objects.get()', True),
        ("User.objects.get()", False),
    ):
        assert requested(checkout, body)["home"]["filled"] is filled


@pytest.mark.parametrize("body", UNKNOWN)
def test_a_page_that_needs_more_than_a_trial_has_shows_nothing(body: str, checkout: Checkout) -> None:
    answer = requested(checkout, body)
    assert (answer["home"], "home page" in answer["tried"]) == (None, False)


REACHING = '__import__("socket").create_connection(("127.0.0.1", 9))'
# As django_redis does: the error of the connection is lost.
LOSING = f"""
    class ConnectionInterrupted(Exception): pass
    try:
        try: {REACHING}
        except OSError: raise ConnectionError("Error 111")
    except ConnectionError as error:
        error.__context__ = None
        try: raise ConnectionInterrupted() from error
        except ConnectionInterrupted as other: raise other.__cause__
"""


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        (REACHING, ["CACHES"]),
        (LOSING, ["CACHES"]),
        (f"try: {REACHING}\n    except OSError: pass\n    return redirect('/other/')", []),
    ],
)
def test_a_page_that_fails_without_a_cache_needs_it(body: str, needed: list[str], checkout: Checkout) -> None:
    answer = requested(checkout, body)
    assert [one["setting"] for one in answer["services"]] == ["CACHES", "RQ_QUEUES"]
    assert [one["setting"] for one in answer["services"] if one["needed"]] == needed


MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    operations = [{operation}]
"""


@pytest.mark.parametrize(
    ("body", "operation", "filled"),
    [
        ("User.objects.get()", "", False),
        ("User.objects.get()", "migrations.RunPython(print)", True),
        ("User.objects.get()", "migrations.SeparateDatabaseAndState([migrations.RunSQL('x')])", True),
        ('__import__("django").contrib.contenttypes.models.ContentType.objects.get()', "", True),
        ("User.objects.first().username", "", False),
    ],
)
def test_rows_that_a_migration_makes(body: str, operation: str, filled: bool, checkout: Checkout) -> None:
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", text)
    checkout.write("blog/migrations/__init__.py", "")
    checkout.write("blog/migrations/0001_initial.py", MIGRATION.format(operation=operation))
    assert requested(checkout, body)["home"]["filled"] == filled


HOME = {**failed("X")["failed"], "address": "/", "absent": [], "queries": 0, "filled": False}
HOME["template_folders"] = []
TEMPLATE = {"kinds": ["TemplateDoesNotExist", "Exception"]}
FILE = {"kinds": ["FileNotFoundError", "OSError"], "type": "FileNotFoundError"}
FILE |= {"file": "/tmp/simple_deploy-1a_b/tree/data.json", "folder": True}
ROW: dict[str, Any] = {"kinds": ["DoesNotExist", "ObjectDoesNotExist"], "by": "django", "queries": 1}
MODULE = {"kinds": ["ModuleNotFoundError", "ImportError"], "missing": "gone"}
URL = {"kinds": ["NoReverseMatch"], "by": "django"}


@pytest.mark.parametrize(
    ("failure", "code", "note"),
    [
        (TEMPLATE, "page-fails", ""),
        ({**TEMPLATE, "absent": ["manage.py"]}, "trial-untracked", ""),
        ({**TEMPLATE, "queries": 2}, "page-fails", ""),
        (
            {**TEMPLATE, "queries": 2, "filled": True},
            "",
            "/ answers with an error while the database has no rows: X: x",
        ),
        ({**URL, "message": "Reverse for 'x' not found. 'x' is not a valid view function"}, "page-fails", ""),
        ({**URL, "message": "Reverse for 'x' with arguments '('',)' not found."}, "", ""),
        (MODULE, "", ""),
        (ROW, "", "/ answers with an error while the database has no rows: X: x"),
        ({**ROW, "filled": True}, "", ""),
        (
            {**ROW, "kinds": ["IndexError", "LookupError"]},
            "",
            "/ answers with an error while the database has no rows: X: x",
        ),
        ({**ROW, "kinds": ["IndexError"], "queries": 0}, "", ""),
        # The page caught the other one.
        (
            {**ROW, "kinds": [*ROW["kinds"], *TEMPLATE["kinds"]], "own_kinds": ROW["kinds"]},
            "",
            "/ answers with an error while the database has no rows: X: x",
        ),
        ({"kinds": ["AttributeError"], "by": "django"}, "", ""),
        ({"kinds": ["AttributeError"]}, "", "/ answers with an error: X: x"),
        ({"kinds": ["ConnectionError"]}, "", ""),
        (FILE, "page-fails", ""),
        ({"kinds": ["OfflineGenerationError"], "type": "OfflineGenerationError", "by": ""}, "page-not-combined", ""),
        ({"kinds": [], "type": "OfflineGenerationError", "filled": True, "queries": 2}, "page-not-combined", ""),
        ({**FILE, "file": FILE["file"].replace("data.json", "manage.py")}, "trial-untracked", ""),
        ({**FILE, "file": "/srv/data.json"}, "", "/ answers with an error: FileNotFoundError: x"),
    ],
)
def test_what_a_failure_says(failure: dict[str, Any], code: str, note: str, tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("", encoding="utf-8")
    answer = {**SEEN, "home": {**HOME, "own_kinds": failure["kinds"], **failure}}
    tried, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert ([one.code for one in problems], tried.home_page.partition(" (")[0]) == ([code] if code else [], note)


@pytest.mark.parametrize(
    ("by_host", "fetches", "own_rows", "code", "note"),
    [
        (True, True, False, "site-by-host", ""),
        (True, False, False, "", "/ answers with an error until a Site in the database has the host of this site: "),
        (True, True, True, "", "/ answers with an error until a Site in the database has the host of this site: "),
        (False, True, False, "", "/ answers with an error while the database has no rows: Site.DoesNotExist: x"),
    ],
)
def test_no_site_has_the_host_after_the_first_deployment(
    tmp_path: Path, *, by_host: bool, fetches: bool, own_rows: bool, code: str, note: str
) -> None:
    project = make(tmp_path)
    project = replace(project, settings=replace(project.settings, site_by_host=by_host))
    home = {**HOME, **ROW, "own_kinds": ROW["kinds"], "type": "Site.DoesNotExist", "own_rows": own_rows}
    tried, problems = verdict.read(Case({**SEEN, "home": home}, project, ORDER, "Heroku", fetches=fetches))
    assert [one.code for one in problems] == ([code] if code else [])
    assert tried.home_page.startswith(note)
    assert bool(tried.home_page) == bool(note)


def test_a_value_that_is_unknown_here_may_explain_a_failure(tmp_path: Path) -> None:
    for failure, problem in (({"kinds": ["AttributeError"]}, False), (TEMPLATE, True)):
        answer = {**SEEN, "home": {**HOME, "own_kinds": failure["kinds"], **failure}}
        tried, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku", guessed={"KEY"}))
        assert (bool(problems), tried.home_page) == (problem, "")


def test_a_module_that_production_lacks_is_certain_where_every_package_is_here(tmp_path: Path) -> None:
    answer = {**SEEN, "home": {**HOME, "own_kinds": MODULE["kinds"], **MODULE}, "complete": True}
    _, (problem,) = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert problem.code == "page-fails"


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (TEMPLATE, False),
        ({**TEMPLATE, "message": "pages\\home.html"}, True),
        (FILE, False),
        ({**URL, "message": "'djdt' is not a registered namespace"}, True),
        ({"kinds": ["AttributeError"]}, False),
    ],
)
def test_a_page_that_may_need_what_a_build_makes(failure: dict[str, Any], problem: bool, tmp_path: Path) -> None:
    answer = {**SEEN, "home": {**HOME, "own_kinds": failure["kinds"], **failure}}
    built = FrontEnd(folder=".", script="build", served=True, install=("npm", "ci"))
    tried, problems = verdict.read(Case(answer, replace(make(tmp_path), front_ends=(built,)), ORDER, "Heroku"))
    assert (bool(problems), tried.home_page) == (problem, "")


@pytest.mark.parametrize(
    ("page", "loads"),
    [
        (
            '<script type="module" src="http://localhost:5173/@vite/client"></script>',
            "http://localhost:5173/@vite/client",
        ),
        ('<link rel="stylesheet" href="http://127.0.0.1/a.css">', "http://127.0.0.1/a.css"),
        ('<a href="http://localhost:8000/">x</a><script src="/a.js"></script>', ""),
    ],
)
def test_a_page_that_loads_files_from_this_computer_is_noted(
    checkout: Checkout, tmp_path: Path, page: str, loads: str
) -> None:
    answer = requested(checkout, f"return HttpResponse({page!r})")
    assert (answer["home"], answer["local_files"]) == (None, [loads] if loads else [])
    seen, project = {**SEEN, "local_files": answer["local_files"]}, make(tmp_path)
    problems = verdict.read(Case(seen, project, ORDER, "Heroku"))[1]
    assert [one.code for one in problems] == (["page-loads-locally"] if loads else [])
    tried, problems = verdict.read(Case(seen, project, ORDER, "Heroku", guessed={"CDN_URL"}))
    assert (problems, tried.home_page.endswith(f"cannot reach: {loads}") and bool(loads)) == ((), bool(loads))


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ("DJANGO_VITE = {'default': {'dev_mode': DEBUG}}", "DJANGO_VITE"),
        ("DJANGO_VITE_DEV_MODE = True", "DJANGO_VITE_DEV_MODE"),
        ("ASSETS = 'http://localhost:5173/'", "ASSETS"),
        ("DJANGO_VITE = {'default': {'dev_mode': False}}", ""),
    ],
)
def test_the_setting_that_sends_pages_to_a_server_for_development(
    checkout: Checkout, tmp_path: Path, own: str, named: str
) -> None:
    before = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", f"{before}DEBUG = True\n{own}\n")
    answer = requested(checkout, "return HttpResponse('<script src=\"http://localhost:5173/a.js\"></script>')")
    line = before.count("\n") + 2
    assert answer["dev_server"] == (f"{named} (blog/settings.py:{line})" if named else "")
    seen = {**SEEN, "local_files": answer["local_files"], "dev_server": answer["dev_server"]}
    (problem,) = verdict.read(Case(seen, make(tmp_path), ORDER, "Heroku"))[1]
    decides = f" in production, as {named} (blog/settings.py:{line}) decides, and" if named else " in production, and"
    assert decides in problem.remedy


@pytest.mark.parametrize(
    ("page", "lost"),
    [
        ('<link href="/static/lost.css">', ["the page at /: lost.css"]),
        ('<link href="/static/lost.css"><link href="/static/admin/css/base.css">', ["the page at /: lost.css"]),
        ('<img src="/static/CACHE/css/output.1.css"><img src="/static/a.0123456789ab.png">', []),
        ('<a href="/static/../x.md"></a><a href="/static/"></a><a href="/lost.css"></a>', []),
    ],
)
def test_a_page_refers_to_a_static_file_that_is_not_there(
    checkout: Checkout, tmp_path: Path, page: str, lost: list[str]
) -> None:
    answer = requested(checkout, f"return HttpResponse({page!r})")
    assert answer["static"] == lost
    seen, project = {**SEEN, "static": answer["static"]}, make(tmp_path)
    assert verdict.read(Case(seen, project, ORDER, "Heroku"))[0].missing_static == tuple(lost)
    built = FrontEnd(folder=".", script="build", served=True, install=("npm", "ci"))
    tried, _ = verdict.read(Case(seen, replace(project, front_ends=(built,)), ORDER, "Heroku"))
    assert tried.missing_static == ()


def test_a_folder_of_templates_that_is_not_there_is_named(checkout: Checkout, tmp_path: Path) -> None:
    checkout.write("blog/urls.py", START.format(body='    return render(request, "gone.html")'))
    folders = f"[BASE_DIR / 'pages', {str(tmp_path / 'system')!r}, BASE_DIR / 'blog']"
    settings = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", f"{settings}\nTEMPLATES[0]['DIRS'] = {folders}\n")
    answer = checkout.tried("settings", "home page", asynchronous=False, read_only=False)
    assert answer["home"]["template_folders"] == ["pages", str(tmp_path / "system")]
    (problem,) = verdict.read(Case({**SEEN, "home": answer["home"]}, make(tmp_path), ORDER, "Heroku"))[1]
    assert f"TEMPLATES names a folder that is not there: pages, {tmp_path / 'system'}" in problem.found


@pytest.mark.parametrize(
    ("page", "unserved", "code"),
    [
        ('<link href="/media/site.css?v=1">', ["/media/site.css"], "page-files-unserved"),
        ('<img src="/media/a%20b.png">', ["/media/a%20b.png"], ""),
        ('<link href="/media/served.css"><link href="/media/gone.css"><a href="/media/">x</a>', [], ""),
        ('<img src="/media/%C3%A4%20b.png">', [], ""),
    ],
)
def test_a_file_that_only_the_urls_of_development_serve(
    checkout: Checkout, tmp_path: Path, page: str, unserved: list[str], code: str
) -> None:
    for name in ("site.css", "served.css", "a b.png", "ä b.png"):
        checkout.write(f"media/{name}", "x")
    settings = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", f"{settings}\nMEDIA_URL = 'media/'\nMEDIA_ROOT = BASE_DIR / 'media'\n")
    names = ("served.css", "ä b.png")
    served = "\n".join(f"urlpatterns.append(path('media/{name}', lambda request: HttpResponse('x')))" for name in names)
    body = f"    return HttpResponse({page!r})"
    checkout.write("blog/urls.py", f"{START.format(body=body)}\n{served}\n")
    answer = checkout.tried("settings", "home page", asynchronous=False, read_only=False)
    assert (answer["home"], answer["unserved"]) == (None, unserved)
    seen = {**SEEN, "unserved": answer["unserved"]}
    tried, problems = verdict.read(Case(seen, make(tmp_path), ORDER, "Heroku"))
    assert [one.code for one in problems] == ([code] if code else [])
    assert bool(tried.home_page) is bool(unserved and not code)


@pytest.mark.parametrize(("name", "fails"), [("site.css", False), ("gone.css", True)])
def test_a_strict_storage_fails_for_a_file_that_no_build_collects(
    checkout: Checkout, tmp_path: Path, name: str, fails: bool
) -> None:
    checkout.write("blog/urls.py", START.format(body='    return render(request, "home.html")'))
    checkout.write("templates/home.html", "{% load static %}\n{% static '" + name + "' %}\n")
    checkout.write("assets/site.css", "")
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\n{STRICT}")
    order = {"asynchronous": False, "read_only": False, "complete": True, "own_manifest": True}
    answer = checkout.tried("settings", "static files", "services", "home page", **order)
    assert answer["failed"] is None and bool(answer["home"]) is fails
    problems = verdict.read(Case({**SEEN, "complete": True, "home": answer["home"]}, make(tmp_path), ORDER, "Heroku"))[
        1
    ]
    assert [one.code for one in problems] == (["page-fails"] if fails else [])
    if fails:
        built = replace(make(tmp_path), front_ends=(FrontEnd(folder=".", script="build", served=True, install=()),))
        assert not verdict.read(Case({**SEEN, "complete": True, "home": answer["home"]}, built, ORDER, "Heroku"))[1]


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("raise Http404", True),
        ('return HttpResponse("x")', False),
        (
            "from django.contrib.auth.models import User\n    if not User.objects.exists():\n        raise Http404",
            False,
        ),
    ],
)
def test_a_site_without_a_home_page_is_noted(checkout: Checkout, tmp_path: Path, body: str, missing: bool) -> None:
    answer = requested(checkout, f"from django.http import Http404\n    {body}")
    assert (answer["home"], answer["no_home"]) == (None, missing)
    note = verdict.read(Case({**SEEN, "no_home": answer["no_home"]}, make(tmp_path), ORDER, "Heroku"))[0].home_page
    assert bool(note) is missing


WRAPPING = """
from django.core.handlers.wsgi import WSGIHandler

call = WSGIHandler.__call__
WSGIHandler.__call__ = lambda self, environ, start_response: iter(call(self, environ, start_response))
"""


def test_a_package_may_wrap_what_the_server_gets(checkout: Checkout) -> None:
    """sentry-sdk does, so what the handler returns has no status."""
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + WRAPPING)
    answer = requested(checkout, 'return HttpResponse("x")')
    assert (answer["home"], answer["no_home"], "home page" in answer["tried"]) == (None, False, True)
