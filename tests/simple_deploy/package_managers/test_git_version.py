"""Packages whose version comes from Git's tags: refused unless they name one for builds without Git."""

import pytest

from simple_deploy.package_managers import Known, detect

START = '[build-system]\nbuild-backend = "x"\nrequires = ["{requires}"]\n[project]\nname = "x"\ndynamic = ["version"]\n'
START += 'dependencies = ["Django"]\n'
HATCH = '[tool.hatch.version]\nsource = "vcs"\n'
UV = '[tool.hatch.version]\nsource = "uv-dynamic-versioning"\n'
PDM = '[tool.pdm.version]\nsource = "scm"\n'
# what the build requires, the tables before the remedy, and the remedy's table and key
BACKENDS = [
    ("setuptools_scm[toml]>=8", "", "tool.setuptools_scm", "fallback_version"),
    ("hatch-vcs", HATCH, "tool.hatch.version", "fallback-version"),
    ("uv-dynamic-versioning", UV, "tool.uv-dynamic-versioning", "fallback-version"),
    ("pdm-backend", PDM, "tool.pdm.version", "fallback_version"),
]


def found(requires: str, tables: str) -> list[str]:
    text = START.format(requires=requires) + tables
    return [f"{one.code}: {one.remedy}" for one in detect(Known({"pyproject.toml": text.encode()}))[1]]


@pytest.mark.parametrize(("requires", "tables", "table", "key"), BACKENDS)
def test_the_remedy_names_the_table_and_the_key_and_is_enough(requires: str, tables: str, table: str, key: str) -> None:
    [said] = found(requires, tables)
    assert said.startswith("version-from-git: ")
    assert f'[{table}]\n{key} = "0"' in said
    header = "" if f"[{table}]" in tables else f"[{table}]\n"
    assert found(requires, f'{tables}{header}{key} = "0"\n') == []


def test_another_dynamic_version_is_none_of_git() -> None:
    assert found("hatchling", '[tool.hatch.version]\npath = "x/__init__.py"\n') == []
    assert found("hatch-vcs", f'{HATCH}raw-options = {{fallback_version = "0"}}\n') == []


def test_a_project_that_is_not_installed_itself_needs_no_version() -> None:
    files = {"pyproject.toml": START.format(requires="setuptools-scm").encode(), "requirements.txt": b"Django\n"}
    assert detect(Known(files))[1] == []
