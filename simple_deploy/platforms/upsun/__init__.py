"""Upsun, once called Upsun Flex: resources are set for each container, one file says everything."""

from __future__ import annotations

from pathlib import Path

from .._upsun import Flavour, Template, platform
from ..contract import Link, facts

_TEMPLATES = Path(__file__).with_name("templates")

PLATFORM = platform(
    Flavour(
        id="upsun",
        name="Upsun",
        executable="upsun",
        cli="Upsun",
        install="one of the installers on the page below (Homebrew, Scoop, a system package, a script)",
        token="UPSUN_CLI_TOKEN",
        link=".upsun/local/project.yaml",
        foreign="fixed",
        open=True,
        templates=(
            Template(
                path=".upsun/config.yaml",
                source=_TEMPLATES / "config.yaml",
                why="how Upsun builds, starts and reaches the site, and its database",
            ),
        ),
        docs="https://docs.upsun.com",
        costs=facts(Path(__file__).parent)["price"].value,
        reading=(
            Link(
                title="Pricing",
                address="https://upsun.com/pricing",
                why="the cost of a project, its resources and its users.",
            ),
            Link(
                title="Resources",
                address="https://docs.upsun.com/manage-resources.html",
                why="how much CPU, memory and disk each container has, and how to change that.",
            ),
        ),
    )
)
