"""Which program can build images here, and the message if none can. The programs are doubles on PATH."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from matrix import real_images
from matrix.emulators.fly_io.image import real_builders
from simple_deploy.platforms import fly_io

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the doubles are scripts for a POSIX shell")


@pytest.fixture(autouse=True)
def _forget() -> None:
    real_builders.obstacle.cache_clear()


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_the_reason_is_shown_for_each_program_that_cannot_build_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path, "docker", "echo 'Is the docker daemon running?' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert real_images.main([]) == 2
    assert real_images.main(["--where-possible"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "docker builds no images on this machine: Is the docker daemon running?",
        "podman builds no images on this machine: it is not on PATH",
        "buildah builds no images on this machine: it is not on PATH",
    ]


def test_a_program_that_builds_the_trial_image_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "podman", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [real_builders.obstacle(name) == "" for name in real_builders.NAMES] == [False, True, False]


def test_the_page_names_the_image_that_the_dockerfile_is_built_on() -> None:
    folder = Path(str(fly_io.__file__)).parent
    bases = re.findall(r"^FROM (\S+)", (folder / "templates" / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert bases == ["python:@python-slim"] * 2
    assert "`python:3.13-slim`" in (folder / "README.md").read_text(encoding="utf-8")
