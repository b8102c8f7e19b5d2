"""What the user asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from .words import Secret


class Purpose(Enum):
    """What a run is for."""

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

    Time, randomness and environment enter planning only through here, so that planning is deterministic.
    `now` knows its distance to UTC. `wait` is how long, in seconds, the site may take to answer after the release.
    `organization` and `database` are names in the platform's words; None leaves the choice to it. `package_manager` is
    the one that production uses, None if that is to be seen from the project's files. `workflow` is the
    CI service that gets one. With `adopt`, an
    existing app called `app_name` is used although nothing says that it is this project's.
    `variables` are values for the site's environment: those that the user gave and, once it is decided, those that
    the run adds. `offered` are taken only for what the settings read and nothing else sets.
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

    @property
    def looks(self) -> bool:
        """Whether the run only looks at what was deployed."""
        return self.purpose in (Purpose.STATUS, Purpose.LOGS, Purpose.OPEN)

    @property
    def deploys(self) -> bool:
        """Whether the project is deployed, and not only configured."""
        return self.purpose is Purpose.DEPLOY
