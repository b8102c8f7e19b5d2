"""`python -m matrix.real_cli`: compare the emulated `heroku` with the real CLI, and deploy two cells with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import display
from ..cells import Cell, load_axes, select
from ..display import say
from ..proving.prove import prove
from ..record import results
from ..record.results import CellResult
from . import RealClient, comparison
from .installation import Client, Unavailable, client

MANAGERS = ("pip", "uv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if both agree and the cells pass, 1 if not, 2 if the real CLI is not available."""
    parser = argparse.ArgumentParser(prog="python -m matrix.real_cli", description=__doc__)
    parser.add_argument("--results", type=Path, default=results.DEFAULT_FOLDER, metavar="DIR", help="where results go")
    parser.add_argument("--only", choices=("comparison", "cells"), help="one half of it")
    options = parser.parse_args(arguments)
    try:
        found = client()
    except Unavailable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    say(f"heroku {found.version} from npm, with Node {found.node_version}")
    differences = [] if options.only == "cells" else comparison.differences(found, say)
    for difference in differences:
        say(str(difference))
    cells = [] if options.only == "comparison" else [_proved(found, cell, options.results) for cell in _cells()]
    return 1 if differences or any(result.status != "pass" for result in cells) else 0


def _cells() -> tuple[Cell, ...]:
    return select(load_axes(), {"platform": ["heroku"], "layout": ["flat"], "package_manager": list(MANAGERS)})


def _proved(found: Client, cell: Cell, folder: Path) -> CellResult:
    real = RealClient(found)
    try:
        result = prove(
            cell,
            log=folder.resolve() / f"{cell.id}.real_cli.log",
            on_stage=lambda stage: say(display.stage_line(cell.id, stage)),
            say=say,
            emulator=real,
            kind="emulated, real client",
            more_versions={"heroku": found.version, "node": found.node_version},
        )
    finally:
        real.close()
    results.save(result, folder)
    return result


if __name__ == "__main__":
    sys.exit(main())
