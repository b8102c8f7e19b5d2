"""The two flavours of the platform, and everything they differ in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Flavour:
    """Names of the CLI and of its files [CLI source: internal/config/*.yaml], and what containers of it get.

    `organization_type` is what projects of this flavour belong to. `relationship_variables`: whether each
    relationship is also exported as `NAME_URL`, `NAME_HOST` and so on [docs].
    """

    name: str
    executable: str
    cli_name: str
    env_prefix: str
    service_name: str
    config_folder: str
    app_file: str | None
    remote: str
    organization_type: str
    relationship_variables: bool

    @property
    def local_folder(self) -> str:
        """Where the CLI keeps its own files, relative to the Git root and outside of Git."""
        return f"{self.config_folder}/local"


FLEX = Flavour(
    name="upsun",
    executable="upsun",
    cli_name="Upsun CLI",
    env_prefix="UPSUN_CLI_",
    service_name="Upsun",
    config_folder=".upsun",
    app_file=None,
    remote="upsun",
    organization_type="flexible",
    relationship_variables=True,
)
FIXED = Flavour(
    name="platform_sh",
    executable="platform",
    cli_name="Upsun CLI (Platform.sh compatibility)",
    env_prefix="PLATFORMSH_CLI_",
    service_name="Upsun (formerly Platform.sh)",
    config_folder=".platform",
    app_file=".platform.app.yaml",
    remote="platform",
    organization_type="fixed",
    relationship_variables=False,
)
FLAVOURS = {flavour.name: flavour for flavour in (FLEX, FIXED)}
