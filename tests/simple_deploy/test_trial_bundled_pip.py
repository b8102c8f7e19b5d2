"""What the pip that comes with a Python does otherwise than uv."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_claims import make, wanted

from simple_deploy.contract import Remote, Site
from simple_deploy.package_managers.unbuildable import Unbuildable
from simple_deploy.trial import bundled_pip
from simple_deploy.trial.resolution import Resolution

PINS = ("django==5.2", "some-tracing==0.66b2")
IMAGE = b"RUN python -m venv .venv && \\\n    .venv/bin/pip install -r requirements.txt && \\\n    true\n"


def a_site(
    text: str, folder: Path, *, python: str = "3.12", image: bytes = IMAGE, **more: bytes
) -> tuple[Site, dict[str, bytes]]:
    contents = {"requirements.txt": text.encode(), "Dockerfile": image, ".python-version": python.encode(), **more}
    project = make(folder, files=contents)
    install = (("python", "-m", "venv", ".venv"), (".venv/bin/pip", "install", "-r", "requirements.txt"))
    project = replace(project, dependencies=replace(project.dependencies, install=install))
    return Site(project=project, options=wanted(), remote=Remote()), contents


def found(text: str, folder: Path, **given: Any) -> list[str]:
    site, contents = a_site(text, folder, **given)
    return [problem.found for problem in bundled_pip.problems(PINS, site, contents)]


def test_the_requirement_is_named(tmp_path: Path) -> None:
    assert found("Django\nSome_Tracing>=0.40,<1\n", tmp_path) == [
        "Production cannot install some-tracing<1,>=0.40, which requirements.txt asks for. Only pre-releases meet "
        "that, and the\npip of Python 3.12 installs one only where a requirement names one."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "some-tracing",
        "some-tracing>=0.40b0",
        "some-tracing==0.66b2",
        "--pre\nsome-tracing>=0.40",
        "some-tracing>=0.40\n-c limits.txt",
        "some-tracing>=0.40b0\nsome-tracing<1",
        "other>=0.40",
    ],
)
def test_what_an_older_pip_installs_is_no_problem(text: str, tmp_path: Path) -> None:
    assert found(text, tmp_path, **{"limits.txt": b"some-tracing<=0.66b2\n"}) == []


def test_other_pips_install_it(tmp_path: Path) -> None:
    text = "some-tracing>=0.40"
    assert found(text, tmp_path)
    assert found(text, tmp_path, python="3.13") == []
    assert found(text, tmp_path, image=b"RUN pip install -r requirements.txt\n") == []


@pytest.mark.parametrize(
    ("python", "image", "refused"), [("3.11", IMAGE, False), ("3.12", IMAGE, True), ("3.11", b"", True)]
)
def test_a_newer_pip_rejects_other_versions_than_pep_440s(
    python: str, image: bytes, refused: bool, tmp_path: Path
) -> None:
    said = "requirements.txt has lines that pip cannot read:\n  Django>=4.*"
    assert found("Django>=4.*\nrequests>=2,<3\n", tmp_path, python=python, image=image) == ([said] if refused else [])


@pytest.mark.parametrize(
    ("python", "image", "refused"), [("3.10", IMAGE, False), ("3.11", IMAGE, True), ("3.10", b"", True)]
)
def test_python_3_10_builds_with_its_own_setuptools(python: str, image: bytes, refused: bool, tmp_path: Path) -> None:
    site, contents = a_site("django-allauth==0.49.0", tmp_path, python=python, image=image)
    failed = Resolution(unbuildable=Unbuildable("django-allauth==0.49.0", "ImportError: convert_path"))
    judged = bundled_pip.judged(failed, site, contents)
    said = "the build of django-allauth==0.49.0: it fails with the newest setuptools, Python 3.10 has an older one"
    assert judged == (failed if refused else Resolution(untried=said))
