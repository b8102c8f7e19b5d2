"""Reads fly.toml [flyctl source: appconfig/config.go]."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._kit.cobra import CliError
from .state import Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, kw_only=True)
class AppConfig:
    """The content of a fly.toml."""

    content: Mapping[str, Any]

    @property
    def app(self) -> str:
        """The app's name, empty if there is none."""
        return str(self.content.get("app", ""))

    @property
    def service(self) -> Mapping[str, Any]:
        """The section http_service, empty if there is none."""
        return dict(self.content.get("http_service", {}))

    @property
    def dockerfile(self) -> str:
        """The Dockerfile in the section build, or the usual one."""
        return str(self.content.get("build", {}).get("dockerfile") or "Dockerfile")

    @property
    def build_args(self) -> dict[str, str]:
        """The arguments in the section build."""
        return dict(self.content.get("build", {}).get("args", {}))

    @property
    def env(self) -> dict[str, str]:
        """The section env."""
        return {name: str(value) for name, value in self.content.get("env", {}).items()}

    @property
    def release_command(self) -> list[str]:
        """The words of the command: no shell splits them."""
        return shlex.split(self.content.get("deploy", {}).get("release_command", ""))

    @property
    def command(self) -> list[str] | None:
        """The words of the group `app`, which replace the image's CMD."""
        given = self.content.get("processes", {}).get("app")
        return shlex.split(given) if given else None


def read(path: Path) -> AppConfig:
    """Read fly.toml. Raises CliError if it is missing or not TOML."""
    try:
        return AppConfig(content=tomllib.loads(path.read_bytes().decode("utf-8")))
    except FileNotFoundError:
        raise CliError(f"open {path}: no such file or directory") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CliError(f"failed loading app config from {path}: {error}") from error


def seconds(value: object) -> float | None:
    """A duration of fly.toml: a number of seconds, or Go's "30s", "1m30s", "500ms"; None if invalid."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    units = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
    text = str(value)
    if re.fullmatch(r"\d+", text):
        return float(text)
    if not re.fullmatch(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h))+", text):
        return None
    return sum(float(number) * units[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", text))


def machine_settings(config: AppConfig, extra_env: Mapping[str, str]) -> Settings:
    """The settings of a machine from fly.toml, with flyctl's defaults."""
    service = config.service
    return {
        "command": config.command,
        "env": {**config.env, **extra_env},
        "internal_port": service.get("internal_port", 8080),
        "force_https": service.get("force_https", False),
        "kill_signal": config.content.get("kill_signal", "SIGINT"),
        "kill_timeout": min(seconds(config.content.get("kill_timeout", 5)) or 5.0, 300.0),
        "checks": service.get("checks", []),
        "primary_region": config.content.get("primary_region", ""),
        # [Fly docs: autostop] Off by default; at least min_machines_running keep running.
        "auto_stop": service.get("auto_stop_machines", "off") not in ("off", False)
        and not service.get("min_machines_running"),
    }
