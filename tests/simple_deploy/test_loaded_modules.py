"""A run loads only modules that the fingerprint of its cells covers: what it does not load cannot change its result."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from matrix.proving.fingerprints import Sources, tool
from matrix.proving.imports import ImportGraph
from matrix.record.provenance import REPOSITORY
from simple_deploy import platforms

if TYPE_CHECKING:
    from conftest import Checkout

# Each starts the command and looks at what it has imported.
pytestmark = pytest.mark.long

# Requirements that production needs, so that no lock is out of date.
VERSIONS = {"django": "5.2", "gunicorn": "23.0", "psycopg": "3.2", "whitenoise": "6.9", "dj-database-url": "2.3"}
PINNED = "".join(f"{name}=={version}\n" for name, version in VERSIONS.items())
LOCKED = "".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, version in VERSIONS.items())
PROJECT = f'[project]\nname = "blog"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = {[*VERSIONS]}\n'
ENTRIES = "".join(f'{name} = "*"\n' for name in VERSIONS)
# What the project has instead of its requirements.txt.
FILES = {
    "pip": {"requirements.txt": PINNED},
    "pip-tools": {"requirements.in": PINNED, "requirements.txt": PINNED},
    "poetry": {"pyproject.toml": PROJECT, "poetry.lock": LOCKED},
    "poetry-classic": {"pyproject.toml": f"[tool.poetry.dependencies]\n{ENTRIES}", "poetry.lock": LOCKED},
    "pipenv": {"Pipfile": f"[packages]\n{ENTRIES}", "Pipfile.lock": "{}"},
    "uv": {"pyproject.toml": PROJECT, "uv.lock": LOCKED},
}
# A run of manage.py that tells at its end which modules it has.
TELLING = """
import atexit, runpy, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
runpy.run_path("manage.py", run_name="__main__")
"""


def loaded(checkout: Checkout, platform: str) -> set[str]:
    """The modules of the product that a dry run of the project loads."""
    ended = checkout.python("-c", TELLING, "simple_deploy", "--platform", platform, "--no-trial", "--dry-run")
    return {name for name in ended.stderr.splitlines()[-1].split() if name.startswith("simple_deploy.")}


@pytest.mark.parametrize(("name", "platform"), [*zip(FILES, cycle(platforms.installed()))])
def test_a_run_loads_only_what_the_fingerprint_of_its_cells_covers(
    checkout: Checkout, name: str, platform: str
) -> None:
    checkout.git("rm", "--quiet", "requirements.txt")
    for path, text in FILES[name].items():
        checkout.write(path, text)
    checkout.commit_all()
    modules, covered = ImportGraph(REPOSITORY).modules, {*Sources().files(platform, package_manager=name)}
    found = loaded(checkout, platform)
    assert {
        "simple_deploy.plan",
        f"simple_deploy.package_managers.{tool(name).replace('-', '_')}",
    } <= found
    assert {module for module in found & modules.keys() if modules[module] not in covered} == set()
