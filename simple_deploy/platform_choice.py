"""The platform of a run: a name as people write it, and the prompt if none is given."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from . import platforms
from .contract import Choose
from .text import names


def named(text: str) -> str:
    """The ID of the platform that `text` names, ignoring case and punctuation. For argparse."""
    if text in platforms.Choices():
        return text  # without reading the metadata of every distribution
    known = platforms.installed()
    if found := names.meant(text, known):
        return found
    raise argparse.ArgumentTypeError(
        f'"{text}" is not a platform{names.suggestion(text, known)} (choose from {", ".join(known)})'
    )


def picked(choose: Choose) -> str:
    """The ID of the only platform, or of the one that the user picks. Raises Refused in a run without prompts."""
    known = platforms.installed()
    return (choose(question(known), known) if len(known) > 1 else None) or platforms.only()


def question(known: Sequence[str]) -> str:
    """The prompt if no platform is named, with a line on each."""
    lines = [f"  {name}: {text}" for name in known if (text := platforms.told(name, "in short"))]
    return "\n".join(["Platforms:", *lines, "", "Which platform?"])
