"""What the emulated Fly.io remembers."""

from __future__ import annotations

import os
from pathlib import Path

from matrix.emulators._kit.store import Store, new_id
from matrix.emulators.fly_io.model import Account, Builder, Limits, Platform

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class State(Store[Platform]):
    """The state below the root folder of a sandbox."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, "fly_io")

    def create(self, email: str = "dev@example.com", builder: Builder = "sandbox") -> None:
        """A new, empty Fly.io with this developer logged in, who has a personal organisation.

        `builder` builds the images: "sandbox" is this emulation itself.
        """
        account: Account = {"id": new_id(), "email": email, "token": f"fm2_{os.urandom(24).hex()}", "logged_in": True}
        limits: Limits = {"boot": 60, "health": 60, "release": 300, "idle": 300}
        self.begin(
            {
                "account": account,
                "organizations": {"personal": {"slug": "personal", "name": "Dev", "type": "PERSONAL"}},
                "apps": {},
                "clusters": {},
                "limits": limits,
                "builder": builder,
                "faults": [],
            }
        )


def short_id(length: int = 14) -> str:
    """An identifier as machines and clusters have it."""
    return "".join(_CROCKFORD[byte % 32] for byte in os.urandom(length))


def ulid() -> str:
    """An identifier as deployments and requests have it."""
    return f"01{short_id(24)}".upper()
