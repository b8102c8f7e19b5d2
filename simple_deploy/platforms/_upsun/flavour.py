"""The differences between Upsun's two products, as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simple_deploy.contract import Link


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Template:
    """A file of ours: its path, its template, and its reason."""

    path: str
    source: Path
    why: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Flavour:
    """One product. `executable` is its CLI, and also the name of the Git remote that the CLI creates.

    `token` is the variable with an API token, `vendor` the product's name in the CLI's installer. `link` is the file in
    which the CLI records the project of a folder. `templates` begin with the file that defines how the app is built,
    deployed and started; `mount` are its lines for a mount of {folder}. Projects of organizations of the type
    `foreign` belong to the other product. `customers` says who can use the product, unless everybody can: then a new
    organization is never of its own type.
    """

    name: str
    executable: str
    token: str
    link: str
    vendor: str
    foreign: str
    templates: tuple[Template, ...]
    mount: tuple[str, ...]
    docs: str
    costs: str
    reading: tuple[Link, ...]
    customers: str = ""

    @property
    def service_file(self) -> str:
        """The file that defines the services."""
        paths = (template.path for template in self.templates)
        return next((path for path in paths if path.endswith("services.yaml")), self.app_file)

    @property
    def app_file(self) -> str:
        """The file that defines how the app is built, deployed and started."""
        return self.templates[0].path
