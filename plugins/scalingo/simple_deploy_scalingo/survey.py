"""What exists on Scalingo: tables of the CLI -> Remote. Values of variables are dropped immediately."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from simple_deploy.contract import (
    Ask,
    Choose,
    GitRemotes,
    Question,
    Ran,
    Remote,
    Site,
    cli_failed,
    compared,
    unsafe,
)

_ADDRESS = re.compile(r"(?:ssh://)?git@ssh\.([a-z0-9-]+)\.scalingo\.com[:/](.+?)(?:\.git)?/?")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What only Scalingo has: the address of the app's Git repository, which contains its region."""

    git: str = ""


def of(remote: Remote) -> Found:
    """Scalingo's own facts; without a survey, those of a new app."""
    return remote.facts if isinstance(remote.facts, Found) else Found()


def account(said: str) -> str:
    """The account in `You are logged in as NAME (EMAIL)` [CLI source: user/self.go]."""
    match = re.search(r"logged in as (\S+)", said)
    return match[1] if match else ""


def app_of(url: str) -> str | None:
    """The app in a Git remote's address (git@ssh.osc-fr1.scalingo.com:NAME.git)."""
    match = _ADDRESS.fullmatch(url)
    return match[2] if match else None


REMOTES = GitRemotes(name="scalingo", app_of=app_of)


def region_of(url: str) -> str:
    """The region in such an address."""
    match = _ADDRESS.fullmatch(url)
    return match[1] if match else ""


def table(output: str) -> list[Mapping[str, str]]:
    """The rows of a table by their titles in lower case; its borders are ASCII or, in newer CLIs, lines.

    Raises ValueError if there is no table.
    """
    lines = [re.split(r"[|│]", line)[1:-1] for line in output.splitlines() if re.search(r"[|│]", line)]
    rows = [[cell.strip() for cell in line] for line in lines]
    if not rows:
        raise ValueError(f"no table: {output[:80]!r}")
    titles = [title.lower() for title in rows[0]]
    return [dict(zip(titles, row, strict=False)) for row in rows[1:]]


def find(ask: Ask, site: Site) -> Remote:
    """The app, among those that the account can access."""
    [listed] = ask([_APPS])
    return _known(site, listed)


_APPS = Question(argv=("scalingo", "apps"))


def _known(site: Site, listed: Ran) -> Remote:
    """Names are unique in a whole region, so an app that is not listed may still belong to another account."""
    known = replace(site.remote, git_remote=REMOTES.pointing_to(site.app, site.project))
    if not listed.ok:
        reason = listed.stderr.strip() or f"exit status {listed.returncode}"
        return replace(known, problems=(cli_failed(command="scalingo apps", reason=reason),))
    none = "haven't created any app yet" in listed.stdout  # [CLI source: apps/list.go]
    exists = not none and any(row["name"] == site.app for row in table(listed.stdout))
    return replace(known, exists=exists, id=site.app if exists else "")


def survey(ask: Ask, choose: Choose, site: Site) -> Remote:
    """The app, its database, the names of its variables, and the result of its last deployment."""
    about = ("scalingo", "--app", site.app)
    listed, env, addons, deployments, git = ask(
        [
            _APPS,
            Question(argv=(*about, "env"), private=True),
            Question(argv=(*about, "addons")),
            Question(argv=(*about, "deployments")),
            Question(argv=(*about, "git-show")),
        ]
    )
    known = _known(site, listed)
    if not known.exists or known.problems:
        return known
    for ran in (env, addons, deployments, git):
        if not ran.ok:
            problem = cli_failed(command=" ".join(map(str, ran.argv)), reason=ran.stderr.strip())
            return replace(known, problems=(problem,))
    return _with_app(known, site, env.stdout, addons.stdout, deployments.stdout, git.stdout)


def _with_app(known: Remote, site: Site, env: str, addons: str, deployments: str, git: str) -> Remote:
    config = dict(re.findall(r"^([\w-]+)=(.*)$", env, re.MULTILINE))
    if env.strip() and not config:
        # Its output may contain secrets, so it is not shown.
        command = f"scalingo --app {site.app} env"
        return replace(known, problems=(cli_failed(command=command, reason="it printed no line NAME=VALUE"),))
    history = table(deployments)
    same, differing = compared(site.options.values, config)
    address = re.search(r"git@\S+", git)
    if address is None:
        raise ValueError(f"no Git address: {git[:80]!r}")
    return replace(
        known,
        variables=frozenset(config),
        same=same,
        differing=differing,
        unsafe=unsafe(config, site.project.settings.secrets),
        database=next((row["id"] for row in table(addons) if "postgresql" in row.get("addon", "").lower()), None),
        deployed=next((row["git ref"] for row in history if row["status"] == "success"), None),
        release=history[0]["status"] if history else None,
        facts=Found(git=address[0]),
    )
