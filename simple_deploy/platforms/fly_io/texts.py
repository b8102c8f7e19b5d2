"""What people are told after a run on Fly.io."""

from __future__ import annotations

from pathlib import Path

from ..contract import Guide, HowTo, Link, facts, oldest_year
from .label import LABEL

_DOCS = "https://fly.io/docs"

GUIDE = Guide(
    year=oldest_year(facts(Path(__file__).parent)),
    redeploy=HowTo(
        commands=(
            'git commit --all --message "..."',
            ("fly", "deploy", "--app", "{app}", "--ha=false", "--image-label", LABEL),
        ),
        why="Run them in the folder of `fly.toml`. Fly.io builds that folder, whatever Git says of it; the label tells "
        "the next run of simple_deploy which commit is online. If the build, the migration or the health check fails, "
        "the version before it keeps serving.",
    ),
    logs=HowTo(
        commands=("fly logs --app {app} --no-tail", "fly logs --app {app}"),
        why="What the site and its machine said last, and what they are saying now, until Ctrl-C. This is the first "
        "place to look when a page answers with an error.",
    ),
    console=HowTo(
        commands=(
            "fly machine start --app {app}",
            "fly ssh console --app {app}",
            'fly ssh console --app {app} --pty --command "python {quoted_manage_py} shell"',
        ),
        why="The first command wakes a machine that sleeps, because only a started one has a console; it asks which "
        "machine, and you mark it with the space bar. The second opens a shell in it, with the site's code and its "
        "secrets; the third is Django's. Files that you change there are gone after the next deployment.",
    ),
    superuser=HowTo(
        commands=(
            "fly machine start --app {app}",
            'fly ssh console --app {app} --pty --command "python {quoted_manage_py} createsuperuser"',
        ),
        why="The first command wakes a machine that sleeps, because only a started one has a console. "
        "The database of the site is not the one on your machine: its first admin user is made once, by you.",
    ),
    variable=HowTo(
        commands=("fly secrets set --app {app} NAME=value", "fly secrets list --app {app}"),
        why="Keys of mail or payment services belong here and not into the code. Setting one restarts the machines. "
        "The second command shows names only: Fly.io tells nobody a secret's value. What is no secret can stand in "
        "`fly.toml`, below `[env]`.",
    ),
    domain=HowTo(
        commands=(
            "fly certs add --app {app} www.example.com",
            "fly certs check --app {app} www.example.com",
            "fly secrets set --app {app} ALLOWED_HOSTS=www.example.com",
        ),
        why="Put your own name for `www.example.com`. The first asks for a certificate, the second shows the DNS "
        "records to make where you bought the domain, and the third makes Django accept the name.",
    ),
    backup=HowTo(
        commands=(
            "fly volumes list --app {database}",
            "fly volumes snapshots list VOLUME",
            "fly postgres connect --app {database}",
        ),
        why="For the unmanaged database: its volume is snapshotted every day, and a snapshot is kept for five days. "
        "Put the volume's ID for `VOLUME`. The third opens `psql` on it. A managed database is backed up by Fly.io: "
        "`fly mpg backup list ID`.",
    ),
    destroy="fly apps destroy *{apps}",
    destroy_why="This removes what it names with all data, for good, and asks first: save your data before. A managed "
    "database is not part of it and goes on costing: `fly mpg list` names its ID, `fly mpg destroy ID` removes it.",
    differences=(
        "The disk does not last: files that the site writes vanish with the next deployment. The database stays; "
        "uploads belong into a bucket.",
        "A machine without visitors stops, and the next visitor waits a few seconds. With `min_machines_running = 1` "
        "in `fly.toml` one always runs.",
        "There is one machine. While it is replaced or if it fails, nobody answers; `fly scale count 2` makes two.",
        "`fly deploy` builds the folder as it lies there, whether committed or not. `.dockerignore` keeps things out.",
        "The build knows no secrets and no variables of `[env]`: what the settings need there must have a default.",
        "Fly.io asks `/healthz` whether the site is well. The settings block answers it, unless your site has such "
        "a page.",
        "On SIGTERM gunicorn has 20 seconds to finish its requests, and Fly.io waits for 30.",
    ),
    checklist=(
        "Visit the site and log in to its admin with a user of your own.",
        "Fetch a backup of the database, and restore it once to be sure that you can.",
        "Decide whether Fly.io should look after the database (`--database managed`) before it holds much.",
        "Choose a mail service and set its secrets: Fly.io itself sends no mail.",
        "If users upload files, store them in a bucket.",
        "Use a domain of your own.",
        "When everything speaks https, turn on HSTS: set `SECURE_HSTS_SECONDS`, small at first.",
        "Have errors reported to you (Django's `ADMINS`, or a service), and watch the site from outside.",
        "Run `python {manage_py} check --deploy` after larger changes.",
        "Use PostgreSQL on your machine too, as soon as you rely on what only one database does.",
    ),
    reading=(
        Link(
            title="App configuration (fly.toml)",
            address=f"{_DOCS}/reference/configuration/",
            why="what every key of fly.toml means.",
        ),
        Link(
            title="Deploy an app",
            address=f"{_DOCS}/launch/deploy/",
            why="what `fly deploy` does, and how it replaces machines.",
        ),
        Link(
            title="Health checks",
            address=f"{_DOCS}/reference/health-checks/",
            why="when Fly.io takes a machine for well, and what follows if it is not.",
        ),
        Link(
            title="Autostop and autostart",
            address=f"{_DOCS}/launch/autostop-autostart/",
            why="when machines sleep and wake.",
        ),
        Link(
            title="Secrets",
            address=f"{_DOCS}/apps/secrets/",
            why="how secrets are set, staged and removed.",
        ),
        Link(
            title="Fly Postgres",
            address=f"{_DOCS}/postgres/",
            why="what the unmanaged database is, and what is left to you.",
        ),
        Link(
            title="Managed Postgres",
            address=f"{_DOCS}/mpg/",
            why="what the managed database offers, and its plans.",
        ),
        Link(
            title="The Machine runtime environment",
            address=f"{_DOCS}/machines/runtime-environment/",
            why="which variables the site finds.",
        ),
        Link(
            title="Regions",
            address=f"{_DOCS}/reference/regions/",
            why="where machines can be.",
        ),
        Link(
            title="Custom domains",
            address=f"{_DOCS}/networking/custom-domain/",
            why="which DNS records a domain of your own needs.",
        ),
        Link(
            title="Pricing",
            address=f"{_DOCS}/about/pricing/",
            why="what is counted, and at which price in which region.",
        ),
        Link(
            title="Cost management",
            address=f"{_DOCS}/about/cost-management/",
            why="how to see costs coming.",
        ),
        Link(
            title="Tigris object storage",
            address=f"{_DOCS}/tigris/",
            why="where uploads go instead of the machine's disk.",
        ),
        Link(
            title="Django's deployment checklist",
            address="https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
            why="what else a site should think of, on any platform.",
        ),
    ),
)
