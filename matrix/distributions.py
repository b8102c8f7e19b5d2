"""What is installed here and must be installed in a developer's environment in the same way: PEP 610."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, entry_points
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from simple_deploy.platforms import GROUP

HARNESS = "simple-deploy-matrix"
# The entry point group for a platform's emulator: `acme = "acme_emulator:EMULATOR"`.
EMULATORS = "simple_deploy_matrix.emulators"


def deployer(platform: str) -> tuple[Distribution, ...]:
    """simple-deploy, and the platform's distribution if it is another one."""
    product = distribution("simple-deploy")
    others = {entry.dist.name: entry.dist for entry in entry_points(group=GROUP, name=platform) if entry.dist}
    return product, *(other for name, other in others.items() if name != product.name)


def plug_in(platform: str) -> list[Path]:
    """The folders of the packages that another distribution provides for a platform: its own, and its emulator's."""
    entries = [entry for group in (GROUP, EMULATORS) for entry in entry_points(group=group, name=platform)]
    packages = {entry.module.partition(".")[0] for entry in entries} - {"simple_deploy"}
    specs = (find_spec(package) for package in sorted(packages))
    return [Path(folder) for spec in specs if spec for folder in spec.submodule_search_locations or ()]


def emulator(platform: str) -> object:
    """A platform's emulator from another distribution; raises ModuleNotFoundError if there is none."""
    for entry in entry_points(group=EMULATORS, name=platform):
        return entry.load()
    raise ModuleNotFoundError(f"No installed distribution has an entry point {platform} in the group {EMULATORS}.")


def requirements(distributions: tuple[Distribution, ...]) -> list[str]:
    """The arguments of `pip install` that reproduce these installations."""
    return [word for one in distributions for word in _requirement(one)]


def state(distributions: tuple[Distribution, ...]) -> str:
    """A hash that changes with the version, the build or the requirements of these distributions."""
    return hashlib.sha256("\n".join(part for one in distributions for part in _parts(one)).encode()).hexdigest()


def _requirement(one: Distribution) -> tuple[str, ...]:
    origin = json.loads(one.read_text("direct_url.json") or "{}")
    if not origin:
        return (f"{one.name}=={one.version}",)
    if "dir_info" in origin:
        return (*(["--editable"] if origin["dir_info"].get("editable") else []), str(folder_of(origin["url"])))
    vcs = origin.get("vcs_info")
    url = f"{vcs['vcs']}+{origin['url']}@{vcs['commit_id']}" if vcs else origin["url"]
    return (f"{one.name} @ {url}",)


def _parts(one: Distribution) -> Iterator[str]:
    """RECORD has the hashes of all files, except for an editable distribution, whose files are elsewhere."""
    yield from (*_requirement(one), one.read_text("RECORD") or "")
    origin = json.loads(one.read_text("direct_url.json") or "{}")
    if "dir_info" in origin:
        yield (folder_of(origin["url"]) / "pyproject.toml").read_text(encoding="utf-8")


def folder_of(url: str) -> Path:
    """The folder of a file: address."""
    return Path(url2pathname(unquote(urlsplit(url).path)))
