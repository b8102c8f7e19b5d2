"""What other processes of a sandbox (a platform's command, a Git hook) can ask of it, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matrix.sandbox.namespace import Container
from matrix.sandbox.sites import SiteState


class Control:
    """The sandbox at a root folder, from another process."""

    @classmethod
    def connect(cls, root: Path) -> Control:
        """Read `control.json` in `root`. Raises `ControlError` if no sandbox runs there."""
        raise NotImplementedError

    def start_site(
        self,
        name: str,
        *,
        hosts: Sequence[str],
        container: Container,
        argv: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        port_variable: str = "PORT",
        boot_timeout: float = 60,
        stop_timeout: float = 30,
        stop_signal: str = "SIGTERM",
    ) -> None:
        """Same as `Sites.start_site`."""
        raise NotImplementedError

    def stop_site(self, name: str) -> None:
        """Same as `Sites.stop_site`."""
        raise NotImplementedError

    def site(self, name: str) -> SiteState | None:
        """Same as `Sites.site`."""
        raise NotImplementedError

    def create_database(self, name: str) -> str:
        """Same as `Databases.create_database`."""
        raise NotImplementedError

    def drop_database(self, name: str) -> None:
        """Same as `Databases.drop_database`."""
        raise NotImplementedError
