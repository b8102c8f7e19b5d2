"""The kinds of isolation, with a description of what separates an app from its machine. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Isolation = Literal["bubblewrap", "folder"]

KINDS: Final[tuple[Isolation, ...]] = get_args(Isolation)  # the strongest first
WALLS: Mapping[Isolation, str] = {
    "bubblewrap": "the app sees its own folder, its own processes and a read-only system, and has no privileges here; "
    "the network is shared",
    "folder": "none: the app runs as you, in a folder of its own, and can read and write all that you can",
}


def described(isolation: Isolation) -> str:
    """One line that describes the isolation of a run."""
    return f"Isolation {isolation}: {WALLS[isolation]}."
