"""Platform.sh, now called Upsun Fixed: projects have a plan, three files say everything."""

from __future__ import annotations

from pathlib import Path

from .._upsun import Flavour, Template, platform
from ..contract import Link, facts

_TEMPLATES = Path(__file__).with_name("templates")

PLATFORM = platform(
    Flavour(
        id="platform_sh",
        name="Platform.sh",
        executable="platform",
        cli="Platform.sh",
        install="one of the installers on the page below (Homebrew, Scoop, a system package, a script)",
        token="PLATFORMSH_CLI_TOKEN",
        link=".platform/local/project.yaml",
        foreign="flexible",
        open=False,
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
        docs="https://fixed.docs.upsun.com",
        costs=facts(Path(__file__).parent)["price"].value,
        reading=(
            Link(
                title="Pricing of Upsun Fixed",
                address="https://upsun.com/pricing-fixed",
                why="what the plans cost and include.",
            ),
        ),
    )
)
