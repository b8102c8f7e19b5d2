"""A user's own Dockerfile: whether Fly.io can build and run it, and which Dockerfile is built."""

from __future__ import annotations

import re

from simple_deploy.contract import Project, Site, fixed_port

from . import fly_toml

DOCKERFILE = "Dockerfile"
# The name of ours beside a Dockerfile that stays the user's.
BESIDE = "fly.Dockerfile"
_START = re.compile(r"^[ \t]*(?:CMD|ENTRYPOINT)\b.*", re.MULTILINE | re.IGNORECASE)
_PYTHON = re.compile(r"^[ \t]*FROM\s+(?:--\S+\s+)?(?:\S+/)?python\b", re.MULTILINE | re.IGNORECASE)


def image_file(site: Site) -> str:
    """The Dockerfile of ours that Fly.io builds; "" if fly.toml names another image."""
    if other_image(site.project):
        return ""
    build = fly_toml.table(fly_toml.of(site.project), "build")
    free = not {"dockerfile", "build-target"} & build.keys()
    return BESIDE if _named(site.project) == BESIDE or (free and unsuitable(site)) else DOCKERFILE


def other_image(project: Project) -> str:
    """What fly.toml builds or runs instead of a Dockerfile of ours; "" if nothing."""
    build = fly_toml.table(fly_toml.of(project), "build")
    others = [f"{key} = {build[key]!r}" for key in ("image", "builder", "buildpacks") if build.get(key)]
    if _named(project) not in (DOCKERFILE, BESIDE):
        others.append(f"dockerfile = {build['dockerfile']!r}")
    return ", ".join(others)


def _named(project: Project) -> str:
    build = fly_toml.table(fly_toml.of(project), "build")
    return str(build.get("dockerfile", DOCKERFILE)).removeprefix("./")


def unsuitable(site: Site) -> str:
    """Why the user's Dockerfile does not start the site, after "your Dockerfile"; "" if it may."""
    raw = site.project.files.get(DOCKERFILE)
    if raw is None or site.options.replace_files:
        return ""
    text = raw.decode("utf-8", "replace")
    command = ([line.strip() for line in _START.findall(text)] or [""])[-1]
    wanted, port = _port(site.project), fixed_port(command)
    if "runserver" in command:
        return f"starts Django's development server ({command})"
    if port and port != wanted:
        return f"starts the site on port {port}, and fly.toml sends visitors to port {wanted} ({command})"
    if not command and _PYTHON.search(text):
        return "starts nothing: it has no CMD and no ENTRYPOINT"
    return ""


def _port(project: Project) -> str:
    try:
        return str(fly_toml.port(fly_toml.of(project)))
    except ValueError:
        # `check` reports the reason.
        return str(fly_toml.PORT)
