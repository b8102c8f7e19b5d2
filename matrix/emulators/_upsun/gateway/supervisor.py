"""Keeps the start command running, and forwards requests to its port or socket."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from ....sandbox.forwarding import forward
from ....sandbox.http_server import Request, Response
from ....sandbox.ports import free_port

_PAUSE = 1.0  # seconds between an exit and the next start
_BAD_GATEWAY = Response(status=502, body=b"<html><head><title>502 Bad Gateway</title></head></html>\n")


class Supervisor:
    """The application's process: started immediately, and again whenever it exits."""

    def __init__(self, argv: Sequence[str], family: str) -> None:
        """The family determines where the application has to listen: `tcp` (variable PORT) or `unix` (SOCKET)."""
        self._argv = list(argv)
        self._port = free_port() if family == "tcp" else None
        self._socket = Path(tempfile.mkdtemp(prefix="gateway-"), "app.sock")
        listen = {"SOCKET": str(self._socket)} if self._port is None else {"PORT": str(self._port)}
        self._env = {**os.environ, **listen}
        self._stopping = threading.Event()
        self._ended = threading.Event()
        signal.signal(signal.SIGTERM, self._stop)
        threading.Thread(target=self._run, daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Wait until the application listens, has exited once, or the time is over."""
        deadline = time.monotonic() + seconds
        while not self._ended.is_set() and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self._connect().close()
                return
            time.sleep(0.02)

    def answer(self, request: Request) -> Response:
        """The application's answer; 502 if it does not listen where it should."""
        try:
            return forward(request, self._connect())
        except (OSError, http.client.HTTPException):
            return _BAD_GATEWAY

    def _connect(self) -> socket.socket:
        if self._port is not None:
            return socket.create_connection(("127.0.0.1", self._port), timeout=30)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(self._socket))
        except OSError:
            connection.close()
            raise
        return connection

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._child = subprocess.Popen(self._argv, env=self._env, stdin=subprocess.DEVNULL)
            status = self._child.wait()
            self._ended.set()
            if not self._stopping.wait(_PAUSE):
                sys.stderr.write(f"The start command ended with {status} and is started again.\n")
                sys.stderr.flush()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """The signal that ended this program was also sent to the application."""
        self._stopping.set()
        self._child.wait()
        shutil.rmtree(self._socket.parent, ignore_errors=True)
        os._exit(0)
