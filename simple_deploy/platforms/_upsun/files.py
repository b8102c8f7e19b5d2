"""The files that Upsun reads: how the site is built, deployed, started and reached."""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from simple_deploy.contract import BUILD_ONLY_DATABASE_URL, BUILD_ONLY_KEY, FileEdit, FrontEnd, Recipe, Site, filled

from .deploy_hook import FINISHED
from .extensions import enabled
from .flavour import Flavour, Template
from .mounts import copied_in, hidden, kept_beside, mounts
from .own_file import serves_www
from .python import choose
from .variables import has_own_secret

_ENVIRONMENT = Template(
    path=".environment",
    source=Path(__file__).parent / "templates" / "environment",
    why="a SECRET_KEY for settings that read it from the environment",
)
_GUNICORN = ("--workers", "2", "--timeout", "30")


def files(flavour: Flavour, site: Site) -> tuple[FileEdit, ...]:
    """The platform's own files, and the one that sets SECRET_KEY for settings that read it."""
    values = _values(flavour, site)
    return tuple(_file_edit(template, values) for template in (*flavour.templates, _ENVIRONMENT))


def _file_edit(template: Template, values: Mapping[str, str | Sequence[str]]) -> FileEdit:
    text = filled(template.source, values)
    return FileEdit(path=template.path, edit=lambda present: text, why=template.why, whole=True)


def _values(flavour: Flavour, site: Site) -> dict[str, str | Sequence[str]]:
    recipe, hides = site.recipe, hidden(flavour, site)
    given = " ".join(f"{name}={shlex.quote(value)}" for name, value in recipe.build_variables.items())
    return {
        # Without a version, the check stops the run.
        "python": quoted(f"python:{choose(site).version}"),
        "dependencies": list(_dependencies(recipe)),
        "variables": list(_variables({**recipe.install_env, **site.variables})),
        "front_end": list(_front_end(recipe.front_end)),
        "install": [shlex.join(argv) for argv in recipe.install],
        "build": [*_build(recipe, given), *kept_beside(hides)],
        "release": [*copied_in(hides), *(in_venv(argv) for argv in (*recipe.release, *recipe.upload))],
        "finished": FINISHED,
        # The line is run by a shell, which expands the port.
        "start": quoted(f"{in_venv(recipe.web(*_GUNICORN))} --bind 127.0.0.1:$PORT"),
        "static": [*_static(site), *_uploads(site)],
        "mounts": list(mounts(flavour, site)),
        "extensions": list(enabled(site.recipe.extensions)),
        "database_url": list(_database_url(site)),
    }


def quoted(text: str) -> str:
    """A YAML scalar in double quotes: JSON is YAML, and names stay readable."""
    return json.dumps(text, ensure_ascii=False)


def in_venv(argv: Sequence[str]) -> str:
    """A command of the environment, which is not activated here."""
    return f".venv/bin/{shlex.join(argv)}"


def _build(recipe: Recipe, given: str) -> Iterator[str]:
    """The commands that may start programs that packages install, such as a compiler of style sheets."""
    if recipe.build or recipe.translate:
        yield 'export PATH="$PWD/.venv/bin:$PATH"'
    yield from (f"{given} {in_venv(argv)}" for argv in recipe.build)
    yield from _translations(recipe, given)


def _translations(recipe: Recipe, given: str) -> Iterator[str]:
    """The documentation does not say whether the image has msgfmt: without it, the site runs untranslated."""
    if recipe.translate:
        yield "# Compile translations, which Git does not have compiled."
        yield "if command -v msgfmt; then"
        yield f"    {given} {in_venv(recipe.translate)}"
        yield "fi"


def _dependencies(recipe: Recipe) -> Iterator[str]:
    """The package manager itself: the newest version, which is the only form that the documentation shows.

    In a Python image, `n` selects a Node.js version (docs: "Manage Node.js versions").
    """
    tool = recipe.tool
    if tool or recipe.front_end:
        yield "dependencies:"
    if recipe.front_end:
        yield "  nodejs:"
        yield '    n: "*"'
    if tool:
        yield "  python3:"
        yield from (f'    {re.split(r"[^A-Za-z0-9._-]", requirement)[0]}: "*"' for requirement in tool)


