"""The image: the package manager's install commands → a Dockerfile."""

from __future__ import annotations

import json
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from ..contract import Options, Project, build_only, native, python_version, serves_static

_TEMPLATES = Path(__file__).with_name("templates")
_TOOL = "/opt/tool"
# Longer than a request may take (20 seconds), shorter than Fly waits for the machine's end (30, see fly.toml).
_GRACE = "20"


def dockerfile(project: Project, options: Options) -> str:
    """Two stages: an installation of the lock, and a small image that runs as a user of its own."""
    dependencies, needs = project.dependencies, native(project)
    template = (_TEMPLATES / "Dockerfile").read_text(encoding="utf-8")
    return template.format(
        manifest=dependencies.lock or dependencies.manifest,
        compiled=_apt("Needed to compile some packages.", needs.build),
        libraries=_apt("System libraries that some packages need.", needs.run),
        python=str(python_version.wanted(project, options)),
        environment="".join(
            f" \\\n    {name}={shlex.quote(value)}" for name, value in dependencies.install_env.items()
        ),
        tool=_tool(dependencies.tool),
        copies="\n".join(_copies(dependencies.files)),
        install=" && \\\n    ".join(map(shlex.join, dependencies.install)),
        settings=_settings(project),
        collectstatic=_collectstatic(project),
        command=json.dumps(_gunicorn(project), ensure_ascii=False),
    )


def _apt(comment: str, packages: tuple[str, ...]) -> str:
    """Debian's packages, without what apt itself leaves behind."""
    if not packages:
        return ""
    return (
        f"# {comment}\n"
        "RUN apt-get update && \\\n"
        f"    apt-get install --yes --no-install-recommends {' '.join(packages)} && \\\n"
        "    rm -rf /var/lib/apt/lists/*\n"
    )


def _tool(requirements: tuple[str, ...]) -> str:
    """The package manager, in an environment of its own and last on PATH: `python` stays the image's."""
    if not requirements:
        return ""
    return (
        "RUN --mount=type=cache,target=/cache \\\n"
        f"    python -m venv {_TOOL} && \\\n"
        f"    {_TOOL}/bin/pip install {shlex.join(requirements)}\n"
        f"ENV PATH=$PATH:{_TOOL}/bin\n"
    )


def _copies(files: Iterable[str]) -> Iterator[str]:
    """COPY takes files into one folder at a time."""
    folders: dict[str, list[str]] = defaultdict(list)
    for file in files:
        folders["." if file == "." else str(PurePosixPath(file).parent)].append(file)
    for folder, names in folders.items():
        words = [*names, f"{folder}/"] if names != ["."] else [".", "."]
        plain = not any(set(word) & set(" \t") for word in words)
        yield f"COPY {' '.join(words) if plain else json.dumps(words, ensure_ascii=False)}"


def _settings(project: Project) -> str:
    if project.settings.selected:
        return ""
    return f"DJANGO_SETTINGS_MODULE={project.settings.module} \\\n    "


def _collectstatic(project: Project) -> str:
    if not serves_static(project.settings):
        return ""
    values = {"SECRET_KEY": "build-only", **build_only(project.variables, ("SECRET_KEY", "ON_FLY_IO"))}
    given = " ".join(f"{name}={shlex.quote(value)}" for name, value in values.items())
    return (
        "# Placeholders for variables that the settings require; the real values are never in the image.\n"
        f"RUN {given} python {shlex.quote(project.manage_py)} collectstatic --noinput\n"
    )


def _gunicorn(project: Project) -> list[str]:
    chdir = ["--chdir", project.manage_dir] if project.nested else []
    numbers = ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    times = ["--timeout", _GRACE, "--graceful-timeout", _GRACE]
    return ["gunicorn", *chdir, *numbers, *times, project.settings.wsgi or ""]
