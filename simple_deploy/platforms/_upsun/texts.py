"""Texts about Upsun for either product: the problems that stop a run, and the guide after one."""

from __future__ import annotations

from pathlib import Path

from simple_deploy.contract import Guide, HowTo, Link, Message, facts, oldest_year

from .flavour import Flavour

REGION = facts(Path(__file__).parent)["region"].value

several_projects = Message(
    code="upsun-several-projects",
    found='Your account has several projects called "{title}": {projects}.',
    remedy="If one of them belongs to this project, name it by its ID: --deployed-project-name ID --adopt\n"
    "To create a new one: --deployed-project-name NEW-NAME",
)
no_organization = Message(
    code="upsun-no-organization",
    found="Your account has no organization that can own the project. {said}",
    remedy="Create one: {cli} organization:create",
)
existing_customers_only = Message(
    code="upsun-fixed",
    found="Platform.sh (Upsun Fixed) accepts existing customers only, and your account is in no organization of "
    "that kind. New organizations can only own Upsun projects.",
    remedy="Deploy to Upsun: --platform upsun\n"
    "If you have a contract for Upsun Fixed, ask its support for an organization of the type fixed.",
    see="https://fixed.docs.upsun.com/administration/organizations.html",
)
unknown_organization = Message(
    code="upsun-organization",
    found='Your account has no organization "{name}".',
    remedy="Choose one of: {known:--org *}",
)
which_organization = Message(
    code="upsun-organizations",
    found="Your account has several organizations that could own (and pay for) the project.",
    remedy="Choose one of: {known:--org *}",
)
no_region = Message(
    code="upsun-region",
    found="A new project needs a region, and with --yes the CLI does not ask for one.",
    remedy="Choose one, for example --region {region}. Without --yes, {cli} lists all regions.",
    see="{see}",
)
excluded_python = Message(
    code="upsun-python-excluded",
    found='{name} supports Python {supported}, but {manifest} allows only "{allowed}".',
    remedy="Allow Python 3.13, update the lock file with that version, and commit both.",
    see="{see}",
)
unsupported_django = Message(
    code="upsun-django",
    found="{name} would run the site on Python {version}, which Django {django} does not support.",
    remedy="Upgrade the project to Django 4.2 or newer, and commit.",
    see="{see}",
)
extensions = Message(
    code="upsun-extensions",
    found="Migrations of the project need extensions of PostgreSQL that your {file} does not enable: {missing}.",
    remedy="List them under configuration.extensions of the database service, and commit.",
    see="{see}",
)
unsuitable_file = Message(
    code="upsun-own-file",
    found="Your {file} {reasons}.",
    remedy="Add that, and commit.\nOr overwrite yours with --replace-files.",
    see="{see}",
)

_MAIN = "--environment {branch}"
# Title, page of the documentation, and its content.
_READING = (
    (
        "Build and deploy",
        "learn/overview/build-deploy.html",
        "what happens in which order, and what is available at each stage.",
    ),
    (
        "Comparison of hooks",
        "create-apps/hooks/hooks-comparison.html",
        "what each hook can write to, which services it can use, and which failure stops a deployment.",
    ),
    ("Python", "languages/python.html", "which versions are supported, and how dependencies are installed."),
    ("Mounts", "create-apps/image-properties/mounts.html", "how to keep files that the site writes."),
    ("PostgreSQL", "add-services/postgresql.html", "versions, extensions, and how to access the data."),
    (
        "Web server",
        "create-apps/image-properties/web.html",
        "how the site is started, and which files the web server serves itself.",
    ),
    ("Routes", "define-routes.html", "how to configure addresses, redirects and domains."),
    ("Variables", "development/variables.html", "levels, prefixes, and variables that the platform sets."),
    (
        "Troubleshooting",
        "development/troubleshoot.html",
        "what to do when a deployment hangs or fails, and how to force one.",
    ),
    ("The CLI", "administration/cli.html", "how to install it, and how to log in without a browser."),
)


