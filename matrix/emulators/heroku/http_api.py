"""The Platform API of the emulated Heroku, over HTTP: what the real Heroku CLI talks to.

It reads and changes the same state as the emulated command. Which requests there are, and what the CLI reads of the
answers, was seen by letting the CLI 11.10.0 run against a stand-in [recorded session]; [Platform API reference].
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matrix.emulators.heroku import api, journal, lifecycle, releasing
from matrix.emulators.heroku.commands import addons, apps, labs
from matrix.emulators.heroku.console import CliError, api_error
from matrix.emulators.heroku.model import App, Platform
from matrix.emulators.heroku.state import State
from matrix.sandbox.http_server import Request, Response, Server

Json = Any
_PLAIN = (("Content-Type", "text/plain; charset=utf-8"),)
_STATUS = {"not_found": 404, "invalid_params": 422, "forbidden": 403, "unauthorized": 401, "verification_required": 402}


class Front:
    """The API of the sandbox's Heroku, until `close`."""

    def __init__(self, state: State) -> None:
        self._state = state
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
            if request.header("Authorization") != f"Bearer {self._state.read()['account']['api_key']}":
                raise api_error("Invalid credentials provided.", "unauthorized")
            found = self._route(request, path)
            return _json(200 if request.method != "POST" else 201, _in_range(found, request.header("Range")))
        except CliError as error:
            message, _, error_id = error.message.partition("\n\nError ID: ")
            return _json(_STATUS.get(error_id, 422), {"id": error_id or "invalid_params", "message": message})

    def _route(self, request: Request, path: str) -> Json:
        body = json.loads(request.body or b"{}")
        for method, pattern, function in ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return function(self, *match.groups(), body)
        raise api_error("The requested API endpoint was not found.", "not_found")

    def app(self, name: str) -> App:
        """An app of the developer. Raises CliError if there is none, or it is another account's."""
        platform = self._state.read()
        found = platform["apps"].get(name) or next((a for a in platform["apps"].values() if a["id"] == name), None)
        if found is None:
            raise api_error("Couldn't find that app.", "not_found")
        if platform["account"]["email"] not in (found["owner"], *found["collaborators"]):
            raise api_error(f"You do not have access to the app {name}.", "forbidden")
        return found

    @property
    def platform(self) -> Platform:
        """The state now."""
        return self._state.read()

    @property
    def state(self) -> State:
        """Where it is kept."""
        return self._state

    def _stream(self, path: str) -> Response:
        """The output of a release command, or lines of a log as server-sent events."""
        _, _, kind, app, rest = path.split("/", 4)
        if kind == "release":
            found = next((one for one in self.platform["apps"][app]["releases"] if one["id"] == rest), None)
            if found is None or not found["output"]:
                return Response(status=404)
            return Response(
                status=200, body=Path(found["output"]).read_bytes(), headers=(("Content-Type", "text/plain"),)
            )
        dyno, _, count = rest.partition("/")
        lines = [line for line in journal.lines(self._state, app) if f"[{dyno.strip('-')}" in line][-int(count) :]
        events = "".join(f"id: {number}\ndata: {line}\n\n" for number, line in enumerate(lines))
        return Response(status=200, body=events.encode(), headers=(("Content-Type", "text/event-stream"),))


def _in_range(found: Json, wanted: str) -> Json:
    """As many entries of a list as the header asks for ("version ..; max=1, order=desc")."""
    most = re.search(r"max=(\d+)", wanted)
    return found[: int(most[1])] if most and isinstance(found, list) else found


def _json(status: int, value: Json) -> Response:
    return Response(status=status, body=json.dumps(value).encode(), headers=(("Content-Type", "application/json"),))


def _account(front: Front, body: Json) -> Json:
    account = front.platform["account"]
    return {"id": account["id"], "email": account["email"], "name": "Developer", "verified": True}


def _create_app(front: Front, body: Json) -> Json:
    name, region = body.get("name"), body.get("region") or "us"
    region = region if isinstance(region, str) else region["name"]
    apps.refuse_name(name)
    if region not in apps.REGIONS:
        raise api_error(f"Region {region} not found.", "not_found")  # OWN WORDING
    return api.app_json(front.platform, lifecycle.create_app(front.state, name, region))


def _app(front: Front, name: str, body: Json) -> Json:
    return api.app_json(front.platform, front.app(name))


def _destroy(front: Front, name: str, body: Json) -> Json:
    shown = _app(front, name, body)
    lifecycle.destroy_app(front.state, front.app(name))
    return shown


def _addons(front: Front, name: str, body: Json) -> Json:
    app = front.app(name)
    return [api.addon_json(app, addon) for addon in app["addons"]]


def _addon(front: Front, name: str, addon: str, body: Json) -> Json:
    found = next((one for one in _addons(front, name, body) if addon in (one["name"], one["id"])), None)
    if found is None:
        raise api_error("Couldn't find that add-on.", "not_found")
    return found


