"""The page that visitors get at "/", and where it leads them: requested as the server requests it, with an empty
database.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from ..empty_database import Asked, answer_nothing
from ..failure import told
from ..no_network import attempts, hosts
from ..out_of_reach import Ran, within
from ..setting_place import setting_place
from ..template_line import template_line
from . import Inconclusive
from .addresses import addresses
from .filled import is_filled
from .static_files import only_copies

_SECONDS = 5
# A client may raise an error of its own that has lost what the connection raised.
_UNREACHED = re.compile(r"Connection\w*Error|Timeout\w*")
_MOST_REDIRECTS = 3
# A script or style sheet that a server for development has, such as Vite's.
_LOCAL = re.compile(rb"""<(?:script|link)\b[^>]*?["'](https?://(?:localhost|127\.0\.0\.1)(?::\d+)?/[^"']*)""")

# Names that django-compressor makes, or that have a hash; finders refuse the last ones.
_MADE = re.compile(r"^CACHE/|\.[0-9a-f]{12}\.|\.\.")
_REFERRED = re.compile(rb"""\b(?:src|href)\s*=\s*["'](/[^"'?#\s]+)""")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note how the page fails. What comes after something that a trial does not have says nothing about production."""
    tree = Path(order["tree"])
    visit, looked_up = _Visit(_host(order), answer_nothing()), len(hosts)
    ran = within(order["tree"], _SECONDS, visit.follow)
    if not ran.ended or (ran.missed and not visit.failed_before(ran)):
        if not ran.ended or visit.lacks_a_server(tree):
            _needed(found["services"], {*hosts[looked_up:]})
        raise Inconclusive
    if visit.error:
        found["home"] = _told(visit, visit.error, tree)
        if order.get("collected") and Path(found["home"]["file"]).is_relative_to(tree / order["collected"]):
            # The build of production has collected it.
            found["home"]["file"] = ""
    found["local_files"] += visit.local_files
    if visit.local_files:
        found["dev_server"] = _dev_server(visit.local_files[0], found["settings"], tree)
    found["unserved"] += _unserved(visit, order) if not visit.error else ()
    found["static"] += _missing_static(visit, found["static"])
    found["no_home"] = visit.missing
    if visit.away:
        found["away"] = _away(visit)
    if visit.refused and visit.host == _own_host(order):
        found["refused"] = {**_told(visit, visit.refused, tree), "host": visit.host}


def _dev_server(file: str, module: str, tree: Path) -> str:
    """The setting that sends pages to the server of a front end in development, with its line; "" if none is seen."""
    from django.conf import settings

    server = urlsplit(file).netloc
    for name in filter(settings.is_overridden, filter(str.isupper, dir(settings))):
        value = getattr(settings, name)
        if "'dev_mode': True" in repr(value) or server in repr(value) or ("DEV_MODE" in name and value is True):
            return f"{name} ({setting_place(tree, module, name)})"
    return ""


def _needed(services: list[dict[str, Any]], hosts: set[str]) -> None:
    """A page that fails without a cache, or waits for it, needs it."""
    for service in services:
        if service["setting"] == "CACHES" and any(one.host in hosts for one in addresses(service["address"])):
            service["needed"] = True


class _Visit:
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
                response = _response(served, _environ(self.address, self.host))
                # A view that finds no row in the empty database may answer so too.
                self.missing = response.status_code == 404 and not (self._queried and _has_view(self.address))
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


def _has_view(address: str) -> bool:
    """Whether the URLs have a view for the address."""
    from django.urls import Resolver404, resolve

    try:
        resolve(urlsplit(address).path)
    except Resolver404:
        return False
    return True


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

    class Telling(_answering(WSGIHandler)):  # type: ignore[misc]
        def process_exception_by_middleware(self, exception: Exception, request: Any) -> Any:
            raising(exception)
            return super().process_exception_by_middleware(exception, request)

    return Telling()


def _answering(server: type[Any]) -> type[Any]:
    """The same with its response: a package may have the server get something of its own."""

    class Answering(server):  # type: ignore[misc]
        response: Any = None

        def get_response(self, request: Any) -> Any:
            self.response = super().get_response(request)
            return self.response

    return Answering


def _response(server: Any, environ: dict[str, Any]) -> Any:
    server(environ, lambda *_: None)
    return server.response


def _unserved(visit: _Visit, order: dict[str, Any]) -> list[str]:
    """The files to which the page refers, and which only the URLs of development serve: Django's static() makes none
    without DEBUG.
    """
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    places = [] if order.get("uploads") else [(settings.MEDIA_URL, settings.MEDIA_ROOT)]
    # Without a build, the same may hold for static files.
    places += [] if order.get("collected") else [(settings.STATIC_URL, settings.STATIC_ROOT)]
    known = [(url, Path(root)) for url, root in places if url and root]
    unserved = []
    for address in dict.fromkeys(one.decode(errors="replace") for one in _REFERRED.findall(visit.page)):
        files = [root / unquote(address.removeprefix(url)) for url, root in known if address.startswith(url)]
        if any(map(Path.is_file, files)):
            response = _response(_answering(WSGIHandler)(), _environ(address, visit.host))
            unserved += [address] if response.status_code == 404 else []
            response.close()
    return unserved


def _missing_static(visit: _Visit, known: Collection[str]) -> list[str]:
    """The static files to which the page refers and that no app has, besides the known ones: a template may compute a
    name.
    """
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.files.storage import FileSystemStorage

    prefix, is_folder = str(settings.STATIC_URL or ""), isinstance(staticfiles_storage, FileSystemStorage)
    if not prefix.startswith("/") or prefix == "/" or not is_folder or not only_copies(staticfiles_storage):
        return []
    addresses = dict.fromkeys(one.decode(errors="replace") for one in _REFERRED.findall(visit.page))
    names = [unquote(one.removeprefix(prefix)) for one in addresses if one.startswith(prefix)]
    names = [name for name in names if not _MADE.search(name)]
    lost = (name for name in names if PurePosixPath(name).suffix and not finders.find(name))
    # What the project has there in Git is there in production too.
    root = settings.STATIC_ROOT
    lost = (name for name in lost if not (root and Path(root, name).is_file()))
    return [f"the page at {visit.address}: {name}" for name in lost if not any(name in one for one in known)]


def _told(visit: _Visit, error: BaseException, tree: Path) -> dict[str, Any]:
    failed = told(error, tree)
    return {
        **failed,
        "type": type(error).__qualname__,
        # Without what the page had caught before: a missing template, for example.
        "own_kinds": [parent.__name__ for parent in type(error).__mro__],
        "address": visit.address,
        "place": template_line(error, tree) or failed["place"],
        "queries": len(visit.models),
        "filled": bool(visit.written) or (bool(visit.models) and is_filled(visit.models, tree)),
        "absent": _absent(error, tree),
        "template_folders": _lacking_folders(tree) if type(error).__name__ == "TemplateDoesNotExist" else [],
    }


def _environ(address: str, host: str) -> dict[str, Any]:
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


def _away(visit: _Visit) -> dict[str, Any]:
    """Where visitors are sent. `own` is whether the settings allow that host, or may for a domain of the user's."""
    from django.conf import settings

    allowed = [str(one) for one in settings.ALLOWED_HOSTS]
    domains = [one for one in allowed if one.startswith(("www.", ".")) and not visit.host.endswith(one)]
    own = bool(domains) or visit.away in allowed
    return {"host": visit.away, "sent_from": visit.host, "by_setting": bool(settings.PREPEND_WWW), "own": own}


def _own_host(order: dict[str, Any]) -> str:
    """The site's host on the platform, which the settings block names; "" if the block has no effect."""
    from django.conf import settings

    named = getattr(sys.modules.get(order["module"]), "_hosts", None)
    return str(named[0]) if isinstance(named, list) and named and named[0] in settings.ALLOWED_HOSTS else ""


def _host(order: dict[str, Any]) -> str:
    """The site's own host; else one that the settings allow."""
    from django.conf import settings

    if own := _own_host(order):
        return own
    first = str(next(filter(None, settings.ALLOWED_HOSTS), "localhost"))
    return "localhost" if first == "*" else f"site{first}" if first.startswith(".") else first


def _content(response: Any) -> bytes:
    return b"" if response.streaming else bytes(response.content)


def _lacking_folders(tree: Path) -> list[str]:
    """The folders of templates that the settings name and that are not there."""
    from django.conf import settings

    named = (Path(folder) for engine in settings.TEMPLATES for folder in engine.get("DIRS", ()))
    below = str(tree) + os.sep
    return [str(folder).removeprefix(below) for folder in named if not folder.is_dir()]


def _absent(error: BaseException, tree: Path) -> list[str]:
    """The files below the tree where Django looked for a missing template."""
    each = [error, *(getattr(error, "chain", None) or ())]
    names = [Path(origin.name) for one in each for origin, _ in getattr(one, "tried", None) or ()]
    return [path.relative_to(tree).as_posix() for path in names if path.is_relative_to(tree)]
