"""A visitor's first requests, as the server of production passes them on."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from .empty_database import Asked
from .failure import told
from .no_network import attempts
from .out_of_reach import Ran

_MOST_REDIRECTS = 3
# A client may raise an error of its own that has lost what the connection raised.
_UNREACHED = re.compile(r"Connection\w*Error|Timeout\w*")
# A script or style sheet that a server for development has, such as Vite's.
_LOCAL = re.compile(rb"""<(?:script|link)\b[^>]*?["'](https?://(?:localhost|127\.0\.0\.1)(?::\d+)?/[^"']*)""")


class Visit:
    """A visitor's first requests. `models` are those that were queried before the `error`, if there is one, `written`
    those of which rows were; `away` is the other host to which the same address redirects, `missing` is whether there
    is no such page, `page` is its text, `local_files` are what it loads from this computer, `refused` the error of a
    site that does not want this `host`. Without an `error`, a page may still answer that it failed.
    """

    def __init__(self, host: str, asked: Asked) -> None:
        self.host = host
        self.away = ""
        self.address = "/"
        self.error: BaseException | None = None
        self.refused: BaseException | None = None
        self.models: list[str] = []
        self.local_files: list[str] = []
        self.missing = False
        self.page = b""
        self.written = asked.written
        self._queried = asked.queried
        self._raised: tuple[BaseException | None, list[str]] = (None, [])
        self._before = len(attempts)
        self._tried: int | None = None
        self._broken = False

    def failed_before(self, ran: Ran) -> bool:
        """Whether what was missed, a server, has to do with the page for errors only."""
        return bool(self.error) and not ran.outside and self._tried == 0

    def lacks_a_server(self, tree: Path) -> bool:
        """Whether a server that cannot be reached may be the reason of the failure."""
        if not self.error:
            return self._broken
        return any(map(_UNREACHED.fullmatch, told(self.error, tree)["kinds"]))

    def follow(self) -> None:
        """Request "/" and where it redirects on this site, up to the first failure."""
        from django.core import signals
        from django.core.exceptions import DisallowedHost

        signals.got_request_exception.connect(self._failed)
        served = _telling(self._raising)
        for _ in range(1 + _MOST_REDIRECTS):
            try:
                response = response_of(served, request_of(self.address, self.host))
                # A view that finds no row in the empty database may answer so too.
                self.missing = response.status_code == 404 and not (
                    self._queried and view_of(urlsplit(self.address).path)
                )
                self.page = _content(response)
                self.local_files = [name.decode(errors="replace") for name in _LOCAL.findall(self.page)]
            except Exception as error:
                # The page for errors fails too.
                self.error = self.error or error
                break
            response.close()
            if response.status_code >= 500 and not self.error:
                self._broken, (self.error, self.models) = True, self._raised
            if response.status_code == 400 and isinstance(self._raised[0], DisallowedHost):
                self.refused, self.models = self._raised
            target = urlsplit(response.get("Location", ""))
            if self.error or self._broken or self.refused or not target.path.startswith("/"):
                break
            if (other := target.hostname or self.host) != self.host:
                self.away = other if target.path == urlsplit(self.address).path else ""
                break
            self.address = target._replace(scheme="", netloc="").geturl()

    def _failed(self, **_: Any) -> None:
        self._tried = len(attempts) - self._before
        self.error, self.models = sys.exc_info()[1], list(self._queried)

    def _raising(self, error: BaseException) -> None:
        self._raised = error, list(self._queried)


def view_of(path: str) -> Any:
    """The view that the URLs have for the path; None without one."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).func
    except Resolver404:
        return None


def _telling(raising: Callable[[BaseException], None]) -> Any:
    """Django's, which also reports errors for which no signal is sent: those that a middleware of the project answers,
    and hosts that it refuses.
    """
    from django.core.exceptions import DisallowedHost
    from django.core.handlers import exception as handlers
    from django.core.handlers.wsgi import WSGIHandler

    respond = handlers.response_for_exception

    def telling(request: Any, exc: Exception) -> Any:
        if isinstance(exc, DisallowedHost):
            raising(exc)
        return respond(request, exc)

    handlers.response_for_exception = telling

    class Telling(answering(WSGIHandler)):  # type: ignore[misc]
        def process_exception_by_middleware(self, exception: Exception, request: Any) -> Any:
            raising(exception)
            return super().process_exception_by_middleware(exception, request)

    return Telling()


def answering(server: type[Any]) -> type[Any]:
    """The same with its response: a package may have the server get something of its own."""

    class Answering(server):  # type: ignore[misc]
        response: Any = None

        def get_response(self, request: Any) -> Any:
            self.response = super().get_response(request)
            return self.response

    return Answering


def response_of(server: Any, environ: dict[str, Any]) -> Any:
    """The response of a server that keeps it (`answering`)."""
    server(environ, lambda *_: None)
    return server.response


def answer_at(address: str, host: str) -> Any:
    """The site's response to a visitor who asks for the address, closed."""
    from django.core.handlers.wsgi import WSGIHandler

    response = response_of(answering(WSGIHandler)(), request_of(address, host))
    response.close()
    return response


def request_of(address: str, host: str) -> dict[str, Any]:
    """The request of a browser, over HTTPS and through a platform's proxy (WSGI)."""
    from django.conf import settings

    parts = urlsplit(address)
    # WSGI: the decoded path, a character for each byte.
    path = unquote_to_bytes(parts.path).decode("latin-1")
    secure = dict([settings.SECURE_PROXY_SSL_HEADER] if settings.SECURE_PROXY_SSL_HEADER else [])
    return {
        **{"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": parts.query},
        **{"HTTP_HOST": host, "SERVER_NAME": host, "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1"},
        **{"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "Mozilla/5.0", "HTTP_ACCEPT": "text/html,*/*;q=0.8"},
        **{"wsgi.version": (1, 0), "wsgi.url_scheme": "https", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr},
        **{"wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False},
        **secure,
    }


def _content(response: Any) -> bytes:
    return b"" if response.streaming else bytes(response.content)