def guide(flavour: Flavour) -> Guide:
    """The texts with the product's own CLI, files and addresses. Commands assume the linked folder."""
    cli, docs = flavour.executable, flavour.docs
    return Guide(
        year=oldest_year(facts(Path(__file__).parent)),
        redeploy=_redeploy(cli),
        logs=_logs(cli),
        console=_console(cli),
        superuser=_superuser(cli),
        variable=_variable(cli),
        domain=_domain(cli),
        backup=_backup(cli, docs),
        destroy=f"{cli} project:delete",
        destroy_why="This permanently deletes the project {app} with its database, backups and uploads, after asking "
        "for its title. Download a dump first. Costs so far are charged at the end of the month.",
        differences=_differences(cli, docs),
        checklist=(
            "Check which backups are made, and test restoring one.",
            "Choose a mail service and set its variables.",
            "If users upload files, check that a mount keeps them, and that your site serves them.",
            "Set an alert on the organization's billing.",
        ),
        reading=(*_reading(docs), *flavour.reading),
    )


def _reading(docs: str) -> tuple[Link, ...]:
    return tuple(Link(title=title, address=f"{docs}/{page}", why=why) for title, page, why in _READING)


def _redeploy(cli: str) -> HowTo:
    return HowTo(
        commands=('git commit --all --message "..."', f"{cli} push --target {{branch}} --yes"),
        why="The platform builds what you push, stops the previous version, migrates the database, and starts "
        "the new one. If the build fails, the previous version keeps serving. A failing migration does not stop "
        f"the deployment: `{cli} activity:log` shows it, and running simple_deploy again reports it.",
    )


def _logs(cli: str) -> HowTo:
    return HowTo(
        commands=(f"{cli} logs app {_MAIN}", f"{cli} logs app --tail {_MAIN}", f"{cli} activity:log {_MAIN}"),
        why="The latest log lines of the site; `--tail` follows the log. The third command shows the last "
        "deployment with its hooks. Look here first when a page returns an error.",
    )


def _console(cli: str) -> HowTo:
    return HowTo(
        commands=(
            f"{cli} ssh {_MAIN}",
            f"{cli} ssh {_MAIN} --option 'RequestTTY force' -- .venv/bin/python {{manage_py}} shell",
        ),
        why="A shell in the container of the running site, with its variables and its database; it starts in "
        "/app, where your repository is. The second command opens Django's shell.",
    )


def _superuser(cli: str) -> HowTo:
    return HowTo(
        commands=(f"{cli} ssh {_MAIN} --option 'RequestTTY force' -- .venv/bin/python {{manage_py}} createsuperuser",),
        why="The site's database is separate from the one on your machine, so create its first admin user once.",
    )


def _variable(cli: str) -> HowTo:
    return HowTo(
        commands=(
            f"{cli} variable:create NAME --prefix env --level environment --value value --sensitive true {_MAIN}",
            f"{cli} variable:list {_MAIN}",
        ),
        why="Keep keys of mail or payment services here, not in the code. The prefix makes it an environment "
        "variable; `--sensitive` hides its value. Setting one restarts the site.",
    )


def _domain(cli: str) -> HowTo:
    return HowTo(
        commands=(f"{cli} domain:add www.example.com", f"{cli} environment:info edge_hostname {_MAIN}"),
        why="Replace `www.example.com` with your domain. The second command shows the DNS target: create a CNAME "
        "record for it at your DNS provider. The route in your configuration then resolves to that domain, and "
        "the settings read the host from there. Certificates are created automatically.",
    )


def _backup(cli: str, docs: str) -> HowTo:
    return HowTo(
        commands=(
            f"{cli} backup:create {_MAIN}",
            f"{cli} backup:list {_MAIN}",
            f"{cli} db:dump --relationship database {_MAIN}",
        ),
        why="The first command backs up the whole environment, including database and mounts, on the platform; "
        f"the last one downloads a dump of the database. Automatic backups: {docs}/environments/backup.html",
    )


def _differences(cli: str, docs: str) -> tuple[str, ...]:
    return (
        "Everything below /app is read-only at run time. /tmp is writable; files that must persist (uploads) "
        f"need a mount: {docs}/create-apps/image-properties/mounts.html",
        "The build has no services and no routes: no database, no PLATFORM_RELATIONSHIPS, no PLATFORM_ROUTES.",
        f"`{cli} push` succeeds even if the deploy hook, which migrates the database, fails. `{cli} activity:log` "
        "shows its output; ours ends with the line `Deploy hook finished.`",
        "The deploy hook runs once per version of the code: deploying the same commit again does not repeat it. "
        f"`{cli} ssh` can.",
        "A push stops the previous version while it deploys; visitors wait during that time.",
        "Every branch that you push can become an environment with a copy of the data; active environments cost money.",
        "The platform's own server serves static files; only other requests reach Django.",
    )
