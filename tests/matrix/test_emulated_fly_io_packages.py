"""A Dockerfile that installs Debian's packages gets a Debian of its own, and only the stage that installs has them."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from matrix.emulators.fly_io.image import BuildFailed, Image, building, debian, packages
from matrix.emulators.fly_io.image.base_images import machine_obstacle
from matrix.emulators.fly_io.image.dockerfile import parse
from matrix.sandbox import environments, layers

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
START = f"FROM python:{VERSION}-slim\n"
INSTALL = "RUN apt-get update && apt-get install --yes --no-install-recommends hello && rm -rf /var/lib/apt/lists/*\n"
obstacle = machine_obstacle(VERSION) or debian.obstacle()
needs_debian = pytest.mark.skipif(bool(obstacle), reason=obstacle)
needs_owners = pytest.mark.skipif(not layers.has_owners(), reason="only root can install packages")
posix = pytest.mark.skipif(os.name == "nt", reason="the doubles are scripts for a POSIX shell")


def build(folder: Path, dockerfile: str) -> tuple[Image, str]:
    """The image, and what its build said."""
    said: list[str] = []
    (folder / "context").mkdir(exist_ok=True)
    image = building.build(folder / "context", dockerfile, {}, folder / "kept", said.append)
    return image, "\n".join(said)


def run(image: Image, folder: Path, command: str) -> str:
    place = layers.container(image.folders, folder / "run" / "fs", own_system=image.own_system)
    argv = [*place.entry, "sh", "-c", command]
    done = subprocess.run(argv, env=dict(image.env), cwd=place.app, capture_output=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.mark.long
@needs_debian
def test_only_the_stage_that_installs_a_package_has_it(tmp_path: Path) -> None:
    stamp = f"ENV STAMP={secrets.token_hex(8)}\n"
    dockerfile = f"{START[:-1]} AS build\n{stamp}{INSTALL}RUN hello > /said\n{START}COPY --from=build /said /said\n"
    image, said = build(tmp_path, dockerfile)
    assert "Setting up hello" in said
    assert run(image, tmp_path, "cat /said; hello; dpkg --status hello").splitlines()[:2] == [
        "Hello, world!",
        "sh: 1: hello: not found",
    ]
    assert "trixie" in run(image, tmp_path, "cat /etc/os-release")
    assert (
        run(image, tmp_path, "python -c 'import ctypes, readline, sqlite3, ssl, sys; print(sys.prefix)'")
        == "/usr/local\n"
    )
    assert build(tmp_path, dockerfile)[0].key == image.key
    assert "Setting up hello" not in build(tmp_path, dockerfile)[1]


@pytest.mark.long
@needs_debian
def test_downloads_are_kept_outside_of_the_image(tmp_path: Path) -> None:
    image, _ = build(tmp_path, START + INSTALL)
    assert list((environments.cache_folder() / "image-packages").glob("hello_*.deb"))
    assert run(image, tmp_path, "ls -A /var/cache/apt/archives /var/lib/apt/lists; ls /etc/apt/apt.conf.d") == (
        "/var/cache/apt/archives:\n\n/var/lib/apt/lists:\n01autoremove\n70debconf\ndocker\n"
    )


@pytest.mark.long
@needs_debian
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("RUN apt-get install --yes hello", "E: Unable to locate package hello"),
        ("RUN apt-get update && apt-get install --yes no-such", "E: Unable to locate package no-such"),
        ("RUN dpkg --version && msgfmt --version", "sh: 1: msgfmt: not found"),
    ],
)
def test_a_build_without_what_it_needs_fails(tmp_path: Path, line: str, why: str) -> None:
    said: list[str] = []
    (tmp_path / "context").mkdir()
    with pytest.raises(BuildFailed, match="did not complete successfully: exit code: 1"):
        building.build(tmp_path / "context", f"{START}{line}\n", {}, tmp_path / "kept", said.append)
    assert any(why in text for text in said), said


@pytest.mark.long
@needs_debian
def test_two_builds_at_once_install_the_same_package(tmp_path: Path) -> None:
    images: list[Image] = []

    def one(name: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        images.append(build(folder, f"{START}ENV STAMP={secrets.token_hex(8)}\n{INSTALL}")[0])

    builds = [threading.Thread(target=one, args=(name,)) for name in ("one", "other")]
    for each in builds:
        each.start()
    for each in builds:
        each.join()
    assert [run(image, tmp_path, "hello") for image in images] == ["Hello, world!\n"] * 2


def test_only_a_dockerfile_that_installs_packages_needs_a_debian() -> None:
    assert packages.any_installs(parse(START + INSTALL, {}))
    assert packages.any_installs(parse(f"{START}RUN echo\n{START}RUN dpkg -i a.deb\n", {}))
    assert not packages.any_installs(parse(f"{START}RUN adapt get\nENV A=apt-get\n", {}))


@posix
@needs_owners
def test_the_reason_is_shown_if_no_debian_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "debootstrap", "echo 'E: Failed getting release file' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(environments.CACHE_VARIABLE, str(tmp_path / "cache"))
    with pytest.raises(BuildFailed, match=r"(?s)cannot be installed in an image on this machine: .*E: Failed getting"):
        debian.with_its_own_system(Image(key="", layers=(), env={}, builder=""), "python:3.12-slim")


@posix
def test_a_build_reaches_the_mirror_as_this_machine_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = 'Acquire::http::Proxy "http://proxy.example";\nAcquire::Languages "none";\nAPT::Color "1";'
    program(tmp_path, "apt-config", f"echo '{settings}'")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(environments.CACHE_VARIABLE, str(tmp_path / "cache"))
    with packages.reachable(("/bin/sh", "-c", "apt-get update")) as mounts:
        assert mounts[0].host.read_text(encoding="utf-8") == 'Acquire::http::Proxy "http://proxy.example";\n'
        assert (mounts[1].host, mounts[1].writable) == (tmp_path / "cache" / "image-packages", True)
    with packages.reachable(("/bin/sh", "-c", "pip install django")) as mounts:
        assert mounts == ()
