"""Texts about Fly.io: the problems that stop a run, and the guide after one."""

from __future__ import annotations

from pathlib import Path

from simple_deploy.contract import Guide, HowTo, Link, Message, facts, oldest_year

from .identity import LABEL

_DOCS = "https://fly.io/docs"

impossible_name = Message(
    code="fly-name",
    found='"{name}" is not a valid app name on Fly.io.',
    remedy="Use up to 60 lowercase letters, digits and hyphens, without a hyphen at either end.",
)
impossible_region = Message(
    code="fly-region",
    found='"{region}" is not a Fly.io region: region codes have three letters.',
    remedy="Choose one from fly platform regions, or leave out --region: --automate-all picks one.",
    see="https://fly.io/docs/reference/regions/",
)
two_databases = Message(
    code="fly-two-databases",
    found="The option --env sets DATABASE_URL, but the app would also get its own database.",
    remedy="To use the database that DATABASE_URL names, add --database none. Otherwise leave out DATABASE_URL.",
)
not_copied = Message(
    code="fly-copy",
    found="A Dockerfile cannot copy files with these names: {paths}.",
    remedy="Give the file or its folder a name without $ ' \" \\ [ * ? and commit that.",
)
left_out = Message(
    code="fly-left-out",
    found=".dockerignore excludes files that the image needs: {paths}.",
    remedy="Remove the matching line from .dockerignore, or add at its end: {lines:!*}",
    see="https://docs.docker.com/build/concepts/context/#dockerignore-files",
)
unsuitable_image = Message(
    code="fly-dockerfile",
    found="Your Dockerfile {reason}.",
    remedy="Start gunicorn in it, and commit: {wanted}\n"
    "Or remove {key} from [build] in fly.toml: Fly.io then builds {file}, which this run writes, and yours stays.\n"
    "Or overwrite yours with --replace-files.",
    see="https://docs.djangoproject.com/en/stable/howto/deployment/",
)
closed_configuration = Message(
    code="fly-toml",
    found="Nothing can be added to fly.toml: {reason}.",
    remedy="Fix that place. Each table needs its own header, for example a line [http_service].",
    see="https://fly.io/docs/reference/configuration/",
)
unknown_region = Message(
    code="fly-region-unknown",
    found='Fly.io has no region "{region}" for this.',
    remedy="Choose one of: {codes:--region *}",
    see="https://fly.io/docs/reference/regions/",
)
other_organization = Message(
    code="fly-other-organization",
    found="The app {app} belongs to the organization {own}, not to {wanted}.",
    remedy="Leave out --org, or choose another name: --deployed-project-name NAME",
)
unknown_organization = Message(
    code="fly-organization",
    found="Your Fly.io account has no organization {name}.",
    remedy="Choose one of: {known:--org *}",
)
which_organization = Message(
    code="fly-organizations",
    found="Your Fly.io account has several organizations.",
    remedy="Choose one of: {known:--org *}",
)
foreign_database = Message(
    code="fly-database",
    found="The app's database would be named {name}, but that name is in use: {reason}.",
    remedy="Choose another name for the app: --deployed-project-name NAME\n"
    "Or use --database none and attach a database yourself.\n"
    "If that database belongs to this project, name the app and add --adopt.",
)


