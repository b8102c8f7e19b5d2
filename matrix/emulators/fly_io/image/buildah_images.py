"""`python:X.Y-slim` for buildah if no registry can be reached: a small Debian with a Python of this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from ....sandbox import layers
from . import base_images
from .debian import output
from .dockerfile import parse
from .layering import Say

_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def provide(dockerfile: str, build_args: Mapping[str, str], say: Say) -> None:
    """Provide every official Python image that a Dockerfile starts from. Raises BuildFailed if one is not available."""
    named = dict.fromkeys(stage.origin for stage in parse(dockerfile, build_args))
    for name in (each for each in named if each.rpartition("/")[2].startswith("python:")):
        full = f"docker.io/library/{name.rpartition('/')[2]}"
        if not any(_succeeds(["buildah", *words]) for words in (["inspect", "--type", "image", full], ["pull", full])):
            say(f"{full} cannot be pulled: it is made of Debian and a Python of this machine")
            _make(full)


def _make(name: str) -> None:
    container = output("buildah", "from", "scratch").strip()
    for layer in base_images.find(name, own_system=True).layers:
        output("buildah", "add", container, layer, "/")
    env = {"PATH": layers.PATH, "LANG": "C.UTF-8", "SSL_CERT_FILE": _AUTHORITIES, "PIP_CERT": _AUTHORITIES}
    settings = [word for pair in env.items() for word in ("--env", "=".join(pair))]
    output("buildah", "config", *settings, "--cmd", '["python3"]', container)
    output("buildah", "commit", "--rm", container, name)


def _succeeds(argv: list[str]) -> bool:
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0