def _front_end(wanted: FrontEnd | None) -> Iterator[str]:
    """Before static files are collected. The version manager and npm write only where the build may."""
    if not wanted:
        return
    yield "# Build the front end with Node.js."
    yield 'export N_PREFIX="$PLATFORM_APP_DIR/.global" NPM_CONFIG_CACHE="$PLATFORM_CACHE_DIR/npm"'
    yield f"n {wanted.node}"
    yield "hash -r"
    yield f"(cd {shlex.quote(wanted.folder)} && {' && '.join(map(shlex.join, wanted.commands))})"


def _variables(variables: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name}: {quoted(value)}" for name, value in variables.items())
    # gunicorn 25.1 and later: `control_socket`.
    yield "# Newer versions of gunicorn keep a socket in this folder; its default folder is read-only here."
    yield 'XDG_RUNTIME_DIR: "/tmp"'


def _database_url(site: Site) -> Iterator[str]:
    """For settings that read it: the platform describes the database in its own variable."""
    # A file of variables that Git has may set it too, for development: what is set first wins.
    if not any(variable.name == "DATABASE_URL" for variable in site.project.variables):
        return
    yield "# Your settings read DATABASE_URL: built from the platform's description of the database."
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


def _static(site: Site) -> Iterator[str]:
    """The platform's own server serves static files, and passes requests for missing ones to the site."""
    static = site.recipe.static
    if static and static.path:
        yield f"{quoted(static.path)}:"
        yield f"  root: {quoted(static.root)}"
        yield "  passthru: true"
        if site.project.settings.static.names != "plain":
            yield "  rules:"
            yield "    # The name contains a hash of the content, so browsers can cache the file forever."
            yield "    '\\.[0-9a-f]{12}\\.':"
            yield "      headers:"
            yield '        Cache-Control: "public, max-age=31536000, immutable"'


def _uploads(site: Site) -> Iterator[str]:
    """The same for uploads, which Django serves in development only."""
    recipe = site.recipe
    taken = recipe.static.path if recipe.static else ""
    if recipe.media and recipe.media_path not in ("", taken):
        yield f"{quoted(recipe.media_path)}:"
        yield f"  root: {quoted(recipe.media)}"
        yield "  passthru: true"


def environment(site: Site) -> Mapping[str, str]:
    """The variables of a running site (Upsun docs, "Use variables"), and those in our file .environment."""
    database = {
        "username": "user",
        "password": "build-only-0123456789",
        "host": "localhost",
        "port": 5432,
        "path": "site",
    }
    host = "main-bvxea6i-abcdefghijkl2.eu-5.platformsh.site"
    addresses = [f"https://{host}/", *([f"https://www.{host}/"] if serves_www(site) else [])]
    own = {"DATABASE_URL": BUILD_ONLY_DATABASE_URL, "SECRET_KEY": BUILD_ONLY_KEY}
    return {
        "PLATFORM_APPLICATION": _encoded({"name": "app"}),
        "PLATFORM_APPLICATION_NAME": "app",
        "PLATFORM_APP_DIR": "/app",
        "PLATFORM_BRANCH": "main",
        "PLATFORM_ENVIRONMENT": "main-bvxea6i",
        "PLATFORM_ENVIRONMENT_TYPE": "production",
        "PLATFORM_PROJECT": "abcdefghijkl2",
        "PLATFORM_PROJECT_ENTROPY": BUILD_ONLY_KEY,
        "PLATFORM_RELATIONSHIPS": _encoded({"database": [database]}),
        "PLATFORM_ROUTES": _encoded({address: {"type": "upstream"} for address in addresses}),
        "PLATFORM_SMTP_HOST": "",
        "PLATFORM_TREE_ID": "0123456789abcdef",
        "PORT": "8888",
        **(own if has_own_secret(site) else {}),
    }


def _encoded(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()
