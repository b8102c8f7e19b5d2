import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from results_samples import FLAT

from matrix.cells import load_axes
from matrix.proving import fingerprints
from matrix.proving.fingerprints import Sources, of
from matrix.sandbox import isolation, tools

ROOT = Path(__file__).resolve().parents[2]
PLATFORMS = load_axes().values["platform"].default
UPSUN = {"platform_sh", "upsun"}
MANAGERS = load_axes().values["package_manager"].default
POETRY = {"poetry", "poetry-classic"}


@pytest.fixture(scope="module")
def sources():
    """The sources of this repository: to parse them all takes seconds, so not while tests are collected."""
    return Sources()


@pytest.fixture(scope="module")
def of_platform(sources):
    """The files that the cells of each platform use."""
    return {name: names(sources.files(name)) for name in PLATFORMS}


@pytest.fixture(scope="module")
def of_manager(sources):
    """The files that the cells of each package manager use."""
    return {name: names(sources.files("heroku", package_manager=name)) for name in MANAGERS}


def names(paths):
    return {path.relative_to(ROOT).as_posix() for path in paths}


@pytest.mark.parametrize(
    ("name", "using"),
    [
        ("simple_deploy/platforms/fly_io/__init__.py", {"fly_io"}),
        ("simple_deploy/platforms/fly_io/templates/Dockerfile", {"fly_io"}),
        ("simple_deploy/platforms/fly_io/facts.json", {"fly_io"}),
        ("matrix/emulators/fly_io/state.py", {"fly_io"}),
        ("simple_deploy/platforms/_upsun/__init__.py", UPSUN),
        ("matrix/emulators/_upsun/receive.py", UPSUN),
        ("simple_deploy/plan/files.py", {*PLATFORMS}),
        ("simple_deploy/trial/child/parts/static_files.py", {*PLATFORMS}),
        ("matrix/engine/stages.py", {*PLATFORMS}),
        ("sample_projects/blog/cookiecutter.json", {*PLATFORMS}),
        ("simple_deploy/platforms/fly_io/README.md", set()),
        ("sample_projects/README.md", set()),
        ("matrix/plug_in_template/cookiecutter.json", set()),
        ("matrix/record/tables.py", set()),
        ("matrix/axes.toml", set()),
        ("matrix/faults/walk.py", set()),
    ],
)
def test_the_cells_of_a_platform_use_only_its_sources(of_platform, name, using):
    assert (ROOT / name).is_file()
    assert {platform for platform in PLATFORMS if name in of_platform[platform]} == using


@pytest.mark.parametrize(
    ("name", "using"),
    [
        ("poetry", POETRY),
        ("poetry_table", POETRY),
        ("pipenv", {"pipenv"}),
        ("pip", {"pip"}),
        ("pip_tools", {"pip-tools"}),
        ("wheels", {*POETRY, "uv"}),
        # No cell uses it.
        ("pyproject", set()),
        # Every project is asked for the files of each.
        ("claims", {*MANAGERS}),
        ("locked", {*MANAGERS}),
    ],
)
def test_the_cells_of_a_package_manager_use_only_its_sources(of_platform, of_manager, name, using):
    path = f"simple_deploy/package_managers/{name}.py"
    assert (ROOT / path).is_file()
    assert {package_manager for package_manager in MANAGERS if path in of_manager[package_manager]} == using
    assert path in of_platform["heroku"]


def test_a_changed_file_of_a_package_manager_changes_the_sources_of_its_cells_only(tmp_path):
    shutil.copytree(ROOT / "simple_deploy", tmp_path / "simple_deploy")
    before = {name: Sources(tmp_path).digest("heroku", package_manager=name) for name in [*MANAGERS, "", "unknown"]}
    with (tmp_path / "simple_deploy/package_managers/poetry.py").open("a", encoding="utf-8") as file:
        file.write("# x\n")
    after = {name: Sources(tmp_path).digest("heroku", package_manager=name) for name in before}
    assert {name for name in before if after[name] != before[name]} == {*POETRY, "", "unknown"}


def test_a_changed_file_changes_the_sources_of_the_platforms_that_use_it(tmp_path):
    for name in ("simple_deploy/__init__.py", "simple_deploy/platforms/__init__.py", "matrix/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for platform in PLATFORMS:
        (tmp_path / "simple_deploy/platforms" / platform).mkdir()
        (tmp_path / "simple_deploy/platforms" / platform / "__init__.py").touch()
    before = {platform: Sources(tmp_path).digest(platform) for platform in PLATFORMS}
    (tmp_path / "simple_deploy/platforms/fly_io/__init__.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "README.md").touch()
    assert {name for name in PLATFORMS if Sources(tmp_path).digest(name) != before[name]} == {"fly_io"}


def test_windows_newlines_do_not_change_fingerprints(tmp_path):
    (tmp_path / "simple_deploy").mkdir()
    (tmp_path / "simple_deploy/__init__.py").touch()
    file = tmp_path / "simple_deploy/__main__.py"
    file.write_bytes(b"x = 1\ny = 2\n")
    before = Sources(tmp_path).digest("heroku")
    file.write_bytes(b"x = 1\r\ny = 2\r\n")
    assert Sources(tmp_path).digest("heroku") == before
    file.write_bytes(b"x = 1\ny = 3\n")
    assert Sources(tmp_path).digest("heroku") != before


def test_the_fingerprint_of_a_cell_covers_its_axes_its_place_and_versions():
    one = of(FLAT, "sources", isolation="folder")
    assert one == of(FLAT, "sources", isolation="folder")
    others = {
        of(replace(FLAT, layout="nested"), "sources", isolation="folder"),
        of(replace(FLAT, python="3.99"), "sources", isolation="folder"),
        of(FLAT, "other sources", isolation="folder"),
        of(FLAT, "sources", isolation="bubblewrap"),
        of(FLAT, "sources", isolation="folder", conditions="autocrlf"),
        of(FLAT, "sources", isolation="folder", more={"heroku": "11.10.0"}),
    }
    assert len({one, *others}) == 7
    seen = fingerprints.tools(replace(FLAT, package_manager="poetry-classic"))
    assert seen["package manager"] == tools.VERSIONS["poetry"]
    assert {"git", "postgresql", "python", "uv", "pytest", "cookiecutter", "harness's python"} <= set(seen)
    assert not fingerprints.walls("folder")
    if isolation.bubblewrap():
        assert re.search(r"\d+\.\d+", fingerprints.walls("bubblewrap")["bubblewrap"])
