"""The commands about apps."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from simple_deploy_matrix.emulators._kit import repository
from simple_deploy_matrix.emulators._kit.console import note, padded, say, wait_for_interrupt, widths
from simple_deploy_matrix.emulators._kit.store import new_id, now

from .session import ScalingoSession
from .state import App, git_url
from .urfave import CliError

_PLANS = re.compile(r"postgresql-(sandbox|(starter|business)-\d+)")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{4,46}[a-z0-9]")  # [INFERRED]


def create(session: ScalingoSession) -> None:
    """[CLI source: apps/create.go]"""
    session.expect_login()
    name, remote = session.argument(0), session.value("remote") or "scalingo"
    if not _NAME.fullmatch(name):
        raise CliError(f"An error occurred:\n* name → is invalid: {name}")  # [OWN WORDING]
    with session.state.change() as platform:
        if name in platform["apps"]:
            raise CliError("An error occurred:\n* name → has already been taken")  # [OWN WORDING]
        platform["apps"][name] = App(id=f"ap-{new_id()}", name=name, config={}, addons=[], deployments=[], image=None)
    hooks = {"pre-receive": (str(session.state.root), name)}
    repository.create(session.state.repository(name), f"{__package__}.receive", hooks, "master")
    say(f"App '{name}' has been created")
    if Path(".git").exists() and remote not in repository.remotes():
        repository.set_remote(remote, git_url(name))
        say(f"Git repository detected: remote {remote} added\n→ 'git push {remote} master' to deploy your app")
    else:
        say(
            f"To deploy your application, run these commands in your GIT repository:\n→ git remote add {remote} "
            f"{git_url(name)}\n→ git push {remote} master"
        )


def deploy(session: ScalingoSession) -> int:
    """[CLI source: cmd/deployments.go, deployments/follow.go; docs: Deploy from Archive] LIMIT: local archives only."""
    from . import receive

    app, archive = session.app(), session.argument(0)
    reference = session.argument(1) or now()
    say(f"-----> Deploying tarball archive: {archive}\n-----> Uploading archive…")
    if not Path(archive).is_file():
        raise CliError(f"fail to open archive: {archive}")
    say("       Deployment started, streaming output:")
    if receive.deploy(session.state, app["name"], reference, lambda folder: _unpack(Path(archive), folder)):
        raise CliError("Deployment failed")
    return 0


def _unpack(archive: Path, folder: Path) -> None:
    """The source code is in the only folder of the archive."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        shutil.unpack_archive(archive, place)
        [source] = Path(place).iterdir()
        shutil.copytree(source, folder, symlinks=True, dirs_exist_ok=True)


def destroy(session: ScalingoSession) -> None:
    """[CLI source: cmd/destroy.go, apps/destroy.go] Without --force it asks for the name."""
    app = session.app()
    name = app["name"]
    if not session.has("force"):
        say(f"/!\\ You're going to delete {name}, this operation is irreversible.")
        note("To confirm type the name of the application: ", end="")
        if (typed := sys.stdin.readline().strip()) != name:
            raise CliError(f"'{typed}' is not '{name}', aborting…")
    databases = [addon["database"] for addon in app["addons"]]
    session.state.remove_site(name, databases, session.state.repository(name), session.state.app_folder(name))
    with session.state.change() as platform:
        del platform["apps"][name]
    say(f"-----> App {name} has been deleted")


def listing(session: ScalingoSession) -> None:
    """[CLI source: apps/list.go]"""
    session.expect_login()
    apps = session.state.read()["apps"].values()
    if apps:
        _say_table(("Name", "Role"), [(app["name"], "owner") for app in apps])
    else:
        say(
            "\n  You haven't created any app yet, create your first application using:"
            "\n  → scalingo create <app_name>\n"
        )


def addons(session: ScalingoSession) -> None:
    """[docs: PostgreSQL; CLI source: addons/list.go]"""
    rows = [("PostgreSQL", addon["id"], addon["plan"], "running") for addon in session.app()["addons"]]
    _say_table(("Addon", "ID", "Plan", "Status"), rows)


def addons_add(session: ScalingoSession) -> None:
    """[docs: PostgreSQL] A real database; its address becomes a variable, and DATABASE_URL is an alias for it."""
    app, (service, plan) = session.app(), session.words
    if service != "postgresql":
        raise CliError(f"The add-on {service} is not emulated.")  # LIMIT of the emulation
    if not _PLANS.fullmatch(plan):
        raise CliError(f"plan {plan} doesn't exist for addon {service}")  # [CLI source: addons/provision.go]
    database = f"{app['name'].replace('-', '_')[:40]}_{os.urandom(2).hex()}"
    url = session.state.sandbox().create_database(database)
    identity = f"ad-{new_id()}"
    with session.state.change() as platform:
        changed = platform["apps"][app["name"]]
        changed["addons"].append({"id": identity, "plan": plan, "database": database})
        changed["config"] |= {"SCALINGO_POSTGRESQL_URL": url, "DATABASE_URL": "$SCALINGO_POSTGRESQL_URL"}
    say(f"-----> Addon postgresql has been provisionned\n       ID: {identity}")
    say("       Modified variables: [DATABASE_URL SCALINGO_POSTGRESQL_URL]")
    say("       Message from addon provider: Database successfully created")


