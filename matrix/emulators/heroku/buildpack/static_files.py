"""`collectstatic` during the build [buildpack v351]: with the config vars, before there are dynos."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ....sandbox.namespace import Container
from ..._kit.programs import run_to_end
from ..api import SHAPES, STACK
from ..dynos import PATH
from .report import BuildFailed, Say, boxed

HOOK = "bin/post_compile"
LIMIT = 900.0  # seconds; Heroku stops a build after 15 minutes
_NOISE = re.compile(r"Post-processed|Copying|$")
# [buildpack v351: config vars that would break the build are not exported]
_NOT_EXPORTED = r"(GIT_DIR|CPATH|CPPATH|LD_PRELOAD|LIBRARY_PATH|LD_LIBRARY_PATH|PATH|PYTHONHOME|PYTHONPATH)"


def collect(app: Path, place: Container, environment: Path, config: Mapping[str, str], say: Say) -> None:
    """Collect the static files of a Django project. Raises BuildFailed if Django cannot."""
    if (app / ".heroku" / "collectstatic_disabled").is_file():
        say("-----> Skipping Django collectstatic since the file '.heroku/collectstatic_disabled' exists.")
        text = "Warning: The .heroku/collectstatic_disabled file is deprecated.\n\n"
        for line in boxed(text + "Please remove the file and set the env var DISABLE_COLLECTSTATIC=1 instead."):
            say(line)
        return
    if (config.get("DISABLE_COLLECTSTATIC") or "0") != "0":
        say("-----> Skipping Django collectstatic since the env var DISABLE_COLLECTSTATIC is set.")
        return
    if not any(environment.glob("[Ll]ib/**/site-packages/django/__init__.py")):
        return
    manage = next(_manage_files(app), None)
    if manage is None:
        say("-----> Skipping Django collectstatic since no manage.py file found.")
        return
    _run(manage, place, config, say)


def _run(manage: str, place: Container, config: Mapping[str, str], say: Say) -> None:
    say(f"-----> $ python {manage} collectstatic --noinput")
    argv = ["python", manage, "collectstatic", "--noinput", "--traceback"]

    def show(line: str) -> None:
        if not _NOISE.match(line):
            say(f"       {line}")

    if run_to_end(place, argv, _variables(config), limit=LIMIT, each_line=show) != 0:
        raise BuildFailed("static files failed", manage=manage)
    say("")


def run_hook(app: Path, place: Container, config: Mapping[str, str], say: Say) -> None:
    """Run the project's script for the end of a build [buildpack v351]. Raises BuildFailed if it fails."""
    say("-----> Running post-compile hook")
    (app / HOOK).chmod(0o755)
    if run_to_end(place, [f"/app/{HOOK}"], _variables(config), limit=LIMIT, each_line=say) != 0:
        raise BuildFailed("hook failed", hook=HOOK)


def _variables(config: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program in a build. DYNO is set only when the app runs."""
    env = {name: value for name, value in config.items() if not re.fullmatch(_NOT_EXPORTED, name)}
    return {**env, **SHAPES.fill("build variables", path=PATH, stack=STACK)}


def _manage_files(app: Path) -> Iterator[str]:
    """Every manage.py at most three levels deep, the shallowest first."""
    found = []
    for folder, folders, files in os.walk(app):
        depth = len(Path(folder).relative_to(app).parts)
        folders[:] = sorted(folders) if depth < 2 else []
        if "manage.py" in files:
            found.append((depth, (Path(folder).relative_to(app) / "manage.py").as_posix()))
    return (path for _, path in sorted(found))
