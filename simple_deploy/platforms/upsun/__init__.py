"""Upsun, once called Upsun Flex: resources are set per container, and there is one configuration file."""

from __future__ import annotations

from pathlib import Path

from simple_deploy.contract import Link, facts

from .._upsun import Flavour, Template, platform

_TEMPLATES = Path(__file__).with_name("templates")
_FACTS = facts(Path(__file__).parent)

PLATFORM = platform(
    Flavour(
        name="Upsun",
        executable="upsun",
        token="UPSUN_CLI_TOKEN",
        link=".upsun/local/project.yaml",
        vendor="upsun",
        foreign="fixed",
        templates=(
            Template(
                path=".upsun/config.yaml",
                source=_TEMPLATES / "config.yaml",
                why="how Upsun builds, starts and reaches the site, and its database",
            ),
        ),
        mount=("mounts:", "  {folder}:", "    source: storage"),
        docs="https://docs.upsun.com",
        costs=_FACTS["price"].value,
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
