"""`python -m matrix.real_images`: one cell per package manager on Fly.io, whose image docker, podman or buildah builds.

The emulation builds images itself; this shows that a common tool builds the same Dockerfiles, and that the site runs
from those images.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import pytest

from .cells import load_axes
from .emulators.fly_io.image.real_builders import NAMES, obstacle
from .emulators.fly_io.state import BUILDER_VARIABLE


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status of the cells; 2 if no program can build images here, or 0 with --where-possible."""
    parser = argparse.ArgumentParser(prog="python -m matrix.real_images", description=__doc__)
    parser.add_argument("--builder", choices=NAMES, help="default: the first that works here")
    parser.add_argument("--where-possible", action="store_true", help="if none works, print why and succeed")
    options, rest = parser.parse_known_args(arguments)
    reasons = {name: obstacle(name) for name in ([options.builder] if options.builder else NAMES)}
    chosen = next((name for name, reason in reasons.items() if not reason), None)
    if chosen is None:
        for name, reason in reasons.items():
            sys.stdout.write(f"{name} builds no images on this machine: {reason}\n")
        return 0 if options.where_possible else 2
    os.environ[BUILDER_VARIABLE] = chosen
    managers = load_axes().values["package_manager"].default
    filters = [word for name in managers for word in ("--package-manager", name)]
    cells = ["matrix/test_cells.py", "--platform", "fly_io", "--layout", "flat", *filters]
    return int(pytest.main([*cells, *rest]))


if __name__ == "__main__":
    sys.exit(main())
