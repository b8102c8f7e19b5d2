"""A project that is small enough to push in every test, and an emulated Heroku to push it to."""

import json
import ssl
import sys
from pathlib import Path
from typing import Any

import httpx

from matrix.emulators.heroku.state import App, State
from matrix.sandbox.machine import Ran, Sandbox

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}\n"

WEB = """
import json, os, pathlib

def app(environ, start_response):
    visits = pathlib.Path("visits")
    visits.write_text(visits.read_text() + "x" if visits.exists() else "x")
    seen = {"text": TEXT, "visits": len(visits.read_text()), "folder": os.getcwd(), "env": dict(os.environ)}
    seen["scheme"] = environ.get("HTTP_X_FORWARDED_PROTO")
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]

TEXT = "first"
"""
SERVER = """
import os
from wsgiref.simple_server import make_server
from web import app

make_server("127.0.0.1", int(os.environ["PORT"]), app).serve_forever()
"""
FILES = {
    "web.py": WEB,
    "server.py": SERVER,
    "requirements.txt": "",
    ".python-version": VERSION,
    "Procfile": "web: python server.py\n",
}


class Project:
    """A Git repository in a sandbox, with an app that it is pushed to."""

    def __init__(self, box: Sandbox, app: str = "blog-prod", files: dict[str, str] = FILES) -> None:
        self.box = box
        self.app = app
        self.state = State(box.root)
        self.folder = box.work / app
        box.run(["git", "init", "--quiet", self.folder])
        self.write(files)
        self.heroku("apps:create", app)

    def write(self, files: dict[str, str]) -> None:
        """Write these files and commit everything."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.box.run(["git", "add", "--all"], cwd=self.folder)
        self.box.run(["git", "commit", "--quiet", "--allow-empty", "--message", "Change"], cwd=self.folder)

    def heroku(self, *words: str, check: bool = True) -> Ran:
        return self.box.run(["heroku", *words], cwd=self.folder, check=check)

    def push(self, branch: str = "main") -> Ran:
        return self.box.run(["git", "push", "heroku", f"HEAD:{branch}"], cwd=self.folder, check=False)

    def pushed(self) -> list[str]:
        """The lines of Heroku's output for a push, which must be accepted."""
        done = self.push()
        assert done.returncode == 0, done.stderr
        return remote_lines(done)

    def refused(self) -> list[str]:
        """The lines of Heroku's output for a rejected push."""
        done = self.push()
        assert done.returncode == 1, done.stderr
        assert " ! [remote rejected] HEAD -> main (pre-receive hook declined)" in done.stderr
        return remote_lines(done)

    @property
    def found(self) -> App:
        """The app in Heroku's state."""
        return self.state.read()["apps"][self.app]

    def release(self) -> dict[str, Any]:
        """The newest release."""
        answer = self.heroku("releases", "--app", self.app, "--json", "--num", "1")
        (release,) = json.loads(answer.stdout)
        return dict(release)

    def get(self, path: str = "/", scheme: str = "https") -> httpx.Response:
        """The app's response through the router, as for a developer's browser."""
        return get(self.box, f"{scheme}://{self.found['host']}{path}")

    def seen(self) -> dict[str, Any]:
        """What the app observes."""
        answer = self.get()
        assert answer.status_code == 200
        return dict(answer.json())


def get(box: Sandbox, url: str) -> httpx.Response:
    """The response to a browser on the developer's machine."""
    trust = ssl.create_default_context(cafile=box.env["SSL_CERT_FILE"])
    with httpx.Client(proxy=box.sites.router_url, verify=trust, trust_env=False) as client:
        return client.get(url)


def remote_lines(done: Ran) -> list[str]:
    """The remote's output; Git pads the lines with spaces."""
    lines = done.stderr.splitlines()
    return [line.removeprefix("remote:")[1:].rstrip() for line in lines if line.startswith("remote:")]


def write_files(folder: Path, names: list[str]) -> None:
    """Empty files."""
    for name in names:
        (folder / name).touch()
