"""A build as buildpacks do it: the project's Python, the packages of one package manager, the static files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ...sandbox import environments, isolation, tools, variables
from ...sandbox.namespace import Container, Mount, python_mount
from .programs import compile_command, compile_modules, run_to_end

Say = Callable[[str], None]
LIMIT = 900.0  # seconds


class BuildFailed(Exception):
    """The build stops; the text is the reason."""


class PackageManager(NamedTuple):
    """A package manager: the file that selects it, other relevant files, its program, and how it installs.

    In its variables, `{home}` is the folder of the app's Python.
    """

    file: str
    beside: tuple[str, ...]
    program: str
    install: str
    variables: Mapping[str, str]


_HOME = {"VIRTUAL_ENV": "{home}"}
MANAGERS = (
    PackageManager(
        "Pipfile.lock", ("Pipfile",), "pipenv", "pipenv install --deploy", {"PIPENV_VERBOSITY": "-1", **_HOME}
    ),
    PackageManager("poetry.lock", ("pyproject.toml",), "poetry", "poetry sync --compile --no-interaction", _HOME),
    PackageManager(
        *("uv.lock", ("pyproject.toml", ".python-version"), "uv", "uv sync --locked --no-default-groups --no-progress"),
        {"UV_PROJECT_ENVIRONMENT": "{home}", "UV_PYTHON_DOWNLOADS": "never", "UV_NO_MANAGED_PYTHON": "1"},
    ),
    PackageManager("requirements.txt", (), "", "pip install --disable-pip-version-check -r requirements.txt", {}),
)


@dataclass(frozen=True, kw_only=True)
class PythonBuild:
    """What one platform's build has: its Pythons, one of them as the default, and the folder of an app's Python.

    The first of the package managers whose file the project has is used.
    """

    platform: str
    home: str
    pythons: tuple[str, ...]
    default: str
    managers: tuple[PackageManager, ...] = MANAGERS

    @property
    def path(self) -> str:
        """PATH in the build and in the app's containers."""
        return f"{self.home}/bin:/usr/local/bin:/usr/bin:/bin"

    def container(self, app: Path, environment: Path, interpreter: Path) -> Container:
        """An app's folder with its Python."""
        return Container(app=app, mounts=(Mount(host=environment, inside=self.home), *python_mount(interpreter)))

    def run(self, app: Path, env: Mapping[str, str], say: Say) -> tuple[Path, Path]:
        """The environment and the interpreter of the app, whose static files are collected. Raises BuildFailed."""
        chosen = next((one for one in self.managers if (app / one.file).is_file()), None)
        if chosen is None:
            raise BuildFailed("No supported stack detected")
        interpreter = self._interpreter(app, say)
        say(f"-----> Installing dependencies with {chosen.program or 'pip'}")
        environment = environments.cached(
            self._key(chosen, app, interpreter), lambda folder: self._install(chosen, app, folder, interpreter, say)
        )
        self._collect(app, self.container(app, environment, interpreter), env, say)
        return environment, interpreter

    def _interpreter(self, app: Path, say: Say) -> Path:
        """The version in runtime.txt or .python-version, or the default."""
        places = (app / name for name in ("runtime.txt", ".python-version"))
        texts = [place.read_text(encoding="utf-8") for place in places if place.is_file()]
        found = re.search(r"(\d+\.\d+)", texts[0]) if texts else None
        version = found[1] if found else self.default
        interpreter = environments.python(version)
        if version not in self.pythons or interpreter is None:
            raise BuildFailed(f"Python {version} is not available")
        say(f"-----> Installing Python {version}")
        return interpreter

    def _key(self, chosen: PackageManager, app: Path, interpreter: Path) -> dict[str, str]:
        """Everything that determines what is installed. LIMIT: requirements that include files other than *.txt."""
        files = [name for name in (chosen.file, *chosen.beside) if (app / name).is_file()]
        if not chosen.program:
            files = sorted(path.relative_to(app).as_posix() for path in app.rglob("*.txt"))
        return {
            "what": f"{self.platform}, {chosen.install} && {' '.join(compile_command(self.home))}",
            "interpreter": environments.identity(interpreter),
            "isolation": isolation.current(),
            **{f"file {name}": hashlib.sha256((app / name).read_bytes()).hexdigest() for name in files},
        }

    def _install(self, chosen: PackageManager, app: Path, folder: Path, interpreter: Path, say: Say) -> None:
        index, uv = variables.package_index(), environments.uv()
        programs = [tools.tool(chosen.program)] if chosen.program else []
        place = Container(
            app=app,
            mounts=(
                Mount(host=folder, inside=self.home, writable=True),
                *python_mount(interpreter),
                *index.mounts,
                *map(tools.mount, programs),
                Mount(host=uv, inside=str(uv)),
            ),
        )
        own = {name: value.format(home=self.home) for name, value in chosen.variables.items()}
        env = {**index.env, **environments.INSTALLING, **own, "PATH": ":".join([*map(str, programs), self.path])}
        commands = [[str(interpreter), "-m", "venv", "--without-pip", self.home], chosen.install.split()]
        if not chosen.program:
            commands.insert(1, [str(uv), "pip", "install", "--quiet", "--python", self.home, "pip"])
        for argv in commands:
            if run_to_end(place, argv, env, limit=LIMIT, each_line=lambda line: say(f"       {line}")) != 0:
                raise BuildFailed("Fail to install the dependencies")
        # For the app's Python: Poetry compiles for the one that it runs with.
        compile_modules(place, self.home, env, limit=LIMIT)

    def _collect(self, app: Path, place: Container, env: Mapping[str, str], say: Say) -> None:
        """Unless the variable DISABLE_COLLECTSTATIC is set, with the manage.py nearest to the root."""
        found = sorted(app.glob("**/manage.py"), key=lambda path: len(path.parts))
        if env.get("DISABLE_COLLECTSTATIC") or not found:
            return
        argv = ["python", found[0].relative_to(app).as_posix(), "collectstatic", "--noinput"]
        say(f"-----> $ {' '.join(argv)}")
        env = {**env, "PATH": self.path}
        if run_to_end(place, argv, env, limit=LIMIT, each_line=lambda line: say(f"       {line}")) != 0:
            raise BuildFailed("Fail to collect the static files")
