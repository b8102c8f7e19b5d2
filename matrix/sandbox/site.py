"""A web process to start in a sandbox, as one record that other processes can send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .namespace import Container, Mount


@dataclass(frozen=True, kw_only=True)
class Site:
    """The web process `name`: requests for `hosts` go to `argv`, run in `container`.

    Its port (a free one, unless given) is in its environment as `port_variable`; its output is added to `log`; timeouts
    are in seconds. The stop signal goes to every program of the process, or only to the first. With `https_only` the
    router answers plain requests with the https address.
    """

    name: str
    hosts: Sequence[str]
    container: Container
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    port: int | None = None
    port_variable: str = "PORT"
    boot_timeout: float = 60
    stop_timeout: float = 30
    stop_signal: str = "SIGTERM"
    stop_main_only: bool = False
    https_only: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` reads them."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Site:
        """The record that `as_json` wrote, read back from JSON text."""
        place = value["container"]
        mounts = tuple(Mount(**mount | {"host": Path(mount["host"])}) for mount in place["mounts"])
        place |= {"app": Path(place["app"]), "mounts": mounts, "entry": tuple(place["entry"])}
        return cls(**value | {"container": Container(**place), "log": Path(value["log"])})
