"""Reads fly.toml, with an allow-list of its keys [flyctl source: appconfig/config.go].

The real flyctl loads a file with unknown keys and ignores them; this one refuses it, so that a mistake in a generated
file is seen. Known keys that would need more than this emulation does are refused too, in other words.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrix.emulators.fly_io.console import CliError
from matrix.emulators.fly_io.regions import REGIONS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Section: its keys. A key that ends with a dot is a section itself; `*` allows every key.
_EMULATED = {
    "": "app primary_region kill_signal kill_timeout console_command build. deploy. env. processes. http_service. vm.",
    "build": "dockerfile args.",
    "build.args": "*",
    "deploy": "strategy wait_timeout release_command release_command_timeout release_command_vm.",
    "deploy.release_command_vm": "size memory cpus cpu_kind",
    "env": "*",
    "processes": "app",
    "http_service": "internal_port force_https auto_stop_machines auto_start_machines min_machines_running processes "
    "concurrency. checks.",
    "http_service.concurrency": "type soft_limit hard_limit",
    "http_service.checks": "grace_period interval method path protocol timeout headers.",
    "http_service.checks.headers": "*",
    "vm": "size memory cpus cpu_kind processes memory_mb",
}
_KNOWN = {
    "": "swap_size_mb experimental mounts services checks files host_dedication_id machine_config container "
    "machine_checks restart statics metrics",
    "build": "builder buildpacks image ignorefile build-target compose compression compression_level",
    "deploy": "max_unavailable seed_command",
    "http_service": "http_options tls_options machine_checks",
    "http_service.checks": "tls_server_name tls_skip_verify",
}
_SIGNALS = ("SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL", "SIGSTOP")
_SENSITIVE = re.compile(r"KEY|PRIVATE|DATABASE_URL|PASSWORD|SECRET", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class AppConfig:
    """A fly.toml as it is written."""

    content: Mapping[str, Any]

    @property
    def app(self) -> str:
        """The app's name, empty if it says none."""
        return str(self.content.get("app", ""))

    @property
    def service(self) -> Mapping[str, Any]:
        """The section http_service, empty if there is none."""
        return dict(self.content.get("http_service", {}))

    @property
    def env(self) -> dict[str, str]:
        """The section env."""
        return {name: str(value) for name, value in self.content.get("env", {}).items()}

    @property
    def release_command(self) -> list[str]:
        """Its words: no shell splits them."""
        return shlex.split(self.content.get("deploy", {}).get("release_command", ""))

    @property
    def command(self) -> list[str] | None:
        """The words of the group `app`, which replace the image's CMD."""
        given = self.content.get("processes", {}).get("app")
        return shlex.split(given) if given else None


def read(path: Path) -> AppConfig:
    """Raises CliError if it is not there or not TOML."""
    try:
        return AppConfig(content=tomllib.loads(path.read_bytes().decode("utf-8")))
    except FileNotFoundError:
        raise CliError(f"open {path}: no such file or directory") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CliError(f"failed loading app config from {path}: {error}") from error


def problems(config: AppConfig) -> list[str]:
    """Everything that keeps it from being deployed here."""
    found = list(_strange_keys(config.content, ""))
    found += [f"[env] may not contain FLY_ variables: {name}" for name in config.env if name.startswith("FLY_")]
    region = config.content.get("primary_region")
    if region and region not in REGIONS:
        found.append(f"primary_region {region} is not a region")
    if config.content.get("kill_signal", "SIGINT") not in _SIGNALS:
        found.append(f"kill_signal {config.content['kill_signal']} is not one of {', '.join(_SIGNALS)}")
    durations = [("kill_timeout", config.content.get("kill_timeout", 5))]
    durations += [
        (name, check[name]) for check in config.service.get("checks", []) for name in _DURATIONS if name in check
    ]
    found += [f"{name} = {value!r} is not a duration" for name, value in durations if seconds(value) is None]
    port = config.service.get("internal_port", 8080)
    if not isinstance(port, int) or not 0 < port < 65536:
        found.append(f"internal_port = {port!r} is not a port")
    if not config.service:
        found.append("without [http_service] nothing is served; this emulation needs one")
    return found


_DURATIONS = ("grace_period", "interval", "timeout")


def warnings(config: AppConfig) -> list[str]:
    """Names in [env] that look like secrets [flyctl source]."""
    return [
        f"WARN {name} may be a potentially sensitive environment variable. Consider setting it as a secret, "
        "and removing it from the [env] section: https://fly.io/docs/apps/secrets/"
        for name in config.env
        if _SENSITIVE.search(name)
    ]


def seconds(value: object) -> float | None:
    """A duration of fly.toml: a number of seconds, or Go's "30s", "1m30s", "500ms"; None if it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    units = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
    text = str(value)
    if re.fullmatch(r"\d+", text):
        return float(text)
    if not re.fullmatch(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h))+", text):
        return None
    return sum(float(number) * units[unit] for number, unit in re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", text))


def _strange_keys(section: Mapping[str, Any], name: str) -> Iterator[str]:
    allowed = _EMULATED[name].split()
    for key, value in section.items():
        path = f"{name}.{key}".lstrip(".")
        if f"{key}." in allowed:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, Mapping):
                    yield from _strange_keys(part, path)
                else:
                    yield f"{path} is not a section"
        elif key in _KNOWN.get(name, "").split():
            yield f"{path} exists, but this emulation does not heed it"
        elif key not in allowed and "*" not in allowed:
            yield f"unknown key {path}"
