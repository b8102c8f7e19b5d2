"""A project that is small enough to push in every test, and an emulated Upsun of either flavour to push it to."""

import json
import ssl
import sys
from collections.abc import Mapping
from typing import Any

import httpx

from matrix.emulators._upsun.flavour import FLEX, Flavour
from matrix.emulators._upsun.state import Activity, Project, State, host
from matrix.sandbox.machine import Ran, Sandbox

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

WEB = """
import json, os, pathlib, sys

def app(environ, start_response):
    if environ["PATH_INFO"] == "/quit":
        os._exit(3)
    seen = {"text": TEXT, "env": dict(os.environ), "scheme": environ.get("HTTP_X_FORWARDED_PROTO")}
    for name, path in {"app": "written", "mount": "media/visits", "tmp": "/tmp/written"}.items():
        try:
            with open(path, "a") as stream:
                stream.write("x")
            seen[name] = pathlib.Path(path).read_text()
        except OSError as error:
            seen[name] = error.strerror
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]

TEXT = "first"
"""
SERVER = """
import os, socket, socketserver
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from web import app

class UnixServer(WSGIServer):
    address_family = socket.AF_UNIX

    def server_bind(self):
        socketserver.UnixStreamServer.server_bind(self)
        self.server_name, self.server_port = "app", 0
        self.setup_environ()

    def get_request(self):
        return self.socket.accept()[0], ("app", 0)

if "SOCKET" in os.environ:
    server = UnixServer(os.environ["SOCKET"], WSGIRequestHandler)
    server.set_app(app)
else:
    server = make_server("127.0.0.1", int(os.environ["PORT"]), app)
server.serve_forever()
"""
BUILD = "mkdir static\nenv > static/build.txt\ntouch built $PLATFORM_CACHE_DIR/cached /tmp/built\n"
APPLICATION: dict[str, Any] = {
    "type": f"python:{VERSION}",
    "relationships": {"database": "db:postgresql"},
    "variables": {"env": {"FROM_CONFIGURATION": "yes"}},
    "hooks": {"build": BUILD, "deploy": "echo 'The hook ran.'\necho 'A warning.' >&2\n"},
    "mounts": {"media": {"source": "storage", "source_path": "uploads"}},
    "web": {
        "commands": {"start": "python server.py"},
        "locations": {"/static": {"root": "static", "expires": "1h"}},
    },
}
SERVICES = {"db": {"type": "postgresql:17"}}
ROUTES = {
    "https://{default}/": {"type": "upstream", "upstream": "app:http"},
    "https://www.{default}/": {"type": "redirect", "to": "https://{default}/"},
}


def configuration(flavour: Flavour = FLEX, **changed: Any) -> dict[str, str]:
    """The configuration files of a flavour; `changed` replaces keys of the application. JSON is YAML too."""
    application = {**APPLICATION, **changed}
    if flavour.app_file is None:
        whole = {"applications": {"app": application}, "services": SERVICES, "routes": ROUTES}
        return {".upsun/config.yaml": json.dumps(whole)}
    mounts = {"media": {"source": "local", "source_path": "uploads"}}
    services = {name: {**service, "disk": 256} for name, service in SERVICES.items()}
    return {
        ".platform.app.yaml": json.dumps({"name": "app", "disk": 256, **application, "mounts": mounts}),
        ".platform/services.yaml": json.dumps(services),
        ".platform/routes.yaml": json.dumps(ROUTES),
    }


class Pushed:
    """A Git repository in a sandbox, with a project of the platform to push it to.

    `said` is the platform's output for a push that several tests read.
    """

    def __init__(
        self,
        box: Sandbox,
        flavour: Flavour = FLEX,
        title: str = "Blog",
        files: Mapping[str, str] | None = None,
        folder: str = "blog",
    ) -> None:
        self.box = box
        self.flavour = flavour
        self.said: list[str] = []
        self.state = State(box.root, flavour)
        self.folder = box.work / folder
        box.run(["git", "init", "--quiet", self.folder])
        self.write({"web.py": WEB, "server.py": SERVER, **(configuration(flavour) if files is None else files)})
        created = self.cli(
            *("project:create", "--title", title, "--region", "eu-5.platform.sh", "--org", "dev"),
            *("--set-remote", "--yes"),
        )
        self.id = created.stdout.strip()

    def write(self, files: Mapping[str, str]) -> None:
        """Write these files and commit everything."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.box.run(["git", "add", "--all"], cwd=self.folder)
        self.box.run(["git", "commit", "--quiet", "--allow-empty", "--message", "Change"], cwd=self.folder)

    def cli(self, *words: str, check: bool = True, env: Mapping[str, str] | None = None) -> Ran:
        """Call the flavour's CLI in the repository."""
        return self.box.run([self.flavour.executable, *words], cwd=self.folder, check=check, env=env)

    def push(self) -> Ran:
        """Push with Git itself."""
        return self.box.run(["git", "push", self.flavour.remote, "HEAD:main"], cwd=self.folder, check=False)

    def pushed(self) -> list[str]:
        """The lines of the platform's output for an accepted push."""
        done = self.push()
        assert done.returncode == 0, done.stderr
        return remote_lines(done)

    @property
    def found(self) -> Project:
        """The project in the platform's state."""
        return self.state.project(self.id)

    @property
    def activity(self) -> Activity:
        """The newest activity."""
        return self.found["activities"][-1]

    def log(self) -> list[str]:
        """The log of the newest activity."""
        return self.cli("activity:log").stdout.splitlines()

    def get(self, path: str = "/", scheme: str = "https", prefix: str = "") -> httpx.Response:
        """The site's response through the router, as for a developer's browser."""
        trust = ssl.create_default_context(cafile=self.box.env["SSL_CERT_FILE"])
        with httpx.Client(proxy=self.box.sites.router_url, verify=trust, trust_env=False) as client:
            return client.get(f"{scheme}://{prefix}{host(self.found)}{path}")

    def seen(self) -> dict[str, Any]:
        """What the site observes."""
        answer = self.get()
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def remote_lines(done: Ran) -> list[str]:
    """The remote's output; Git pads the lines with spaces."""
    lines = done.stderr.splitlines()
    return [line.removeprefix("remote:")[1:].rstrip() for line in lines if line.startswith("remote:")]
