"""The parts of the trial. Each is a module with one public function, `attempt`, and imports Django only when called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from ..failure import told
from ..no_network import refuse_network
from ..not_in_production import Absent
from ..read_only import Frozen


class Inconclusive(Exception):
    """What a part needs is not here: it has shown nothing about production."""


Part = Callable[[dict[str, Any], dict[str, Any]], None]
_MODULES = {
    "settings": "settings",
    "URLs": "urls",
    "application": "application",
    "collectstatic": "collectstatic",
    "static files": "static_files",
    "checks": "checks",
    "migrations": "migrations",
    "first migrate": "first_migrate",
    "backends": "backends",
    "services": "services",
    "mail": "mail",
    "local addresses": "local_addresses",
    "copied keys": "copied_keys",
    "loaded code": "loaded_code",
    "error log": "error_log",
    "translations": "translations",
    "home page": "home_page",
    "uploads": "uploads",
    "first user": "superuser",
    "manage.py": "manage_py",
}
# These look at a site that is loaded.
_LOOKS = frozenset(_MODULES) - {"settings", "URLs", "application", "collectstatic", "manage.py"}


def load(names: Iterable[str]) -> Mapping[str, Part]:
    """The function of each part. Only the modules of these are imported."""
    return {name: import_module(f"{__name__}.{_MODULES[name]}").attempt for name in names}


def main(order: dict[str, Any], parts: Mapping[str, Part]) -> dict[str, Any]:
    """The result of each part, and which of the modules that several packages install are in use."""
    found: dict[str, Any] = {
        "tried": [],
        "failed": None,
        "unfinished": [],
        "settings": "",
        "debug": False,
        "hsts": 0,
        "static": [],
        "static_names": "plain",
        "static_while_loading": False,
        "static_handler": False,
        "compresses": "",
        "uploaded": False,
        "programs": [],
        "bucket": "",
        "errors": [],
        "unchecked": [],
        "unmigrated": [],
        "unmanaged": [],
        "unknown_types": [],
        "not_converted": [],
        "disordered": None,
        "to_swapped": [],
        "first_migrate": None,
        "foreign_sql": [],
        "own_sql": [],
        "untranslated": [],
        "without_migrations": [],
        "services": [],
        "stored": [],
        "kept": [],
        "unsent": None,
        "sends_mail": False,
        "eager": False,
        "takes_uploads": True,
        "uploads": "",
        "has_login": False,
        "no_superuser": "",
        "silent": False,
        "local_addresses": [],
        "cache_of_a_process": False,
        "sockets": [],
        "copied_keys": [],
        "code": [],
        "home": None,
        "manage_py": None,
        "commands": "",
        "installs": "",
        "local_files": [],
        "dev_server": "",
        "unserved": [],
        "no_home": False,
        "away": None,
        "refused": None,
        "file_values": [],
        "read": _watched(order),
    }
    _attempt(order, parts, found)
    found["in_effect"] = order.get("module") in sys.modules
    found["contested"] = [one for one in order.get("contested", ()) if one["module"] in sys.modules]
    return found


def _watched(order: dict[str, Any]) -> dict[str, str]:
    if not order.get("watched"):
        return {}
    from ..environment_reads import watched

    return watched(order["watched"], Path(order["tree"]))


def _attempt(order: dict[str, Any], parts: Mapping[str, Part], found: dict[str, Any]) -> None:
    """The first failure of the project ends the trial."""
    frozen = Frozen(order["tree"], order.get("writable", ()))
    sys.addaudithook(frozen.refuse)
    sys.addaudithook(refuse_network)
    sys.addaudithook(Absent(order).refuse)
    for name, attempt in parts.items():
        # The build, which collects static files, may write; the release, which runs the checks, may not, nor may the
        # running site. Without its packages, the settings block does not send logs to the console.
        runs = name in ("settings", "application", "checks", "home page")
        frozen.on = runs and order.get("read_only", False) and not order.get("lacking")
        frozen.built = name == "settings" and bool(order.get("collected"))
        try:
            attempt(order, found)
        except Inconclusive:
            continue
        except (Exception, SystemExit) as error:
            failed = {"part": name, **told(error, Path(order["tree"]))}
            if name in _LOOKS and not _tells_of_the_project(failed):
                found["unfinished"].append(failed)
                continue
            found["failed"] = failed
            return
        found["tried"].append(name)


def _tells_of_the_project(failed: Mapping[str, Any]) -> bool:
    """Whether the failure has to do with its code, its packages, its files or its database. Another one, of Django with
    an unusual project, for example, says nothing about the other parts.
    """
    return any(failed[name] for name in ("place", "missing", "file", "read_only")) or "NoServer" in failed["kinds"]
