"""The variables and mounts with which a RUN reaches the package index as this machine does, and nothing else of it.

A real builder uses the network directly; this machine may have a proxy, authorities of its own, or a mirror.
"""

from __future__ import annotations

import re
from pathlib import Path

from ....sandbox import environments, tools
from ....sandbox.namespace import Mount

_REACHING = re.compile(
    r".*(_CERT|_CERTS|_CERT_FILE|_CA_BUNDLE|_CAINFO|_TRUSTED_HOST|_INSECURE_HOST|_TIMEOUT)|(?i:https?_proxy|no_proxy)"
    r"|(PIP|UV)_.*(INDEX|FIND_LINKS).*|(POETRY|PIPENV)_PYPI_MIRROR(_URL)?"
)
_CONFIGURATION = ("pip.conf", "uv", "resolv.conf", "hosts")
_MIRROR = "POETRY_PYPI_MIRROR_URL"
_PLUGIN = "/run/poetry-plugin"


def reaching_the_index(argv: tuple[str, ...]) -> tuple[dict[str, str], tuple[Mount, ...]]:
    """Environment variables and mounts for a RUN of these words."""
    from ....sandbox import variables

    index = variables.package_index()
    env = {name: value for name, value in index.env.items() if _REACHING.fullmatch(name)}
    shown = [Path("/etc", name) for name in _CONFIGURATION]
    mounts = [Mount(host=path.resolve(), inside=str(path)) for path in shown if path.exists()]
    mounts += [mount for mount in index.mounts if not mount.writable]
    if _MIRROR in env and "poetry" in " ".join(argv):
        # Poetry reads the variable only with a plugin, which is installed with it, wherever the Dockerfile installs
        # Poetry.
        mounts.append(Mount(host=_poetry_plugin(), inside=_PLUGIN))
        env["PYTHONPATH"] = _PLUGIN
    return env, tuple(mounts)


def _poetry_plugin() -> Path:
    plugin = "poetry-plugin-pypi-mirror"

    def install(folder: Path) -> None:
        where = ("--target", folder / "it", "--python", environments.base_interpreter())
        tools.uv("pip", "install", "--quiet", "--no-deps", *where, plugin)

    return environments.cached({"what": "Fly.io, index plugin", "package": plugin}, install) / "it"
