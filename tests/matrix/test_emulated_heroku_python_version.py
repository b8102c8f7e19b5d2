"""The build's messages about a project's Python version: every rejection, and what is accepted. No build is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matrix.emulators.heroku.buildpack import compile_app, python_version
from matrix.emulators.heroku.buildpack.package_managers import PACKAGE_MANAGERS
from matrix.emulators.heroku.buildpack.report import BuildFailed

PIPENV, PIP = PACKAGE_MANAGERS[:2]


def lock(version: str) -> dict[str, str]:
    return {"Pipfile.lock": json.dumps({"_meta": {"requires": {"python_version": version}}})}


# the project's files → the first lines of the error
REFUSED: dict[str, tuple[dict[str, str], list[str]]] = {
    "an empty version file": (
        {".python-version": "# 3.13\n"},
        [
            "Error: No Python version found in .python-version.",
            "",
            "No Python version was found in your .python-version file.",
        ],
    ),
    "a lock with a pattern": (
        lock("^3.12"),
        [
            "Error: Invalid Python version in Pipfile.lock.",
            "",
            "The Python version specified in your Pipfile.lock file by the",
            "'python_version' or 'python_full_version' fields isn't valid.",
        ],
    ),
    "an old version": (
        {".python-version": "3.9\n"},
        ["Error: The requested Python version has reached end-of-life.", "", "Python 3.9 has reached its upstream"],
    ),
    "a version of the future": (
        {".python-version": "3.99\n"},
        ["Error: The requested Python version isn't recognised.", "", "The requested Python version 3.99 isn't"],
    ),
    "runtime.txt with something else": (
        {"runtime.txt": "3.12\n"},
        ["Error: Invalid Python version in runtime.txt.", "", "The Python version specified in your runtime.txt file"],
    ),
}
MISSPELT = ["python-version", ".python_version", ".python.version", ".python-version.txt", ".python-version "]


def failure(app: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (app / name).write_text(text, encoding="utf-8")
    with pytest.raises(BuildFailed) as failed:
        python_version.find(app, PIPENV if "Pipfile.lock" in files else PIP, lambda line: None)
    return str(failed.value).splitlines()


@pytest.mark.parametrize("case", REFUSED)
def test_rejected_versions(tmp_path: Path, case: str) -> None:
    files, expected = REFUSED[case]
    said = failure(tmp_path, files)
    assert [line[: len(start)] for line, start in zip(said, expected, strict=False)] == expected


def test_an_end_of_life_error_names_the_oldest_and_newest_version(tmp_path: Path) -> None:
    said = failure(tmp_path, {".python-version": "3.9\n"})
    assert "Please upgrade to at least Python 3.10 by changing the" in said
    assert said[-2:] == [
        "If possible, we recommend upgrading all the way to Python 3.14,",
        "since it contains many performance and usability improvements.",
    ]


@pytest.mark.parametrize("name", MISSPELT)
def test_a_misspelt_version_file_is_rejected_even_next_to_the_correct_one(tmp_path: Path, name: str) -> None:
    said = failure(tmp_path, {".python-version": "3.13\n", name: "3.13\n"})
    assert said[0] == "Error: Incorrectly spelled .python-version file found."


def test_a_committed_environment_is_rejected_with_its_contents(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    for name in ("pyvenv.cfg", "bin/python"):
        (tmp_path / "venv" / name).touch()
    with pytest.raises(BuildFailed) as failed:
        compile_app(tmp_path, {}, lambda line: None)
    said = str(failed.value).splitlines()
    assert said[0] == "Error: Existing 'venv/' directory found."
    assert said[5:9] == ["venv/", "venv/bin", "venv/bin/python", "venv/pyvenv.cfg"]
