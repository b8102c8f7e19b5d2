"""What a visitor expects of the sample blog in production: one function each, which raises `Unexpected`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from .blog import LOG_OUT, MINE, Account, log_in, new_account, register, write
from .browser import Browser, browse
from .page import Page, Unexpected

DEBUG_MARKS = ("DEBUG = True", "Traceback", "URLconf")
OWN_404 = "This page wandered off"
HASHED_NAME = re.compile(r"\.[0-9a-f]{8,}\.\w+$")
IMAGE_IN_CSS = re.compile(r"""url\(["']?([^"')]+)["']?\)""")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Three people at their browsers; `backend` is the port behind the router, if it can be reached."""

    author: Browser
    reader: Browser
    stranger: Browser
    account: Account
    backend: int | None


@contextmanager
def visiting(
    url: str, *, proxy: str | None = None, ca: Path | None = None, backend: int | None = None
) -> Iterator[Visit]:
    """Open the browsers; the accounts get random names, so a site can be visited again and again."""
    with (
        browse(url, proxy=proxy, ca=ca) as author,
        browse(url, proxy=proxy, ca=ca) as reader,
        browse(url, proxy=proxy, ca=ca) as stranger,
    ):
        account = new_account("author")
        yield Visit(author=author, reader=reader, stranger=stranger, account=account, backend=backend)


def an_author_registers(visit: Visit) -> None:
    """The form works over https, so cookies, CSRF check and database do."""
    register(visit.author, visit.account)


def the_cookies_are_for_https_only(visit: Visit) -> None:
    """The session and the CSRF cookie carry the Secure flag."""
    for cookie in ("sessionid", "csrftoken"):
        if not visit.author.is_secure(cookie):
            raise Unexpected(f"the cookie {cookie} to be Secure", "no Secure flag")


def an_author_writes_a_public_and_a_private_post(visit: Visit) -> None:
    """Both are stored and listed for their author."""
    write(visit.author, visit.account.public_title, private=False)
    write(visit.author, visit.account.private_title, private=True)
    visit.author.get(MINE).expect("my posts", has=(visit.account.public_title, visit.account.private_title))


def another_user_reads_the_public_post_only(visit: Visit) -> None:
    """Someone else who is logged in."""
    register(visit.reader, new_account("reader"))
    _reads_the_public_post_only(visit, visit.reader)


def a_stranger_reads_the_public_post_only(visit: Visit) -> None:
    """Someone who is not logged in."""
    _reads_the_public_post_only(visit, visit.stranger)


def the_author_logs_out_and_in(visit: Visit) -> None:
    """Logged out, the author is anonymous, too."""
    mine = visit.author.get(MINE)
    private = mine.link(visit.account.private_title)
    visit.author.submit(mine, LOG_OUT).link("Log in")
    visit.author.get(private).expect("the private post, logged out", status=404)
    log_in(visit.author, visit.account)


def the_admin_login_page_is_styled(visit: Visit) -> None:
    """Django's own pages and static files are served."""
    page = visit.stranger.get("admin/login/")
    page.expect("the admin login page", has=("Django administration",))
    if not page.stylesheets:
        raise Unexpected("stylesheets in the admin login page", page)
    for stylesheet in page.stylesheets:
        _expect_file(visit.stranger.get(stylesheet), "text/css")


def static_files_may_be_kept_for_ever(visit: Visit) -> None:
    """The site's stylesheet and the images it refers to have hashed names and are served as immutable."""
    home = visit.stranger.get()
    if not home.stylesheets:
        raise Unexpected("a stylesheet in the first page", home)
    for address in home.stylesheets:
        stylesheet = visit.stranger.get(address)
        _expect_immutable(stylesheet, "text/css")
        images = IMAGE_IN_CSS.findall(stylesheet.body)
        if not images:
            raise Unexpected("an image in the site's stylesheet", stylesheet)
        for image in images:
            _expect_immutable(visit.stranger.get(urljoin(stylesheet.url, image)), "image/")


def an_unknown_page_is_the_sites_own_404(visit: Visit) -> None:
    """The project's own page, without any debug output."""
    page = visit.stranger.get("no-such-page/")
    page.expect("the site's own 404 page", status=404, has=(OWN_404,), lacks=DEBUG_MARKS)


def http_redirects_to_https(visit: Visit) -> None:
    """Permanently, to the same page of the same host."""
    parts = urlsplit(visit.stranger.url)._replace(path="/posts/mine/")
    page = visit.stranger.get_once(parts._replace(scheme="http").geturl())
    wanted = parts._replace(scheme="https").geturl()
    if (page.status, page.headers.get("location")) != (301, wanted):
        raise Unexpected(f"301 to {wanted}", f"{page.headers.get('location', 'no Location')}: {page}")


def an_unknown_host_is_refused(visit: Visit) -> None:
    """Requested behind the router, which would not forward such a request."""
    headers = {"Host": "evil.example.com", "X-Forwarded-Proto": "https"}
    with browse(f"http://127.0.0.1:{visit.backend}/") as browser:
        page = browser.get_once(browser.url, headers=headers)
    page.expect("a refusal of the host evil.example.com", status=400, lacks=DEBUG_MARKS)


CHECKS = (
    an_author_registers,
    the_cookies_are_for_https_only,
    an_author_writes_a_public_and_a_private_post,
    another_user_reads_the_public_post_only,
    a_stranger_reads_the_public_post_only,
    the_author_logs_out_and_in,
    the_admin_login_page_is_styled,
    static_files_may_be_kept_for_ever,
    an_unknown_page_is_the_sites_own_404,
    http_redirects_to_https,
    an_unknown_host_is_refused,
)


def _reads_the_public_post_only(visit: Visit, person: Browser) -> None:
    public, private = visit.account.public_title, visit.account.private_title
    mine = visit.author.get(MINE)
    person.get().expect("the first page", has=(public,), lacks=(private,))
    person.get(mine.link(public)).expect("the public post", has=(public,))
    person.get(mine.link(private)).expect("the private post hidden", status=404, lacks=(private,))


def _expect_file(page: Page, kind: str) -> None:
    seen = page.headers.get("content-type", "no content type")
    if page.status != 200 or not seen.startswith(kind) or not page.body:
        raise Unexpected(f"a file of type {kind} (status 200)", f"{seen}: {page}")


def _expect_immutable(page: Page, kind: str) -> None:
    _expect_file(page, kind)
    kept = page.headers.get("cache-control", "no Cache-Control")
    if not HASHED_NAME.search(urlsplit(page.url).path) or "immutable" not in kept:
        raise Unexpected("a hashed file name and Cache-Control immutable", f"{kept} for {page.url}")
