"""The base images of this emulation: `python:X.Y-slim`, made from a Python of this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from ....sandbox import environments, layers, node
from ..._kit.programs import run_to_end
from . import BuildFailed, Image, debian

_OFFICIAL = re.compile(r"(?:docker\.io/)?(?:library/)?python:(3\.\d+)(?:\.\d+)?-slim(?:-(?:bookworm|trixie))?(?:@\S+)?")
_NODE = re.compile(r"(?:docker\.io/)?(?:library/)?node:\d+(?:-bookworm|-trixie)?-slim")
_ETC = (
    "adduser.conf", "alternatives", "ca-certificates", "ca-certificates.conf", "debian_version", "default", "host.conf",
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "login.defs", "mime.types", "nsswitch.conf", "os-release",
    "protocols", "services", "skel", "ssl",
)  # fmt: skip
_ACCOUNTS = {
    "passwd": f"root:x:0:0:root:{layers.ROOT.home}:/bin/bash\n"
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "group": "root:x:0:\nstaff:x:50:\nusers:x:100:\nnogroup:x:65534:\n",
    "shadow": "root:*:20000:0:99999:7:::\nnobody:*:20000:0:99999:7:::\n",
    "gshadow": "root:*::\nstaff:*::\nusers:*::\nnogroup:*::\n",
    "hosts": "127.0.0.1\tlocalhost\n",
    "resolv.conf": "",
}
_LIMIT = 300.0  # seconds
# Files that the official image does not have, and those of this machine's Python only.
_LEFT_OUT = shutil.ignore_patterns("site-packages", "test", "idlelib", "turtledemo", "*.a")


def find(name: str, *, own_system: bool = False) -> Image:
    """The base image of that name. Raises BuildFailed if there is none here."""
    if reason := missing(name):
        raise BuildFailed(f"{name}: {reason}")
    image = _node_image() if _NODE.fullmatch(name) else _python_image(name)
    return debian.with_its_own_system(image, name) if own_system else image


def missing(name: str) -> str:
    """Why there is no base image of that name here; empty if there is one."""
    if _NODE.fullmatch(name):
        return "" if node.prefix() else f"not found: {node.obstacle()}"
    official = _OFFICIAL.fullmatch(name)
    if not official:
        known = "python:X.Y-slim and node:X-slim, both also -bookworm and -trixie"
        return f"this emulation has no registry: of base images it knows {known}"
    here = environments.python(official[1])
    return "" if here else f"not found: there is no Python {official[1]} on this machine to make it of"


def _python_image(name: str) -> Image:
    official = _OFFICIAL.fullmatch(name)
    interpreter = environments.python(official[1]) if official else None
    assert interpreter is not None
    return _image(interpreter.resolve())


def obstacle(interpreter: Path) -> str:
    """Why no image can be made of this interpreter; empty if one can."""
    system = interpreter.resolve().parent.parent == Path("/usr")
    return f"{interpreter} is part of the operating system and cannot be copied into an image" if system else ""


def machine_obstacle(python: str = "") -> str:
    """Why no image with this Python can be built and run on this machine; empty if it can."""
    if not layers.works():
        return "It takes Linux and a bubblewrap that works to build and run images."
    interpreter = environments.python(python) if python else None
    return obstacle(interpreter) if interpreter else ""


def _image(interpreter: Path) -> Image:
    if reason := obstacle(interpreter):
        raise BuildFailed(reason)
    prefix, version = interpreter.parent.parent, _full_version(interpreter)
    python = environments.identity(interpreter)
    key = {"what": "Fly.io, base image", "python": python, "version": version, "recipe": "2"}
    if not layers.has_owners():
        key["owners"] = "one"
    folder = environments.cached(key, lambda folder: _write(folder / "fs", prefix, interpreter.name), read_only=False)
    return Image(
        key=folder.name,
        layers=(str(folder / "fs"),),
        env={"PATH": layers.PATH, "LANG": "C.UTF-8", "PYTHON_VERSION": version},
        builder="bubblewrap" if layers.has_owners() else "bubblewrap, one owner",
        command=("python3",),
    )


def _node_image() -> Image:
    """The Node.js of this machine, whichever version is requested."""
    prefix = node.prefix()
    assert prefix is not None
    program = (prefix / "bin" / "node").resolve()
    key = {"what": "Fly.io, base image with Node.js", "node": f"{program} {program.stat().st_mtime}", "recipe": "1"}
    if not layers.has_owners():
        key["owners"] = "one"
    folder = environments.cached(key, lambda folder: _write_node_image(folder / "fs", prefix), read_only=False)
    return Image(
        key=folder.name,
        layers=(str(folder / "fs"),),
        env={"PATH": layers.PATH},
        builder="bubblewrap" if layers.has_owners() else "bubblewrap, one owner",
        command=("node",),
    )


def _write_node_image(root: Path, prefix: Path) -> None:
    _write_system(root)
    local = root / "usr" / "local"
    (local / "bin").mkdir()
    shutil.copy2((prefix / "bin" / "node").resolve(), local / "bin" / "node")
    shutil.copytree(prefix / "lib" / "node_modules" / "npm", local / "lib" / "node_modules" / "npm", symlinks=True)
    for name in ("npm", "npx"):
        (local / "bin" / name).symlink_to(f"../lib/node_modules/npm/bin/{name}-cli.js")


def _full_version(interpreter: Path) -> str:
    argv = [str(interpreter), "-I", "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(argv, capture_output=True, check=True, encoding="utf-8").stdout.strip()


def _write(root: Path, prefix: Path, program: str) -> None:
    _write_system(root)
    _write_python(root, prefix, program)


def _write_system(root: Path) -> None:
    layers.write_skeleton(root)
    for name in _ETC:
        path = Path("/etc", name)
        if path.is_dir():
            shutil.copytree(path, root / "etc" / name, symlinks=True)
        elif path.exists():
            shutil.copyfile(path, root / "etc" / name)
    for name, text in _ACCOUNTS.items():
        (root / "etc" / name).write_text(text, encoding="utf-8")


def _write_python(root: Path, prefix: Path, program: str) -> None:
    local = root / "usr" / "local"
    library = f"lib/{program}"
    for folder in (library, "include"):
        shutil.copytree(prefix / folder, local / folder, symlinks=True, ignore=_LEFT_OUT)
    _record_the_place(local, library, prefix)
    for path in (prefix / "lib").glob("libpython*.so*"):
        shutil.copy2(path, local / "lib", follow_symlinks=False)
    (local / library / "site-packages").mkdir()
    (local / "bin").mkdir()
    shutil.copy2(prefix / "bin" / program, local / "bin")
    for name in ("python3", "python"):
        (local / "bin" / name).symlink_to(program)
    _install_pip(root)


def _record_the_place(local: Path, library: str, prefix: Path) -> None:
    """Python records the folder that it was built for; older releases of setuptools look for its headers there."""
    for name in ("_sysconfigdata*.py", "config-*/Makefile"):
        for path in (local / library).glob(name):
            path.write_text(path.read_text(encoding="utf-8").replace(str(prefix), "/usr/local"), encoding="utf-8")


def _install_pip(root: Path) -> None:
    upper = root.with_name("pip")
    said: list[str] = []
    place = layers.container((root,), upper)
    argv = ["sh", "-c", "ldconfig && python3 -m ensurepip --default-pip"]
    env = {"PATH": layers.PATH, "HOME": layers.ROOT.home}
    if run_to_end(place, argv, env, limit=_LIMIT, each_line=said.append) != 0:
        raise BuildFailed("\n".join(["the base image could not be made:", *said]))
    shutil.copytree(upper, root, symlinks=True, dirs_exist_ok=True)
    layers.remove_work(upper)
    shutil.rmtree(upper)
