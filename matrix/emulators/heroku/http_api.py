"""The Platform API of the emulated Heroku, over HTTP: the other end of the real Heroku CLI.

It reads and changes the same state as the emulated command. The requests, and what the CLI reads from the answers, were
observed by running the CLI 11.10.0 against a stand-in [recorded session]; [Platform API reference].
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...sandbox.http_server import Request, Response, Server
from .._kit.oclif import CliError
from .._kit.store import first
from . import api, journal, lifecycle, releasing
from .api import api_error
from .commands.dynos import seen_dynos
from .state import App, State

Json = Any
_STATUS = {"not_found": 404, "invalid_params": 422, "forbidden": 403, "unauthorized": 401, "verification_required": 402}


class Front:
    """The API of the sandbox's Heroku, until `close`."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._server = Server(self._answer)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def close(self) -> None:
        """Hang up on every client."""
        self._server.close()

    def _answer(self, request: Request) -> Response:
        path = urlsplit(request.target).path
        if path.startswith("/streams/"):
            return self._stream(path)
        try:
            if request.header("Authorization") != f"Bearer {self.state.read()['account']['token']}":
                raise api_error("Invalid credentials provided.", "unauthorized")
            found = self._route(request, path)
            return _json(200 if request.method != "POST" else 201, _in_range(found, request.header("Range")))
        except CliError as error:
            message, _, error_id = error.message.partition("\n\nError ID: ")
            return _json(_STATUS.get(error_id, 422), {"id": error_id or "invalid_params", "message": message})

    def _route(self, request: Request, path: str) -> Json:
        """Answer with the function of the path; `:name` in it is an app of the developer."""
        body = json.loads(request.body or b"{}")
        for method, pattern, function in ROUTES:
            match = re.fullmatch(pattern.replace(":name", "([^/]+)"), path)
            if match and method == request.method:
                found = match.groups()
                if ":name" not in pattern:
                    return function(self, *found, body)
                app = lifecycle.find_app(self.state.read(), found[0])
                return function(self, app, *found[1:], body)
        raise api_error("The requested API endpoint was not found.", "not_found")

    def _stream(self, path: str) -> Response:
        """The output of a release command, or lines of a log as server-sent events."""
        _, _, kind, app, rest = path.split("/", 4)
        if kind == "release":
            release = first(self.state.read()["apps"][app]["releases"], id=rest)
            if release is None or not release["output"]:
                return Response(status=404)
            said = Path(release["output"]).read_bytes()
            return Response(status=200, body=said, headers=(("Content-Type", "text/plain"),))
        dyno, _, count = rest.partition("/")
        lines = [line for line in journal.lines(self.state, app) if f"[{dyno.strip('-')}" in line][-int(count) :]
        events = "".join(f"id: {number}\ndata: {line}\n\n" for number, line in enumerate(lines))
        return Response(status=200, body=events.encode(), headers=(("Content-Type", "text/event-stream"),))


def _in_range(found: Json, wanted: str) -> Json:
    """As many entries of a list as the header requests ("version ..; max=1, order=desc")."""
    most = re.search(r"max=(\d+)", wanted)
    return found[: int(most[1])] if most and isinstance(found, list) else found


def _json(status: int, value: Json) -> Response:
    return Response(status=status, body=json.dumps(value).encode(), headers=(("Content-Type", "application/json"),))


def _one(rows: list[Json], wanted: object, kind: str, *keys: str) -> Json:
    """The row with that name or ID."""
    found = next((row for row in rows if wanted in (row[key] for key in keys)), None)
    if found is None:
        raise api_error(f"Couldn't find that {kind}.", "not_found")
    return found


def _named(value: Json) -> str:
    """The API accepts a name, or an object that has one."""
    return value if isinstance(value, str) else str(value["name"])


def _create_app(front: Front, body: Json) -> Json:
    app = lifecycle.create_wanted(front.state, body.get("name"), _named(body.get("region") or "us"))
    return api.app_json(front.state.read(), app)


def _destroy(front: Front, app: App, body: Json) -> Json:
    shown = api.app_json(front.state.read(), app)
    lifecycle.destroy_app(front.state, app)
    return shown


