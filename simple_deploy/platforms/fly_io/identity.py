"""What tells an app on Fly.io from another one of its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What flyctl calls the organization that each account has for itself (`fly orgs list`).
_PERSONAL = "personal"


def identity(app: Mapping[str, Any], account: str | None) -> str:
    """Whose app it is, and its name.

    The "ID" of an app is its name (`fly apps list --json`), and no answer says when an app was created: one that
    was removed and created again in the same organization cannot be told from the first.
    """
    owner = str(app["Organization"]["Slug"])
    return f"{account if owner == _PERSONAL else owner}/{app['Name']}"
