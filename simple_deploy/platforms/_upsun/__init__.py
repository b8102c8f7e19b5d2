"""What Upsun's two products have in common: a Platform, made from their differences."""

from __future__ import annotations

from functools import partial

from simple_deploy.contract import Cli, Platform, Production

from .checks import WAYS, check, not_done, not_working, notes
from .files import environment, files
from .flavour import Flavour, Template
from .mounts import mounted, serves_folders
from .own_file import read_only, starts
from .steps import address, destroy, live, placeholders, removal, steps, watch
from .survey import app_name, claims, find, survey
from .texts import guide
from .workflow import workflow

__all__ = ["Flavour", "Template", "platform"]


def platform(flavour: Flavour) -> Platform:
    """The product's Platform."""
    return Platform(
        contract="1.0",
        name=flavour.name,
        cli=Cli(
            executable=flavour.executable,
            # At a terminal, the CLI would start a login by itself (upsun/cli source, `AuthInfoCommand`).
            whoami=(flavour.executable, "auth:info", "email", "--no-interaction"),
            install="one of the installers on the page below (Homebrew, Scoop, a system package, a script)",
            login=f"{flavour.executable} login",
            see=f"{flavour.docs}/administration/cli.html",
            tokens=(flavour.token,),
        ),
        reads=(*(template.path for template in flavour.templates), ".environment", flavour.link),
        databases=("postgresql",),
        variables_in_build=False,
        read_only=partial(read_only, flavour),
        serves_folders=partial(serves_folders, flavour),
        writable=partial(mounted, flavour),
        starts=partial(starts, flavour),
        organizations=True,
        customers=flavour.customers,
        production=_production(flavour),
        claims=partial(claims, flavour),
        app_name=app_name,
        files=partial(files, flavour),
        check=partial(check, flavour),
        not_working=partial(not_working, flavour),
        notes=partial(notes, flavour),
        not_done=partial(not_done, flavour),
        ways=WAYS,
        placeholders=partial(placeholders, flavour),
        survey=partial(survey, flavour),
        find=partial(find, flavour),
        steps=partial(steps, flavour),
        address=partial(address, flavour),
        watch=partial(watch, flavour),
        live=partial(live, flavour),
        workflow=partial(workflow, flavour),
        destroy=partial(destroy, flavour),
        removal=partial(removal, flavour),
        guide=guide(flavour),
        environment=environment,
    )


def _production(flavour: Flavour) -> Production:
    """The variables that exist during a build and at run time: Upsun docs, "Use variables"."""
    return Production(
        building='"PLATFORM_APPLICATION_NAME" in os.environ',
        running='"PLATFORM_ENVIRONMENT" in os.environ',
        prelude=(
            "import json",
            "from base64 import b64decode",
            "from urllib.parse import quote, urlsplit",
            "",
            "# The platform describes the site's routes and its database in JSON variables.",
            '_routes = json.loads(b64decode(os.environ["PLATFORM_ROUTES"])).items()',
            '_own = [urlsplit(url).hostname for url, route in _routes if route["type"] == "upstream"]',
            '_service = json.loads(b64decode(os.environ["PLATFORM_RELATIONSHIPS"]))["database"][0]',
            '_login = quote(_service["username"], safe="") + ":" + quote(_service["password"], safe="")',
            '_url = "pgsql://" + _login + "@{host}:{port}/{path}".format(**_service)',
        ),
        secret_key='os.environ.get("SECRET_KEY") or os.environ["PLATFORM_PROJECT_ENTROPY"]',
        hosts="*_own",
        set_variable=f"{flavour.executable} domain:add www.example.com",
        # If the platform, or you, set DATABASE_URL, it takes precedence.
        database="dj_database_url.config(default=_url, conn_max_age=600{engine})",
    )
