"""What people are told after a run on Upsun, in the words of either product."""

from __future__ import annotations

from pathlib import Path

from ..contract import Guide, HowTo, Link, facts, oldest_year
from .flavour import Flavour


def guide(flavour: Flavour) -> Guide:
    """The texts with the product's own CLI, files and addresses. Commands are meant for the linked folder."""
    cli, docs = flavour.executable, flavour.docs
    main = "--environment {branch}"
    return Guide(
        year=oldest_year(facts(Path(__file__).parent)),
        redeploy=HowTo(
            commands=('git commit --all --message "..."', f"{cli} push --target {{branch}} --yes"),
            why="The platform builds what you push, stops the version before, migrates the database, and starts the "
            "new one. If the build fails, the version before keeps serving. A failing migration stops nothing: "
            f"`{cli} activity:log` shows it, and running simple_deploy again reports it.",
        ),
        logs=HowTo(
            commands=(f"{cli} logs app {main}", f"{cli} logs app --tail {main}", f"{cli} activity:log {main}"),
            why="What the site said last; with `--tail`, also what it is saying now. The third command shows the last "
            "deployment with its hooks. This is the first place to look when a page answers with an error.",
        ),
        console=HowTo(
            commands=(
                f"{cli} ssh {main}",
                f"{cli} ssh {main} --option 'RequestTTY force' -- .venv/bin/python {{manage_py}} shell",
            ),
            why="A shell in the container of the running site, with its variables and its database; it begins in "
            "/app, where your repository is. The second command goes straight to Django's shell.",
        ),
        superuser=HowTo(
            commands=(
                f"{cli} ssh {main} --option 'RequestTTY force' -- .venv/bin/python {{manage_py}} createsuperuser",
            ),
            why="The database of the site is not the one on your machine: its first admin user is made once, by you.",
        ),
        variable=HowTo(
            commands=(
                f"{cli} variable:create NAME --prefix env --level environment --value value --sensitive true {main}",
                f"{cli} variable:list {main}",
            ),
            why="Keys of mail or payment services belong here and not into the code. The prefix makes it an "
            "environment variable, `--sensitive` hides it from everybody's view. Setting one restarts the site.",
        ),
        domain=HowTo(
            commands=(f"{cli} domain:add www.example.com", f"{cli} environment:info edge_hostname {main}"),
            why="Put your own name for `www.example.com`. The second command shows the DNS target: make a CNAME "
            "record to it where you bought the domain. The route in your configuration then becomes that domain, and "
            "the settings take the host from there. Certificates are made by themselves.",
        ),
        backup=HowTo(
            commands=(
                f"{cli} backup:create {main}",
                f"{cli} backup:list {main}",
                f"{cli} db:dump --relationship database {main}",
            ),
            why="The first command saves the whole environment, database and mounts, on the platform; the last brings "
            f"a dump of the database to your machine. {docs}/environments/backup.html says what is saved by itself.",
        ),
        destroy=f"{cli} project:delete",
        destroy_why="This deletes the project {app} with its database, its backups and its uploads, for good, after "
        "asking for its title. Take a dump before. What it has cost so far is charged at the end of the month.",
        differences=(
            "Everything below /app is read-only while the site runs, as the build has left it. /tmp can be written "
            f"to; what must stay (uploads) needs a mount: {docs}/create-apps/image-properties/mounts.html",
            "The build knows no services and no addresses: no database, no PLATFORM_RELATIONSHIPS, no PLATFORM_ROUTES.",
            f"`{cli} push` succeeds even if the deploy hook fails, which migrates the database. `{cli} activity:log` "
            "shows its output; ours ends with the line `Deploy hook finished.`",
            "The deploy hook runs once for each version of the code: deploying the same commit again does not "
            f"repeat it. `{cli} ssh` can.",
            "A push stops the version before while it deploys; visitors wait that long.",
            "Every branch that you push can become an environment with a copy of the data; an active one costs money.",
            "Static files are served by the platform's own server, and only what it does not find reaches Django.",
        ),
        checklist=(
            "Visit the site and log in to its admin with a user of your own.",
            "See which backups are made, and restore one once to be sure that you can.",
            "Choose a mail service and set its variables.",
            "If users upload files, give them a mount.",
            "Use a domain of your own.",
            "When everything speaks https, turn on HSTS: set `SECURE_HSTS_SECONDS`, small at first.",
            "Have errors reported to you (Django's `ADMINS`, or a service), and watch the site from outside.",
            "Run `python {manage_py} check --deploy` after larger changes.",
            "Use PostgreSQL on your machine too, as soon as you rely on what only one database does.",
            "Set an alert on the organization's billing.",
        ),
        reading=(*_reading(docs), *flavour.reading),
    )


def _reading(docs: str) -> tuple[Link, ...]:
    return (
        Link(
            title="Build and deploy",
            address=f"{docs}/learn/overview/build-deploy.html",
            why="what happens in which order, and what is there at each moment.",
        ),
        Link(
            title="Comparison of hooks",
            address=f"{docs}/create-apps/hooks/hooks-comparison.html",
            why="which hook may write where, which sees the services, and whose failure stops a deployment.",
        ),
        Link(
            title="Python",
            address=f"{docs}/languages/python.html",
            why="which versions are supported, and how dependencies are installed.",
        ),
        Link(
            title="Mounts",
            address=f"{docs}/create-apps/image-properties/mounts.html",
            why="how to keep files that the site writes.",
        ),
        Link(
            title="PostgreSQL",
            address=f"{docs}/add-services/postgresql.html",
            why="versions, extensions, and how to get at the data.",
        ),
        Link(
            title="Web server",
            address=f"{docs}/create-apps/image-properties/web.html",
            why="how the site is started, and which files are served without it.",
        ),
        Link(
            title="Routes",
            address=f"{docs}/define-routes.html",
            why="how addresses, redirects and domains are said.",
        ),
        Link(
            title="Variables",
            address=f"{docs}/development/variables.html",
            why="levels, prefixes, and what the platform itself sets.",
        ),
        Link(
            title="Troubleshooting",
            address=f"{docs}/development/troubleshoot.html",
            why="what to do when a deployment hangs or fails, and how to force one.",
        ),
        Link(
            title="The CLI",
            address=f"{docs}/administration/cli.html",
            why="how it is installed, and how it logs in where there is no browser.",
        ),
        Link(
            title="Django's deployment checklist",
            address="https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
            why="what else a site should think of, on any platform.",
        ),
    )
