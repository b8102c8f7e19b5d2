"""The container image `python:X.Y`: this machine's Python with only pip, and a build's own tools."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...sandbox import environments, node, tools
from ...sandbox.namespace import Mount, python_mount

TOOLS = "/app/.global"  # [docs] the folder of the packages of `dependencies`
_BIN = "/opt/python/bin"
_N = "/opt/n"
PATH = f"{TOOLS}/bin:/app/.local/bin:{_BIN}:{_N}:/usr/bin:/bin"
_VARIES = re.compile(r"(python|pip|pydoc)[\d.]*|(de)?activate.*")


class NoSuchPython(Exception):
    """This machine lacks the image's Python: the project is not at fault."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """What makes Python available in a container; `PATH` names its programs."""

    interpreter: Path
    mounts: tuple[Mount, ...]


def python_image(version: str) -> Image:
    """The image of a version. Raises NoSuchPython."""
    interpreter = environments.python(version)
    if interpreter is None:
        raise NoSuchPython(f"There is no Python {version} on this machine, so that the emulation cannot build with it.")
    key = {"what": "Upsun, Python image", "interpreter": environments.identity(interpreter)}
    folder = environments.cached(key, lambda folder: _make(folder, interpreter))
    packages = (folder / "packages.txt").read_text(encoding="utf-8")
    # Other packages of this machine's Python would hide a missing dependency of a project.
    only_pip = () if packages.startswith("/usr/") else (Mount(host=folder / "packages", inside=packages),)
    return Image(
        interpreter=interpreter,
        mounts=(*python_mount(interpreter), *only_pip, Mount(host=folder / "bin", inside=_BIN)),
    )


def tools_mounts(wanted: Mapping[str, str], image: Image) -> tuple[Mount, ...]:
    """Mounts with the programs of `dependencies.python3`, installed once for all projects with the same ones.

    Raises RuntimeError with the installer's message if there is no such package.
    """
    if not wanted:
        return ()
    packages = [_requirement(name, version) for name, version in sorted(wanted.items())]
    packages += [extra for name in wanted for extra in tools.beside(name)]
    key = {
        "what": "Upsun, dependencies, 2",
        "packages": " ".join(packages),
        "interpreter": environments.identity(image.interpreter),
    }

    def make(folder: Path) -> None:
        tools.install(folder, image.interpreter, packages, lambda name: not _VARIES.fullmatch(name))

    folder = environments.cached(key, make)
    return (Mount(host=folder, inside=str(folder)), Mount(host=folder / "bin", inside=f"{TOOLS}/bin"))


def node_mounts(wanted: Mapping[str, str], image: Image) -> tuple[Mount, ...]:
    """Mounts with the programs of `dependencies.nodejs`: only `n` is known, which installs a Node.js.

    Raises RuntimeError for another package, and if this machine has no Node.js to represent it.
    """
    if not wanted:
        return ()
    if unknown := sorted(set(wanted) - {"n"}):
        raise RuntimeError(f"Of the packages in dependencies.nodejs, {', '.join(unknown)} is not emulated.")
    if node.obstacle():
        raise RuntimeError(node.obstacle())
    folder = environments.cached({"what": "Upsun, n"}, _make_n)
    return (Mount(host=folder, inside=_N),)


def _make_n(folder: Path) -> None:
    """The Node.js of this machine is already on PATH."""
    (folder / "n").write_text('#!/bin/sh\n[ $# = 1 ] && echo "   installed : $(node --version)"\n', encoding="utf-8")
    (folder / "n").chmod(0o755)


def _requirement(name: str, version: str) -> str:
    if version in ("*", ""):
        return name
    return f"{name}{version}" if version[0] in "<>=!~" else f"{name}=={version}"


def _make(folder: Path, interpreter: Path) -> None:
    """Scripts instead of links: Python finds its library by the path with which it was started."""
    (folder / "bin").mkdir()
    for name, module in {"python": "", "python3": "", "pip": " -m pip", "pip3": " -m pip"}.items():
        script = folder / "bin" / name
        script.write_text(f"#!/bin/sh\nexec '{interpreter}'{module} \"$@\"\n", encoding="utf-8")
        script.chmod(0o755)
    tools.uv("pip", "install", "--quiet", "--python", interpreter, "--target", folder / "packages", "pip")
    argv = [str(interpreter), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    where = subprocess.run(argv, capture_output=True, encoding="utf-8", check=True).stdout
    (folder / "packages.txt").write_text(where.strip(), encoding="utf-8")
