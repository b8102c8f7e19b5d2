"""Starts the echo site in a sandbox, for several test modules."""

import shutil
import sys
from pathlib import Path

from matrix.sandbox import environments
from matrix.sandbox.control import Control
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.namespace import Container
from matrix.sandbox.site import Site
from matrix.sandbox.sites import Sites

HOST = "blog-1234.herokuapp.com"
PYTHON = str(environments.python(f"{sys.version_info.major}.{sys.version_info.minor}"))


def echo_app(box: Sandbox) -> Container:
    app = box.root / "app"
    app.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).with_name("echo_site.py"), app)
    return Container(app=app)


def start_echo(box: Sandbox, sites: Sites | Control | None = None, *, version: str = "1") -> None:
    (sites or box.sites).start_site(
        Site(
            name="blog",
            hosts=[HOST],
            container=echo_app(box),
            argv=[PYTHON, "/app/echo_site.py"],
            env={"VERSION": version},
            log=box.root / "web.log",
        )
    )
