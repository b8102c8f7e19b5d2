"""The configuration files of a commit, read as the platform reads them: everything it does not know is an error.

The keys are those of the vendor's published schemas, without what is not emulated. Where a message names no
source its wording is the emulator's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrix.emulators._upsun.flavour import Flavour

SUPPORTED = ("3.14", "3.13")  # [vendor's registry of images, late 2026]
DEPRECATED = ("3.12", "3.11", "3.10")
_POSTGRESQL = ("18", "17", "16", "15", "14")
_NOT_EMULATED = ("workers", "stack", "operations", "multiple_mounts")

_LOCATION = dict.fromkeys(("root", "expires", "passthru", "scripts", "index", "allow", "headers", "rules"))
_MOUNT = dict.fromkeys(("source", "source_path", "service"))
_APPLICATION: dict[str, Any] = {
    **dict.fromkeys(("type", "relationships", "variables", "timezone", "access", "crons", "additional_hosts")),
    "source": {"root": None},
    "build": {"flavor": None},
    "dependencies": {"python3": None},
    "hooks": dict.fromkeys(("build", "deploy", "post_deploy")),
    "mounts": {"*": _MOUNT},
    "web": {
        "upstream": dict.fromkeys(("socket_family", "protocol")),
        "commands": dict.fromkeys(("pre_start", "start", "post_start")),
        "locations": {"*": _LOCATION},
    },
}
_ROUTE = dict.fromkeys(("type", "upstream", "to", "primary", "id", "attributes", "cache", "ssi", "redirects", "tls"))
_KEYS: dict[str, dict[str, Any]] = {
    "upsun": {
        "applications": {"*": {**_APPLICATION, "container_profile": None}},
        "services": {"*": dict.fromkeys(("type", "access", "configuration", "relationships", "container_profile"))},
        "routes": {"*": _ROUTE},
    },
    "platform_sh": {
        "applications": {"*": {**_APPLICATION, "name": None, "disk": None, "size": None, "resources": None}},
        "services": {"*": dict.fromkeys(("type", "disk", "size", "access", "configuration", "relationships"))},
        "routes": {"*": _ROUTE},
    },
}
_SOURCES = {"upsun": ("storage", "instance", "tmp", "service"), "platform_sh": ("local", "service", "tmp")}


class InvalidConfiguration(Exception):
    """What is wrong: a line for each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The one application of a project, its services, and its routes. `root` is the application's folder in Git."""

    name: str
    root: str
    application: Mapping[str, Any]
    services: Mapping[str, Mapping[str, Any]]
    routes: Mapping[str, Mapping[str, Any]]

    @property
    def python(self) -> str:
        """The version of Python: two numbers."""
        return str(self.application["type"]).partition(":")[2]

    def hook(self, name: str) -> str:
        """The script of a hook, empty if there is none."""
        return str(self.application.get("hooks", {}).get(name) or "")

    def variables(self, prefix: str = "env") -> dict[str, str]:
        """Variables of a prefix; those of `env` are environment variables."""
        found = (self.application.get("variables") or {}).get(prefix) or {}
        return {name: value if isinstance(value, str) else str(value).lower() for name, value in found.items()}

    @property
    def tools(self) -> dict[str, str]:
        """Packages that are installed before the build, with their versions."""
        return dict((self.application.get("dependencies") or {}).get("python3") or {})

    @property
    def relationships(self) -> dict[str, tuple[str, str]]:
        """Service and endpoint by the name of each relationship [docs: all three ways to write one]."""
        found: dict[str, tuple[str, str]] = {}
        for name, value in (self.application.get("relationships") or {}).items():
            if isinstance(value, str):
                service, _, endpoint = value.partition(":")
            else:
                service, endpoint = (value or {}).get("service") or name, (value or {}).get("endpoint") or ""
            found[name] = (service, endpoint or _kind(self.services.get(service, {})))
        return found


def read(flavour: Flavour, tree: Path) -> Configuration:
    """The configuration in a checked-out tree. Raises InvalidConfiguration with all that is wrong."""
    whole = _load(flavour, tree)
    errors = list(_unknown_keys(whole, _KEYS[flavour.name], ""))
    applications = whole.get("applications") or {}
    if errors:
        raise InvalidConfiguration(errors)
    if len(applications) != 1:
        raise InvalidConfiguration([f"applications: this emulation runs one application, not {len(applications)}."])
    ((name, application),) = applications.items()
    configuration = Configuration(
        name=name,
        root=str(whole["root"] if flavour.app_file else (application.get("source") or {}).get("root") or "").strip("/"),
        application=application,
        services=whole.get("services") or {},
        routes=whole.get("routes") or {},
    )
    errors = list(_mistakes(flavour, configuration, tree))
    if errors:
        raise InvalidConfiguration(errors)
    return configuration


