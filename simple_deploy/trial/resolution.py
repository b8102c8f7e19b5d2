"""The requirements, resolved for production's Python: conflicts, and packages that have no wheel there."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from ..effects import fetching
from ..effects.commands import running
from ..model import Project, Record
from ..package_managers import Known, load, locked
from ..package_managers.unbuildable import Unbuildable, unbuildable
from . import cache, pylock
from .checkout import write

_SECONDS = 60
_WHAT = "the versions of the requirements"
# A platform has the newest release of a series; uv takes "3.12" for the first, 3.12.0.
_NEWEST = ".99"
_LINUX = ("--python-platform", "x86_64-manylinux_2_28")
# Wheels for any system, and for any Python that a package still has some for.
_ANY = ("--universal", "--no-deps", "--python-version", "3.8")
_IMPATIENT = {"UV_HTTP_TIMEOUT": "15", "UV_HTTP_RETRIES": "1", "UV_PYTHON_DOWNLOADS": "never"}
# From a lock that is not a list of requirements.
_LOCKED = "locked.txt"
_NO_SOLUTION = "No solution found"
# Where pip and uv differ.
_DIFFERENT = re.compile("pre-release", re.IGNORECASE)
# uv's settings in pyproject.toml and uv.toml for how packages are built, which a list of pins lacks.
_OWN_BUILDS = re.compile(rb"no-build-isolation|extra-build-|build-constraint-")


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """`conflict` is why there is no solution ("": there is one, or `untried` is why that is unknown).

    `unbuildable` is a package whose build script fails. `compiled` are packages (NAME==VERSION) that have wheels, but
    none for production's Python, `large` those whose wheel is large, with its bytes, `installed` all of them, `sources`
    those without any wheel there.
    """

    conflict: str = ""
    unbuildable: Unbuildable | None = None
    untried: str = ""
    compiled: tuple[str, ...] = ()
    large: tuple[tuple[str, int], ...] = ()
    installed: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@contextmanager
def resolving(
    project: Project, contents: Mapping[str, bytes], python: str, record: Record, *, fetches: bool
) -> Iterator[Callable[[], Resolution]]:
    """How uv resolves the planned manifest: it runs while the body does, and the function waits for its answer.

    A lock is already resolved: only wheels are checked for it. Without `fetches` the package index is not asked: only
    what an earlier run found counts.
    """
    files = {path: raw for path, raw in {**project.files, **contents}.items() if raw is not None}
    manifest, needed = _sources(project, files)
    python += _NEWEST
    words = [
        python,
        manifest,
        *(f"{path} {sha256(raw).hexdigest()}" for path, raw in sorted(needed.items())),
    ]
    key = "resolved-" + sha256("\n".join(words).encode()).hexdigest()
    known = _known(manifest, key, fetches=fetches)
    uv = None if known else fetching.uv(record)
    if known or uv is None:
        answer = known or Resolution(untried=f"{_WHAT}: uv could not be fetched")
        yield lambda: answer
        return
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as name:
        folder, no_deps = Path(name), manifest == _LOCKED
        write(folder, needed)
        only = ("--no-deps",) if no_deps else ()
        with _compiling(uv, folder, (manifest, "--python-version", python, *_LINUX, *only)) as compiled:
            builds = python if no_deps and not any(map(_OWN_BUILDS.search, files.values())) else ""
            yield lambda: _kept(key, _found(uv, folder, compiled(record), record, no_deps=no_deps, builds=builds))


def _known(manifest: str, key: str, *, fetches: bool) -> Resolution | None:
    """The answer, if uv need not or must not be asked."""
    kept = cache.load(key) if manifest else None
    if kept is not None:
        large = tuple((name, size) for name, size in kept["large"])
        failed = Unbuildable(*kept["unbuildable"]) if kept["unbuildable"] else None
        names = {name: tuple(kept[name]) for name in ("compiled", "installed", "sources")}
        values = {**kept, **names, "unbuildable": failed, "large": large}
        return Resolution(**values)
    return Resolution() if not manifest or not fetches else None


def _kept(key: str, found: Resolution) -> Resolution:
    if not found.untried:
        cache.store(key, asdict(found))
    return found


def _sources(project: Project, files: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """The file that uv reads ("": none that it could), and everything that it needs for that."""
    dependencies = project.dependencies
    if dependencies.lock:
        # A lock has the packages of every group, and production installs some of them.
        planned, _ = load(dependencies.package_manager).read(Known(files)) if dependencies.versions else (None, [])
        production = (planned or dependencies).versions
        pins = [
            pin
            for pin in locked.published(files.get(dependencies.lock) or b"")
            if not production or pin.partition("==")[0] in production
        ]
        return (_LOCKED if pins else ""), {_LOCKED: "".join(f"{pin}\n" for pin in pins).encode()}
    if "." in dependencies.files and not dependencies.manifest.endswith(".toml"):
        return "", {}
    named = {dependencies.manifest, *dependencies.files}
    return dependencies.manifest, {path: raw for path, raw in files.items() if path in named}


def _found(
    uv: str, folder: Path, ran: tuple[str, str] | str, record: Record, *, no_deps: bool, builds: str
) -> Resolution:
    """What uv's answer means; it is asked again for packages without wheels.

    Requirements that are not locked were resolved with their build scripts; for others, `builds` is the Python to start
    these with.
    """
    if isinstance(ran, str):
        return Resolution(untried=f"{_WHAT}: {ran}")
    if no_deps and ran[1]:
        # The lock may be correct where this query is not: with another index, for example.
        return Resolution()
    if _NO_SOLUTION in ran[1] and not _DIFFERENT.search(ran[1]):
        return Resolution(conflict=_reason(ran[1]))
    if failed := unbuildable(ran[1]):
        return Resolution(unbuildable=failed)
    if ran[1]:
        return Resolution(untried=f"{_WHAT}: {ran[1].splitlines()[0]}")
    found = pylock.read(ran[0])
    without, large = pylock.without_wheels(found), pylock.large(found)
    installed = tuple(package.pin for package in found)
    if not without:
        return Resolution(large=large, installed=installed)
    (folder / "sources.txt").write_text("\n".join(without), encoding="utf-8")
    if builds:
        with _compiling(uv, folder, ("sources.txt", "--python-version", builds, *_LINUX)) as compiled:
            built = compiled(record)
        if not isinstance(built, str) and (failed := unbuildable(built[1])):
            return Resolution(unbuildable=failed)
    with _compiling(uv, folder, ("sources.txt", *_ANY)) as compiled:
        again = compiled(record)
    pure = set(without)
    if not isinstance(again, str) and not again[1]:
        pure = set(pylock.without_wheels(pylock.read(again[0])))
    older = tuple(name for name in without if name not in pure)
    return Resolution(compiled=older, large=large, installed=installed, sources=tuple(without))


@contextmanager
def _compiling(uv: str, folder: Path, words: Sequence[str]) -> Iterator[Callable[[Record], tuple[str, str] | str]]:
    """A function that waits for the lock that uv writes, and its message if it fails; or why there is none."""
    argv = (uv, "pip", "compile", "--quiet", "--no-header", "--format", "pylock.toml", "--python", sys.executable)
    # As pip does with several indexes.
    with running([(*argv, "--index-strategy", "unsafe-best-match", *words)], cwd=folder, env=_IMPATIENT) as (program,):

        def answer(record: Record) -> tuple[str, str] | str:
            ran = program.ended(_SECONDS)
            record(ran, True)
            if ran.returncode == 124:
                return "the package index did not answer in time"
            return (ran.stdout, "") if ran.ok else ("", ran.stderr.strip() or "uv failed")

        yield answer


def _reason(said: str) -> str:
    """The resolver's explanation, in one line."""
    text = re.sub(r"\s+", " ", said.partition(_NO_SOLUTION)[2])
    # The user has no option --python-version, and names no such release.
    text = re.sub(r" hint: The `--python-version`.*?(?= hint:|$)", "", text)
    text = re.sub(rf"(requested Python version \(>=[\d.]+){re.escape(_NEWEST)}\)", r"\1)", text)
    found = re.search(r"Because .*", text)
    return found[0] if found else text.strip()
