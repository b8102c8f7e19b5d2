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
    ("setuptools_scm[toml]>=8", "[tool.setuptools_scm]\n", "tool.setuptools_scm", "fallback_version"),
    ("setuptools-scm[simple]>=9", "", "tool.setuptools_scm", "fallback_version"),
    ("hatch-vcs", HATCH, "tool.hatch.version", "fallback-version"),
    ("uv-dynamic-versioning", UV, "tool.uv-dynamic-versioning", "fallback-version"),
    ("pdm-backend", PDM, "tool.pdm.version", "fallback_version"),
]


def found(requires: str, tables: str, **others: bytes) -> list[str]:
    text = START.format(requires=requires) + tables
    return [f"{one.code}: {one.remedy}" for one in detect(Known({"pyproject.toml": text.encode(), **others}))[1]]


@pytest.mark.parametrize(("requires", "tables", "table", "key"), BACKENDS)
def test_the_remedy_names_the_table_and_the_key_and_is_enough(requires: str, tables: str, table: str, key: str) -> None:
    [said] = found(requires, tables)
    assert said.startswith("version-from-git: ")
    header = "" if f"[{table}]" in tables else f"[{table}]\n"
    place = "" if header else f", in its table [{table}]"
    assert f'to pyproject.toml{place}, and commit:\n{header}{key} = "0"' in said
    assert found(requires, f'{tables}{header}{key} = "0"\n') == []


@pytest.mark.parametrize(
    ("requires", "tables", "added"),
    [
        ("hatch-vcs", '[tool.hatch]\nversion.source = "vcs"\n', 'version.fallback-version = "0"'),
        ("pdm-backend", '[tool.pdm]\nversion.source = "scm"\n', 'version.fallback_version = "0"'),
    ],
)
def test_a_table_of_dotted_keys_gets_another_dotted_key(requires: str, tables: str, added: str) -> None:
    """TOML allows no second definition of the table."""
    [said] = found(requires, tables)
    assert f"{tables.splitlines()[0]}, and commit:\n{added}" in said
    assert found(requires, f"{tables}{added}\n") == []


def test_another_dynamic_version_is_none_of_git() -> None:
    assert found("hatchling", '[tool.hatch.version]\npath = "x/__init__.py"\n') == []
    assert found("setuptools-scm", '[tool.setuptools.dynamic]\nversion = {attr = "x.__version__"}\n') == []
    assert found("hatch-vcs", f'{HATCH}raw-options = {{fallback_version = "0"}}\n') == []


def test_a_source_distribution_has_its_version() -> None:
    information = {"PKG-INFO": b"Name: x\nVersion: 2.0\n"}
    assert [table for requires, tables, table, _ in BACKENDS if found(requires, tables, **information)] == [
        "tool.pdm.version"
    ]


def test_a_project_that_is_not_installed_itself_needs_no_version() -> None:
    files = {
        "pyproject.toml": START.format(requires="setuptools-scm[simple]").encode(),
        "requirements.txt": b"Django\n",
    }
    assert detect(Known(files))[1] == []


# use_scm_version in setup.py, the tables of pyproject.toml -> whether the version is missing without Git
SCRIPTS = [
    ("True", "", True),
    ("{'version_scheme': 'post-release'}", "", True),
    ("dict(local_scheme='dirty-tag')", "", True),
    ("{'fallback_version': '0'}", "", False),
    ("dict(fallback_version='0')", "", False),
    ("True", '[tool.setuptools_scm]\nfallback_version = "0"\n', False),
    ("True", '[tool.setuptools.dynamic]\nversion = {attr = "x.VERSION"}\n', False),
    ("False", "", False),
    ("computed()", "", False),
]


@pytest.mark.parametrize(("value", "tables", "lacks"), SCRIPTS)
def test_a_script_that_takes_the_version_from_git(value: str, tables: str, lacks: bool) -> None:
    """Each was built once without Git, except the last two."""
    script = f"from setuptools import setup\nsetup(name='x', install_requires=['Django'], use_scm_version={value})\n"
    _, problems = detect(Known({"setup.py": script.encode(), "pyproject.toml": tables.encode()}))
    assert [one.code for one in problems] == (["version-from-git"] if lacks else [])
    for problem in problems:
        whole = 'to setup.py, and commit:\nuse_scm_version={"fallback_version": "0"},'
        part = 'to use_scm_version in setup.py, and commit:\n"fallback_version": "0"'
        assert (whole if value == "True" else part) in problem.remedy


def test_a_script_may_ask_where_the_table_does_not() -> None:
    files = {
        "pyproject.toml": START.format(requires="setuptools-scm").encode(),
        "setup.py": b"setup(use_scm_version=True)",
    }
    assert [one.code for one in detect(Known(files))[1]] == ["version-from-git"]


def test_a_script_below_the_root_is_named() -> None:
    files = {
        "backend/manage.py": b"",
        "backend/setup.py": b"from setuptools import setup\nsetup(use_scm_version=True)\n",
    }
    dependencies, [problem] = detect(Known(files), "backend")
    assert dependencies is None
    assert problem.found == "backend/setup.py is below the Git root, where platforms do not look for it."
