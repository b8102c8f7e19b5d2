"""Heroku: the files that a project needs, what exists on the platform, and the commands that make up the difference."""

from __future__ import annotations

from ..contract import Cli, Platform, Production, needed_everywhere
from .project import MISSPELT, app_name, check, claims, environment, file_edits, not_done, notes
from .remote import survey
from .steps import address, destroy, placeholders, removal, steps, watch
from .texts import GUIDE

PLATFORM = Platform(
    id="heroku",
    name="Heroku",
    cli=Cli(
        name="Heroku",
        executable="heroku",
        version=("heroku", "--version"),
        whoami=("heroku", "auth:whoami"),
        install="npm install --global heroku, or one of the installers on the page below",
        login="heroku login",
        see="https://devcenter.heroku.com/articles/heroku-cli",
        tokens=("HEROKU_API_KEY",),
    ),
    reads=("Procfile", *MISSPELT),
    databases=("postgres",),
    organizations=False,
    deploys_folder=False,
    production=Production(
        name="Heroku",
        # DYNO is set in every dyno but not while the slug is built (Dev Center, "Dynos and the dyno manager");
        # the build sees the app's config vars, of which ON_HEROKU is one.
        building='"DYNO" in os.environ or "ON_HEROKU" in os.environ',
        running='"DYNO" in os.environ',
        secret_key='os.environ["SECRET_KEY"]',
        # Set by the feature runtime-dyno-metadata (Dev Center, "Heroku Labs: Dyno Metadata").
        hosts='os.environ.get("HEROKU_APP_DEFAULT_DOMAIN_NAME", "")',
        set_variable="heroku config:set ALLOWED_HOSTS=www.example.com,example.com",
        # Heroku Postgres accepts encrypted connections only (Dev Center, "Connecting to Heroku Postgres").
        database="dj_database_url.config(conn_max_age=600, ssl_require=True{engine})",
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
