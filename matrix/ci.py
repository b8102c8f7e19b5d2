"""The jobs of the CI workflow, computed from `axes.toml`: where tests and cells run."""

from typing import Any

from matrix.cells import Axes, NothingLeft, select

RUNNERS = {"Linux": "ubuntu-latest", "macOS": "macos-latest", "Windows": "windows-latest"}


def jobs(axes: Axes) -> dict[str, Any]:
    """The values of `strategy.matrix` for each job of the workflow that has one."""
    versions = sorted(axes.values["python"].known, key=lambda version: [int(part) for part in version.split(".")])
    places = [("Linux", "bubblewrap"), *((system, "folder") for system in RUNNERS)]
    integration = [
        {"os": RUNNERS[system], "isolation": isolation, "platform": platform}
        for system, isolation in places
        for platform in axes.values["platform"].default
        if _works(axes, platform, {"system": system, "isolation": isolation})
    ]
    return {"tests": {"os": [*RUNNERS.values()], "python": versions}, "integration": {"include": integration}}


def _works(axes: Axes, platform: str, place: dict[str, str]) -> bool:
    try:
        select(axes, {"platform": [platform]}, place)
    except NothingLeft:
        return False
    return True
