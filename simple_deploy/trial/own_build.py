"""The project's own package, built from what Git has, as a platform that installs the project builds it."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from ..contract import Platform, Site
from ..effects import fetching
from ..effects.commands import running
from ..messages import errors
from ..model import Problem, Record
from . import cache
from .checkout import apart, checkout

_SECONDS = 90
# The last error of the build backend, without those of a compiler, a program or a network that is missing here.
_ERROR = re.compile(r"^ *(?P<error>(?:\w+\.)*(?P<kind>\w+(?:Error|Exception)): .*)$", re.MULTILINE)
_HERE = re.compile(r"Compile|Connection|URL|HTTP|Timeout|Permission|CalledProcess|Exec|Platform|FileNotFound|OSError")


@contextmanager
def building(
    site: Site, platform: Platform, contents: Mapping[str, bytes], record: Record, *, fetches: bool
) -> Iterator[Callable[[], tuple[Problem, ...]]]:
    """The package is built while the body runs, and the function waits for the problem.

    A build fetches its backend, so nothing is built without `fetches`, nor for another Python than the one here.
    """
    root = site.project.root
    here = site.recipe.python.series == (sys.version_info.major, sys.version_info.minor)
    if not (fetches and here and "." in site.project.dependencies.files):
        yield tuple
        return
    sent, left_out = apart(root, contents, platform.left_out(site), record)
    key = "built-" + sha256(json.dumps([sent, sys.version], sort_keys=True).encode()).hexdigest()
    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as name:
        tree, wheels = Path(name, "tree"), Path(name, "wheels")
        uv = None if cache.load(key) else fetching.uv(record)
        if uv is None or checkout(root, tree, contents, record, left_out=left_out):
            yield tuple
            return
        argv = (uv, "build", "--wheel", "--python", sys.executable, "--out-dir", str(wheels), str(tree))
        with running([argv], cwd=Path(name)) as (program,):

            def problems() -> tuple[Problem, ...]:
                ran = program.ended(_SECONDS)
                record(ran, True)
                if ran.ok:
                    cache.store(key, {"built": True})
                    return ()
                reason = failure(ran.stderr.replace(str(tree), "."))
                return (errors.project_unbuildable(platform=platform.name, reason=reason),) if reason else ()

            yield problems


def failure(said: str) -> str:
    """Why the package cannot be built anywhere, according to what uv wrote; "" if that may be different elsewhere."""
    found = [*_ERROR.finditer(said)]
    return found[-1]["error"].strip() if found and not any(_HERE.search(one["kind"]) for one in found) else ""
