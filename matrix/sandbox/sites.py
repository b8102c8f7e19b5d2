"""The web processes of a sandbox: started, replaced without downtime, stopped."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import processes
from .control import SiteDidNotStart, SiteState
from .front_door import FrontDoor
from .http_server import Request, Response
from .namespace import enter
from .ports import free_port
from .router import Backend, Claim, Router
from .site import Site

if TYPE_CHECKING:
    from .certificates import Authority

_LOG_TAIL = 4000


@dataclass(frozen=True, kw_only=True)
class _Started:
    site: Site
    child: subprocess.Popen[str]
    port: int
    hosts: tuple[str, ...]

    def is_up(self) -> bool:
        return self.child.poll() is None

    def stop(self) -> None:
        """Send the stop signal, and kill what is left after the stop timeout."""
        stop_signal = signal.Signals[self.site.stop_signal]
        processes.stop(self.child, stop_signal, self.site.stop_timeout, main_only=self.site.stop_main_only)


class Sites:
    """The web processes of one sandbox, by name, and the router in front of them."""

    def __init__(self, authority: Authority) -> None:
        """Start the router, whose TLS certificates are from `authority`."""
        self._sites: dict[str, _Started] = {}
        self._touched: dict[str, float] = {}
        self._front_doors: dict[str, FrontDoor] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._router = Router(authority, self._backend)
        self.router_url = self._router.url

    def start_site(self, site: Site) -> None:
        """Start a web process; once it accepts connections, route its hosts to it and stop the old one of that name.

        Raises `SiteDidNotStart` and keeps the old process if the new one exits or binds too late.
        """
        with self._locks[site.name]:
            port = site.port or free_port()
            child = _start(site, port)
            try:
                _wait_until_bound(child, port, site.boot_timeout, site.log)
            except BaseException:
                processes.kill(child)
                raise
            old = self._sites.get(site.name)
            hosts = tuple(host.lower() for host in site.hosts)
            self._sites[site.name] = _Started(site=site, child=child, port=port, hosts=hosts)
            self._touched[site.name] = time.monotonic()
            if old:
                old.stop()

    def stop_site(self, name: str) -> None:
        """Stop the process of that name, if there is one: its stop signal, its stop timeout, then killed."""
        with self._locks[name]:
            if started := self._sites.pop(name, None):
                started.stop()

    def site(self, name: str) -> SiteState | None:
        """The process of that name, or None."""
        site = self._sites.get(name)
        if site is None:
            return None
        return SiteState(
            state="up" if site.is_up() else "crashed",
            pid=site.child.pid,
            port=site.port,
            hosts=list(site.hosts),
            log=str(site.site.log),
            quiet=time.monotonic() - self._touched[name],
        )

    def serving(self, host: str) -> str | None:
        """The name of the process that gets requests for `host`; None if there is none."""
        return next((name for name, site in tuple(self._sites.items()) if host in site.hosts), None)

    def port(self, name: str) -> int:
        """The port the process listens on, behind the router. Raises KeyError if there is no such site."""
        return self._sites[name].port

    def claim_suffix(
        self, suffix: str, *, unknown_host_page: bytes, status: int = 404, dead_site_page: bytes | None = None
    ) -> None:
        """Answer for every host under `suffix`: `status` and the page if no site has that host.

        A site whose process died answers 503, with `dead_site_page` if given.
        """
        dead = b"The site's process has ended.\n" if dead_site_page is None else dead_site_page
        unknown_host = Response(status=status, body=unknown_host_page)
        claim = Claim(suffix=suffix.lower(), unknown_host=unknown_host, dead_site=Response(status=503, body=dead))
        self._router.claims.append(claim)

    def answers(self) -> tuple[tuple[Request, Response], ...]:
        """The last requests for the sandbox's hosts with their answers, oldest first."""
        return tuple(self._router.answers)

    def front_door(self, name: str) -> str:
        """A plain `http://127.0.0.1:PORT/` at which a browser finds the site, as its first host.

        Raises KeyError if there is no such site.
        """
        if name not in self._front_doors:
            self._front_doors[name] = FrontDoor(self._sites[name].hosts[0], lambda: self.port(name))
        return self._front_doors[name].url

    def close(self) -> None:
        """Kill every process and close every connection."""
        for server in (self._router, *self._front_doors.values()):
            server.close()
        while self._sites:
            processes.kill(self._sites.popitem()[1].child)

    def _backend(self, host: str) -> Backend | None:
        name = self.serving(host)
        site = self._sites.get(name) if name else None
        if name:
            self._touched[name] = time.monotonic()
        return Backend(port=site.port if site.is_up() else None, https_only=site.site.https_only) if site else None


def _start(site: Site, port: int) -> subprocess.Popen[str]:
    command = enter(site.container, site.argv, {**site.env, site.port_variable: str(port)})
    site.log.parent.mkdir(parents=True, exist_ok=True)
    with site.log.open("ab") as output:
        return processes.start(
            command.argv,
            cwd=command.cwd,
            env=command.env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _wait_until_bound(child: subprocess.Popen[str], port: int, timeout: float, log: Path) -> None:
    def settled() -> bool:
        return child.poll() is not None or processes.accepts_connections(port)

    in_time = processes.wait_until(settled, timeout)
    tail = log.read_bytes()[-_LOG_TAIL:].decode("utf-8", "replace")
    if child.returncode is not None:
        raise SiteDidNotStart(f"the process ended with status {child.returncode}", tail)
    if not in_time:
        raise SiteDidNotStart(f"nothing listened on port {port} within {timeout:g} seconds", tail)