def _addons(front: Front, app: App, body: Json) -> Json:
    return [api.addon_json(app, addon) for addon in app["addons"]]


def _addon(front: Front, app: App, addon: str, body: Json) -> Json:
    return _one(_addons(front, app, body), addon, "add-on", "name", "id")


def _create_addon(front: Front, app: App, body: Json) -> Json:
    made = lifecycle.provision(front.state, app, lifecycle.plan_of(_named(body["plan"])), body.get("name") or "")
    # It exists already; the CLI must ask again, as on Heroku.
    return {**api.addon_json(app, made), "state": "provisioning"}


def _set_config(front: Front, app: App, body: Json) -> Json:
    lifecycle.set_config(front.state, app["name"], body)
    return front.state.read()["apps"][app["name"]]["config"]


def _features(front: Front, app: App, body: Json) -> Json:
    return api.features_json(front.state.read(), app)


def _feature(front: Front, app: App, feature: str, body: Json) -> Json:
    return _one(_features(front, app, body), feature, "feature", "name")


def _set_feature(front: Front, app: App, feature: str, body: Json) -> Json:
    _feature(front, app, feature, body)
    lifecycle.enable(front.state, app["name"], feature, enabled=body["enabled"])
    return _feature(front, front.state.read()["apps"][app["name"]], feature, body)


def _releases(front: Front, app: App, body: Json) -> Json:
    email, streams = front.state.read()["account"]["email"], f"{front.url}/streams/release/{app['name']}"
    return [api.release_json(app, one, email, f"{streams}/{one['id']}") for one in reversed(app["releases"])]


def _release(front: Front, app: App, version: str, body: Json) -> Json:
    return _one(_releases(front, app, body), int(version) if version.isdigit() else -1, "release", "version")


def _retry(front: Front, app: App, body: Json) -> Json:
    """The CLI creates a release of the last slug; here its command has finished before the response."""
    releasing.retry(front.state, app["name"], releasing.ignore)
    return _releases(front, front.state.read()["apps"][app["name"]], body)[0]


def _formation(front: Front, app: App, body: Json) -> Json:
    slug = releasing.latest_slug(front.state, app)
    return [{"type": kind, "quantity": 1, "size": "Basic"} for kind in (slug.processes if slug else {})]


def _log_session(front: Front, app: App, body: Json) -> Json:
    place = f"{app['name']}/{body.get('dyno') or '-'}/{body.get('lines') or 100}"
    return {"logplex_url": f"{front.url}/streams/log/{place}"}


ROUTES: tuple[tuple[str, str, Callable[..., Json]], ...] = (
    ("GET", "/account", lambda front, body: api.account_json(front.state.read())),
    ("GET", "/account/features", lambda front, body: []),
    ("GET", r"/account/features/([\w-]+)", lambda front, feature, body: _one([], feature, "feature")),
    ("POST", "/apps", _create_app),
    ("GET", "/apps/:name", lambda front, app, body: api.app_json(front.state.read(), app)),
    ("DELETE", "/apps/:name", _destroy),
    ("GET", "/apps/:name/addons", _addons),
    ("GET", "/apps/:name/addons/([^/]+)", _addon),
    ("POST", "/apps/:name/addons", _create_addon),
    ("GET", "/apps/[^/]+/collaborators", lambda front, body: []),
    ("GET", "/apps/:name/config-vars", lambda front, app, body: app["config"]),
    ("PATCH", "/apps/:name/config-vars", _set_config),
    ("GET", "/apps/:name/dynos", lambda f, app, body: [api.dyno_json(app, one) for one in seen_dynos(f.state, app)]),
    ("GET", "/apps/:name/features", _features),
    ("GET", "/apps/:name/features/([^/]+)", _feature),
    ("PATCH", "/apps/:name/features/([^/]+)", _set_feature),
    ("GET", "/apps/:name/formation", _formation),
    ("POST", "/apps/:name/log-sessions", _log_session),
    ("GET", "/apps/:name/releases", _releases),
    ("POST", "/apps/:name/releases", _retry),
    ("GET", "/apps/:name/releases/([^/]+)", _release),
)
