"""A user's own app configuration is kept: what it lacks is one problem before anything is created."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace

import pytest

from simple_deploy.contract import Site
from simple_deploy.model import Options, Project, Variable
from simple_deploy.platforms import load
from simple_deploy.text.sealed_file import sealed

Make = Callable[..., Project]
Options_ = Callable[..., Options]
UPSUN, FIXED = load("upsun"), load("platform_sh")

OWN = """\
name: web
type: python:3.13
relationships:
  database: "db:postgresql"
hooks:
  build: |
    # pip install is said here only
    pip install -r requirements.txt

    python manage.py collectstatic --noinput
  deploy: |
    python manage.py migrate
web:
  commands:
    start: gunicorn --bind 127.0.0.1:$PORT blog.wsgi
"""
INSTALL, COLLECT = "    pip install -r requirements.txt\n", "    python manage.py collectstatic --noinput\n"
START = "gunicorn --bind 127.0.0.1:$PORT blog.wsgi"
NO_DATABASE = 'has no relationship called "database", which is where the settings look up the database'

REDIRECTS = """\
"https://{default}/":
  type: upstream
  upstream: "web:http"
"https://www.{default}/":
  type: redirect
  to: "https://{default}/"
"""

# what the file has, what stands there instead -> what is missing
LACKING = [
    (INSTALL, "", "has no command under hooks.build that installs the packages (ours: python -m venv .venv && "),
    (COLLECT, "", "has no command under hooks that collects static files (ours: python manage.py collectstatic"),
    (f"    start: {START}\n", "", "has no command under web.commands.start"),
    ("$PORT", "8000", "starts the site on port 8000, and visitors are sent to $PORT"),
    (START, "waitress-serve --port=$PORT blog.wsgi:application", "starts waitress, which removes the header that says"),
    ("127.0.0.1:$PORT", "unix:$SOCKET", "starts the site on $SOCKET, which needs socket_family: unix under web.upst"),
    ("  database:", "  db:", NO_DATABASE),
    ('  database: "db:postgresql"\n', "", NO_DATABASE),
]
ENOUGH = [
    ("", ""),
    (INSTALL, "    uv sync --frozen\n"),
    # As in the platform's own guide, with a mount for the files.
    (f"{COLLECT}  deploy: |\n", f"  deploy: |\n{COLLECT}"),
    (INSTALL + "\n" + COLLECT, "    ./build.sh\n"),
    ("$PORT", "8888"),
    ("  commands:", "  upstream:\n    socket_family: unix\n  commands:"),
]
UNREAD = [
    ("x: &it\n  a: b\napplications:\n  web:\n    <<: *it\n", "YAML aliases"),
    ("x: &it\n  a: b\napplications:\n  web: *it\n", "YAML aliases"),
    ("x: &it a\nall:\n  - *it\n", "YAML aliases"),
    ("applications: {web: {hooks: {build: pip install}}}\n", "mappings in braces"),
    ("applications:\n  front:\n    type: nodejs:22\n  web:\n    type: 'python:3.13'\n", "several apps"),
]


def problems(text: str, made: Make, options: Options) -> list[str]:
    site = Site(project=made(files={".platform.app.yaml": text.encode()}), options=options)
    return [problem.found for problem in FIXED.check(site)]


@pytest.mark.parametrize(("there", "instead", "missing"), LACKING)
def test_what_the_site_needs_and_the_file_lacks(
    *, there: str, instead: str, missing: str, project: Make, options: Options_
) -> None:
    assert there in OWN
    (found,) = problems(OWN.replace(there, instead), project, options())
    assert found.startswith(f"Your .platform.app.yaml {missing}")
    assert problems(OWN.replace(there, instead), project, options(replace_files=True)) == []


@pytest.mark.parametrize(("there", "instead"), ENOUGH)
def test_what_suffices(*, there: str, instead: str, project: Make, options: Options_) -> None:
    assert there in OWN
    assert problems(OWN.replace(there, instead), project, options()) == []


@pytest.mark.parametrize(("text", "why"), UNREAD)
def test_a_file_that_cannot_be_read_is_not_refused_but_named(
    *, text: str, why: str, project: Make, options: Options_
) -> None:
    assert problems(text, project, options()) == []
    site = Site(project=project(files={".platform.app.yaml": text.encode()}), options=options())
    assert f"your own .platform.app.yaml is kept, and was not checked because it has {why}. The app" in " ".join(
        FIXED.notes(site)
    )


def test_a_file_that_is_read_has_no_such_note(project: Make, options: Options_) -> None:
    site = Site(project=project(files={".platform.app.yaml": OWN.encode()}), options=options())
    assert "was not checked" not in " ".join(FIXED.notes(site))


def test_a_script_that_is_not_executable(project: Make, options: Options_) -> None:
    text = OWN.replace(INSTALL, "    ./build.sh\n")
    made = project(files={".platform.app.yaml": text.encode()})
    made = replace(made, git=replace(made.git, not_executable=frozenset({"build.sh", "other.sh"})))
    (problem,) = FIXED.check(Site(project=made, options=options()))
    assert problem.found.startswith(".platform.app.yaml starts build.sh, which Git does not have as an executable file")


SERVICES = "database:\n  type: postgresql:17\n"


@pytest.mark.parametrize(
    ("services", "missing"),
    [
        (None, ""),
        (SERVICES, "pg_trgm, unaccent"),
        (f"{SERVICES}  configuration:\n    extensions:\n      - pg_trgm\n", "unaccent"),
        (f"{SERVICES}  configuration:\n    extensions: ['pg_trgm', unaccent]\n", ""),
        (f"{SERVICES}  configuration:\n    extensions: [pg_trgm-2, unaccent]\n", "pg_trgm"),
    ],
)
def test_extensions_that_a_users_own_file_does_not_enable(
    services: str | None, missing: str, project: Make, options: Options_
) -> None:
    files = {".platform/services.yaml": services.encode() if services else None}
    made = replace(project(files=files), extensions=("pg_trgm", "unaccent"))
    found = [problem.found for problem in FIXED.check(Site(project=made, options=options()))]
    said = "Migrations of the project need extensions of PostgreSQL that your .platform/services.yaml does not enable: "
    assert found == ([f"{said}{missing}."] if missing else [])


def test_what_an_earlier_run_wrote_is_not_the_users_own(project: Make, options: Options_) -> None:
    written = {".upsun/config.yaml": sealed("applications:\n  web:\n    type: python:3.13\n").encode()}
    made = replace(project(files=written), extensions=("citext",))
    assert UPSUN.check(Site(project=made, options=options())) == ()


def test_everything_that_is_missing_is_named_at_once(project: Make, options: Options_) -> None:
    own = {".upsun/config.yaml": b"applications:\n  web:\n    type: python:3.13\n"}
    (problem,) = UPSUN.check(Site(project=project(files=own), options=options()))
    for missing in ("installs the packages", "web.commands.start", '"database"'):
        assert missing in problem.found
    assert problem.remedy == "Add that, and commit.\nOr overwrite yours with --replace-files."


def test_ours_lacks_nothing(project: Make, options: Options_) -> None:
    for platform in (UPSUN, FIXED):
        ours = {
            edit.path: edit.edit(None).encode() for edit in platform.files(Site(project=project(), options=options()))
        }
        site = Site(project=project(files=ours), options=options())
        assert platform.check(site) == ()
        assert platform.notes(site) == ()


def test_uploads_need_a_mount_in_a_users_own_file(project: Make, options: Options_) -> None:
    def said(own: str) -> tuple[str, ...]:
        made = project(files={".platform.app.yaml": own.encode()}, media_root="/srv/blog/uploads")
        site = Site(project=made, options=options())
        return FIXED.not_working(site)

    finished = OWN.replace(
        "    python manage.py migrate\n", "    python manage.py migrate\n    echo 'Deploy hook finished.'\n"
    )
    (note,) = said(finished)
    assert "Add a key `mounts` with the folder uploads to your own .platform.app.yaml." in note
    assert said(f"{finished}mounts:\n  uploads:\n    source: local\n") == ()


def test_a_hook_that_does_not_migrate_is_named(project: Make, options: Options_) -> None:
    own = OWN.replace("python manage.py migrate", "echo 'Deploy hook finished.'")
    (note,) = FIXED.not_working(Site(project=project(files={".platform.app.yaml": own.encode()}), options=options()))
    assert note.endswith("does not migrate the database. Add a line: python manage.py migrate --noinput")


@pytest.mark.parametrize(
    ("old", "new", "command", "folder"),
    [
        ("", "", START, "."),
        (f"start: {START}", "start: 'gunicorn blog.wsgi'", "gunicorn blog.wsgi", "."),
        (f"start: {START}", "start: |\n      cd back\n      gunicorn blog.wsgi", "cd back\ngunicorn blog.wsgi", "."),
        (f"start: {START}", "start: >-\n      gunicorn\n      blog.wsgi", "gunicorn blog.wsgi", "."),
        ("name: web\n", 'source:\n  root: "/back"\n', START, "back"),
        ("name: web\n", "variables:\n  env:\n    PYTHONPATH: src\n", START, None),
    ],
)
def test_how_the_file_starts_the_site(
    old: str, new: str, command: str, folder: str | None, project: Make, options: Options_
) -> None:
    own = replace(project("pip", "."), files={".platform.app.yaml": OWN.replace(old, new, 1).encode()})
    (start,) = FIXED.starts(Site(project=own, options=options()))
    assert (start.file, start.command, start.folder) == (".platform.app.yaml", command, folder)


def test_a_file_of_ours_starts_nothing_else(project: Make, options: Options_) -> None:
    for files in ({}, {".platform.app.yaml": sealed(OWN).encode()}):
        assert FIXED.starts(Site(project=replace(project("pip", "."), files=files), options=options())) == ()


@pytest.mark.parametrize(("routes", "own"), [(REDIRECTS, False), (REDIRECTS.replace("redirect", "upstream"), True)])
def test_whether_an_address_with_www_is_the_sites_own(routes: str, own: bool, project: Make, options: Options_) -> None:
    made = project(files={".platform/routes.yaml": routes.encode()})
    known = b64decode(FIXED.environment(Site(project=made, options=options()))["PLATFORM_ROUTES"])
    assert (b"https://www.main-" in known) == own


def test_the_host_of_a_relationship_that_is_missing_leads_nowhere(project: Make, options: Options_) -> None:
    """The note on a Redis names this address; the relationship has to be added."""

    def left(given: str, own: str = "") -> str:
        files = {"requirements.txt": b"Django\nredis\n", **({".platform.app.yaml": own.encode()} if own else {})}
        made = project(files=files)
        made = replace(made, dependencies=replace(made.dependencies, declared=frozenset({"django", "redis"})))
        read = Variable(name="REDIS_URL", place="s.py:1", needed="no", kind="cache")
        site = Site(project=replace(made, variables=(read,)), options=options(variables={"REDIS_URL": given}))
        return " ".join(FIXED.not_done(site))

    assert "No Redis is created" in left("redis://redis.internal:6379")
    assert "No Redis is created" in left("redis://redis.internal:6379", OWN)
    related = OWN.replace("relationships:\n", "relationships:\n  redis: 'cache:redis'\n")
    assert related != OWN and "No Redis is created" not in left("redis://redis.internal:6379", related)
    assert "No Redis is created" not in left("redis://redis.example.com")


def test_a_users_own_file_may_serve_uploads(project: Make, options: Options_) -> None:
    location = '        "/media":\n            root: media\n'
    for own, serves in ((OWN, False), (f"{OWN}{location}", True), (f"{OWN}# /media: no\n", False)):
        made = project(files={".platform.app.yaml": own.encode()}, media_root="/srv/blog/media", media_url="/media/")
        site = Site(project=replace(made, serves_uploads=True), options=options())
        assert FIXED.serves_folders(site) is serves
