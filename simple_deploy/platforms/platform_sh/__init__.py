"""Platform.sh, now called Upsun Fixed: projects have a plan, and three configuration files."""

from __future__ import annotations

from pathlib import Path

from simple_deploy.contract import Link, facts

from .._upsun import Flavour, Template, platform

_TEMPLATES = Path(__file__).with_name("templates")
_FACTS = facts(Path(__file__).parent)

PLATFORM = platform(
    Flavour(
        name="Platform.sh",
        executable="platform",
        token="PLATFORMSH_CLI_TOKEN",
        link=".platform/local/project.yaml",
        vendor="platformsh",
        foreign="flexible",
        customers=_FACTS["open to"].value,
        templates=(
            Template(
                path=".platform.app.yaml",
                source=_TEMPLATES / "app.yaml",
                why="how Platform.sh builds, deploys and starts the site",
            ),
            Template(
                path=".platform/services.yaml",
                source=_TEMPLATES / "services.yaml",
                why="the site's database",
            ),
            Template(
                path=".platform/routes.yaml",
                source=_TEMPLATES / "routes.yaml",
                why="the addresses of the site",
            ),
        ),
        mount=("disk: 512  # MB", "mounts:", "  {folder}:", "    source: local", "    source_path: uploads"),
        docs="https://fixed.docs.upsun.com",
        costs=_FACTS["price"].value,
        reading=(
            Link(
                title="Pricing of Upsun Fixed",
                address="https://upsun.com/pricing-fixed",
                why="what the plans cost and include.",
            ),
        ),
    )
)
