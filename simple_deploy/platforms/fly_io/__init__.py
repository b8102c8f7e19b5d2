"""Fly.io: the files that a project needs, what exists on the platform, and the commands that make up the difference."""

from __future__ import annotations

from simple_deploy.contract import HEALTH, Cli, Platform, Production

from .checks import WAYS, check, left_out, not_done, not_working, notes
from .databases import KINDS
from .files import app_name, claims, environment, files
from .fly_toml import CONFIGURATION
from .own_image import BESIDE, DOCKERFILE, own_starts
from .steps import address, destroy, live, placeholders, removal, steps
from .survey import find, survey
from .texts import GUIDE
from .watch import watch
from .workflow import workflow

# Fly.io's health check requires status 200, and the project's pages are unknown. So every response from Django counts,
# including a redirect or "not found", but not a refused host (400) or an error.
_HEALTH = f"""\
# Fly.io checks {HEALTH}: the site is healthy if it responds without an error, with any page.
def _healthz(get_response):
    from django.http import HttpResponse

    def answer(request):
        response = get_response(request)
        well = response.status_code < 500 and response.status_code != 400
        return HttpResponse("ok") if well and request.path == "{HEALTH}" else response

    return answer

MIDDLEWARE = [f"{{__name__}}._healthz", *MIDDLEWARE]"""

PLATFORM = Platform(
    contract="1.0",
    name="Fly.io",
    cli=Cli(
        executable="fly",
        version=("fly", "version"),
        whoami=("fly", "auth", "whoami"),
        install="brew install flyctl, or one of the installers on the page below",
        login="fly auth login",
        see="https://fly.io/docs/flyctl/install/",
        tokens=("FLY_ACCESS_TOKEN", "FLY_API_TOKEN"),
    ),
    reads=(CONFIGURATION, DOCKERFILE, BESIDE, ".dockerignore"),
    databases=KINDS,
    organizations=True,
    deploys_folder=True,
    variables_in_build=False,
    production=Production(
        # Fly.io names the app in every machine (Fly docs: the Machine runtime environment), but not in a build: there
        # the image itself sets the name.
        building='"ON_FLY_IO" in os.environ or "FLY_APP_NAME" in os.environ',
        running='"FLY_APP_NAME" in os.environ',
        prelude=tuple(_HEALTH.splitlines()),
        hosts='os.environ["FLY_APP_NAME"] + ".fly.dev"',
        set_variable="fly secrets set ALLOWED_HOSTS=www.example.com,example.com",
        # Fly.io's proxy for managed databases closes connections after ten minutes (Fly docs: MPG, client
        # configuration). The address determines whether TLS is used: unmanaged databases do not support it.
        database="dj_database_url.config(conn_max_age=300{engine})",
        database_if='"DATABASE_URL" in os.environ',
    ),
    claims=claims,
    app_name=app_name,
    files=files,
    check=check,
    not_working=not_working,
    notes=notes,
    not_done=not_done,
    ways=WAYS,
    placeholders=placeholders,
    survey=survey,
    find=find,
    steps=steps,
    address=address,
    watch=watch,
    live=live,
    workflow=workflow,
    destroy=destroy,
    removal=removal,
    guide=GUIDE,
    environment=environment,
    left_out=left_out,
    starts=own_starts,
)
