"""The verbs of the matrix, one module each: plan, run, merge, judge, publish. The same here and in CI."""

from __future__ import annotations

import argparse
import sys
from typing import TypeAlias

from matrix.cells import AXIS_NAMES
from matrix.places import Filters

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_filters(parser: argparse.ArgumentParser) -> None:
    """One option an axis."""
    for name in AXIS_NAMES:
        parser.add_argument(
            f"--{name.replace('_', '-')}", action="append", metavar="VALUE", help=f"this {name.replace('_', ' ')} only"
        )


def filters(options: argparse.Namespace) -> Filters:
    """The values asked for on each axis for which there are any."""
    return {name: values for name in AXIS_NAMES if (values := getattr(options, name))}


def say(text: str) -> None:
    """Show a line, or more, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> int:
    """Say why nothing was done; the exit status of a usage error."""
    sys.stderr.write(f"{text}\n")
    return 2
