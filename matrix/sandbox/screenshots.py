"""Screenshots of a site's pages, taken by a browser of this machine at desktop and phone width."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .machine import CommandTimedOut, Sandbox

# The names under which suitable browsers are installed, and their paths on macOS and Windows.
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
_TIMEOUT = 60


def browser(path: str | None = None) -> str | None:
    """A browser of this machine; None if there is none."""
    named = (shutil.which(name, path=path) for name in PROGRAMS)
    placed = (place for place in _PLACES if path is None and Path(place).is_file())
    return next(filter(None, (*named, *placed)), None)


def take(program: str, pages: Iterable[tuple[str, str]], folder: Path, *, box: Sandbox, proxy: str) -> list[Path]:
    """Take a screenshot of each page (name, address) at every width; returns those that succeeded.

    The certificates are the sandbox's own, which no browser trusts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    for name, address in pages:
        for width, size in WIDTHS.items():
            picture = folder.resolve() / f"{name}-{width}.png"
            picture.unlink(missing_ok=True)
            _photograph(program, address, picture, size, box=box, proxy=proxy)
            taken += [picture] if picture.is_file() else []
    return taken


def _photograph(program: str, url: str, picture: Path, size: tuple[int, int], *, box: Sandbox, proxy: str) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        argv = [
            program,
            "--headless=new",
            "--hide-scrollbars",
            "--ignore-certificate-errors",
            "--disable-gpu",
            "--no-first-run",
            f"--user-data-dir={profile}",
            f"--proxy-server={proxy}",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={picture}",
            # Root cannot use the browser's own sandbox.
            *(("--no-sandbox",) if sys.platform == "linux" and os.geteuid() == 0 else ()),
            url,
        ]
        try:
            box.run(argv, timeout=_TIMEOUT, check=False)
        except CommandTimedOut:
            return
