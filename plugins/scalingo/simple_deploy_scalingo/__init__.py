"""Scalingo builds what is pushed to it with buildpacks like Heroku's, and runs it in containers."""

from __future__ import annotations

from simple_deploy.contract import Cli, Platform, Production

from .checks import check, not_done, not_working, notes
from .files import environment, files
from .steps import address, destroy, live, placeholders, removal, steps, watch
from .survey import REMOTES, account, find, survey
from .texts import GUIDE
from .workflow import workflow

PLATFORM = Platform(
    contract="1.0",
    name="Scalingo",
    cli=Cli(
        executable="scalingo",
        whoami=("scalingo", "self"),
        account=account,
        install="the installer for your system on the page below",
        login="scalingo login",
        see="https://doc.scalingo.com/tools/cli/start",
        tokens=("SCALINGO_API_TOKEN",),
    ),
    reads=("Procfile", "runtime.txt", "package.json"),
    databases=("postgresql",),
    production=Production(
        # Build and runtime variables (doc.scalingo.com/platform/app/environment).
        building='"CONTAINER" in os.environ or "SOURCE_VERSION" in os.environ',
        running='"CONTAINER" in os.environ',
        # https://APP.REGION.scalingo.io (doc.scalingo.com/languages/python/django/start).
        hosts='"{APP}.{REGION_NAME}.scalingo.io".format_map(os.environ)',
        set_variable="scalingo env-set ALLOWED_HOSTS=www.example.com,example.com",
        # New databases have TLS activated (doc.scalingo.com/databases/postgresql/start).
        database="dj_database_url.config(conn_max_age=600, ssl_require=True{engine})",
    ),
    claims=REMOTES.claims,
    files=files,
    check=check,
    not_working=not_working,
    notes=notes,
    not_done=not_done,
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
)
