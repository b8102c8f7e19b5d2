"""What the harness may know about the emulated Fly.io without being Fly.io."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matrix.emulators.fly_io.state import State

# [Fly docs: the machine runtime environment], with the secrets of a configured app.
ENVIRONMENT = {
    "DATABASE_URL": "postgres://blog:password@blog-db.flycast:5432/blog?sslmode=disable",
    "FLY_ALLOC_ID": "3d8d9930b32d18",
    "FLY_APP_NAME": "blog",
    "FLY_IMAGE_REF": "registry.fly.io/blog:deployment-01J0000000000000000000000",
    "FLY_MACHINE_ID": "3d8d9930b32d18",
    "FLY_MACHINE_VERSION": "01J00000000000000000000000",
    "FLY_PRIVATE_IP": "fdaa:0:1:a7b:1::2",
    "FLY_PROCESS_GROUP": "app",
    "FLY_PUBLIC_IP": "2605:4c40:0:1::1",
    "FLY_REGION": "iad",
    "FLY_VM_MEMORY_MB": "1024",
    "ON_FLY_IO": "1",
    "PORT": "8080",
    "PRIMARY_REGION": "iad",
    "SECRET_KEY": "nobody-signs-anything-with-this-key-0123456789-ABCDEFGHIJ",
}


def store(root: Path) -> State:
    """What the emulated Fly.io remembers."""
    return State(root)


def secrets(root: Path) -> Sequence[str]:
    """Every secret of every app, the address of every managed cluster, their passwords, and the developer's token."""
    platform = State(root).read()
    values = [secret["value"] for app in platform["apps"].values() for secret in app["secrets"].values()]
    values += [cluster["url"] for cluster in platform["clusters"].values()]
    passwords = [password for value in values if "://" in value and (password := urlsplit(value).password)]
    return list(dict.fromkeys([*values, *passwords, platform["account"]["token"]]))


def inventory(root: Path) -> Mapping[str, Any]:
    """Every app with its machines, releases and the digests of its secrets, and every managed cluster."""
    platform = State(root).read()
    apps = json.loads(json.dumps(platform["apps"]))
    for app in apps.values():
        app["secrets"] = {name: (row["digest"], row["status"]) for name, row in app["secrets"].items()}
    clusters = {key: {**cluster, "url": ""} for key, cluster in platform["clusters"].items()}
    return {"apps": apps, "clusters": clusters}


def obstacle(python: str = "") -> str:
    """Why no image with this Python can be built and run on this machine; empty if it can."""
    from matrix.emulators.fly_io.image import base_images
    from matrix.sandbox import environments, layers

    if not layers.works():
        return "It takes Linux and a bubblewrap that works to build and run images."
    interpreter = environments.python(python) if python else None
    return base_images.obstacle(interpreter) if interpreter else ""


def builder(root: Path) -> str:
    """The program that built the image that was deployed last ("bubblewrap", "buildah 1.28"); empty before any."""
    from matrix.emulators.fly_io.commands.deploy import last_image

    image = last_image(State(root))
    return image.builder if image else ""
