"""The distribution: what the wheel and the sdist contain, and that an index shows them."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from uv import find_uv_bin

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_metadata_require_no_django_and_name_the_script() -> None:
    assert PROJECT["name"] == "simple-deploy"
    assert not [name for name in PROJECT["dependencies"] if name.lower().startswith("django")]
    assert PROJECT["scripts"] == {"simple-deploy": "simple_deploy.outside:main"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([find_uv_bin(), "build", "--quiet", "--out-dir", folder, ROOT], check=True)
    return folder


@pytest.mark.long
def test_the_wheel_has_the_product_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.partition("/")[0] for name in names}
    assert folders == {"simple_deploy", f"simple_deploy-{PROJECT['version']}.dist-info"}
    for needed in (
        "py.typed",
        "summary/page.html",
        "platforms/fly_io/facts.json",
        "platforms/heroku/templates/Procfile",
    ):
        assert f"simple_deploy/{needed}" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert wheel.stat().st_size < 500_000


@pytest.mark.long
def test_the_sdist_has_the_docs_and_no_harness(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        folders = {name.split("/")[1] for name in archive.getnames() if name.count("/") >= 1}
    assert {"simple_deploy", "docs", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "PKG-INFO"} <= folders
    assert not folders & {"matrix", "tests", "sample_projects"}


@pytest.mark.long
def test_an_index_can_show_the_description(built: Path) -> None:
    files = sorted(map(str, built.glob("simple_deploy*")))
    assert len(files) == 2
    subprocess.run([find_uv_bin(), "tool", "run", "--quiet", "twine", "check", "--strict", *files], check=True)
