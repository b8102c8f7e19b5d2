"""Which app on the platform belongs to this project: what earlier deployments left behind → one Claim.

An equal name proves nothing. An app belongs to this project if a deployment recorded it here: in the platform's own
link or Git remote, in a committed line, or in the receipt. Any other app is used only if the user asks for it
explicitly (`--deployed-project-name NAME --adopt`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import receipt
from .app_line import committed, repository
from .contract import Platform, Remote, Site
from .messages import errors
from .model import Claim, Options, Problem, Project
from .receipt import Runs


def claimed(project: Project, options: Options, platform: Platform) -> tuple[Project, tuple[Problem, ...]]:
    """The project with its claim, and problems found before the platform is asked. Raises Refused."""
    claim, problems = settle(project, options, platform, receipt.load(project.root))
    project = replace(project, claim=claim)
    return project, problems or _undecided(project, options, platform)


def settle(
    project: Project, options: Options, platform: Platform, runs: Runs
) -> tuple[Claim | None, tuple[Problem, ...]]:
    """The app that belongs to this project (None if there is none), or the problem with the claims.

    A name given by the user overrides every claim to an app of another name.
    """
    recorded = receipt.claim(runs, platform.id, receipt.name(project.root))
    line = committed(project, platform)
    found = [*platform.claims(project), *([line] if line else []), *([recorded] if recorded else [])]
    found = _chosen([_placed(claim, line) for claim in found])
    if options.app_name:
        found = _named(found, options.app_name)
    if any(not _agree(one, other) for one in found for other in found):
        said = [f"{claim.said_by} names {claim.app or claim.id}" for claim in found]
        return None, (errors.claims_disagree(name=platform.name, said=said),)
    copied = [claim for claim in found if claim.committed and claim.repository != repository(project)]
    if copied and all(claim.committed for claim in found):
        quiet = options.app_name or not (options.deploys or line in copied)
        return None, () if quiet else (
            errors.copied_claim(name=platform.name, app=copied[0].app, said_by=copied[0].said_by),
        )
    return _merged(found), ()


def _named(found: Sequence[Claim], name: str) -> list[Claim]:
    """The claims to the app with that name or ID; claims without a name count unless they contradict it."""
    exact = [claim for claim in found if name in (claim.app, claim.id)]
    open_ones = [claim for claim in found if not claim.app and claim not in exact]
    return [*exact, *(claim for claim in open_ones if all(_agree(claim, one) for one in exact))]


def _placed(claim: Claim, line: Claim | None) -> Claim:
    """A committed file that names the same app as the line was written for the same repository."""
    return replace(claim, repository=line.repository) if line and claim.committed and claim.app == line.app else claim


def _chosen(found: Sequence[Claim]) -> list[Claim]:
    """Of several Git remotes that point to apps, the one that another source confirms."""
    remotes = [claim for claim in found if claim.app and claim.forget]
    others = [claim for claim in found if claim not in remotes]
    confirmed = [claim for claim in remotes if any(_agree(claim, other) for other in others)]
    return [*(confirmed or remotes), *others]


def _agree(one: Claim, other: Claim) -> bool:
    if one.id and other.id:
        return one.id == other.id
    return one.app == other.app or not (one.app and other.app)


def _merged(found: Sequence[Claim]) -> Claim | None:
    if not found:
        return None
    return Claim(
        app=next((claim.app for claim in found if claim.app), ""),
        id=next((claim.id for claim in found if claim.id), ""),
        account=next((claim.account for claim in found if claim.account), ""),
        said_by=" and ".join(claim.said_by for claim in found),
        forget=next((claim.forget for claim in found if claim.forget), ""),
    )


def app_name(project: Project, options: Options, platform: Platform, account: str | None) -> str:
    """The name of the app: the user's choice, else that of the project's existing app, else one for a new app."""
    claim = project.claim
    return options.app_name or (claim and (claim.app or claim.id)) or platform.app_name(project, account)


def _undecided(project: Project, options: Options, platform: Platform) -> tuple[Problem, ...]:
    if options.adopt and not (options.app_name and options.deploys):
        return (errors.adopt_needs_name(),)
    if options.deploys and not options.app_name and project.claim is None and project.git.shallow:
        return (errors.shallow_clone(name=platform.name),)
    return ()


def problems(site: Site, platform: Platform) -> tuple[Problem, ...]:
    """Why the app that the survey found must not be used, or a missing one must not be created. Raises Refused."""
    remote, options = site.remote, site.options
    if remote.problems or not remote.surveyed or not remote.app:
        return ()
    claim, adopted = site.project.claim, options.adopt and options.app_name
    if not remote.exists:
        return _absent(site, platform)
    if adopted or (claim and _is(claim, remote)):
        return ()
    if claim and claim.id:
        return (
            errors.other_id(
                name=platform.name, app=remote.app, said_by=claim.said_by, recorded=claim.id, found=remote.id
            ),
        )
    return (errors.unclaimed_app(name=platform.name, app=remote.app, account=str(remote.account)),)


def _absent(site: Site, platform: Platform) -> tuple[Problem, ...]:
    project, options, remote = site.project, site.options, site.remote
    claim, app = project.claim, str(remote.app)
    if claim and not options.app_name and not receipt.began(receipt.load(project.root), platform.id, app):
        return (errors.unseen_app(platform.name, app, claim, str(remote.account)),)
    return (errors.name_taken(name=platform.name, app=app),) if remote.taken else ()


def _is(claim: Claim, remote: Remote) -> bool:
    return claim.id == remote.id if claim.id else claim.app == remote.app
