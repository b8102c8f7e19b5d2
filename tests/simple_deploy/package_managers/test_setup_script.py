"""Projects that only setup.py and setup.cfg describe: what they install, and how the plan adds to it."""

import pytest

from simple_deploy.package_managers import Known, detect, pip, setup_script

SCRIPT = b'import setuptools\nNEEDS = ["Django>=4.2", "Pillow"]\n'
CONFIGURATION = b"[metadata]\nname = Our_Site\n[options]\ninstall_requires =\n    Django>=4.2\n    Pillow # photos\n"
FILES = {
    "constants": {"setup.py": SCRIPT + b'setuptools.setup(name="our-site", install_requires=NEEDS)\n'},
    "setup.cfg": {"setup.py": b"from setuptools import setup\nsetup()\n", "setup.cfg": CONFIGURATION},
    "build system": {
        "setup.py": b"",
        "setup.cfg": CONFIGURATION,
        "pyproject.toml": b'[build-system]\nrequires = ["x"]\n',
    },
    "pointed": {"setup.py": b"", "setup.cfg": CONFIGURATION, "requirements.txt": b"-e .\n"},
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_the_requirements_are_those_of_the_package(files: dict[str, bytes]) -> None:
    found, problems = detect(Known(files))
    assert found and not problems
    assert found.declared == {"our-site", "django", "pillow"}
    assert (found.package_manager, found.manifest, found.files) == ("pip", "requirements.txt", (".",))
    assert found.versions["django"] == ">=4.2" and not found.lacks_django


@pytest.mark.parametrize(("files", "place"), [("constants", "setup.py"), ("setup.cfg", "setup.cfg")])
def test_a_requirement_is_added_where_the_others_are(files: str, place: str) -> None:
    known = Known(FILES[files])
    detect(known)
    assert setup_script.place_of_requirements(known) == place


def test_the_first_additions_make_a_requirements_file_that_installs_the_package() -> None:
    found, _ = detect(Known(FILES["constants"]))
    assert found
    [edit] = pip.file_edits(found, ["gunicorn"])
    assert edit.edit(None) == "-e .\ngunicorn\n"
    assert edit.edit("-e .\n") == "-e .\ngunicorn\n"
    [edit] = pip.file_edits(found, [])
    assert edit.edit(None) == "-e .\n"


@pytest.mark.parametrize(
    "script",
    [b"setup(", b"import setuptools\nsetuptools.setup(install_requires=open('x').read().split())\n", b"\xff\xfe\x00"],
)
def test_a_script_that_computes_its_requirements_declares_none(script: bytes) -> None:
    found, _ = detect(Known({"setup.py": script, "setup.cfg": b"no section"}))
    assert found and found.declared == frozenset()


def test_a_project_table_leads() -> None:
    table = b'[build-system]\nrequires = []\n[project]\nname = "x"\ndependencies = ["Django"]\n'
    found, _ = detect(Known({**FILES["constants"], "pyproject.toml": table}))
    assert found and found.package_manager == "pyproject"


BELOW = {"backend/setup.py": b"from setuptools import setup\nsetup(name='our-site', install_requires=['Django>=5'])\n"}


def test_a_package_below_the_root_is_installed_from_there() -> None:
    dependencies, problems = detect(Known(BELOW), "backend")
    assert dependencies and not problems
    assert (dependencies.declared, dependencies.files, dependencies.lacks_django) == (
        {"our-site", "django"},
        (".",),
        False,
    )
    [edit] = pip.file_edits(dependencies, ["gunicorn>=22"])
    text = edit.edit(None)
    assert text.splitlines()[1:] == ["./backend", "# <<< From backend/setup.py <<<", "gunicorn>=22"]
    again, _ = detect(Known({**BELOW, "requirements.txt": text.encode()}), "backend")
    assert again and again.declared == {"our-site", "django", "gunicorn"} and not again.listed
