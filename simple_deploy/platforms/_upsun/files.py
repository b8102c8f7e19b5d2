"""The files that Upsun reads: how the site is built, deployed, started and reached."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from ..contract import FileEdit, Options, Project, Remote, build_only, serves_static, static_root
from . import python_version
from .deploy_hook import FINISHED
from .flavour import Flavour, Template
from .templates import Values, filled, quoted

_ENVIRONMENT = Template(
    path=".environment",
    source=Path(__file__).with_name("environment.sh"),
    why="a SECRET_KEY for settings that read it from the environment",
)


def file_edits(flavour: Flavour, project: Project, options: Options, remote: Remote) -> tuple[FileEdit, ...]:
    """The platform's own files, and the one that gives SECRET_KEY to settings that look for it."""
    values = _values(project, options)
    return tuple(_file_edit(template, values) for template in (*flavour.templates, _ENVIRONMENT))


def _file_edit(template: Template, values: Values) -> FileEdit:
    text = filled(template.source.read_text(encoding="utf-8"), values)
    return FileEdit(path=template.path, edit=lambda present: text, why=template.why, whole=True)


def _values(project: Project, options: Options) -> Values:
    # Without a version, the check stops the run.
    version = python_version.choose(project, options).version
    return {
        "python": quoted(f"python:{version}"),
        "dependencies": list(_dependencies(project)),
        "variables": list(_variables(project)),
        "install": [shlex.join(argv) for argv in project.dependencies.install],
        "collectstatic": list(_collectstatic(project)),
        "manage_py": shlex.quote(project.manage_py),
        "finished": FINISHED,
        "start": quoted(_start(project)),
        "static": list(_static(project)),
        "media": quoted(uploads(project)),
        "database_url": list(_database_url(project)),
    }


def _dependencies(project: Project) -> Iterator[str]:
    """The package manager itself: the newest, which is the one form that the documentation shows."""
    names = [re.split(r"[^A-Za-z0-9._-]", requirement)[0] for requirement in project.dependencies.tool]
    if names:
        yield "dependencies:"
        yield "  python3:"
        yield from (f'    {name}: "*"' for name in names)


def _variables(project: Project) -> Iterator[str]:
    yield from (f"{name}: {quoted(value)}" for name, value in project.dependencies.install_env.items())
    if not project.settings.selected:
        yield f"DJANGO_SETTINGS_MODULE: {quoted(project.settings.module)}"
    # gunicorn 25.1 and later: `control_socket`.
    yield "# gunicorn keeps a socket in this folder; its default folder is read-only here."
    yield 'XDG_RUNTIME_DIR: "/tmp"'


def _collectstatic(project: Project) -> Iterator[str]:
    if serves_static(project.settings):
        values = {"SECRET_KEY": "build-only", **build_only(project.variables, ("SECRET_KEY",))}
        given = " ".join(f"{name}={shlex.quote(value)}" for name, value in values.items())
        yield f"{given} .venv/bin/python {shlex.quote(project.manage_py)} collectstatic --noinput"


def _database_url(project: Project) -> Iterator[str]:
    """For settings that cannot be loaded without it: the platform describes the database in a variable of its own."""
    if not any(variable.name == "DATABASE_URL" and variable.needed != "no" for variable in project.variables):
        return
    yield "# Your settings need DATABASE_URL: built from the platform's description of the database."
    yield 'if [ -n "${PLATFORM_RELATIONSHIPS:-}" ] && [ -z "${DATABASE_URL:-}" ]; then'
    yield "    DATABASE_URL=\"$(python3 -c '"
    yield "import base64, json, os"
    yield "from urllib.parse import quote"
    yield 'service = json.loads(base64.b64decode(os.environ["PLATFORM_RELATIONSHIPS"]))["database"][0]'
    yield 'login = quote(service["username"], safe="") + ":" + quote(service["password"], safe="")'
    yield 'print("postgres://" + login + "@{host}:{port}/{path}".format(**service))'
    yield "')\""
    yield "    export DATABASE_URL"
    yield "fi"


def _start(project: Project) -> str:
    chdir = f"--chdir {shlex.quote(project.manage_dir)} " if project.nested else ""
    return (
        f".venv/bin/gunicorn {chdir}--bind 127.0.0.1:$PORT --worker-class gthread --workers 2 --threads 4 "
        f"--timeout 30 {project.settings.wsgi}"
    )


def _static(project: Project) -> Iterator[str]:
    """The platform's own server has the static files, and asks the site for what it does not find."""
    prefix = static_prefix(project)
    if not serves_static(project.settings) or prefix is None:
        return
    yield f"{quoted(prefix)}:"
    yield f"  root: {quoted(static_root(project.settings))}"
    yield "  passthru: true"
    yield "  rules:"
    yield "    # The name contains a hash of the content, so browsers can cache the file forever."
    yield "    '\\.[0-9a-f]{12}\\.':"
    yield "      headers:"
    yield '        Cache-Control: "public, max-age=31536000, immutable"'


def static_prefix(project: Project) -> str | None:
    """STATIC_URL as a path of the site; None if the files are somewhere else."""
    parts = urlsplit(project.settings.static_url or "static/")
    path = parts.path.strip("/")
    return f"/{path}" if path and not parts.netloc else None


def uploads(project: Project) -> str:
    """MEDIA_ROOT relative to the Git root; the folder that its absence leaves to choose is "media"."""
    root = PurePosixPath(project.root.resolve().as_posix())
    media = PurePosixPath(Path(project.settings.media_root).as_posix()) if project.settings.media_root else root
    below = media.relative_to(root).as_posix() if media.is_relative_to(root) else "."
    return below if below != "." else "media"