def _create_addon(front: Front, name: str, body: Json) -> Json:
    plan = addons.plan_of(body["plan"] if isinstance(body["plan"], str) else body["plan"]["name"])
    made = addons.provision(front.state, front.app(name), plan, body.get("name"))
    # It is there already; the CLI is to ask again, as it does on Heroku.
    return {**api.addon_json(front.app(name), made), "state": "provisioning"}


def _dynos(front: Front, name: str, body: Json) -> Json:
    from matrix.sandbox.control import Control

    app = front.app(name)
    site = Control.connect(front.state.root).site(app["name"])
    for dyno in app["dynos"]:
        if dyno["state"] == "up" and not (site and site["state"] == "up"):
            dyno["state"] = "crashed"
    return [api.dyno_json(app, dyno) for dyno in app["dynos"]]


def _config(front: Front, name: str, body: Json) -> Json:
    return front.app(name)["config"]


def _set_config(front: Front, name: str, body: dict[str, str | None]) -> Json:
    front.app(name)

    def edit(app: App) -> None:
        for key, value in body.items():
            if value is None:
                app["config"].pop(key, None)
            else:
                app["config"][key] = value

    verb = "Remove" if None in body.values() else "Set"
    releasing.publish(front.state, name, f"{verb} {', '.join(body)} config vars", edit)
    return front.app(name)["config"]


def _features(front: Front, name: str, body: Json) -> Json:
    return labs.features(front.platform, front.app(name))


def _feature(front: Front, name: str, feature: str, body: Json) -> Json:
    found = next((one for one in _features(front, name, body) if one["name"] == feature), None)
    if found is None:
        raise api_error("Couldn't find that feature.", "not_found")
    return found


def _set_feature(front: Front, name: str, feature: str, body: Json) -> Json:
    _feature(front, name, feature, body)
    with front.state.change() as platform:
        enabled = platform["apps"][name]["features"]
        platform["apps"][name]["features"] = sorted({*enabled, feature} if body["enabled"] else {*enabled} - {feature})
    return _feature(front, name, feature, body)


def _release_json(front: Front, app: App, number: int) -> Json:
    release = app["releases"][number]
    shown = api.release_json(app, release, front.platform["account"]["email"])
    if release["output"]:
        shown["output_stream_url"] = f"{front.url}/streams/release/{app['name']}/{release['id']}"
    return shown


def _releases(front: Front, name: str, body: Json) -> Json:
    app = front.app(name)
    return [_release_json(front, app, number) for number in reversed(range(len(app["releases"])))]


def _release(front: Front, name: str, version: str, body: Json) -> Json:
    app = front.app(name)
    if not version.isdigit() or not 0 < int(version) <= len(app["releases"]):
        raise api_error("Couldn't find that release.", "not_found")
    return _release_json(front, app, int(version) - 1)


def _retry(front: Front, name: str, body: Json) -> Json:
    """The CLI makes a release of the last slug; here its command has ended before the answer is given."""
    releasing.retry(front.state, front.app(name)["name"], releasing.ignore)
    return _releases(front, name, body)[0]


def _formation(front: Front, name: str, body: Json) -> Json:
    slug = releasing.latest_slug(front.state, front.app(name))
    return [{"type": kind, "quantity": 1, "size": "Basic"} for kind in (slug.processes if slug else {})]


def _log_session(front: Front, name: str, body: Json) -> Json:
    front.app(name)
    return {"logplex_url": f"{front.url}/streams/log/{name}/{body.get('dyno') or '-'}/{body.get('lines') or 100}"}


def _nothing(front: Front, *given: Json) -> Json:
    return []


def _no_such_thing(front: Front, *given: Json) -> Json:
    raise api_error("Couldn't find that feature.", "not_found")


ROUTES: tuple[tuple[str, str, Callable[..., Json]], ...] = (
    ("GET", "/account", _account),
    ("GET", "/account/features", _nothing),
    ("GET", r"/account/features/([\w-]+)", _no_such_thing),
    ("POST", "/apps", _create_app),
    ("GET", "/apps/([^/]+)", _app),
    ("DELETE", "/apps/([^/]+)", _destroy),
    ("GET", "/apps/([^/]+)/addons", _addons),
    ("GET", "/apps/([^/]+)/addons/([^/]+)", _addon),
    ("POST", "/apps/([^/]+)/addons", _create_addon),
    ("GET", "/apps/([^/]+)/collaborators", _nothing),
    ("GET", "/apps/([^/]+)/config-vars", _config),
    ("PATCH", "/apps/([^/]+)/config-vars", _set_config),
    ("GET", "/apps/([^/]+)/dynos", _dynos),
    ("GET", "/apps/([^/]+)/features", _features),
    ("GET", "/apps/([^/]+)/features/([^/]+)", _feature),
    ("PATCH", "/apps/([^/]+)/features/([^/]+)", _set_feature),
    ("GET", "/apps/([^/]+)/formation", _formation),
    ("POST", "/apps/([^/]+)/log-sessions", _log_session),
    ("GET", "/apps/([^/]+)/releases", _releases),
    ("POST", "/apps/([^/]+)/releases", _retry),
    ("GET", "/apps/([^/]+)/releases/([^/]+)", _release),
)
