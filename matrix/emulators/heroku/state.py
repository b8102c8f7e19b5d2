"""What the emulated Heroku remembers."""

from __future__ import annotations

from pathlib import Path

from matrix.emulators.heroku.model import Account, Limits, Platform
from matrix.emulators.store import Store, new_id


class State(Store[Platform]):
    """The state below the root folder of a sandbox."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, "heroku")

    def create(self, email: str = "dev@example.com") -> None:
        """A new, empty Heroku with this developer logged in."""
        account: Account = {"id": new_id(), "email": email, "api_key": new_id(), "logged_in": True}
        limits: Limits = {"boot": 60, "stop": 30, "release": 3600}
        self.begin({"account": account, "apps": {}, "faults": [], "limits": limits, "withdrawn": []})
