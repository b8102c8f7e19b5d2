"""A visitor's browser: a cookie jar, redirects followed, forms sent with the headers of a real browser."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from .page import Page, Unexpected, read_page

TIMEOUT = 30.0  # seconds for one answer: the longest that a platform's router waits


@contextmanager
def browse(
    url: str, *, proxy: str | None = None, ca: Path | None = None, cookies: httpx.Cookies | None = None
) -> Iterator["Browser"]:
    """Look at one site: `with browse(url, proxy=..., ca=...) as browser`. `cookies` are those of an earlier visit.

    `proxy` is the URL of the HTTP proxy for the site, `ca` a PEM bundle with which its certificate can be verified;
    without them the network and the machine's own authorities are used. Nothing else of the machine's environment has
    an effect.
    """
    trust = ssl.create_default_context(cafile=str(ca)) if ca else True
    with httpx.Client(proxy=proxy, verify=trust, timeout=TIMEOUT, trust_env=False, cookies=cookies) as client:
        yield Browser(url=url if url.endswith("/") else f"{url}/", client=client)


@dataclass(frozen=True, kw_only=True)
class Browser:
    """A site and its visitor's cookies. Every failure of the connection raises `Unexpected`."""

    url: str
    client: httpx.Client

    def get(self, address: str = "") -> Page:
        """Open an address, absolute or relative to the site, and follow its redirects.

        Raises `Unexpected` if they lead away from the site's own origin.
        """
        page = self._send("GET", self.absolute(address))
        if not self.is_own(page.url):
            raise Unexpected(f"to stay on {_origin(self.url)}", page)
        return page

    def get_once(self, address: str, *, headers: dict[str, str] | None = None) -> Page:
        """Open an absolute address of any site without following a redirect."""
        return self._send("GET", address, headers=headers, follow=False)

    def submit(self, page: Page, path: str, **fields: str) -> Page:
        """Fill in the form of `page` that is sent to `path`, send it, and return the resulting page."""
        form = page.form(path)
        origin = {"Origin": _origin(page.url), "Referer": page.url}
        return self._send("POST", form.action, fields={**form.fields, **fields}, headers=origin)

    def absolute(self, address: str) -> str:
        """The URL of an address of this site."""
        return urljoin(self.url, address)

    def is_own(self, url: str) -> bool:
        """Whether a URL is of this site's own origin."""
        return _origin(url) == _origin(self.url)

    def is_secure(self, cookie: str) -> bool:
        """Whether the cookie is sent over https only; raises `Unexpected` if the site has not set it."""
        for held in self.client.cookies.jar:
            if held.name == cookie:
                return held.secure
        raise Unexpected(f"a cookie {cookie!r}", sorted(held.name for held in self.client.cookies.jar))

    def _send(
        self,
        method: str,
        url: str,
        *,
        fields: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        follow: bool = True,
    ) -> Page:
        try:
            answer = self.client.request(method, url, data=fields, headers=headers, follow_redirects=follow)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unexpected(f"an answer to {method} {url}", f"{type(error).__name__}: {error}") from error
        return read_page(str(answer.url), answer.status_code, dict(answer.headers), answer.text)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
