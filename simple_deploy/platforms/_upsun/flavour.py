"""What differs between Upsun's two products, as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simple_deploy.contract import Link


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Template:
    """A file of ours: where it is written to, what it is filled from, and why."""

    path: str
    source: Path
    why: str


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Flavour:
    """One product. `executable` is its CLI, and also the name of the Git remote that the CLI makes.

    `token` is the variable with an API token, `vendor` what the CLI's installer calls the product.
    `link` is the file in which the CLI notes the project of a folder.
    `templates` begin with the file that says how the app is built, deployed and started. Projects of organizations of
    the type `foreign` are the other product's. `customers` names whom the product takes, if
    not everybody: then no new organization is of its own type.
    """

    name: str
    executable: str
    token: str
    link: str
    vendor: str
    foreign: str
    templates: tuple[Template, ...]
    docs: str
    costs: str
    reading: tuple[Link, ...]
    customers: str = ""

    @property
    def app_file(self) -> str:
        """The file that says how the app is built, deployed and started."""
        return self.templates[0].path
