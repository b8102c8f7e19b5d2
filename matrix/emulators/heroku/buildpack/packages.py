"""Installs the packages of a project as the buildpack does, once for all projects with the same files."""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from ....sandbox import environments, isolation
from ....sandbox.namespace import Container, Mount, python_mount
from ..._kit.programs import compile_command, compile_modules, run_to_end
from ..dynos import PATH, PYTHON_HOME
from .package_managers import PackageManager
from .report import BuildFailed, Say

LIMIT = 900.0  # seconds; Heroku stops a build after 15 minutes


def install(chosen: PackageManager, app: Path, interpreter: Path, say: Say) -> Path:
    """The environment with everything that the project requires. Raises BuildFailed if the installation fails.

    A failure is never cached: the package manager checks its files again with each build.
    """
    say(f"-----> Installing {chosen.title} {chosen.version}")
    say(f"-----> Installing dependencies using '{chosen.command}'")
    output: list[str] = []

    def show(line: str) -> None:
        say(f"       {line}")
        output.append(line)

    def build(folder: Path) -> None:
        _make_python(chosen, app, folder, interpreter)
        _install(chosen, app, folder, interpreter, show)

    folder = environments.cached(_key(chosen, app, interpreter), build)
    if not output:
        say("       Requirements already satisfied, from the cache of an earlier build")
    return folder


def own(environment: Path, app: Path) -> Path:
    """A copy for this app only, which its own script may change; the packages of other builds are shared."""
    copy = app.with_name(f"{app.name}-python")
    shutil.copytree(environment, copy, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
    return copy


def _key(chosen: PackageManager, app: Path, interpreter: Path) -> dict[str, str]:
    """Everything that determines what is installed, and whether: a lock counts together with its manifest."""
    files = [name for name in chosen.deciding_files(app) if (app / name).is_file()]
    text = "\n".join((app / name).read_bytes().decode("utf-8", "replace") for name in files)
    deciding = sorted(_every_file(app)) if re.search(chosen.own_code, text) else files
    return {
        "what": f"Heroku, {chosen.title} {chosen.version}",
        "command": f"{' '.join(chosen.argv)} && {' '.join(compile_command(PYTHON_HOME))}",
        "interpreter": environments.identity(interpreter),
        "isolation": isolation.current(),
        **{f"file {name}": hashlib.sha256((app / name).read_bytes()).hexdigest() for name in deciding},
    }


def _every_file(app: Path) -> list[str]:
    return [path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file()]


def _make_python(chosen: PackageManager, app: Path, folder: Path, interpreter: Path) -> None:
    """Python as the buildpack installs it, with pip for pip only. Built in place: its programs contain its path."""
    from ....sandbox import variables  # not at the top: slow, and most builds find everything in the cache

    index, uv = variables.package_index(), environments.uv()
    place = _workshop(app, folder, interpreter, (*index.mounts, Mount(host=uv, inside=str(uv))))
    env = {**index.env, **environments.INSTALLING}
    _run(place, [str(interpreter), "-m", "venv", "--without-pip", PYTHON_HOME], env)
    if not chosen.program:
        _run(place, [str(uv), "pip", "install", "--python", PYTHON_HOME, f"pip=={chosen.version}"], env)


def _install(chosen: PackageManager, app: Path, folder: Path, interpreter: Path, say: Say) -> None:
    from ....sandbox import tools, variables  # not at the top, as above

    index = variables.package_index()
    programs = [tools.tool(chosen.program, chosen.version)] if chosen.program else []
    mounts = (*index.mounts, *map(tools.mount, programs))
    path = ":".join([*map(str, programs), PATH])
    env = {**index.env, **chosen.variables, "PATH": path}
    place = _workshop(app, folder, interpreter, mounts)
    _run(place, chosen.argv, env, title=chosen.title, each_line=say)
    # Poetry compiles for the Python that it runs with, which is the app's on Heroku and another one here.
    compile_modules(place, PYTHON_HOME, env, limit=LIMIT)


def _workshop(app: Path, folder: Path, interpreter: Path, mounts: tuple[Mount, ...] = ()) -> Container:
    """A container in which the environment can be written."""
    writable = Mount(host=folder, inside=PYTHON_HOME, writable=True)
    return Container(app=app, mounts=(writable, *python_mount(interpreter), *mounts))


def _run(
    place: Container,
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    title: str = "Python",
    each_line: Say = lambda line: None,
) -> None:
    if run_to_end(place, argv, env, limit=LIMIT, each_line=each_line) != 0:
        raise BuildFailed("install failed", tool=title)
