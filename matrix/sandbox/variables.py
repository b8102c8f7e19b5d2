"""Environment variables of the host for a sandbox and for an installer."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import clock
from .certificates import host_bundle
from .environments import user_caches
from .namespace import Mount

_TERMINAL = re.compile(
    r"PATH|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMPDIR|TEMP|TMP"
    r"|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|PROGRAMDATA|PROGRAMFILES|NUMBER_OF_PROCESSORS"
)
_INSTALLERS = re.compile(r"(PIP|UV|POETRY|PIPENV)_\w+")
# They are for publishing packages, or for the installation of this harness.
_NOT_FOR_INSTALLING = re.compile(
    r"UV_(PUBLISH_\w+|PROJECT|PROJECT_ENVIRONMENT|PYTHON|ENV_FILE|WORKING_DIR\w*|RUN_\w+)"
    r"|PIP_(TARGET|PREFIX|ROOT|USER|PYTHON|REQUIRE_VIRTUALENV)"
    r"|POETRY_(PYPI_TOKEN_\w+|ACTIVE)|PIPENV_(ACTIVE|PIPFILE|PYTHON|CUSTOM_VENV_NAME)"
)
_CERTIFICATES = (
    "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT", "NODE_EXTRA_CA_CERTS",
)  # fmt: skip
_CACHE = "_CACHE_DIR"
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy")


@dataclass(frozen=True, kw_only=True)
class PackageIndex:
    """The variables and mounts by which an installer in a container uses the package index as the host does."""

    env: Mapping[str, str]
    mounts: tuple[Mount, ...]


def terminal(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of `environ` for a developer's terminal: an allow-list, so that nothing else leaks."""
    named = {name: value for name, value in environ.items() if _TERMINAL.fullmatch(name.upper())}
    return named | _installers(environ) | clock.environment(environ)


def trusting(bundle: Path) -> dict[str, str]:
    """The variables that make programs trust this file of certificate authorities."""
    return dict.fromkeys(_CERTIFICATES, str(bundle))


def through(proxy_url: str) -> dict[str, str]:
    """The variables that make programs use this proxy, except for this machine."""
    names = _PROXIES if sys.platform != "win32" else _PROXIES[:3]
    return {name: "127.0.0.1,localhost" if name.upper() == "NO_PROXY" else proxy_url for name in names}


def package_index(environ: Mapping[str, str] = os.environ) -> PackageIndex:
    """For an installer that runs in a container, from the environment of the process that starts it.

    Certificates, local package folders and the installers' shared caches are mounted at the paths in the variables.
    """
    env = trusting(host_bundle(environ)) | _installers(environ)
    env |= {name: environ[name] for name in _PROXIES if name in environ}
    # Caches and environments are different mounts: a hard link cannot cross them.
    env.setdefault("UV_LINK_MODE", "copy")
    for name in env:
        if name.endswith(_CACHE):
            Path(env[name]).mkdir(parents=True, exist_ok=True)
    mounts = [
        Mount(host=path, inside=str(path), writable=name.endswith(_CACHE))
        for name, value in env.items()
        for path in map(Path, value.removeprefix("file://").split())
        if path.is_absolute() and path.exists() and not path.is_relative_to("/usr")
    ]
    return PackageIndex(env=env, mounts=tuple(dict.fromkeys(mounts)))


def _installers(environ: Mapping[str, str]) -> dict[str, str]:
    """Installers' own variables, with the host's caches, whose default path depends on HOME."""
    caches = user_caches()
    uv_cache = caches / "uv" / "cache" if sys.platform == "win32" else Path.home() / ".cache" / "uv"
    defaults = {
        "PIP_CACHE_DIR": str(caches / "pip"),
        "UV_CACHE_DIR": str(uv_cache),
        "POETRY_CACHE_DIR": str(caches / "pypoetry"),
        "PIPENV_CACHE_DIR": str(caches / "pipenv"),
    }
    passed = {
        name: value
        for name, value in environ.items()
        if _INSTALLERS.fullmatch(name) and not _NOT_FOR_INSTALLING.fullmatch(name)
    }
    return defaults | passed
