"""The addresses of services for an application [docs: create-apps, relationships; development/variables]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ...sandbox import isolation
from .configuration import Configuration
from .state import SHAPES


def relationships_of(configuration: Configuration, databases: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """`PLATFORM_RELATIONSHIPS`, decoded; `databases` has the URL of each service's database."""
    return {
        name: [_endpoint(name, service, str(configuration.services[service]["type"]), databases[service])]
        for name, (service, _) in configuration.relationships.items()
    }


def relationship_variables(relationships: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The same as single variables, `NAME_URL` and so on, in capitals."""
    variables: dict[str, str] = {}
    for name, (endpoint,) in relationships.items():
        prefix = re.sub(r"[^0-9A-Z_]", "_", name.upper())
        login = f"{endpoint['username']}:{endpoint['password']}"
        address = f"{endpoint['host']}:{endpoint['port']}/{endpoint['path']}"
        single = ("username", "password", "scheme", "host", "port", "path", "type", "rel")
        variables |= {f"{prefix}_{key.upper()}": str(endpoint[key]) for key in single}
        variables[f"{prefix}_NAME"] = endpoint["path"]
        variables[f"{prefix}_URL"] = f"{endpoint['scheme']}://{login}@{address}"
    return variables


def _endpoint(name: str, service: str, kind: str, url: str) -> dict[str, Any]:
    database = urlsplit(url)
    address = database.hostname if isolation.current() == "folder" else f"{name}.internal"
    facts = {"service": service, "kind": kind, "host": address, "path": database.path.lstrip("/")}
    return SHAPES.fill("relationship", database=database, **facts)
