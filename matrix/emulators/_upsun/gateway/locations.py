"""`web.locations`: the files that the platform serves [docs: create-apps, web]."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ....sandbox.http_server import Request, Response

Answer = Callable[[Request], Response]
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 2592000, "y": 31536000}
_NOT_FOUND = Response(status=404, body=b"<html><head><title>404 Not Found</title></head></html>\n")
_FORBIDDEN = Response(status=403, body=b"<html><head><title>403 Forbidden</title></head></html>\n")


class Locations:
    """Serves files from the locations' folders, and passes requests to the application where a location allows it."""

    def __init__(self, locations: Mapping[str, Mapping[str, Any]], folder: str, application: Answer) -> None:
        self._locations = locations
        self._folder = Path(folder)
        self._application = application

    def answer(self, request: Request) -> Response:
        """The location with the longest matching path decides, with its rules."""
        path = unquote(urlsplit(request.target).path)
        fitting = [place for place in self._locations if _fits(path, place)]
        if not fitting:
            return _NOT_FOUND
        place = max(fitting, key=len)
        location = dict(self._locations[place])
        for pattern, rule in (location.get("rules") or {}).items():
            if re.search(pattern, path):
                location |= rule
        file = self._file(location, path.removeprefix(place.rstrip("/")).lstrip("/"))
        if file and request.method in ("GET", "HEAD"):
            return _served(file, location, request) if location.get("allow", True) else _FORBIDDEN
        return self._pass(location, request)

    def _file(self, location: Mapping[str, Any], path: str) -> Path | None:
        if location.get("root") is None:
            return None
        root = (self._folder / str(location["root"])).resolve()
        wanted = (root / path).resolve()
        if not wanted.is_relative_to(root):
            return None
        candidates = [wanted / name for name in location.get("index") or ()] if wanted.is_dir() else [wanted]
        return next((file for file in candidates if file.is_file()), None)

    def _pass(self, location: Mapping[str, Any], request: Request) -> Response:
        passthru = location.get("passthru", False)
        if isinstance(passthru, str):
            return self._application(replace(request, target=passthru))
        return self._application(request) if passthru else _NOT_FOUND


def _fits(path: str, place: str) -> bool:
    return place == "/" or path == place.rstrip("/") or path.startswith(place.rstrip("/") + "/")


def _served(file: Path, location: Mapping[str, Any], request: Request) -> Response:
    status = file.stat()
    modified = formatdate(status.st_mtime, usegmt=True)
    kind, encoding = mimetypes.guess_type(file.name)
    headers = [("Content-Type", kind or "application/octet-stream"), ("Last-Modified", modified)]
    headers += [("Content-Encoding", encoding)] if encoding else []
    headers += [("Cache-Control", f"max-age={age}") for age in _age(location.get("expires"))]
    headers += [(str(name), str(value)) for name, value in (location.get("headers") or {}).items()]
    if request.header("If-Modified-Since") == modified:
        return Response(status=304, headers=tuple(headers))
    if request.method == "HEAD":
        headers.append(("Content-Length", str(status.st_size)))
    return Response(status=200, body=file.read_bytes(), headers=tuple(headers))


def _age(expires: object) -> list[int]:
    """Seconds that a browser may cache a file: none for -1 [docs]."""
    if expires is None or str(expires) == "-1":
        return []
    if str(expires) == "max":
        return [315360000]
    match = re.fullmatch(r"(\d+)(ms|[smhdwMy]?)", str(expires))
    return [int(int(match[1]) * _UNITS[match[2] or "s"])] if match else []
