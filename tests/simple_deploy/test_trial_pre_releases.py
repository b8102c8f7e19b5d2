"""Requirements that only pre-releases meet, for builds with the pip that comes with their Python."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import make, wanted

from simple_deploy.contract import Remote, Site
from simple_deploy.trial import pre_releases

PINS = ("django==5.2", "some-tracing==0.66b2")
IMAGE = b"RUN python -m venv .venv && \\\n    .venv/bin/pip install -r requirements.txt && \\\n    true\n"


def found(text: str, folder: Path, *, python: str = "3.12", image: bytes = IMAGE, **more: bytes) -> list[str]:
    contents = {"requirements.txt": text.encode(), "Dockerfile": image, ".python-version": python.encode(), **more}
    project = make(folder, files=contents)
    install = (("python", "-m", "venv", ".venv"), (".venv/bin/pip", "install", "-r", "requirements.txt"))
    project = replace(project, dependencies=replace(project.dependencies, install=install))
    site = Site(project=project, options=wanted(), remote=Remote())
    return [problem.found for problem in pre_releases.problems(PINS, site, contents)]


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
