"""Texts about Scalingo: the problems that stop a run, and the guide after one."""

from __future__ import annotations

from pathlib import Path

from simple_deploy.contract import Guide, HowTo, Link, Message, facts, oldest_year

_DOCS = "https://doc.scalingo.com"

impossible_name = Message(
    code="scalingo-name",
    found='"{name}" is not a valid app name on Scalingo.',
    remedy="Use 6 to 48 lowercase letters, digits and hyphens, with a letter or digit at both ends.",
)
unknown_python = Message(
    code="scalingo-python",
    found="Scalingo cannot install the requested Python version: {reason}.",
    remedy="Write one of these versions to .python-version{other}, and commit: {known: *}",
    see=f"{_DOCS}/languages/python/start",
)
excluded_python = Message(
    code="scalingo-python-excluded",
    found='Scalingo supports Python {supported}, but {manifest} allows only "{allowed}".',
    remedy="Allow Python {newer}, update the lock file with that version, try the site, and commit.",
    see=f"{_DOCS}/languages/python/start",
)
port_fixed = Message(
    code="scalingo-port",
    found="The web process in your Procfile listens on port {port}, and Scalingo sends visitors to the port that the\n"
    "variable PORT names: {command}",
    remedy="Write $PORT in its place, or remove the line, and commit; without it, the run adds one.",
    see=f"{_DOCS}/platform/app/environment",
)
several_managers = Message(
    code="scalingo-package-managers",
    found="The project has files of several package managers: Scalingo's build may choose another one than {source}.",
    remedy="Production is installed from {source}, so remove the others: git rm{unused: *}, and commit.",
    see=f"{_DOCS}/languages/python/start",
)

_CLI = "scalingo --app {app}"
GUIDE = Guide(
    year=oldest_year(facts(Path(__file__).parent)),
    redeploy=HowTo(
        commands=('git commit --all --message "..."', "git push {git_remote} HEAD:master"),
        why="Scalingo builds what you push and starts it, then migrates the database, and then sends visitors to the "
        "new version. If one of these fails, the previous version keeps serving.",
    ),
    logs=HowTo(commands=(f"{_CLI} logs --lines 100", f"{_CLI} logs --follow"), why="`--follow` goes on until Ctrl-C."),
    console=HowTo(
        commands=(f"{_CLI} run bash", _CLI + " run python {manage_py} shell"),
        why="A one-off container with your code and the site's variables; it ends when you leave the shell.",
    ),
    superuser=HowTo(
        commands=(_CLI + " run python {manage_py} createsuperuser",),
        why="The site's database is separate from the one on your machine, so create its first admin user once.",
    ),
    variable=HowTo(
        commands=(f"{_CLI} env-set NAME=value", f"{_CLI} restart", f"{_CLI} env"),
        why="Keep keys of mail or payment services here, not in the code. Containers see a new value after a restart. "
        "The last command shows all values in plain text.",
    ),
    domain=HowTo(
        commands=(
            f"{_CLI} domains-add www.example.com",
            f"{_CLI} env-set ALLOWED_HOSTS=www.example.com",
            f"{_CLI} restart",
        ),
        why="Replace `www.example.com` with your domain, and create a CNAME record to the app's host name at your DNS "
        "provider. Scalingo requests the certificate; the other commands make Django accept the domain.",
    ),
    backup=HowTo(
        commands=(
            f"{_CLI} backups-create --addon postgresql",
            f"{_CLI} backups-download --addon postgresql --output backup.tar.gz",
        ),
        why="Create a backup now, and download the latest one. Your plan says how often Scalingo makes its own.",
    ),
    destroy=f"{_CLI} destroy",
    destroy_why="This permanently deletes the app and its database, after asking for the app's name.",
    differences=(
        "The disk is ephemeral: files that the site writes are lost with each deployment and restart. The database is "
        "kept; store uploads in a bucket.",
        "The migration runs after the new version has started and before visitors reach it, so the new version must "
        "start without it.",
    ),
    checklist=(
        "Download a backup, and test restoring it.",
        "Choose a mail service and set its variables: Scalingo does not send mail.",
    ),
    reading=(
        Link(
            title="Django on Scalingo", address=f"{_DOCS}/languages/python/django/start", why="the platform's own way."
        ),
        Link(
            title="Post-deployment hook",
            address=f"{_DOCS}/platform/app/postdeploy-hook",
            why="when the migration runs, and what happens if it fails.",
        ),
        Link(title="PostgreSQL", address=f"{_DOCS}/databases/postgresql/start", why="plans, backups and upgrades."),
    ),
)
