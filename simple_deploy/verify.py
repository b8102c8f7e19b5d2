"""Check that the URL answers: the final proof that the deployment worked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.client import HTTPException

# Errors from the application itself, not from the platform's proxy in front of it: they last.
_ITS_OWN = frozenset({400, 500})


def verify(
    url: str,
    *,
    seconds: int,
    report: Callable[[str], None],
    has_crashed: Callable[[], bool] = lambda: False,
    patience: float = 30.0,
) -> str | None:
    """Ask `url` until a healthy site answers and return None, else what was seen last.

    It gives up sooner when `has_crashed` is true twice in a row (right after a release, platforms may still report the
    process that it replaces), or when the application has answered with an error for `patience` seconds.

    Any page counts, including a login page or "not found": the application answered. 400 does not (Django refuses the
    host name), nor does any 5xx. Proxies and certificates are those of the environment.
    """
    deadline, doubted = time.monotonic() + seconds, False
    well = time.monotonic()
    while True:
        status, seen = asked(url, timeout=min(15.0, max(1.0, deadline - time.monotonic())))
        report(f"GET {url}: {seen}")
        if responds(status):
            return None
        doubt, now = has_crashed(), time.monotonic()
        well = well if (failing := status in _ITS_OWN) else now
        if now >= deadline or (failing and now >= well + patience) or (doubt and doubted):
            return seen
        doubted = doubt
        time.sleep(min(2.0, max(0.1, deadline - time.monotonic())))


def responds(status: int | None) -> bool:
    """Whether this HTTP status comes from a healthy site; None: there was no response."""
    return status is not None and status < 500 and status != 400


def asked(url: str, timeout: float) -> tuple[int | None, str]:
    """The result of `_ask`, in a thread: an interrupt must not wait for a name server or a silent connection."""
    answers: list[tuple[int | None, str]] = []
    thread = threading.Thread(target=lambda: answers.append(_ask(url, timeout)), daemon=True)
    thread.start()
    deadline = time.monotonic() + timeout + 5
    while thread.is_alive() and time.monotonic() < deadline:
        thread.join(0.2)
    return answers[0] if answers else (None, "timed out")


def _ask(url: str, timeout: float) -> tuple[int | None, str]:
    # Imported here: it takes longer than the rest of this program, and only an automated run needs it.
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    try:
        request = Request(url, headers={"User-Agent": "simple-deploy"})
        with urlopen(request, timeout=timeout) as response:
            return response.status, f"HTTP {response.status}"
    except HTTPError as error:
        with error:
            return error.code, f"HTTP {error.code} {error.reason}"
    except (URLError, OSError, HTTPException, ValueError) as error:
        return None, str(getattr(error, "reason", error)) or type(error).__name__
