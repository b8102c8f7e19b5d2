"""The site's recipe → a Dockerfile."""

from __future__ import annotations

import json
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from simple_deploy.contract import FrontEnd, Recipe, Site, filled

from .fly_toml import PORT

_TEMPLATE = Path(__file__).parent / "templates" / "Dockerfile"
_TOOL = "/opt/tool"
_NODE_STAGE = "front-end"
# Set by the image itself, so that the settings can detect where they run.
_OWN = {"ON_FLY_IO": "1"}
# Longer than a request may take (20 seconds), shorter than Fly waits for the machine to stop (30, see fly.toml).
_GUNICORN = (
    *("--workers", "2"),
    *("--timeout", "20"),
    *("--graceful-timeout", "20"),
)


def dockerfile(site: Site, port: str = str(PORT)) -> str:
    """Two stages: one that installs from the lock, and a small image that runs as its own user."""
    recipe, dependencies = site.recipe, site.project.dependencies
    bind = ("--bind", f"0.0.0.0:{port}") if recipe.binds else ()
    return filled(
        _TEMPLATE,
        {
            "manifest": dependencies.lock or dependencies.manifest,
            "python": str(recipe.python),
            "compiled": list(_apt("Needed to compile some packages.", recipe.system.build)),
            "build_environment": _environment({"XDG_CACHE_HOME": "/cache", **recipe.install_env}),
            "tool": list(_tool(recipe.tool)),
            "copies": list(_copies(recipe.files)),
            "install": " && \\\n    ".join(map(shlex.join, recipe.install)),
            "front_end": list(_front_end(recipe.front_end)),
            "project": f"--from={_NODE_STAGE} /app" if recipe.front_end else ".",
            "written": list(_written(recipe.written)),
            "libraries": list(_apt("System packages that the site or its build needs.", _system(recipe))),
            "environment": _environment({**site.variables, **_OWN}),
            "build": list(_build(site)),
            "command": json.dumps(recipe.web(*_GUNICORN, *bind), ensure_ascii=False),
        },
    )


def _environment(variables: Mapping[str, str]) -> str:
    return " \\\n    ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())


def _system(recipe: Recipe) -> tuple[str, ...]:
    return (*recipe.system.run, *(("gettext",) if recipe.translate else ()))


def _apt(comment: str, packages: tuple[str, ...]) -> Iterator[str]:
    """Debian's packages, without the files that apt leaves behind."""
    if packages:
        yield f"# {comment}"
        yield "RUN apt-get update && \\"
        yield f"    apt-get install --yes --no-install-recommends {' '.join(packages)} && \\"
        yield "    rm -rf /var/lib/apt/lists/*"


def _front_end(wanted: FrontEnd | None) -> Iterator[str]:
    """A stage with Node.js, which the final image does not have: the project with the built front end."""
    if not wanted:
        return
    yield f"FROM node:{wanted.node}-slim AS {_NODE_STAGE}"
    yield "WORKDIR /app"
    yield "COPY . ."
    if wanted.folder != ".":
        yield f"WORKDIR {shlex.quote(f'/app/{wanted.folder}')}"
    yield "ENV NPM_CONFIG_CACHE=/cache"
    yield "RUN --mount=type=cache,target=/cache \\"
    yield f"    {' && '.join(map(shlex.join, wanted.commands))}"
    yield ""


def _written(path: str) -> Iterator[str]:
    """The installation of the project has written it, in the other stage."""
    if path:
        yield f"COPY --from=build {json.dumps([f'/app/{path}', path], ensure_ascii=False)}"


def _tool(requirements: tuple[str, ...]) -> Iterator[str]:
    """The package manager, in its own environment and last on PATH: `python` stays the image's."""
    if requirements:
        yield "RUN --mount=type=cache,target=/cache \\"
        yield f"    python -m venv {_TOOL} && \\"
        yield f"    {_TOOL}/bin/pip install {shlex.join(requirements)}"
        yield f"ENV PATH=$PATH:{_TOOL}/bin"


def _copies(files: Iterable[str]) -> Iterator[str]:
    """COPY takes files into one folder at a time."""
    folders: dict[str, list[str]] = defaultdict(list)
    for file in files:
        folders["." if file == "." else str(PurePosixPath(file).parent)].append(file)
    for folder, names in folders.items():
        words = [*names, f"{folder}/"] if names != ["."] else [".", "."]
        plain = not any(set(word) & set(" \t") for word in words)
        yield f"COPY {' '.join(words) if plain else json.dumps(words, ensure_ascii=False)}"


def _build(site: Site) -> Iterator[str]:
    variables = {name: value for name, value in site.recipe.build_variables.items() if name not in _OWN}
    given = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    commands = [argv for argv in (*site.recipe.build, site.recipe.translate) if argv]
    if commands:
        yield "# Placeholders for variables that the settings require; the real values are never in the image."
    yield from (f"RUN {given} {shlex.join(argv)}" for argv in commands)
