"""How a CI service deploys to a platform."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Workflow:
    """`install` brings the CLI onto PATH, `deploy` deploys what is checked out; both are lines for bash.

    They read the token from the variable `secret` and the app's name or id from the variable `app_variable`; `app` is
    that name or id ("": not known before the first deployment). `token` tells people where they get a token, with
    {app} for it.
    """

    secret: str
    token: str
    app_variable: str
    app: str
    install: tuple[str, ...]
    deploy: tuple[str, ...]
