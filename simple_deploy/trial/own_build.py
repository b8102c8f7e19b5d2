"""The project's own package, installed from what Git has, as a platform that installs the project does it."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from ..contract import Platform, Site
from ..effects import fetching
from ..effects.commands import running
from ..messages import errors
from ..model import Problem, Record
from . import cache
from .checkout import apart, checkout
from .own_modules import FOLDERS, OwnModules, installed, leaves_out

_SECONDS = 90
# The last error of the build backend, without those of a compiler, a program or a network that is missing here.
_ERROR = re.compile(r"^ *(?P<error>(?:\w+\.)*(?P<kind>\w+(?:Error|Exception)): .*)$", re.MULTILINE)
_HERE = re.compile(r"Compile|Connection|URL|HTTP|Timeout|Permission|CalledProcess|Exec|Platform|FileNotFound|OSError")


@dataclass(frozen=True, kw_only=True)
class Built:
    """The problems with the build, and the modules that it installs if it leaves out others of the project."""

    problems: tuple[Problem, ...] = ()
    modules: OwnModules | None = None


@contextmanager
def building(
    site: Site, platform: Platform, contents: Mapping[str, bytes], record: Record, *, fetches: bool
) -> Iterator[Callable[[], Built]]:
    """The package is installed while the body runs, and the function waits for the result.

    A build fetches its backend, so nothing is built without `fetches`, nor for another Python than the one here.
    """
    root = site.project.root
    here = site.recipe.python.series == (sys.version_info.major, sys.version_info.minor)
    if not (fetches and here and "." in site.project.dependencies.files):
        yield Built
        return
    sent, left_out = apart(root, contents, platform.left_out(site), record)
    # Nothing is left out of folders that are reached, nor of any if the installation is not only the project's own.
    project, own = site.project, site.project.dependencies.own
    reached = {project.manage_dir, *project.more_paths} if own else FOLDERS
    key = "built-" + sha256(json.dumps([sent, own, sys.version], sort_keys=True).encode()).hexdigest()
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as name:
        tree, target = Path(name, "tree"), Path(name, "target")
        if kept := cache.load(key):
            yield lambda: _built(OwnModules(**kept), sent, reached)
            return
        uv = fetching.uv(record)
        if uv is None or checkout(root, tree, contents, record, left_out=left_out):
            yield Built
            return
        how = ("--editable",) if own == "editable" else ()
        argv = (uv, "pip", "install", "--no-deps", "--python", sys.executable, "--target", str(target), *how, str(tree))
        with running([argv], cwd=Path(name)) as (program,):

            def built() -> Built:
                ran = program.ended(_SECONDS)
                record(ran, True)
                if ran.ok:
                    found = installed(target, tree)
                    cache.store(key, asdict(found))
                    return _built(found, sent, reached)
                reason = failure(ran.stderr.replace(str(tree), "."))
                problem = errors.project_unbuildable(platform=platform.name, reason=reason)
                return Built(problems=(problem,) if reason else ())

            yield built


def _built(found: OwnModules, sent: Iterable[str], reached: Collection[str]) -> Built:
    return Built(modules=found if leaves_out(found, sent, reached) else None)


def failure(said: str) -> str:
    """Why the package cannot be built anywhere, according to what uv wrote; "" if that may be different elsewhere."""
    found = [*_ERROR.finditer(said)]
    return found[-1]["error"].strip() if found and not any(_HERE.search(one["kind"]) for one in found) else ""
