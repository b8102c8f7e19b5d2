"""How a CI service deploys to a platform."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Workflow:
    """`install` puts the CLI on PATH, `deploy` deploys the checkout; both are lines for bash.

    They read the token from the variable `secret` and the app's name or ID from the variable `app_variable`; `app` is
    that name or ID ("": unknown before the first deployment). `token` explains where to get a token, with {app} as a
    placeholder.
    """

    secret: str
    token: str
    app_variable: str
    app: str
    install: tuple[str, ...]
    deploy: tuple[str, ...]
