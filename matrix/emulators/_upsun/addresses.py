"""The addresses of an environment: its routes with the platform's redirects, and its services.

[docs: routes; create-apps, relationships; development/variables]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ...sandbox import isolation
from .configuration import Configuration
from .state import SHAPES


def routes_of(configuration: Mapping[str, Any], host: str) -> dict[str, dict[str, Any]]:
    """Every route by its URL, those that are served first; `http` is redirected to `https` [docs: routes].

    Without any route in the configuration the application has the default address.
    """
    name = configuration["name"]
    written = configuration["routes"] or {"https://{default}/": {"type": "upstream", "upstream": f"{name}:http"}}
    secure = {_at(url, host): _route(url, route, host) for url, route in written.items()}
    upstreams = [route for route in secure.values() if route["type"] == "upstream"]
    for route in upstreams:
        route["primary"] = route["primary"] or not any(other["primary"] for other in upstreams)
    plain = {url.replace("https://", "http://", 1): _to_https(url, route) for url, route in secure.items()}
    ordered = dict(sorted(secure.items(), key=lambda entry: entry[1]["type"] != "upstream"))
    return {**ordered, **{url: route for url, route in plain.items() if url not in secure}}


def hosts_of(routes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Every host name of the routes, those that are served first."""
    return list(dict.fromkeys(url.split("/")[2] for url in routes))


def described(routes: Mapping[str, Mapping[str, Any]], application: str) -> list[str]:
    """A line about each route, as in the log of a deployment [push log]."""
    lines = []
    for url, route in sorted(routes.items()):
        served = f"is served by application `{application}`"
        lines.append(f"{url} {served if route['type'] == 'upstream' else 'redirects to ' + str(route['to'])}")
    return lines


def _route(url: str, route: Mapping[str, Any], host: str) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "primary": bool(route.get("primary")),
        "id": route.get("id"),
        "attributes": route.get("attributes") or {},
        "type": route["type"],
        "original_url": url,
    }
    if route["type"] == "redirect":
        return {**kept, "to": _at(str(route["to"]), host)}
    return {**kept, "upstream": str(route["upstream"]).partition(":")[0]}


def _to_https(url: str, route: Mapping[str, Any]) -> dict[str, Any]:
    original = str(route["original_url"]).replace("https://", "http://", 1)
    return {"primary": False, "id": None, "attributes": {}, "type": "redirect", "to": url, "original_url": original}


def _at(url: str, host: str) -> str:
    return url.replace("{default}", host).replace("{all}", host)


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
