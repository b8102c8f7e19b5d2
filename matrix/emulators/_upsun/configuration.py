"""The configuration of a commit, parsed as the platform does (unknown keys are errors), and its build's identity."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._kit import repository
from . import validation
from .flavour import Flavour
from .state import State
from .validation import kind_of


class InvalidConfiguration(Exception):
    """A line for each error."""

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
        return str((self.application.get("hooks") or {}).get(name) or "")

    def variables(self, prefix: str = "env") -> dict[str, str]:
        """The variables with a prefix; those of `env` are environment variables."""
        found = (self.application.get("variables") or {}).get(prefix) or {}
        return {name: value if isinstance(value, str) else str(value).lower() for name, value in found.items()}

    @property
    def tools(self) -> dict[str, str]:
        """Packages that are installed before the build, with their versions."""
        return dict((self.application.get("dependencies") or {}).get("python3") or {})

    @property
    def node_tools(self) -> dict[str, str]:
        """Packages for the build that npm installs, with their versions."""
        return dict((self.application.get("dependencies") or {}).get("nodejs") or {})

    @property
    def relationships(self) -> dict[str, tuple[str, str]]:
        """Service and endpoint by the name of each relationship [docs: all three ways to write one]."""
        found: dict[str, tuple[str, str]] = {}
        for name, value in (self.application.get("relationships") or {}).items():
            if isinstance(value, str):
                service, _, endpoint = value.partition(":")
            else:
                service, endpoint = (value or {}).get("service") or name, (value or {}).get("endpoint") or ""
            found[name] = (service, endpoint or kind_of(self.services.get(service, {})))
        return found


def read(flavour: Flavour, tree: Path) -> Configuration:
    """The configuration in a checked-out tree. Raises InvalidConfiguration with every error."""
    whole = _load(flavour, tree)
    errors = validation.unknown_keys(flavour, whole)
    applications = whole.get("applications") or {}
    if errors:
        raise InvalidConfiguration(errors)
    if len(applications) != 1:
        raise InvalidConfiguration([f"applications: this emulation runs one application, not {len(applications)}."])
    ((name, written),) = applications.items()
    application = written or {}
    configuration = Configuration(
        name=name,
        root=str(whole["root"] if flavour.app_file else (application.get("source") or {}).get("root") or "").strip("/"),
        application=application,
        services=whole.get("services") or {},
        routes=whole.get("routes") or {},
    )
    errors = list(validation.problems(flavour, configuration, tree))
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


def tree_id(folder: Path, commit: str, configuration: Configuration) -> str:
    """A hash of everything that determines a build: the application's files and its configuration."""
    argv = ["git", "--git-dir", str(folder), "rev-parse", f"{commit}:{configuration.root}"]
    named = subprocess.run(argv, capture_output=True, check=True, encoding="utf-8")
    built = {
        key: configuration.application.get(key)
        for key in ("type", "dependencies", "variables", "hooks", "build", "mounts")
    }
    text = named.stdout.strip() + json.dumps(built, sort_keys=True)
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def configuration_of(state: State, project_id: str, commit: str) -> Configuration:
    """The configuration of a commit. Raises InvalidConfiguration."""
    with tempfile.TemporaryDirectory() as folder:
        repository.extract(commit, Path(folder), repository=state.repository(project_id))
        return read(state.flavour, Path(folder))
