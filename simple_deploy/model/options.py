"""What the user asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from .words import Secret

# Lets the user pick one of several names, after a question; None in a run without prompts. Raises stops.Declined.
Choose = Callable[[str, Sequence[str]], str | None]


class Purpose(Enum):
    """The purpose of a run."""

    CONFIGURE = "configure"
    DEPLOY = "deploy"
    UNDO = "undo"
    DESTROY = "destroy"
    STATUS = "status"
    LOGS = "logs"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Options:
    """What the user asked for, and everything about the run that is not a fact of the project.

    Time, randomness and environment enter planning only through here, so that planning is deterministic. `now` has a
    UTC offset. `wait` is how long, in seconds, the site may take to answer after the release. `organization` and
    `database` are the platform's own names; None leaves the choice to it. `package_manager` is the one for production,
    None to detect it from the project's files. `workflow` is the CI service to create a workflow for. With `adopt`, an
    existing app called `app_name` is used although nothing shows that it belongs to this project. `variables` are
    values for the site's environment: those from the user and, once decided, those that the run adds. `offered` values
    are used only for variables that the settings read and nothing else sets. `remembered` values are those that earlier
    runs in this folder have set (None for a secret): the site is tried with them, and none is set again.
    """

    manage_py: Path
    settings_module: str
    secret_key: Secret
    now: datetime
    python: tuple[int, int]
    settings_named: bool = False
    platform: str | None = None
    purpose: Purpose = Purpose.CONFIGURE
    dry_run: bool = False
    brief: bool = False
    yes: bool = False
    app_name: str | None = None
    region: str | None = None
    organization: str | None = None
    database: str | None = None
    package_manager: str | None = None
    workflow: str | None = None
    replace_files: bool = False
    open_browser: bool = True
    logging: bool = True
    ignore_unclean_git: bool = False
    json: bool = False
    verbosity: int = 1
    wait: int = 120
    adopt: bool = False
    trial: bool = True
    variables: Mapping[str, str | Secret] = field(default_factory=dict)
    offered: Mapping[str, str | Secret] = field(default_factory=dict)
    remembered: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def values(self) -> Mapping[str, str | Secret]:
        """Every value from the user, in this run or an earlier one, by variable."""
        return {**self.recorded, **self.offered, **self.variables}

    @property
    def recorded(self) -> Mapping[str, str]:
        """The `remembered` values that are no secrets."""
        return {name: value for name, value in self.remembered.items() if value is not None}

    @property
    def looks(self) -> bool:
        """Whether the run only looks at what was deployed."""
        return self.purpose in (Purpose.STATUS, Purpose.LOGS, Purpose.OPEN)

    @property
    def deploys(self) -> bool:
        """Whether the project is deployed, not only configured."""
        return self.purpose is Purpose.DEPLOY
