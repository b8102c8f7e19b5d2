"""A small Debian as the system of images whose Dockerfile installs Debian's packages; debootstrap makes it.

Its `apt-get` and `dpkg` are the real ones, and nothing of this machine's system is visible in the image. LIMIT: it has
the packages of the release itself, without security updates.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ....sandbox import environments, layers
from . import BuildFailed, Image
from .layering import work

CURRENT = "trixie"  # [Docker Hub: python] the release of a name without one
# Libraries of a Python or Node.js of another machine, beyond the smallest Debian; two have another name per release.
_LIBRARIES = (
    "ca-certificates", "libatomic1", "libbz2-1.0", "libexpat1", "libffi8", "liblzma5", "libncursesw6",
    "libsqlite3-0", "libstdc++6", "libuuid1", "netbase", "tzdata", "zlib1g",
)  # fmt: skip
RELEASES: Mapping[str, tuple[str, ...]] = {
    "bookworm": ("libreadline8", "libssl3"),
    "trixie": ("libreadline8t64", "libssl3t64"),
}
# What Debian's images for Docker have: no services start, no waiting for the disk, no documentation.
_FILES = {
    "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
    "etc/dpkg/dpkg.cfg.d/docker": "force-unsafe-io\n"
    + "".join(f"path-exclude /usr/share/{name}/*\n" for name in ("doc", "info", "locale", "man")),
    "etc/apt/apt.conf.d/docker": 'Acquire::Languages "none";\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n',
}
_IMPOSSIBLE = "Debian's packages cannot be installed in an image on this machine"
_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
_ADD = f"cp -a /run/also/usr/local/. /usr/local/ && cp /run/also{_AUTHORITIES} {_AUTHORITIES} && ldconfig"
_ADMINISTRATION = f"{os.defpath}{os.pathsep}/usr/sbin{os.pathsep}/sbin"


def obstacle() -> str:
    """Why no image with Debian's packages can be built on this machine; empty if one can."""
    if not layers.has_owners():
        return "only root can install them"
    return "" if _debootstrap() else "there is no debootstrap on PATH"


def with_its_own_system(image: Image, name: str) -> Image:
    """The base image `name` on a small Debian in place of this machine's system. Raises BuildFailed."""
    release = next((release for release in RELEASES if release in name), CURRENT)
    system = _system(release)
    whole = replace(image, key=system.name, layers=(str(system / "fs"),), own_system=True)
    key = {"what": "Fly.io, base image on Debian", "system": system.name, "image": image.key, "recipe": "1"}

    def add(folder: Path) -> None:
        work(whole, ["sh", "-c", _ADD], folder, also=image.folders)

    folder = environments.cached(key, add, read_only=False)
    return replace(whole, key=folder.name, layers=(*whole.layers, str(folder / "fs")))


def _system(release: str) -> Path:
    if why := obstacle():
        raise BuildFailed(f"{_IMPOSSIBLE}: {why}")
    key = {"what": "Fly.io, Debian", "release": release, "recipe": "1"}
    return environments.cached(key, lambda folder: _bootstrap(release, folder / "fs"), read_only=False)


def _bootstrap(release: str, root: Path) -> None:
    options = ["--variant=minbase", f"--include={','.join((*_LIBRARIES, *RELEASES[release]))}"]
    try:
        output(_debootstrap(), *options, release, str(root), *_mirror())
    except BuildFailed as failure:
        raise BuildFailed(f"{_IMPOSSIBLE}: {failure}") from failure
    for name in ("var/cache/apt/archives", "var/lib/apt/lists", "dev"):
        shutil.rmtree(root / name)
        (root / name).mkdir()
    for name, text in _FILES.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "usr/sbin/policy-rc.d").chmod(0o755)


def _debootstrap() -> str:
    return shutil.which("debootstrap") or shutil.which("debootstrap", path=_ADMINISTRATION) or ""


def _mirror() -> list[str]:
    """Where this machine gets Debian from, if it is one."""
    if shutil.which("apt-get") is None:
        return []
    argv = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian"]
    return [uri for uri in output(*argv).split() if uri.startswith("http")][:1]


def output(*argv: str) -> str:
    """What a program prints. Raises BuildFailed with its message."""
    # It takes longer to import than most commands of the CLI take.
    from ....sandbox import variables

    env = {**os.environ, **variables.package_index().env}
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", errors="replace", env=env, check=False)
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(argv[:2])}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout
