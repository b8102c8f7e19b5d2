"""The project's own package, built from what Git has."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_claims import HEROKU, make, wanted
from test_trial_resolution import nothing

from simple_deploy.contract import Remote, Site
from simple_deploy.model import Problem
from simple_deploy.trial.own_build import building, failure

if TYPE_CHECKING:
    from conftest import Checkout

FAILED = """Building wheel...
Traceback (most recent call last):
  File "<string>", line 8, in <module>
    raise ValueError("no version") from None
{error}

hint: Build failures usually indicate a problem with the package or the build environment
"""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("LookupError: unable to detect version for .", "LookupError: unable to detect version for ."),
        ("setuptools.errors.InvalidConfigError: x", "setuptools.errors.InvalidConfigError: x"),
        ("ValueError: a\nModuleNotFoundError: No module named 'b'", "ModuleNotFoundError: No module named 'b'"),
        ("distutils.errors.CompileError: command 'gcc' failed", ""),
        ("urllib.error.URLError: <urlopen error>\nRuntimeError: no network", ""),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'npm'", ""),
        ("error: command 'gcc' failed: No such file or directory", ""),
    ],
)
def test_only_an_error_that_any_build_has_counts(error: str, said: str) -> None:
    assert failure(FAILED.format(error=error)) == said


def built(checkout: Checkout, *, fetches: bool = True, files: tuple[str, ...] = (".",)) -> tuple[Problem, ...]:
    project = make(checkout.root)
    project = replace(project, dependencies=replace(project.dependencies, files=files))
    options = replace(wanted(), python=(sys.version_info.major, sys.version_info.minor))
    with building(
        Site(project=project, options=options, remote=Remote()), HEROKU, {"new.py": b""}, nothing, fetches=fetches
    ) as problems:
        return problems()


@pytest.mark.skipif(sys.platform == "win32", reason="the double of uv is a POSIX script")
def test_a_package_that_cannot_be_built_stops_the_run(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The double of uv shows what is in the folder; a build that passes is not repeated."""
    (double := tmp_path / "tools" / "uv").parent.mkdir()
    double.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\ntree = pathlib.Path(sys.argv[-1])\n"
        "names = sorted(path.name for path in tree.iterdir())\n"
        f"with open({str(tmp_path / 'heard')!r}, 'a', encoding='utf-8') as file:\n    print(*names, file=file)\n"
        "if 'setup.py' in names:\n    sys.exit(f'LookupError: no version for {tree}')\n",
        encoding="utf-8",
    )
    double.chmod(0o755)
    monkeypatch.setenv("PATH", str(double.parent), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    checkout.write("untracked.txt", "")
    assert built(checkout) == built(checkout) == ()
    (heard,) = (tmp_path / "heard").read_text(encoding="utf-8").splitlines()
    assert {"manage.py", "new.py"} <= {*heard.split()} and "untracked.txt" not in heard
    checkout.write("setup.py", "")
    checkout.commit_all("A package")
    assert built(checkout, fetches=False) == built(checkout, files=("requirements.txt",)) == ()
    (problem,) = built(checkout)
    assert problem.code == "project-unbuildable" and "LookupError: no version for ." in problem.found
