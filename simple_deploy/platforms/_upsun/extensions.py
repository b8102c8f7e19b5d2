"""The extensions of PostgreSQL, which a service only has if its configuration lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simple_deploy.contract import Site, own_file

from .flavour import Flavour


def enabled(extensions: Sequence[str]) -> Iterator[str]:
    """The lines below a service that enable them (docs, "PostgreSQL": "Extensions")."""
    if extensions:
        yield "configuration:"
        yield "  extensions:"
        yield from (f"    - {name}" for name in extensions)


def not_enabled(flavour: Flavour, site: Site) -> list[str]:
    """Those that the user's own file does not list."""
    text = own_file(site, flavour.service_file) or ""
    lacking = (name for name in site.recipe.extensions if not re.search(rf"[-,\[]\s*[\"']?{name}\b(?!-)", text))
    return list(lacking) if text else []
