"""Heroku builds what is pushed to it, and runs it in dynos."""

from __future__ import annotations

from simple_deploy.contract import Cli, Platform, Production

from . import slugignore
from .checks import WAYS, check, not_done, not_working, notes, starts
from .files import HOOK, MISSPELT, SHADOW, environment, files
from .steps import address, destroy, live, placeholders, removal, steps, watch
from .survey import REMOTES, find, survey
from .texts import GUIDE
from .workflow import workflow

PLATFORM = Platform(
    contract="1.0",
    name="Heroku",
    cli=Cli(
        executable="heroku",
        whoami=("heroku", "auth:whoami"),
        install="npm install --global heroku, or one of the installers on the page below",
        login="heroku login",
        see="https://devcenter.heroku.com/articles/heroku-cli",
        tokens=("HEROKU_API_KEY",),
    ),
    reads=("Procfile", HOOK, slugignore.NAME, SHADOW, *MISSPELT),
    databases=("postgres",),
    production=Production(
        # DYNO is set in every dyno but not while the slug is built (Dev Center, "Dynos and the dyno manager"); the
        # build has the app's config vars, including ON_HEROKU.
        building='"DYNO" in os.environ or "ON_HEROKU" in os.environ',
        running='"DYNO" in os.environ',
        # Set by the feature runtime-dyno-metadata (Dev Center, "Heroku Labs: Dyno Metadata").
        hosts='os.environ.get("HEROKU_APP_DEFAULT_DOMAIN_NAME", "")',
        set_variable="heroku config:set ALLOWED_HOSTS=www.example.com,example.com",
        # Heroku Postgres accepts encrypted connections only (Dev Center, "Connecting to Heroku Postgres").
        database="dj_database_url.config(conn_max_age=600, ssl_require=True{engine})",
    ),
    claims=REMOTES.claims,
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
    left_out=slugignore.left_out,
    starts=starts,
    # PYTHONPATH names the Git root (heroku-buildpack-python).
    search_paths=(".",),
)