def env(session: ScalingoSession) -> None:
    """[CLI source: env/display.go] Aliases are shown unresolved."""
    for name, value in session.app()["config"].items():
        say(f"{name}={value}")


def env_set(session: ScalingoSession) -> None:
    """[CLI source: env/edit.go] The file `-` is standard input, which godotenv reads."""
    app = session.app()
    file = session.value("file")
    lines = (sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")).splitlines() if file else []
    pairs = dict(_from_file(line) for line in lines if line.strip() and not line.lstrip().startswith("#"))
    for word in session.words:
        name, equals, value = word.partition("=")
        if not name or not equals or not value:
            raise CliError(f"'{word}' is invalid: format is invalid, accepted: VAR=VAL")
        pairs[name] = value
    if wrong := [name for name in pairs if not re.fullmatch(r"[a-zA-Z0-9-_]+", name)]:
        text = "name can only be composed with alphanumerical characters, hyphens and underscores"
        raise CliError(f"'{wrong[0]}' is invalid: {text}")
    with session.state.change() as platform:
        platform["apps"][app["name"]]["config"] |= pairs
    for name, value in pairs.items():
        say(f"{name} has been set to '{value}'.")
    say("\nRestart your containers to apply these environment changes on your application:")
    say(f"scalingo --app {app['name']} restart")


def _from_file(line: str) -> tuple[str, str]:
    """A line without quotes: `$` begins a variable there and ` #` a comment, so these are not literal."""
    name, _, value = line.strip().removeprefix("export ").partition("=")
    if re.search(r"[\s#$'\"\\]", value):
        raise CliError(f"The emulation does not read this line of an env file: {name}=...")  # LIMIT
    return name, value


def git_show(session: ScalingoSession) -> None:
    """[CLI source: git/show.go]"""
    name = session.app()["name"]
    say(f"-----> Your application {name} Git remote is: {git_url(name)}")


def deployments(session: ScalingoSession) -> None:
    """[CLI source: deployments/list.go; INFERRED: the newest is first]"""
    found = reversed(session.app()["deployments"])
    rows = [(one["id"], one["created_at"], "n/a", "dev", one["git_ref"], one["status"], "0 B") for one in found]
    _say_table(("ID", "Date", "Duration", "User", "Git Ref", "Status", "Image Size"), rows)
    note("Page: 1, Last Page: 1")


def logs(session: ScalingoSession) -> None:
    """[CLI source: cmd/logs.go] LIMIT of the emulation: no new lines come."""
    folder = session.state.app_folder(session.app()["name"]) / "logs"
    paths = sorted(folder.glob(f"{session.value('filter')}*.log"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in paths for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    for line in lines[-int(session.value("lines", "20")) :]:
        say(line)
    if session.has("follow"):
        wait_for_interrupt()


def restart(session: ScalingoSession) -> None:
    """New containers of the current image, with the current variables."""
    app = session.app()
    if app["image"]:
        from . import containers

        containers.serve(session.state, app, app["image"])
    say("-----> Your application is being restarted")  # [OWN WORDING]


def run(session: ScalingoSession) -> int:
    """[docs: One-Off Containers]"""
    app = session.app()
    if app["image"] is None:
        raise CliError("The application has no code yet.")  # [OWN WORDING]
    from simple_deploy_matrix.emulators._kit.programs import attached

    from . import containers

    command = " ".join(session.words)
    note(f"-----> Starting container one-off-1  Done\n-----> Process '{command}' is starting...")  # [OWN WORDING]
    place = containers.place(session.state, app["name"], app["image"], "one-off-1")
    return attached(place, ("bash", "-c", command), containers.environment(app, app["image"], "one-off-1"))


def _say_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """[CLI source: tablewriter] Titles are in capitals."""
    lines = [[title.upper() for title in titles], *rows]
    to = widths(lines)
    bars = ["─" * (width + 2) for width in to]
    say(f"┌{'┬'.join(bars)}┐")
    for number, line in enumerate(lines):
        say("│ " + " │ ".join(padded(line, to)) + " │")
        if number == 0:
            say(f"├{'┼'.join(bars)}┤")
    say(f"└{'┴'.join(bars)}┘")
