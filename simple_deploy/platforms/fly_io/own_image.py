"""A user's own Dockerfile: whether Fly.io can build and run it, and which Dockerfile is built."""

from __future__ import annotations

import re

from simple_deploy.contract import Project, Site, Start, allows, fixed_port, hides_https, own_file

from . import fly_toml, own_copies
from .instructions import instructions
from .own_start import SERVER, command_of, obstacle, runs_a_script, starts
from .own_values import filled, values

DOCKERFILE = "Dockerfile"
# The name of ours beside a Dockerfile that stays the user's.
BESIDE = "fly.Dockerfile"
_FROM = re.compile(r"^[ \t]*FROM\s+(?:--\S+\s+)?(\S+)", re.MULTILINE | re.IGNORECASE)
# The names of images for other programs: the last part, without a tag.
_OTHERS = re.compile(r"(nginx.*|httpd|caddy|traefik|haproxy|node|bun|deno|postgres|postgis|mysql|mariadb|redis|mongo)")
_PYTHON = re.compile(r"(?:\S+/)?python:3\.(?P<minor>\d+)\S*", re.IGNORECASE)
_FETCHES = re.compile(r"^RUN\b.*\buv (?:sync|run|python)\b(?!.*only-system)", re.MULTILINE)
_RUNS_PYTHON = re.compile(rf"python|\bpip|manage\.py|\.sh\b|{SERVER.pattern}")


def image_file(site: Site) -> str:
    """The Dockerfile of ours that Fly.io builds; "" if fly.toml names another image."""
    if other_image(site.project):
        return ""
    return BESIDE if _named(site.project) == BESIDE or (not fixed(site.project) and unsuitable(site)) else DOCKERFILE


def fixed(project: Project) -> set[str]:
    """The keys in fly.toml that determine which Dockerfile is built; empty if it leaves that open."""
    return {"dockerfile", "build-target"} & _build(project).keys()


def other_image(project: Project) -> str:
    """What fly.toml builds or runs instead of a Dockerfile of ours; "" if nothing."""
    build = _build(project)
    others = [f"{key} = {build[key]!r}" for key in ("image", "builder", "buildpacks") if build.get(key)]
    if _named(project) not in (DOCKERFILE, BESIDE):
        others.append(f"dockerfile = {build['dockerfile']!r}")
    return ", ".join(others)


def _named(project: Project) -> str:
    return str(_build(project).get("dockerfile", DOCKERFILE)).removeprefix("./")


def _build(project: Project) -> fly_toml.Document:
    return fly_toml.table(fly_toml.of(project), "build")


def code(site: Site) -> str:
    """The instructions of the user's Dockerfile; "" if there is none, or ours replaces it."""
    return "\n".join(instructions(own_file(site, DOCKERFILE) or ""))


def manage_py(site: Site) -> str:
    """The path of manage.py in the image, from its working folder."""
    text = own_file(site, DOCKERFILE) if image_file(site) == DOCKERFILE else None
    return own_copies.manage_py(text or "", site.recipe.manage_py)


def unsuitable(site: Site) -> str:
    """Why the user's Dockerfile does not start the site, after "your Dockerfile"; "" if it may."""
    text = own_file(site, DOCKERFILE)
    if text is None:
        return ""
    command = next(reversed(starts(text).values()), "")
    wanted, port = listens_at(site.project), fixed_port(filled(command, values(site.project, text)))
    if "runserver" in command:
        return f"starts Django's development server ({command})"
    if port and port != wanted:
        return f"starts the site on port {port}, and fly.toml sends visitors to port {wanted} ({command})"
    if hides_https(command):
        return f"starts waitress, which removes the header that says whether a visitor uses HTTPS ({command})"
    image, name = _last_image(text)
    if _OTHERS.fullmatch(name) and not _RUNS_PYTHON.search(code(site)):
        return f"is for another program (FROM {image})"
    if not command and name == "python":
        return "starts nothing: it has no CMD and no ENTRYPOINT"
    if reason := obstacle(site.project, text, wanted):
        return reason
    ours = not fixed(site.project) or _named(site.project) == BESIDE
    return (_other_python(site, text) or _without_static_files(site)) if ours else ""


def _other_python(site: Site, text: str) -> str:
    """The Python of the image that runs, if the project does not allow it; uv may fetch another one."""
    version, dependencies = _PYTHON.fullmatch(_last_image(text)[0]), site.project.dependencies
    if not version or allows(dependencies.python, (3, int(version["minor"]))) or _FETCHES.search(code(site)):
        return ""
    return f"has Python 3.{version['minor']}, and {dependencies.manifest} asks for {dependencies.python}"


def own_starts(site: Site) -> tuple[Start, ...]:
    """How the user's files start the site: the processes in fly.toml, or else the Dockerfile."""
    processes = fly_toml.table(fly_toml.of(site.project), "processes").values()
    serving = [one for one in processes if isinstance(one, str) and SERVER.search(one)]
    if serving or other_image(site.project):
        return tuple(Start(file=fly_toml.CONFIGURATION, command=one) for one in serving)
    text = own_file(site, DOCKERFILE) if image_file(site) == DOCKERFILE else None
    command = filled(command_of(text), values(site.project, text)) if text else ""
    return (Start(file=DOCKERFILE, command=command),) if command else ()


def _last_image(text: str) -> tuple[str, str]:
    """The image of the last stage, and its name."""
    image = next(reversed(_FROM.findall(text)), "")
    return image, re.split("[:@]", image.rpartition("/")[2])[0].lower()


def _without_static_files(site: Site) -> str:
    """Why the image lacks the static files; "" if a script may collect them while the site starts."""
    lines = code(site)
    if not site.recipe.build or re.search(r"\bON_FLY_IO\b|\bFLY_APP_NAME\b", lines):
        return ""
    if re.search(r"^RUN\b.*\bcollectstatic\b", lines, re.MULTILINE | re.IGNORECASE):
        return "collects static files without the settings for Fly.io, which need ENV ON_FLY_IO=1 there"
    may_collect = "collectstatic" in lines or not SERVER.search(lines) or runs_a_script(site.project, lines)
    return "" if may_collect else "does not collect static files"


def listens_at(project: Project) -> str:
    """The port inside the machine to which Fly.io sends visitors."""
    try:
        return str(fly_toml.port(fly_toml.of(project)))
    except ValueError:
        # `check` reports the reason.
        return str(fly_toml.PORT)
