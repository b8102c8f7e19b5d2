"""A visitor of deployed sites: uses the sample blog as people would, and looks at any other site."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from .blog import MINE, Account
from .blog_checks import CHECKS, an_unknown_host_is_refused, visiting
from .browser import Browser, browse
from .loopback import tags
from .page import Page, Unexpected

# How Django's own pages show that DEBUG is on.
DEBUG_SENTENCES = ("you have DEBUG = True in your Django settings", "DEBUG=True is in your settings file")


@dataclass(frozen=True, kw_only=True)
class Findings:
    """A visit that passed: whose posts it left on the site, the cookies of this author, and what was checked."""

    account: Account
    cookies: httpx.Cookies = field(repr=False)
    passed: tuple[str, ...]


@dataclass(eq=False)
class VisitFailed(Exception):
    """The first check that failed, what was expected, and what was seen instead."""

    check: str
    expected: str
    seen: str

    def __str__(self) -> str:
        """The three, one per line."""
        return f"{self.check}\nexpected {self.expected}\nsaw {self.seen}"


_FIRST, _ADMIN = "first page", "admin login page"
# Outside of the static files. Few sites have a page at this address, and many name it.
_ICON = re.compile(r"//[^/]+/favicon\.ico$")


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What was looked at, where, and the response; `status` is None if there was none."""

    what: str
    url: str
    status: int | None
    ok: bool
    note: str = ""


def visit(url: str, *, proxy: str | None = None, ca: Path | None = None, backend: int | None = None) -> Findings:
    """Use the sample blog at `url` and return what was found; raises `VisitFailed` at the first fault.

    `proxy` is the URL of the HTTP proxy for the site, `ca` a PEM bundle with which its certificate can be verified,
    `backend` the port of the web process itself on 127.0.0.1: without it, the check of an unknown host is not possible
    and is left out.
    """
    checks = [check for check in CHECKS if backend or check is not an_unknown_host_is_refused]
    with visiting(url, proxy=proxy, ca=ca, backend=backend) as people:
        for check in checks:
            with _named(check.__name__):
                check(people)
        passed = tuple(_words(check.__name__) for check in checks)
        return Findings(account=people.account, cookies=people.author.client.cookies, passed=passed)


def returning(
    url: str, *, before: Findings, expect_text: str, proxy: str | None = None, ca: Path | None = None
) -> None:
    """Come back as the author of the visit `before` a new release, which shows `expect_text` on the first page.

    Raises `VisitFailed` if it does not show, the author has been logged out, or the posts are gone.
    """
    account = before.account
    with browse(url, proxy=proxy, ca=ca, cookies=before.cookies) as browser:
        with _named("the_change_shows"):
            browser.get().expect("the first page", has=(expect_text,))
        with _named("the_author_is_still_logged_in"):
            browser.get(MINE).expect("my posts without logging in again", has=("My posts", "Log out"))
        with _named("the_posts_are_still_there"):
            browser.get(MINE).expect("my posts", has=(account.public_title, account.private_title))


def look(
    url: str, *, admin: str | None = "admin/", proxy: str | None = None, ca: Path | None = None
) -> tuple[Sight, ...]:
    """Look at the first page of any site, at the login page of its admin, and at the files both load.

    `admin` is the address of Django's admin below `url`, None for a project without one. Files of other sites are left
    out, but a script or stylesheet of the visitor's own machine is a fault: a front end's development server would
    bring it. Never raises for a site's answers: read `ok`.
    """
    pages = [(_FIRST, "")]
    if admin is not None:
        pages.append((_ADMIN, f"{admin.rstrip('/')}/login/"))
    sights: dict[str, Sight] = {}
    with browse(url, proxy=proxy, ca=ca) as browser:
        for what, address in pages:
            sight, page = _glance(browser, what, address)
            sights[sight.url] = sight
            for file in filter(browser.is_own, page.references if page else ()):
                if file not in sights:
                    sights[file], _ = _glance(browser, f"file of the {what}", file)
            for file, tag in (tags(page) if page else {}).items():
                if not browser.is_own(file):
                    sights[file] = _not_there(f"file of the {what}", file, tag)
    return tuple(sights.values())


def _not_there(what: str, url: str, tag: str) -> Sight:
    note = f"the page loads it from the visitor's own machine, where no server is: {tag}"
    return Sight(what=what, url=url, status=None, ok=False, note=note)


def _glance(browser: Browser, what: str, address: str) -> tuple[Sight, Page | None]:
    try:
        page = browser.get(address)
    except Unexpected as error:
        url = browser.absolute(address)
        return Sight(what=what, url=url, status=None, ok=False, note=str(error.seen)), None
    debug = any(sentence in page.text for sentence in DEBUG_SENTENCES)
    # A project may have no page there, or show it only to some people; in production, its admin may be elsewhere.
    served = page.status < 400 or (what in (_FIRST, _ADMIN) and page.status in (401, 403, 404))
    note = "shows that DEBUG is on" if debug else ""
    if page.status == 404 and what not in (_FIRST, _ADMIN) and _ICON.search(page.url):
        served, note = True, "the page has no icon; browsers do without"
    return Sight(what=what, url=page.url, status=page.status, ok=served and not debug, note=note), page


@contextmanager
def _named(check: str) -> Iterator[None]:
    try:
        yield
    except Unexpected as error:
        raise VisitFailed(_words(check), error.expected, str(error.seen)) from error


def _words(check: str) -> str:
    return check.replace("_", " ")
