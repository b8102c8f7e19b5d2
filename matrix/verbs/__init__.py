"""The verbs of the matrix, one module each: plan, run, merge, judge, publish. The same here and in CI."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from ..cells import AXIS_NAMES
from ..places import Filters
from ..record.provenance import REPOSITORY

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add one option per axis."""
    for name in AXIS_NAMES:
        parser.add_argument(
            f"--{name.replace('_', '-')}", action="append", metavar="VALUE", help=f"only this {name.replace('_', ' ')}"
        )


def filters(options: argparse.Namespace) -> Filters:
    """The values given for each axis that has any."""
    return {name: values for name in AXIS_NAMES if (values := getattr(options, name))}


def run_tests(argv: Sequence[str], rest: Sequence[str], *, results: Path) -> int:
    """Run pytest in parallel, with the user's own arguments last; return 1 if a cell has failed, else 0."""
    workers = () if any(word.startswith("-n") for word in rest) else ("-n", "auto")
    command = [sys.executable, "-m", "pytest", *argv, *workers, "--results", str(results.resolve()), *rest]
    return 1 if subprocess.run(command, cwd=REPOSITORY, check=False).returncode else 0


def complain(text: str) -> int:
    """Print why nothing was done, and return the exit status of a usage error."""
    sys.stderr.write(f"{text}\n")
    return 2
