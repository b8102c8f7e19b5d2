"""The pytest options that select cells and configure their runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import walls
from .cells import AXIS_NAMES
from .record import results


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add one filter per axis, the results folder, and whether to leave the site running."""
    group = parser.getgroup("matrix", "the support matrix")
    for name in AXIS_NAMES:
        group.addoption(
            f"--{name.replace('_', '-')}",
            action="append",
            metavar="VALUE",
            help=f"run cells with this {name.replace('_', ' ')} (repeatable; default: the everyday values)",
        )
    group.addoption(
        "--isolation",
        choices=walls.KINDS,
        help="what separates an app from this machine (default: the strongest that works here)",
    )
    group.addoption(
        "--results",
        type=Path,
        default=results.DEFAULT_FOLDER,
        metavar="DIR",
        help="where results and logs are written (default: results/, which Git ignores)",
    )
    group.addoption(
        "--cells",
        type=Path,
        metavar="FILE",
        help="run only these: one ID per line, local halves with their conditions; overrides the filters",
    )
    group.addoption("--hand-off", type=Path, action="append", default=[], metavar="DIR", help="a hand-off to finish")
    group.addoption("--retries", type=int, default=0, metavar="N", help="rerun a failing cell up to N times")
    group.addoption("--keep", action="store_true", help="keep each site that passed running until Ctrl-C")
    group.addoption("--keep-failed", action="store_true", help="keep a failed run in place until Ctrl-C")