# Title, page, and its content.
_STARTS = (
    "The first command starts a stopped machine, because the console needs a running one; it asks which machine, and "
    "you select it with the space bar."
)
_READING = (
    ("App configuration (fly.toml)", "/reference/configuration/", "what every key of fly.toml means."),
    ("Deploy an app", "/launch/deploy/", "what `fly deploy` does, and how it replaces machines."),
    (
        "Health checks",
        "/reference/health-checks/",
        "when Fly.io considers a machine healthy, and what happens if it is not.",
    ),
    ("Autostop and autostart", "/launch/autostop-autostart/", "when machines stop and start."),
    ("Secrets", "/apps/secrets/", "how secrets are set, staged and removed."),
    ("Fly Postgres", "/postgres/", "what the unmanaged database is, and what you must do yourself."),
    ("Managed Postgres", "/mpg/", "what the managed database offers, and its plans."),
    ("The Machine runtime environment", "/machines/runtime-environment/", "which variables the site can read."),
    ("Regions", "/reference/regions/", "where machines can run."),
    ("Custom domains", "/networking/custom-domain/", "which DNS records your own domain needs."),
    ("Pricing", "/about/pricing/", "what is billed, and the price in each region."),
    ("Cost management", "/about/cost-management/", "how to follow and limit costs."),
    ("Tigris object storage", "/tigris/", "where uploads go instead of the machine's disk."),
)
GUIDE = Guide(
    year=oldest_year(facts(Path(__file__).parent)),
    redeploy=HowTo(
        commands=(
            'git commit --all --message "..."',
            ("fly", "deploy", "--app", "{app}", "--ha=false", "--image-label", LABEL),
        ),
        why="Run them in the folder with `fly.toml`. Fly.io builds that folder, committed or not; the label tells the "
        "next run of simple_deploy which commit is online. If the build, the migration or the health check fails, the "
        "previous version keeps serving.",
    ),
    logs=HowTo(
        commands=("fly logs --app {app} --no-tail", "fly logs --app {app}"),
        why="The latest log lines of the site and its machine; without `--no-tail`, the command follows the log until "
        "Ctrl-C. Look here first when a page returns an error.",
    ),
    console=HowTo(
        commands=(
            "fly machine start --app {app}",
            "fly ssh console --app {app}",
            'fly ssh console --app {app} --pty --command "python {quoted_manage_py} shell"',
        ),
        why=f"{_STARTS} The second opens a shell with the site's code and secrets; "
        "the third opens Django's shell. Files that you change there are lost when the machine stops.",
        shown=1,
    ),
    superuser=HowTo(
        commands=(
            "fly machine start --app {app}",
            'fly ssh console --app {app} --pty --command "python {quoted_manage_py} createsuperuser"',
        ),
        why=f"{_STARTS} The site's database is separate from the one on your machine, so create its first admin user "
        "once.",
        shown=1,
    ),
    variable=HowTo(
        commands=("fly secrets set --app {app} NAME=value", "fly secrets list --app {app}"),
        why="Keep keys of mail or payment services here, not in the code. Setting one restarts the machines. "
        "The second command shows names only: Fly.io never shows a secret's value. Put values that are not secret in "
        "`fly.toml`, below `[env]`.",
    ),
    domain=HowTo(
        commands=(
            "fly certs add --app {app} www.example.com",
            "fly certs check --app {app} www.example.com",
            "fly secrets set --app {app} ALLOWED_HOSTS=www.example.com",
        ),
        why="Replace `www.example.com` with your domain. The first command requests a certificate, the second shows "
        "the DNS records to create at your DNS provider, and the third makes Django accept the domain.",
    ),
    backup=HowTo(
        commands=(
            "fly volumes list --app {database}",
            "fly volumes snapshots list VOLUME",
            "fly postgres connect --app {database}",
        ),
        why="For the unmanaged database: Fly.io takes a snapshot of its volume every day and keeps it for five days. "
        "Replace `VOLUME` with the volume's ID. The third command opens `psql`. Fly.io backs up a managed database "
        "itself: `fly mpg backup list ID`.",
    ),
    destroy="fly apps destroy *{apps}",
    destroy_why="This permanently deletes the named apps and all their data, after asking: back up your data first. A "
    "managed database is not included and keeps costing money: `fly mpg list` shows its ID, `fly mpg destroy ID` "
    "deletes it.",
    differences=(
        "The disk is ephemeral: files that the site writes are lost whenever the machine stops, after some minutes "
        "without traffic or for the next deployment. The database is kept; store uploads in a bucket.",
        "A machine without traffic stops, and the next visitor waits a few seconds. With `min_machines_running = 1` "
        "in `fly.toml`, one machine always runs.",
        "There is one machine. The site is down while it is replaced or if it fails; `fly scale count 2` creates a "
        "second one.",
        "`fly deploy` builds the folder in its current state, committed or not. `.dockerignore` excludes files.",
        "The build has no secrets and no variables from `[env]`: variables that the settings read during the build "
        "need a default.",
        "Fly.io checks the site's health at `/healthz`. The settings block answers it, unless your site has such a "
        "page.",
        "On SIGTERM, gunicorn has 20 seconds to finish its requests; Fly.io waits for 30.",
    ),
    checklist=(
        "Download a backup of the database, and test restoring it.",
        "Decide early whether to use a managed database (`--database managed`).",
        "Choose a mail service and set its secrets: Fly.io does not send mail.",
        "If users upload files, store them in a bucket.",
    ),
    reading=tuple(Link(title=title, address=f"{_DOCS}{page}", why=why) for title, page, why in _READING),
)