def _load(flavour: Flavour, tree: Path) -> dict[str, Any]:
    folder = tree / flavour.config_folder
    if flavour.app_file is None:
        if not folder.is_dir():
            raise InvalidConfiguration([f": Configuration directory '{flavour.config_folder}' not found."])  # [docs]
        merged: dict[str, Any] = {}
        for file in sorted(folder.glob("*.yaml")):
            for section, entries in _yaml(file, tree).items():
                merged[section] = {**merged.get(section, {}), **(entries or {})}
        return merged
    found = sorted(path for path in tree.rglob(flavour.app_file) if ".git" not in path.parts)
    if not found:
        raise InvalidConfiguration([f"applications: No application configuration ({flavour.app_file}) found."])
    applications = {str(_yaml(file, tree).get("name")): _yaml(file, tree) for file in found}
    return {
        "root": found[0].parent.relative_to(tree).as_posix().removeprefix("."),
        "applications": applications,
        "services": _yaml(folder / "services.yaml", tree),
        "routes": _yaml(folder / "routes.yaml", tree),
    }


def _yaml(file: Path, tree: Path) -> dict[str, Any]:
    import yaml

    if not file.is_file():
        return {}
    try:
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InvalidConfiguration([f"{file.relative_to(tree)}: {error}"]) from error
    if not isinstance(loaded, dict | None):
        raise InvalidConfiguration([f"{file.relative_to(tree)}: a mapping is expected."])
    return loaded or {}


def _unknown_keys(found: Any, known: dict[str, Any] | None, path: str) -> Iterator[str]:
    """Lines for keys that there are not, `*` standing for any."""
    if known is None or found is None:
        return
    if not isinstance(found, dict):
        yield f"{path}: a mapping is expected."
        return
    for key, value in found.items():
        here = f"{path}.{key}".lstrip(".")
        if not path and key == "root":
            continue
        if key in _NOT_EMULATED:
            yield f"{here}: this emulation does not know what to do with it."
        elif key not in known and "*" not in known:
            yield f"{here}: Extra keys not allowed."
        else:
            yield from _unknown_keys(value, known.get(key, known.get("*")), here)


def _mistakes(flavour: Flavour, configuration: Configuration, tree: Path) -> Iterator[str]:
    here, application = f"applications.{configuration.name}", configuration.application
    kind, _, version = str(application.get("type")).partition(":")
    if flavour.app_file and not application.get("name"):
        yield f"{here}.name: required key not provided"
    if kind != "python" or version not in SUPPORTED + DEPRECATED:
        yield f"{here}.type: '{application.get('type')}' is not a valid application type."
    if not (tree / configuration.root).is_dir():
        yield f"{here}.source.root: there is no folder '{configuration.root}'."
    for service, entry in configuration.services.items():
        if _kind(entry) != "postgresql" or str(entry.get("type")).partition(":")[2] not in _POSTGRESQL:
            yield f"services.{service}.type: '{entry.get('type')}' is not a valid service type."  # [docs]
        if flavour.app_file and not entry.get("disk"):
            yield f"services.{service}.disk: required key not provided"
    for name, (service, endpoint) in configuration.relationships.items():
        if service not in configuration.services:
            yield f"{here}.relationships.{name}: there is no service '{service}'."
        elif endpoint != "postgresql":
            yield f"{here}.relationships.{name}: the service '{service}' has no endpoint '{endpoint}'."
    yield from _mistakes_of_web(flavour, configuration)
    yield from _mistakes_of_routes(configuration)


def _mistakes_of_web(flavour: Flavour, configuration: Configuration) -> Iterator[str]:
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
        if mount.get("source") not in _SOURCES[flavour.name]:
            yield f"{here}.mounts.{path}.source: '{mount.get('source')}' is not a valid source."
        elif flavour.app_file and mount["source"] == "local" and not application.get("disk"):
            yield f"{here}.disk: required for a mount that is local."
    for tool, wanted in ((application.get("dependencies") or {}).get("python3") or {}).items():
        if not re.fullmatch(r"[\w.-]+(\[[\w,.-]+\])?", str(tool)) or not isinstance(wanted, str):
            yield f"{here}.dependencies.python3.{tool}: a name and a version are expected."


def _mistakes_of_routes(configuration: Configuration) -> Iterator[str]:
    for url, route in configuration.routes.items():
        if not re.match(r"https?://[^/]+/", str(url)):
            yield f"routes.{url}: a URL that ends with '/' is expected."
        if route.get("type") == "upstream" and route.get("upstream") != f"{configuration.name}:http":
            yield f"routes.{url}.upstream: there is no endpoint '{route.get('upstream')}'."
        if route.get("type") not in ("upstream", "redirect"):
            yield f"routes.{url}.type: '{route.get('type')}' is not a valid route type."
        if route.get("type") == "redirect" and not route.get("to"):
            yield f"routes.{url}.to: required key not provided"


def _kind(service: Mapping[str, Any]) -> str:
    return str(service.get("type")).partition(":")[0]
