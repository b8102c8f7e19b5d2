"""The errors in the configuration files, one line each.

The keys are those of the vendor's published schemas that are emulated. If a message names no source, its wording is the
emulator's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._kit.keys import wrong_keys
from .flavour import Flavour

if TYPE_CHECKING:
    from .configuration import Configuration

SUPPORTED = ("3.14", "3.13")  # [vendor's registry of images, late 2026]
DEPRECATED = ("3.12", "3.11", "3.10")
_POSTGRESQL = ("18", "17", "16", "15", "14")
_KEYS = {
    "": "root applications. services. routes.",
    "applications": "*.",
    "applications.*": "type relationships variables timezone access crons additional_hosts "
    "source. build. dependencies. hooks. mounts. web.",
    "applications.*.source": "root",
    "applications.*.build": "flavor",
    "applications.*.dependencies": "python3 nodejs",
    "applications.*.hooks": "build deploy post_deploy",
    "applications.*.mounts": "*.",
    "applications.*.mounts.*": "source source_path service",
    "applications.*.web": "upstream. commands. locations.",
    "applications.*.web.upstream": "socket_family protocol",
    "applications.*.web.commands": "pre_start start post_start",
    "applications.*.web.locations": "*.",
    "applications.*.web.locations.*": "root expires passthru scripts index allow headers rules",
    "services": "*.",
    "services.*": "type access configuration relationships",
    "routes": "*.",
    "routes.*": "type upstream to primary id attributes cache ssi redirects tls",
}
_NOT_EMULATED = {"applications.*": "workers stack operations multiple_mounts"}
# Services of the real platform. [docs: add-services]
_ELSEWHERE = frozenset(
    {
        *("chrome-headless", "clickhouse", "elasticsearch", "gotenberg", "influxdb", "kafka", "mariadb", "memcached"),
        *("mercure", "mongodb", "mysql", "network-storage", "opensearch", "oracle-mysql", "rabbitmq", "redis"),
        *("redis-persistent", "solr", "valkey", "valkey-persistent", "varnish", "vault-kms"),
    }
)
_KINDS = {
    "unknown": "{}: Extra keys not allowed.",
    "not emulated": "{}: this emulation does not know what to do with it.",
    "no section": "{}: a mapping is expected.",
}


def unknown_keys(flavour: Flavour, whole: Mapping[str, Any]) -> list[str]:
    """A line for each wrong key."""
    keys = {section: f"{names} {flavour.keys.get(section, '')}" for section, names in _KEYS.items()}
    return [_KINDS[kind].format(path) for path, kind in wrong_keys(whole, keys, _NOT_EMULATED)]


def problems(flavour: Flavour, configuration: Configuration, tree: Path) -> Iterator[str]:
    """A line for each wrong value; the keys have been checked before."""
    here, application = f"applications.{configuration.name}", configuration.application
    kind, _, version = str(application.get("type")).partition(":")
    if flavour.app_file and not application.get("name"):
        yield f"{here}.name: required key not provided"
    if kind != "python" or version not in SUPPORTED + DEPRECATED:
        yield f"{here}.type: '{application.get('type')}' is not a valid application type."
    if not (tree / configuration.root).is_dir():
        yield f"{here}.source.root: there is no folder '{configuration.root}'."
    for service, entry in configuration.services.items():
        if kind_of(entry) != "postgresql" or str(entry.get("type")).partition(":")[2] not in _POSTGRESQL:
            offered = kind_of(entry) in _ELSEWHERE
            reason = "is a service that this emulation lacks" if offered else "is not a valid service type"
            yield f"services.{service}.type: '{entry.get('type')}' {reason}."  # [docs]
        if flavour.app_file and not entry.get("disk"):
            yield f"services.{service}.disk: required key not provided"
    for name, (service, endpoint) in configuration.relationships.items():
        if service not in configuration.services:
            yield f"{here}.relationships.{name}: there is no service '{service}'."
        elif endpoint != "postgresql":
            yield f"{here}.relationships.{name}: the service '{service}' has no endpoint '{endpoint}'."
    yield from _web_problems(flavour, configuration)
    yield from _route_problems(configuration)


def _web_problems(flavour: Flavour, configuration: Configuration) -> Iterator[str]:
    here, application = f"applications.{configuration.name}", configuration.application
    web = application.get("web") or {}
    if not (web.get("commands") or {}).get("start"):
        yield f"{here}.web.commands.start: required key not provided"
    if (web.get("upstream") or {}).get("socket_family", "tcp") not in ("tcp", "unix"):
        yield f"{here}.web.upstream.socket_family: neither tcp nor unix."
    for path, location in (web.get("locations") or {}).items():
        if not str(path).startswith("/"):
            yield f"{here}.web.locations.{path}: a location starts with '/'."
        if "root" in location and str(location["root"]).startswith("/"):
            yield f"{here}.web.locations.{path}.root: a root is relative to the application."
    for path, mount in (application.get("mounts") or {}).items():
        if mount.get("source") not in flavour.mount_sources:
            yield f"{here}.mounts.{path}.source: '{mount.get('source')}' is not a valid source."
        elif flavour.app_file and mount["source"] == "local" and not application.get("disk"):
            yield f"{here}.disk: required for a mount that is local."
    for tool, wanted in ((application.get("dependencies") or {}).get("python3") or {}).items():
        if not re.fullmatch(r"[\w.-]+(\[[\w,.-]+\])?", str(tool)) or not isinstance(wanted, str):
            yield f"{here}.dependencies.python3.{tool}: a name and a version are expected."


def _route_problems(configuration: Configuration) -> Iterator[str]:
    for url, route in configuration.routes.items():
        if not re.match(r"https?://[^/]+/", str(url)):
            yield f"routes.{url}: a URL that ends with '/' is expected."
        if route.get("type") == "upstream" and route.get("upstream") != f"{configuration.name}:http":
            yield f"routes.{url}.upstream: there is no endpoint '{route.get('upstream')}'."
        if route.get("type") not in ("upstream", "redirect"):
            yield f"routes.{url}.type: '{route.get('type')}' is not a valid route type."
        if route.get("type") == "redirect" and not route.get("to"):
            yield f"routes.{url}.to: required key not provided"


def kind_of(service: Mapping[str, Any]) -> str:
    """The type of a service, without its version."""
    return str(service.get("type")).partition(":")[0]
