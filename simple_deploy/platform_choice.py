"""The platform of a run: a name as people write it, and the prompt if none is given."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from . import platforms
from .contract import Choose

# Shorter prefixes are too likely a slip.
_SHORTEST = 2


def named(text: str) -> str:
    """The ID of the platform that `text` names, ignoring case and punctuation. For argparse."""
    if text in platforms.Choices():
        return text  # without reading the metadata of every distribution
    known = {_plain(name): name for name in platforms.installed()}
    wanted = _plain(text)
    fitting = (
        [known[wanted]] if wanted in known else [name for plain, name in known.items() if plain.startswith(wanted)]
    )
    if len(fitting) == 1 and len(wanted) >= _SHORTEST:
        return fitting[0]
    raise argparse.ArgumentTypeError(f'"{text}" is not a platform{_meant(wanted, known)} (choose from {_listed()})')


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _meant(wanted: str, known: dict[str, str]) -> str:
    from difflib import get_close_matches  # needed for a misspelling only

    close = get_close_matches(wanted, known, n=1)
    return f"; did you mean {known[close[0]]}?" if close else ""


def _listed() -> str:
    return ", ".join(platforms.installed())


def picked(choose: Choose) -> str:
    """The ID of the only platform, or of the one that the user picks. Raises Refused in a run without prompts."""
    known = platforms.installed()
    return (choose(question(known), known) if len(known) > 1 else None) or platforms.only()


def question(known: Sequence[str]) -> str:
    """The prompt if no platform is named, with a line on each."""
    lines = [f"  {name}: {text}" for name in known if (text := platforms.told(name, "in short"))]
    return "\n".join(["Platforms:", *lines, "", "Which platform?"])
