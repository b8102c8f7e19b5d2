"""The two flavours of the platform, and all their differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Flavour(NamedTuple):
    """Names of the CLI and of its files [CLI source: internal/config/*.yaml], and the variables of its containers.

    `organization_type` is the type of its organizations. `relationship_variables`: whether each relationship is also
    exported as `NAME_URL`, `NAME_HOST` and so on [docs]. `keys` are those of its configuration files that the other
    flavour lacks, `mount_sources` the kinds of its mounts.
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
    keys: Mapping[str, str]
    mount_sources: tuple[str, ...]

    @property
    def local_folder(self) -> str:
        """The folder of the CLI's own files, relative to the Git root and outside of Git."""
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
    keys={"applications.*": "container_profile", "services.*": "container_profile"},
    mount_sources=("storage", "instance", "tmp", "service"),
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
    keys={"applications.*": "name disk size resources", "services.*": "disk size"},
    mount_sources=("local", "service", "tmp"),
)
FLAVOURS = {flavour.name: flavour for flavour in (FLEX, FIXED)}
