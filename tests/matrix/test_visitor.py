"""The visitor at the generated blog served by Django: a correct site passes, and every check can fail."""

import functools
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import django
import httpx
import pytest

from matrix.engine import samples
from matrix.visitor import Findings, VisitFailed, blog_checks, look, returning, visit
from matrix.visitor.blog import new_account
from matrix.visitor.blog_checks import CHECKS, visiting
from matrix.visitor.page import Unexpected, read_page

# Each needs a site that is served.
pytestmark = pytest.mark.long

PRODUCTION_SETTINGS = """
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = ["^(?!posts/mine/)"]  # nothing terminates TLS in this test
"""


# Passwords of these sites protect nothing: a hash that is quick to compute will do.
QUICK_PASSWORDS = 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]'


def generate(into, settings):
    version = ".".join(map(str, django.VERSION[:2]))
    folder = samples.generate(into, layout="flat", package_manager="pip", django=version)
    with (folder / "blog/settings.py").open("a", encoding="utf-8") as file:
        file.write(settings)
    return folder


def rewrite(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@contextmanager
def served(folder, *options):
    """The port on which Django's own server serves the project."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", *options, f"127.0.0.1:{port}"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=300)


def wait_for(port, server):
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the server did not start (exit status {server.poll()})")


@pytest.fixture(scope="module")
def blog(tmp_path_factory):
    """The blog after a developer's `migrate`."""
    folder = generate(tmp_path_factory.mktemp("generated"), QUICK_PASSWORDS)
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, cwd=folder, check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def debug_site(blog):
    """The blog as a developer runs it."""
    with served(blog) as port:
        yield port


@pytest.fixture(scope="module")
def production_site(tmp_path_factory):
    """The blog with those production settings that work without TLS, and without its tables."""
    folder = generate(tmp_path_factory.mktemp("production"), PRODUCTION_SETTINGS)
    with served(folder, "--insecure") as port:
        yield port


@pytest.fixture(scope="module")
def broken_site(blog, tmp_path_factory):
    """The blog with every fault that a visitor must notice."""
    folder = shutil.copytree(blog, tmp_path_factory.mktemp("broken") / "blog")
    rewrite(folder / "posts/models.py", "return self.filter(is_private=False)", "return self.all()")
    rewrite(folder / "posts/views.py", "filter(author=self.request.user)", "public()[:1]")
    rewrite(folder / "accounts/urls.py", "LogoutView.as_view()", "LoginView.as_view()")
    with served(folder, "--nostatic") as port:
        yield port


def people_at(port):
    return visiting(f"http://127.0.0.1:{port}", backend=port)


def faults(people):
    """What each failing check expected and saw; a visit would stop at the first."""
    found = {}
    for check in CHECKS:
        try:
            check(people)
        except Unexpected as error:
            found[check.__name__] = str(error)
    return found


def test_with_debug_the_site_works_but_no_production_check_passes(debug_site):
    with people_at(debug_site) as people:
        found = faults(people)
    assert list(found) == [
        "the_cookies_are_for_https_only",
        "static_files_may_be_kept_for_ever",
        "an_unknown_page_is_the_sites_own_404",
        "http_redirects_to_https",
        "an_unknown_host_is_refused",
    ]
    assert "sessionid to be Secure" in found["the_cookies_are_for_https_only"]
    assert "no Cache-Control for http://127.0.0.1" in found["static_files_may_be_kept_for_ever"]
    assert "without 'DEBUG = True'" in found["an_unknown_page_is_the_sites_own_404"]
    assert "without 'URLconf'" in found["an_unknown_page_is_the_sites_own_404"]
    assert "expected 301 to https://127.0.0.1" in found["http_redirects_to_https"]
    assert "DisallowedHost" in found["an_unknown_host_is_refused"]


def test_every_visible_fault_is_found(broken_site):
    with people_at(broken_site) as people:
        found = faults(people)
    account = people.account
    assert f"with {account.public_title!r}" in found["an_author_writes_a_public_and_a_private_post"]
    assert f"without {account.private_title!r}" in found["another_user_reads_the_public_post_only"]
    assert f"without {account.private_title!r}" in found["a_stranger_reads_the_public_post_only"]
    assert "a link that reads 'Log in'" in found["the_author_logs_out_and_in"]
    assert "a file of type text/css" in found["the_admin_login_page_is_styled"]


def test_registration_fails_without_a_database(production_site):
    with pytest.raises(VisitFailed) as caught:
        visit(f"http://127.0.0.1:{production_site}/")
    assert caught.value.check == "an author registers"
    assert "saw 500 at" in str(caught.value)
    assert "Something broke on our side" in str(caught.value)


@pytest.mark.parametrize(
    "check",
    [
        blog_checks.an_unknown_page_is_the_sites_own_404,
        blog_checks.http_redirects_to_https,
        blog_checks.an_unknown_host_is_refused,
    ],
)
def test_checks_that_need_no_tls_pass_with_production_settings(production_site, check):
    with people_at(production_site) as people:
        check(people)


def test_a_visit_stops_at_the_first_fault_and_reports_it(debug_site):
    with pytest.raises(VisitFailed) as caught:
        visit(f"http://127.0.0.1:{debug_site}/")
    assert str(caught.value) == (
        "the cookies are for https only\nexpected the cookie sessionid to be Secure\nsaw no Secure flag"
    )


def test_a_returning_visitor_expects_the_change_and_the_old_posts(debug_site):
    url = f"http://127.0.0.1:{debug_site}"
    with people_at(debug_site) as people:
        blog_checks.an_author_registers(people)
        blog_checks.an_author_writes_a_public_and_a_private_post(people)
        before = Findings(account=people.account, cookies=people.author.client.cookies, passed=())
    returning(url, before=before, expect_text=samples.TAGLINE)
    with pytest.raises(VisitFailed, match="the change shows"):
        returning(url, before=before, expect_text="a text that never was there")
    with pytest.raises(VisitFailed, match="the author is still logged in"):
        returning(url, before=replace(before, cookies=httpx.Cookies()), expect_text=samples.TAGLINE)
    with pytest.raises(VisitFailed, match="the posts are still there"):
        returning(url, before=replace(before, account=new_account("nobody")), expect_text=samples.TAGLINE)


def test_a_look_lists_everything_that_the_first_pages_load(debug_site):
    sights = look(f"http://127.0.0.1:{debug_site}")
    assert all(sight.ok and sight.status == 200 for sight in sights)
    seen = {(sight.what, sight.url.removeprefix(f"http://127.0.0.1:{debug_site}")) for sight in sights}
    assert seen >= {
        ("first page", "/"),
        ("file of the first page", "/static/css/site.css"),
        ("file of the first page", "/static/images/mark.svg"),
        ("admin login page", "/admin/login/"),
        ("file of the admin login page", "/static/admin/css/base.css"),
    }


def test_a_look_reports_missing_files_and_debug_pages(broken_site):
    sights = {sight.what: sight for sight in look(f"http://127.0.0.1:{broken_site}", admin="no-such-admin/")}
    assert sights["first page"].ok
    assert not sights["file of the first page"].ok
    assert sights["file of the first page"].status == 404
    assert sights["admin login page"].note == "shows that DEBUG is on"


def test_an_admin_that_is_elsewhere_in_production_is_no_fault(tmp_path):
    (tmp_path / "index.html").write_text("<p>Welcome</p>", encoding="utf-8")
    answers = functools.partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        first, admin = look(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert (first.status, admin.status, admin.ok) == (200, 404, True)


def test_an_icon_that_is_named_at_the_root_and_missing_is_no_fault(tmp_path):
    page = '<link rel="icon" href="/favicon.ico"><link rel="icon" href="/static/favicon.ico"><p>Welcome</p>'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    answers = functools.partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _, icon, static = look(f"http://127.0.0.1:{server.server_port}", admin=None)
        server.shutdown()
    assert (icon.status, icon.ok, static.ok) == (404, True, False)


PAGE_OF_A_DEVELOPMENT_SERVER = """<script type="module" src="http://localhost:3000/static/main.js"></script>
<script src="http://[::1]:5173/@vite/client"></script><link rel="stylesheet" href="//127.0.0.1:8080/main.css">
<script src="https://cdn.site.example/a.js"></script><link rel="stylesheet" href="https://localhost.example/a.css">
<img src="http://localhost:3000/mark.svg"><p>Welcome</p>"""


def test_scripts_and_styles_of_a_development_server_are_a_fault(tmp_path):
    (tmp_path / "index.html").write_text(PAGE_OF_A_DEVELOPMENT_SERVER, encoding="utf-8")
    answers = functools.partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        first, *files = look(f"http://127.0.0.1:{server.server_port}", admin=None)
        server.shutdown()
    assert first.ok
    assert {(file.what, file.status, file.ok) for file in files} == {("file of the first page", None, False)}
    assert {file.url: file.note for file in files} == {
        "http://localhost:3000/static/main.js": "the page loads it from the visitor's own machine, where no server is: "
        '<script src="http://localhost:3000/static/main.js">',
        "http://[::1]:5173/@vite/client": "the page loads it from the visitor's own machine, where no server is: "
        '<script src="http://[::1]:5173/@vite/client">',
        "http://127.0.0.1:8080/main.css": "the page loads it from the visitor's own machine, where no server is: "
        '<link rel="stylesheet" href="http://127.0.0.1:8080/main.css">',
    }


def test_a_look_at_an_unreachable_site_reports_that():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (sight,) = look(f"http://127.0.0.1:{port}", admin=None)
    assert (sight.status, sight.ok) == (None, False)
    assert "ConnectError" in sight.note


def test_a_page_is_parsed_as_visitors_see_it():
    html = """<title>T</title><script src="/a.js">var x = "hidden"</script><style>p { color: red }</style>
    <link rel="preload stylesheet" href="b.css"><link rel="canonical" href="/elsewhere/">
    <p>Fish &amp;  <b>chips</b></p><a href="/go/">Go <i>now</i></a>
    <form action="?x=1"><input name="csrf" value="s"><input type="checkbox" name="tick" value="1"></form>"""
    page = read_page("https://site.example/in/", 200, {"content-type": "text/html; charset=utf-8"}, html)
    assert page.text == "T Fish & chips Go now"
    assert page.link("Go now") == "https://site.example/go/"
    assert page.stylesheets == ("https://site.example/in/b.css",)
    assert page.scripts == ("https://site.example/a.js",)
    assert page.references == ("https://site.example/a.js", "https://site.example/in/b.css")
    assert page.form("/in/").fields == {"csrf": "s"}
    with pytest.raises(Unexpected, match="a form that is sent to /out/"):
        page.form("/out/")
