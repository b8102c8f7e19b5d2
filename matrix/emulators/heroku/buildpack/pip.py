"""`pip install -r requirements.txt`, as the buildpack does it, once for every project that needs the same."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from matrix.emulators.heroku.buildpack import messages
from matrix.emulators.heroku.buildpack.report import BuildFailed, Say
from matrix.emulators.heroku.dynos import run_to_end
from matrix.emulators.heroku.slugs import PYTHON_HOME
from matrix.sandbox import environments
from matrix.sandbox.namespace import ISOLATION, Container, Mount, python_mount

# The file that says that a cached environment is complete: the copy is not, until pip has succeeded.
_MARKER = shutil.ignore_patterns("key.json")
LIMIT = 900.0  # seconds; Heroku stops a build after 15 minutes


def install(app: Path, interpreter: Path, say: Say) -> Path:
    """The environment with everything that requirements.txt asks for. Raises BuildFailed if pip fails."""
    say("-----> Installing dependencies using 'pip install -r requirements.txt'")
    output: list[str] = []

    def show(line: str) -> None:
        say(f"       {line}")
        output.append(line)

    def build(folder: Path) -> None:
        shutil.copytree(_empty(interpreter), folder, symlinks=True, dirs_exist_ok=True, ignore=_MARKER)
        _install(app, folder, interpreter, show)

    key = {
        "what": "Heroku, pip",
        "interpreter": str(interpreter),
        "isolation": ISOLATION,
        **{f"requirements {name}": digest for name, digest in _requirements(app).items()},
    }
    folder = environments.cached(key, build)
    if not output:
        say("       Requirements already satisfied, from the cache of an earlier build")
    return folder


def _empty(interpreter: Path) -> Path:
    """An environment with pip and nothing else. It can be copied: inside a container all have the same path."""

    def build(folder: Path) -> None:
        place = _workshop(folder, folder, interpreter)
        _run(place, [str(interpreter), "-m", "venv", PYTHON_HOME], {}, lambda line: None)

    key = {"what": "Heroku, Python", "interpreter": str(interpreter), "isolation": ISOLATION}
    return environments.cached(key, build)


def _install(app: Path, folder: Path, interpreter: Path, say: Say) -> None:
    from matrix.sandbox import variables  # not at the top: it is slow, and most builds find all in the cache

    index = variables.package_index()
    place = _workshop(app, folder, interpreter, index.mounts)
    argv = [f"{PYTHON_HOME}/bin/python", "-m", "pip", "install", "-r", "requirements.txt"]
    _run(place, [*argv, "--disable-pip-version-check", "--no-input", "--progress-bar", "off"], index.env, say)


def _workshop(app: Path, folder: Path, interpreter: Path, mounts: tuple[Mount, ...] = ()) -> Container:
    """A container in which the environment can be written."""
    writable = Mount(host=folder, inside=PYTHON_HOME, writable=True)
    return Container(app=app, mounts=(writable, *python_mount(interpreter), *mounts))


def _run(place: Container, argv: list[str], env: Mapping[str, str], say: Say) -> None:
    if run_to_end(place, argv, env, limit=LIMIT, each_line=say) != 0:
        raise BuildFailed(messages.INSTALL_FAILED.format(tool="pip"))


def _requirements(app: Path) -> dict[str, str]:
    """What the result depends on: a digest of each requirements file, and of everything if one names a folder."""
    digests: dict[str, str] = {}
    waiting = ["requirements.txt"]
    local = False
    while waiting:
        name = waiting.pop()
        path = app / name
        if name in digests or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        digests[name] = hashlib.sha256(text.encode()).hexdigest()
        included = re.findall(r"^\s*(?:-r|-c|--requirement|--constraint)[ =]*(\S+)", text, re.MULTILINE)
        waiting += [os.path.normpath((path.parent / other).relative_to(app)) for other in included]
        local = local or bool(re.search(r"^\s*(-e|--editable|[./]|file:)", text, re.MULTILINE))
    return {**digests, **({"of every file": _digest(app)} if local else {})}


def _digest(app: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in app.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(app)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
