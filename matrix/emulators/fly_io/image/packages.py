"""A RUN that installs Debian's packages: this machine's way to them, and downloads that all builds share."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from ....sandbox import environments
from ....sandbox.namespace import Mount
from .dockerfile import Stage

# LIMIT: the words of the instruction only, not those of a script that it runs.
_INSTALLING = re.compile(r"\b(apt|apt-get|aptitude|dpkg)\b")
# Of this machine's settings, those about the way to its mirror.
_REACHING = re.compile(r"Acquire::(https?|Check|Retries|ForceIP)")


def any_installs(stages: Iterable[Stage]) -> bool:
    """Whether these stages install packages, or try to."""
    runs = (each.rest for stage in stages for each in stage.instructions if each.name == "RUN")
    return any(map(_INSTALLING.search, runs))


@contextmanager
def reachable(argv: Sequence[str]) -> Iterator[tuple[Mount, ...]]:
    """The mounts for a RUN of these words. Builds that install packages wait for each other, like `sharing=locked`."""
    if not _INSTALLING.search(" ".join(argv)):
        yield ()
        return
    downloads = environments.cache_folder() / "image-packages"
    downloads.mkdir(parents=True, exist_ok=True)
    with FileLock(downloads.with_suffix(".lock")), tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "settings")
        settings.write_text(_settings(), encoding="utf-8")
        yield (
            Mount(host=settings, inside="/etc/apt/apt.conf.d/99-way-to-the-mirror"),
            Mount(host=downloads, inside="/var/cache/apt/archives", writable=True),
        )


def _settings() -> str:
    if shutil.which("apt-config") is None:
        return ""
    said = subprocess.run(["apt-config", "dump"], capture_output=True, encoding="utf-8", check=False).stdout
    return "".join(f"{line}\n" for line in said.splitlines() if _REACHING.match(line))
