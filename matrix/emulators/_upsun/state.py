"""What the emulated platform remembers."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from matrix.emulators._kit.store import Store, new_id
from matrix.emulators._upsun.flavour import Flavour
from matrix.emulators._upsun.model import Account, Limits, Organization, Platform, Project

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class State(Store[Platform]):
    """The state of one flavour below the root folder of a sandbox."""

    def __init__(self, root: Path, flavour: Flavour) -> None:
        super().__init__(root, flavour.name)
        self.flavour = flavour

    def create(self, email: str = "dev@example.com") -> None:
        """A new platform with this developer logged in, who has one organisation."""
        account: Account = {"id": new_id(), "email": email, "token": new_id(), "logged_in": True}
        limits: Limits = {"boot": 20, "stop": 10, "hook": 3600}
        self.begin(
            {
                "account": account,
                "organizations": [new_organization("dev", "Dev", self.flavour.organization_type)],
                "projects": {},
                "faults": [],
                "limits": limits,
                "refusal": "",
            }
        )

    def add_organization(self, name: str, label: str) -> None:
        """One more organisation of the developer."""
        with self.change() as platform:
            platform["organizations"].append(new_organization(name, label, self.flavour.organization_type))

    def project(self, project_id: str) -> Project:
        """The project now. Raises KeyError if there is none."""
        return self.read()["projects"][project_id]

    def repository(self, project_id: str) -> Path:
        """Where the project's Git repository is."""
        return self.folder / "git" / f"{project_id}.git"


def new_organization(name: str, label: str, kind: str) -> Organization:
    """An organisation with a fresh id [CLI source: ids are ULIDs]."""
    return {"id": "".join(secrets.choice(_ULID) for _ in range(26)), "name": name, "label": label, "type": kind}


def short_id() -> str:
    """An id in the form of those of projects and activities: 13 lower-case letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(13))


def moment() -> str:
    """The time, as the CLI shows it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
