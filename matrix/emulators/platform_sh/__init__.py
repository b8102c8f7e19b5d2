"""The emulated Upsun Fixed, the former Platform.sh; everything of it is in `matrix.emulators._upsun`."""

from __future__ import annotations

from collections.abc import Mapping

from matrix.emulators._upsun.emulation import READING, UNATTENDED, Emulation
from matrix.emulators._upsun.flavour import FIXED

__all__ = [
    "READING",
    "UNATTENDED",
    "builder",
    "command",
    "install",
    "inventory",
    "obstacle",
    "refusal",
    "secrets",
    "store",
]

_EMULATION = Emulation(FIXED)
builder = _EMULATION.builder
command = _EMULATION.command
install = _EMULATION.install
inventory = _EMULATION.inventory
obstacle = _EMULATION.obstacle
refusal = _EMULATION.refusal
secrets = _EMULATION.secrets
store = _EMULATION.store


def __getattr__(name: str) -> Mapping[str, str]:
    """ENVIRONMENT, which the CLI, a user of this package too, must not wait for."""
    if name == "ENVIRONMENT":
        return _EMULATION.environment
    raise AttributeError(name)
