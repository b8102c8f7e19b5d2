"""The errors in a fly.toml, by an allow-list of its keys [flyctl source: appconfig/config.go].

The real flyctl ignores unknown keys; this one rejects them, so that an error in a generated file is found. Keys that
flyctl supports and this emulation does not are rejected too, with another message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._kit.keys import wrong_keys
from .api import TEXTS, regions
from .app_config import AppConfig, seconds

_EMULATED = {
    "": "app primary_region kill_signal kill_timeout console_command "
    "build. deploy. env. processes. http_service. vm[].",
    "build": "dockerfile args.",
    "build.args": "*",
    "deploy": "strategy wait_timeout release_command release_command_timeout release_command_vm.",
    "deploy.release_command_vm": "size memory cpus cpu_kind",
    "env": "*",
    "processes": "app",
    "http_service": "internal_port force_https auto_stop_machines auto_start_machines min_machines_running processes "
    "concurrency. checks[].",
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
_KINDS = {
    "unknown": "unknown key {}",
    "not emulated": "{} exists, but this emulation ignores it",
    "no section": "{} is not a section",
}
_SIGNALS = ("SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL", "SIGSTOP")
_SENSITIVE = re.compile(r"KEY|PRIVATE|DATABASE_URL|PASSWORD|SECRET", re.IGNORECASE)
_DURATIONS = ("grace_period", "interval", "timeout")


def problems(config: AppConfig) -> list[str]:
    """Every reason why it cannot be deployed here; values are checked only if all keys are correct."""
    wrong = [_KINDS[kind].format(path) for path, kind in wrong_keys(config.content, _EMULATED, _KNOWN)]
    return wrong or [*_wrong_settings(config), *_wrong_service(config)]


def warnings(config: AppConfig) -> list[str]:
    """Names in [env] that look like secrets [flyctl source]."""
    return [TEXTS("sensitive", name=name) for name in config.env if _SENSITIVE.search(name)]


def _wrong_settings(config: AppConfig) -> Iterator[str]:
    yield from (f"[env] may not contain FLY_ variables: {name}" for name in config.env if name.startswith("FLY_"))
    region, signal = config.content.get("primary_region"), config.content.get("kill_signal", "SIGINT")
    timeout = config.content.get("kill_timeout", 5)
    if region and region not in regions():
        yield f"primary_region {region} is not a region"
    if signal not in _SIGNALS:
        yield f"kill_signal {signal} is not one of {', '.join(_SIGNALS)}"
    if seconds(timeout) is None:
        yield f"kill_timeout = {timeout!r} is not a duration"
    for size in (machine["memory"] for machine in config.content.get("vm", []) if "memory" in machine):
        if not re.fullmatch(r"\d+\s*([mg]b)?", str(size)):
            yield f"memory = {size!r} is not a size"


def _wrong_service(config: AppConfig) -> Iterator[str]:
    if not config.service:
        yield "without [http_service] nothing is served; this emulation needs one"
    port = config.service.get("internal_port", 8080)
    if not isinstance(port, int) or not 0 < port < 65536:
        yield f"internal_port = {port!r} is not a port"
    groups = config.content.get("processes", {"app": ""})
    for name in (name for name in config.service.get("processes", []) if name not in groups):
        yield f"http_service.processes names {name}, which is no process group"
    for check in config.service.get("checks", []):
        wrong = (name for name in _DURATIONS if name in check and seconds(check[name]) is None)
        yield from (f"{name} = {check[name]!r} is not a duration" for name in wrong)
