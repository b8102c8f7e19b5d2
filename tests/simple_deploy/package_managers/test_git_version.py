"""Packages whose version comes from Git's tags: they get one for builds without Git."""

import pytest

from simple_deploy.package_managers import Known, detect, file_edits

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


def lacking(requires: str, tables: str, **others: bytes) -> tuple[tuple[str, ...], str]:
    """The place of the version, and what is added to pyproject.toml."""
    text = START.format(requires=requires) + tables
    dependencies, problems = detect(Known({"pyproject.toml": text.encode(), **others}))
    assert dependencies is not None and problems == []
    edits = [one for one in file_edits(dependencies, ()) if one.path == "pyproject.toml"]
    return dependencies.fallback_version, "".join(edit.edit(text) for edit in edits).removeprefix(text)


@pytest.mark.parametrize(("requires", "tables", "table", "key"), BACKENDS)
def test_a_version_is_added_once(requires: str, tables: str, table: str, key: str) -> None:
    where, added = lacking(requires, tables)
    assert ".".join(where) == f"pyproject.toml.{table}.{key}"
    header = "" if f"[{table}]" in tables else f"\n[{table}]\n"
    assert added == f'{header}{key} = "0"\n'
    # The file of an earlier run is still its own.
    assert lacking(requires, tables + added) == (where, "")
    assert lacking(requires, tables + added.replace('"0"', '"1.0"')) == ((), "")


@pytest.mark.parametrize(
    ("requires", "tables", "added"),
    [
        ("hatch-vcs", '[tool.hatch]\nversion.source = "vcs"\n', 'version.fallback-version = "0"\n'),
        ("pdm-backend", '[tool.pdm]\nversion.source = "scm"\n', 'version.fallback_version = "0"\n'),
    ],
)
def test_a_table_of_dotted_keys_gets_another_dotted_key(requires: str, tables: str, added: str) -> None:
    """TOML allows no second definition of the table."""
    assert lacking(requires, tables)[1] == added
    assert lacking(requires, tables + added)[1] == ""


def test_packages_are_added_to_the_same_file() -> None:
    text = START.format(requires="hatch-vcs") + HATCH
    dependencies, _ = detect(Known({"pyproject.toml": text.encode()}))
    assert dependencies is not None
    *others, edit = file_edits(dependencies, ("gunicorn>=22",))
    written = edit.edit(text)
    assert "pyproject.toml" not in [one.path for one in others]
    assert 'fallback-version = "0"' in written and '"Django", "gunicorn>=22"]' in written


def test_another_dynamic_version_is_none_of_git() -> None:
    none = ((), "")
    assert lacking("hatchling", '[tool.hatch.version]\npath = "x/__init__.py"\n') == none
    assert lacking("setuptools-scm", '[tool.setuptools.dynamic]\nversion = {attr = "x.__version__"}\n') == none
    assert lacking("hatch-vcs", f'{HATCH}raw-options = {{fallback_version = "1"}}\n') == none


def test_a_source_distribution_has_its_version() -> None:
    information = {"PKG-INFO": b"Name: x\nVersion: 2.0\n"}
    needed = [table for requires, tables, table, _ in BACKENDS if lacking(requires, tables, **information)[0]]
    assert needed == ["tool.pdm.version"]


def test_a_project_that_is_not_installed_itself_needs_no_version() -> None:
    files = {
        "pyproject.toml": START.format(requires="setuptools-scm[simple]").encode(),
        "requirements.txt": b"Django\n",
    }
    assert detect(Known(files))[1] == []


# use_scm_version in setup.py, the tables of pyproject.toml -> the argument with a version for builds without Git
SCRIPTS = [
    ("True", "", '{"fallback_version": "0"}'),
    ("{'version_scheme': 'post-release'}", "", "{\"fallback_version\": \"0\", 'version_scheme': 'post-release'}"),
    ("{\n  'write_to': 'é.py'}", "", "{\"fallback_version\": \"0\",\n  'write_to': 'é.py'}"),
    ("{}", "", '{"fallback_version": "0"}'),
    ("dict(local_scheme='dirty-tag')", "", "dict(fallback_version=\"0\", local_scheme='dirty-tag')"),
    ("dict()", "", 'dict(fallback_version="0")'),
    ("{'fallback_version': '1'}", "", ""),
    ("dict(fallback_version='1')", "", ""),
    ("True", '[tool.setuptools_scm]\nfallback_version = "0"\n', ""),
    ("True", '[tool.setuptools.dynamic]\nversion = {attr = "x.VERSION"}\n', ""),
    ("False", "", ""),
    ("computed()", "", ""),
]


@pytest.mark.parametrize(("value", "tables", "argument"), SCRIPTS)
def test_a_script_that_takes_the_version_from_git(value: str, tables: str, argument: str) -> None:
    """Each was built once without Git, except the last two."""
    script = "from setuptools import setup\nsetup(author='Émile', install_requires=['Django'], use_scm_version={})\n"
    given = {"setup.py": script.format(value).encode(), "pyproject.toml": tables.encode()}
    dependencies, problems = detect(Known(given))
    assert dependencies is not None and problems == []
    edits = {one.path: one.edit for one in file_edits(dependencies, ())}
    assert ("setup.py" in edits) is bool(argument)
    if argument:
        edited = edits["setup.py"](script.format(value))
        assert edited == script.format(argument)
        again, _ = detect(Known({**given, "setup.py": edited.encode()}))
        assert again is not None
        assert {one.path: one.edit for one in file_edits(again, ())}["setup.py"](edited) == edited


def test_a_script_may_ask_where_the_table_does_not() -> None:
    files = {
        "pyproject.toml": START.format(requires="setuptools-scm").encode(),
        "setup.py": b"setup(use_scm_version=True)",
    }
    dependencies, _ = detect(Known(files))
    assert dependencies is not None and dependencies.fallback_version == ("setup.py",)


def test_a_script_below_the_root_is_named() -> None:
    files = {
        "backend/manage.py": b"",
        "backend/setup.py": b"from setuptools import setup\nsetup(use_scm_version=True)\n",
    }
    dependencies, [problem] = detect(Known(files), "backend")
    assert dependencies is None
    assert problem.found == "backend/setup.py is below the Git root, where platforms do not look for it."


@pytest.mark.parametrize(
    ("pyproject", "script", "path"),
    [
        ('[tool.setuptools_scm]\nversion_file = "x/_version.py"\n', "", "x/_version.py"),
        ('[tool.setuptools_scm]\nwrite_to = "x/_version.py"\n', "", "x/_version.py"),
        ('[tool.hatch.build.hooks.vcs]\nversion-file = "x/v.py"\n', "", "x/v.py"),
        ('[tool.setuptools_scm]\nwrite_to = "x/VERSION"\n', "", ""),
        ("", "use_scm_version={'write_to': 'x/version.py'}", "x/version.py"),
        ("", "use_scm_version={'write_to': computed()}", ""),
    ],
)
def test_the_module_that_the_build_writes(pyproject: str, script: str, path: str) -> None:
    setup = f"from setuptools import setup\nsetup(name='x', install_requires=['Django'], {script})\n"
    dependencies, _ = detect(Known({"pyproject.toml": pyproject.encode(), "setup.py": setup.encode()}))
    assert dependencies is not None and dependencies.version_file == path
    installed, _ = detect(Known({"pyproject.toml": pyproject.encode(), "requirements.txt": b"Django\n"}))
    assert installed is not None and installed.version_file == ""
