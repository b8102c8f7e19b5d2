"""Fly.io: the files that a project needs, what exists on the platform, and the commands that make up the difference."""

from __future__ import annotations

from ..contract import Cli, Platform, Production, needed_everywhere
from .databases import KINDS
from .notes import not_done, notes
from .project import app_name, check, claims, environment, file_edits
from .remote import survey
from .steps import address, destroy, placeholders, removal, steps
from .texts import GUIDE
from .watch import watch

# Fly.io's health check requires status 200, and the pages of a project are unknown. So every response from Django
# counts, including a redirect or "not found", but not a refused host (400) or an error.
_HEALTH = """\
# Fly.io checks /healthz: the site is healthy if it responds without an error, with any page.
def _healthz(get_response):
    from django.http import HttpResponse

    def answer(request):
        response = get_response(request)
        well = response.status_code < 500 and response.status_code != 400
        return HttpResponse("ok") if well and request.path == "/healthz" else response

    return answer

MIDDLEWARE = [f"{__name__}._healthz", *MIDDLEWARE]"""

PLATFORM = Platform(
    id="fly_io",
    name="Fly.io",
    cli=Cli(
        name="Fly.io",
        executable="fly",
        version=("fly", "version"),
        whoami=("fly", "auth", "whoami"),
        install="brew install flyctl, or one of the installers on the page below",
        login="fly auth login",
        see="https://fly.io/docs/flyctl/install/",
        tokens=("FLY_ACCESS_TOKEN", "FLY_API_TOKEN"),
    ),
    reads=("fly.toml", "Dockerfile", ".dockerignore"),
    databases=KINDS,
    organizations=True,
    deploys_folder=True,
    production=Production(
        name="Fly.io",
        # Fly.io names the app in every machine (Fly docs: the Machine runtime environment), but not in a build:
        # the image itself says there whose it is.
        building='"ON_FLY_IO" in os.environ or "FLY_APP_NAME" in os.environ',
        running='"FLY_APP_NAME" in os.environ',
        prelude=tuple(_HEALTH.splitlines()),
        secret_key='os.environ["SECRET_KEY"]',
        hosts='os.environ["FLY_APP_NAME"] + ".fly.dev"',
        set_variable="fly secrets set ALLOWED_HOSTS=www.example.com,example.com",
        # Fly.io's proxy for managed databases ends connections after ten minutes (Fly docs: MPG, client
        # configuration). The address says itself whether TLS is used: unmanaged databases know none.
        database="dj_database_url.config(conn_max_age=300{engine})",
        database_if='"DATABASE_URL" in os.environ',
    ),
    requirements=needed_everywhere,
    claims=claims,
    app_name=app_name,
    file_edits=file_edits,
    check=check,
    notes=notes,
    not_done=not_done,
    placeholders=placeholders,
    survey=survey,
    steps=steps,
    address=address,
    watch=watch,
    destroy=destroy,
    removal=removal,
    guide=GUIDE,
    environment=environment,
)
