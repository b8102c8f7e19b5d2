"""What distinguishes an app on Fly.io from another one with its name, and the image of a commit from that of another.

The "ID" of an app is its name (`fly apps list --json`), and no answer contains its creation time. What an app keeps
from its first deployment on, and no other app gets, is its own IPv6 address. Before that, an app that was removed and
created again in the same organization cannot be distinguished from the first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from simple_deploy.contract import Ask, Deferred, Project, Query, Question, Remote

# flyctl's name for the personal organization of each account (`fly orgs list`).
_PERSONAL = "personal"
# The type of an app's own IPv6 address (flyctl source: `ips list`).
_OWN = "v6"


def identity(app: Mapping[str, Any], account: str | None) -> str:
    """The app's organization and name."""
    return _of(str(app["Name"]), str(app["Organization"]["Slug"]), account)


def after_deployment(app: str, organization: str, remote: Remote) -> Query:
    """The same with the address that the app has by now."""
    owned = _of(app, organization, remote.account)
    return Query(argv=_addresses(app), read=lambda output: f"{owned}/{_own_address(output)}")


def found(ask: Ask, app: Mapping[str, Any], project: Project, known: Remote) -> str:
    """The identity of an existing app, as far as the claim to it has one."""
    short = identity(app, known.account)
    [ran] = ask([Question(argv=_addresses(str(app["Name"])))])
    try:
        whole = f"{short}/{_own_address(ran.stdout)}" if ran.ok else short
    except (ValueError, LookupError, TypeError):
        whole = short
    # It was recorded when the app was created: a failed deployment may have given the app its address.
    return short if project.claim and project.claim.id == short else whole


def _of(app: str, organization: str, account: str | None) -> str:
    return f"{account if organization == _PERSONAL else organization}/{app}"


def _addresses(app: str) -> tuple[str, ...]:
    return ("fly", "ips", "list", "--app", app, "--json")


def _own_address(output: str) -> str:
    """The app's own IPv6 address. Raises ValueError, LookupError or TypeError if the output names none."""
    own = sorted(str(address["Address"]) for address in json.loads(output) if address["Type"] == _OWN)
    return own[0]


# The label of a commit's image.
COMMIT = "commit-"


def _commit(output: str) -> str:
    if not output.strip():
        raise ValueError("Git names no commit")
    return COMMIT + output.strip()


LABEL = Deferred(
    query=Query(argv=("git", "rev-parse", "HEAD"), read=_commit),
    shown=f"{COMMIT}HEAD",
    recipe=f"'{COMMIT}' + subprocess.getoutput('git rev-parse HEAD')",
)
