"""Builds a project as Scalingo's Python buildpack does [docs: Python]: packages, then static files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from simple_deploy_matrix.emulators._kit.programs import run_to_end
from simple_deploy_matrix.sandbox import environments, isolation, tools, variables
from simple_deploy_matrix.sandbox.namespace import Container, Mount, python_mount

from .containers import PATH, PYTHON_HOME, of_build, resolved

Say = Callable[[str], None]
LIMIT = 900.0  # seconds
PYTHONS = ("3.11", "3.12", "3.13", "3.14")  # [docs: Python]
DEFAULT = "3.13"


class BuildFailed(Exception):
    """The build stops; the text is the reason."""


class PackageManager(NamedTuple):
    """A package manager: the file that selects it, other relevant files, its program, and how it installs."""

    file: str
    beside: tuple[str, ...]
    program: str
    install: str
    variables: Mapping[str, str]


# [docs: Python] for the files and the first three commands; [INFERRED] uv's command, and that a lock is checked.
_HOME = {"VIRTUAL_ENV": PYTHON_HOME}
MANAGERS = (
    PackageManager(
        "Pipfile.lock", ("Pipfile",), "pipenv", "pipenv install --deploy", {"PIPENV_VERBOSITY": "-1", **_HOME}
    ),
    PackageManager("poetry.lock", ("pyproject.toml",), "poetry", "poetry sync --compile --no-interaction", _HOME),
    PackageManager(
        *("uv.lock", ("pyproject.toml", ".python-version"), "uv", "uv sync --locked --no-default-groups --no-progress"),
        {"UV_PROJECT_ENVIRONMENT": PYTHON_HOME, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_MANAGED_PYTHON": "1"},
    ),
    PackageManager("requirements.txt", (), "", "pip install --disable-pip-version-check -r requirements.txt", {}),
)


def compile_app(app: Path, config: Mapping[str, str], commit: str, name: str, say: Say) -> tuple[Path, Path]:
    """The environment and the interpreter of the app, whose static files are then collected. Raises BuildFailed."""
    chosen = next((one for one in MANAGERS if (app / one.file).is_file()), None)
    if chosen is None:
        raise BuildFailed("No supported stack detected")  # [OWN WORDING]
    interpreter = _interpreter(app, say)
    say(f"-----> Installing dependencies with {chosen.program or 'pip'}")
    environment = environments.cached(
        _key(chosen, app, interpreter), lambda folder: _install(chosen, app, folder, interpreter, say)
    )
    build = {"APP": name, "SOURCE_VERSION": commit}  # [docs: Build Environment Variables]
    _collect(app, of_build(app, environment, interpreter), {**resolved(config), **build}, say)
    return environment, interpreter


def _interpreter(app: Path, say: Say) -> Path:
    """[docs: Selecting a Version] runtime.txt, .python-version, the lock of Pipenv, the default."""
    texts = [(app / name).read_text("utf-8") for name in ("runtime.txt", ".python-version") if (app / name).is_file()]
    found = re.search(r"(\d+\.\d+)", texts[0]) if texts else None
    version = found[1] if found else DEFAULT
    interpreter = environments.python(version)
    if version not in PYTHONS or interpreter is None:
        raise BuildFailed(f"Python {version} is not available")  # [OWN WORDING]
    say(f"-----> Installing Python {version}")
    return interpreter


def _key(chosen: PackageManager, app: Path, interpreter: Path) -> dict[str, str]:
    """Everything that determines what is installed. LIMIT of the emulation: requirements that include other files."""
    files = [name for name in (chosen.file, *chosen.beside) if (app / name).is_file()]
    if not chosen.program:
        files = sorted(path.relative_to(app).as_posix() for path in app.rglob("*.txt"))
    return {
        "what": f"Scalingo, {chosen.install}",
        "interpreter": environments.identity(interpreter),
        "isolation": isolation.current(),
        **{f"file {name}": hashlib.sha256((app / name).read_bytes()).hexdigest() for name in files},
    }


def _install(chosen: PackageManager, app: Path, folder: Path, interpreter: Path, say: Say) -> None:
    index, uv = variables.package_index(), environments.uv()
    programs = [tools.tool(chosen.program)] if chosen.program else []
    place = Container(
        app=app,
        mounts=(
            Mount(host=folder, inside=PYTHON_HOME, writable=True),
            *python_mount(interpreter),
            *index.mounts,
            *map(tools.mount, programs),
            Mount(host=uv, inside=str(uv)),
        ),
    )
    env = {**index.env, **environments.INSTALLING, **chosen.variables, "PATH": ":".join([*map(str, programs), PATH])}
    commands = [[str(interpreter), "-m", "venv", "--without-pip", PYTHON_HOME], chosen.install.split()]
    if not chosen.program:
        commands.insert(1, [str(uv), "pip", "install", "--quiet", "--python", PYTHON_HOME, "pip"])
    for argv in commands:
        if run_to_end(place, argv, env, limit=LIMIT, each_line=lambda line: say(f"       {line}")) != 0:
            raise BuildFailed("Fail to install the dependencies")  # [OWN WORDING]


def _collect(app: Path, place: Container, env: Mapping[str, str], say: Say) -> None:
    """[docs: Django] Unless the variable DISABLE_COLLECTSTATIC is set, with the manage.py nearest to the root."""
    found = sorted(app.glob("**/manage.py"), key=lambda path: len(path.parts))
    if env.get("DISABLE_COLLECTSTATIC") or not found:
        return
    manage = found[0].relative_to(app).as_posix()
    say(f"-----> $ python {manage} collectstatic --noinput")
    argv = ["python", manage, "collectstatic", "--noinput"]
    if run_to_end(place, argv, {**env, "PATH": PATH}, limit=LIMIT, each_line=lambda line: say(f"       {line}")) != 0:
        raise BuildFailed("Fail to collect the static files")  # [OWN WORDING]
