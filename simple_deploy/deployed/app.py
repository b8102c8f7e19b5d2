"""The project's app: the platform that hosts it, according to what deployments left behind, and questions to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .. import claims, platforms, receipt
from ..contract import Platform, Question, Remote, Site
from ..effects.log import Log
from ..inspect import inspect, whichever
from ..messages import errors
from ..messages.stops import Refused
from ..model import Claim, Json, Options, Problem, Project, Query
from ..survey import asker, survey


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class App:
    """The app that exists, and its platform."""

    platform: Platform
    site: Site
    log: Log

    @property
    def root(self) -> Path:
        """The Git root."""
        return self.site.project.root

    @property
    def json(self) -> Json:
        """The fields that every answer for programs begins with."""
        return {"status": "shown", "platform": self.platform.id, "app": self.site.app, "error": None}

    @property
    def log_command(self) -> tuple[str, ...]:
        """The command that follows the log, or else shows its end; empty if the platform has none."""
        if self.platform.live:
            return self.platform.live(self.site).log
        return self.platform.watch(self.site.app).log if self.platform.watch else ()

    def address(self) -> str:
        """The site's address. Raises Refused if the platform does not report one."""
        query = self._address_query()
        if query is None:
            raise Refused([errors.not_shown(name=self.platform.name, what="address")])
        url, reason = self.answer(query)
        if not url.startswith(("https://", "http://")):
            name, platform = self.platform.name, self.platform.id
            reason = reason or "there is none in its answer"
            raise Refused([errors.no_address(name=name, platform=platform, app=self.site.app, reason=reason)])
        return url

    def _address_query(self) -> Query | None:
        if self.platform.live:
            return self.platform.live(self.site).address
        return self.platform.address(self.site.app) if self.platform.address else None

    def answer(self, query: Query) -> tuple[str, str]:
        """The platform's answer, and the reason if there is none."""
        [ran] = asker(self.root, self.log.ran)([Question(argv=query.argv)])
        if not ran.ok:
            return "", self.log.redact.output(" ".join(ran.stderr.split())) or f"exit status {ran.returncode}"
        try:
            return query.read(ran.stdout), ""
        except (ValueError, LookupError, TypeError):
            return "", "its answer cannot be read"


def find(options: Options, log: Log) -> App:
    """The app of this project. Raises Refused if there is none, or if its platform does not report it."""
    candidates = [platforms.load(options.platform)] if options.platform else platforms.usable()
    reads = sorted({path for one in candidates for path in one.reads})
    inspection = inspect(options, reads, log.ran, choose=whichever)
    if inspection.project is None:
        raise Refused(inspection.problems)
    log.redact.learn(inspection.project.settings.secrets)
    platform, claim = _claimed(inspection.project, options, candidates)
    project = replace(inspection.project, claim=claim)
    # A name given by the user is enough to look at an app, but never enough to change it.
    options = replace(options, adopt=bool(options.app_name))
    remote = survey(platform, project, options, project.root, lambda question, names: None, log.ran)
    problems = _doubts(project, options, platform, remote)
    if problems:
        raise Refused(problems)
    return App(platform=platform, site=Site(project=project, options=options, remote=remote), log=log)


def _doubts(project: Project, options: Options, platform: Platform, remote: Remote) -> Sequence[Problem]:
    if remote.account is None or remote.exists or not remote.surveyed:
        return remote.problems or claims.problems(Site(project=project, options=options, remote=remote), platform)
    account, login = remote.account, platform.cli.login
    return [errors.app_not_found(name=platform.name, app=remote.app, account=account, login=login)]


def _claimed(project: Project, options: Options, candidates: Sequence[Platform]) -> tuple[Platform, Claim | None]:
    """The platform with an app of this project: the only one, or the one of the latest deployment."""
    runs = receipt.load(project.root)
    settled = [(one, *claims.settle(project, options, one, runs)) for one in candidates]
    found = {platform.id: (platform, claim) for platform, claim, _ in settled if claim}
    last = [run.platform for run in runs if run.platform in found and run.kind == "deploy"]
    if len(found) == 1 or last:
        return found[last[-1] if last else next(iter(found))]
    if found:
        raise Refused([errors.deployed_to_several(names=sorted(found))])
    problems = [problem for *_, said in settled for problem in said]
    if options.platform and options.app_name and not problems:
        return candidates[0], None
    to = f" to {candidates[0].name}" if options.platform else ""
    raise Refused(problems or [errors.nothing_deployed(to=to)])
