"""Health checks: Fly.io's requests to a machine before it gets visitors [Fly docs: health checks]."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping

from ...sandbox.control import SiteDidNotStart
from .._kit.store import now
from . import machines
from .app_config import seconds
from .state import Check, Machine, State

# The Host of a health check, without port: the machine's private address, as in user reports.
PRIVATE_ADDRESS = "172.19.17.130"
_PATIENCE = 0.1  # seconds between two checks
# How long a machine without checks is watched, in seconds: Fly.io takes longer.
_SMOKE_CHECK = 2.0


def examine(state: State, app: str, machine: Machine) -> list[Check]:
    """Repeat the health checks of fly.toml until all pass, or the deployment has waited long enough.

    Raises SiteDidNotStart if the program has exited meanwhile: gunicorn listens before it loads the site.
    """
    control = state.sandbox()
    earliest = time.monotonic() + (0 if machine["settings"]["checks"] else _SMOKE_CHECK)
    deadline = time.monotonic() + state.read()["limits"]["health"]
    while True:
        site = control.site(app)
        if site and site["state"] == "crashed":
            said = machines.log(state, app, machine["id"]).read_text(encoding="utf-8", errors="replace")
            raise SiteDidNotStart("the process ended", said)
        port = site["port"] if site else 0
        checks = [_check(number, check, machine, port) for number, check in enumerate(machine["settings"]["checks"])]
        passing = all(check["status"] == "passing" for check in checks)
        if (passing and time.monotonic() > earliest) or time.monotonic() > deadline:
            return checks
        time.sleep(_PATIENCE)


def _check(number: int, wanted: Mapping[str, object], machine: Machine, port: int) -> Check:
    """One request as Fly.io sends it: redirects are not followed, and only 2xx passes."""
    headers = {"Host": f"{PRIVATE_ADDRESS}:{machine['settings']['internal_port']}", "User-Agent": "Consul Health Check"}
    given = wanted.get("headers")
    if isinstance(given, dict):
        headers |= {name.title(): str(value) for name, value in given.items()}
    try:
        status, reason = _request(wanted, port, headers)
        output, passing = f"{status} {reason}", 200 <= status < 300
    except (OSError, http.client.HTTPException) as error:
        output, passing = str(error), False
    name = f"servicecheck-{number:02}-http-{machine['settings']['internal_port']}"
    return {"name": name, "status": "passing" if passing else "critical", "output": output, "updated_at": now()}


def _request(wanted: Mapping[str, object], port: int, headers: Mapping[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds(wanted.get("timeout", "2s")))
    try:
        connection.request(
            str(wanted.get("method", "GET")).upper(), str(wanted.get("path", "/")), headers=dict(headers)
        )
        with connection.getresponse() as response:
            return response.status, response.reason
    finally:
        connection.close()
