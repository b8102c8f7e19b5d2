"""What a platform brings to the settings block."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Production:
    """One platform's part: Python expressions over `os.environ`, and facts about its proxy.

    `running` is true while the site runs, `building` also while static files are collected (the difference is what the
    platform's build does not have yet; "": none). `prelude` are lines that come first while it runs, for the
    expressions after them: imports, and names with an underscore. `hosts` is a comma-separated list of expressions for
    host names; `set_variable` is the command that adds one's own domain, as shown to people. In `database`, {engine} is
    an additional argument of dj_database_url. If the platform may have no database, the condition `database_if` is true
    where it has one; else the project's own database is kept.
    """

    running: str
    hosts: str
    building: str = ""
    secret_key: str = 'os.environ["SECRET_KEY"]'
    set_variable: str = ""
    database: str = "dj_database_url.config(conn_max_age=600{engine})"
    database_if: str = ""
    prelude: tuple[str, ...] = ()
