"""Builds a front end as heroku-buildpack-nodejs does: install everything, run the build script, prune what it needed.

[Dev Center: Heroku Node.js Support] The script `heroku-postbuild` takes precedence over `build`.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from ....sandbox import node
from ....sandbox.namespace import Container
from ..._kit.programs import run_to_end
from .report import BuildFailed, Say

LIMIT = 900.0  # seconds; Heroku stops a build after 15 minutes
NAME = "heroku/nodejs"
_MANAGERS = {
    "yarn.lock": ("npx --yes yarn@1", "install --frozen-lockfile --production=false"),
    "pnpm-lock.yaml": ("npx --yes pnpm@10", "install --frozen-lockfile --prod=false"),
    "package-lock.json": ("npm", "ci --include=dev"),
}
_UNLOCKED = ("npm", "install --include=dev")
_PRUNED = {"npm": "prune --omit=dev"}


def compile_app(app: Path, config: Mapping[str, str], say: Say) -> None:
    """Run npm in `app`. Raises BuildFailed."""
    if node.obstacle():
        raise BuildFailed("not emulated", tool=NAME)
    file = app / "package.json"
    if not file.is_file():
        raise BuildFailed("not emulated", tool=f"{NAME} without a package.json at the root")
    scripts = json.loads(file.read_text(encoding="utf-8")).get("scripts", {})
    script = next((name for name in ("heroku-postbuild", "build") if name in scripts), None)
    program, install = next((found for lock, found in _MANAGERS.items() if (app / lock).is_file()), _UNLOCKED)
    say("-----> Node.js app detected")
    say("-----> Installing dependencies")
    _run(app, config, f"{program} {install}", say)
    say("-----> Build")
    if script:
        _run(app, config, f"{program} run {script}", say)
    if program in _PRUNED:
        say("-----> Pruning devDependencies")
        _run(app, config, f"{program} {_PRUNED[program]}", say)


def _run(app: Path, config: Mapping[str, str], command: str, say: Say) -> None:
    from ....sandbox import variables  # not at the top: slow, and most builds do not need it

    index = variables.package_index()
    env = {
        **index.env,
        **config,
        "HOME": "/app",
        "NODE_ENV": "production",
        "NPM_CONFIG_CACHE": "/tmp/npm",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    place = Container(app=app, mounts=index.mounts)
    if run_to_end(place, shlex.split(command), env, limit=LIMIT, each_line=lambda line: say(f"       {line}")) != 0:
        say("-----> Build failed")
        raise BuildFailed("node failed", command=command)
