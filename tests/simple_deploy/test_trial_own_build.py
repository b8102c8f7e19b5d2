"""The project's own package, installed from what Git has."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_claims import HEROKU, make, wanted
from test_trial import ORDER, SEEN
from test_trial_packages import run_child
from test_trial_resolution import nothing

from simple_deploy.contract import Remote, Site
from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case
from simple_deploy.trial.own_build import Built, building, failure
from simple_deploy.trial.own_modules import OwnModules, installed, leaves_out

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


def built(checkout: Checkout, *, fetches: bool = True, files: tuple[str, ...] = (".",), own: str = "") -> Built:
    project = make(checkout.root)
    project = replace(project, dependencies=replace(project.dependencies, files=files, own=own))
    options = replace(wanted(), python=(sys.version_info.major, sys.version_info.minor))
    with building(
        Site(project=project, options=options, remote=Remote()), HEROKU, {"new.py": b""}, nothing, fetches=fetches
    ) as found:
        return found()


@pytest.mark.skipif(sys.platform == "win32", reason="the double of uv is a POSIX script")
def test_a_package_that_cannot_be_built_stops_the_run(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The double of uv shows what is in the folder and installs alpha; a build that passes is not repeated."""
    (double := tmp_path / "tools" / "uv").parent.mkdir()
    double.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\ntree = pathlib.Path(sys.argv[-1])\n"
        "names = sorted(path.name for path in tree.iterdir())\n"
        f"with open({str(tmp_path / 'heard')!r}, 'a', encoding='utf-8') as file:\n    print(*names, file=file)\n"
        "if 'setup.py' in names:\n    sys.exit(f'LookupError: no version for {tree}')\n"
        "target = pathlib.Path(sys.argv[sys.argv.index('--target') + 1], 'alpha')\ntarget.mkdir(parents=True)\n",
        encoding="utf-8",
    )
    double.chmod(0o755)
    monkeypatch.setenv("PATH", str(double.parent), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    checkout.write("untracked.txt", "")
    assert built(checkout) == built(checkout) == Built()
    (heard,) = (tmp_path / "heard").read_text(encoding="utf-8").splitlines()
    assert {"manage.py", "new.py"} <= {*heard.split()} and "untracked.txt" not in heard
    checkout.write("src/beta.py", "")
    checkout.commit_all("A module that is not installed")
    modules = built(checkout, own="copy").modules
    assert modules == OwnModules(names=("alpha",)) and built(checkout) == Built()
    checkout.write("setup.py", "")
    checkout.commit_all("A package")
    assert built(checkout, fetches=False) == built(checkout, files=("requirements.txt",)) == Built()
    (problem,) = built(checkout).problems
    assert problem.code == "project-unbuildable" and "LookupError: no version for ." in problem.found


# What uv installs of an editable project: of setuptools without and with a finder, and of hatchling with one.
INSTALLED = [
    ({"__editable__.x.pth": "{tree}/src"}, OwnModules(folders=("src",))),
    (
        {
            "__editable__.x.pth": "import __editable___x_finder; __editable___x_finder.install()",
            "__editable___x_finder.py": "MAPPING: dict[str, str] = {'alpha': '{tree}/src/alpha'}\n",
        },
        OwnModules(names=("alpha",)),
    ),
    (
        {"_x.pth": "import _editable_impl_x", "_editable_impl_x.py": "F.map_module('alpha', '{tree}/alpha.py')\n"},
        OwnModules(names=("alpha",)),
    ),
    ({"alpha/__init__.py": "", "one.py": "", "x-1.dist-info/RECORD": ""}, OwnModules(names=("alpha", "one"))),
]


@pytest.mark.parametrize(("files", "found"), INSTALLED)
def test_the_modules_that_an_installation_brings(files: dict[str, str], found: OwnModules, tmp_path: Path) -> None:
    (target := tmp_path / "target").mkdir()
    for name, text in files.items():
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_text(text.replace("{tree}", str(tmp_path / "tree")), encoding="utf-8")
    assert installed(target, tmp_path / "tree") == found


@pytest.mark.parametrize(
    ("found", "besides", "lacking"),
    [
        (OwnModules(names=("alpha",)), ["."], True),
        (OwnModules(names=("alpha", "beta")), ["."], False),
        (OwnModules(names=("alpha", "beta")), [], True),
        (OwnModules(folders=("src",)), ["."], False),
        (OwnModules(folders=(".",)), ["src"], False),
    ],
)
def test_modules_that_an_installation_leaves_out(found: OwnModules, besides: list[str], lacking: bool) -> None:
    sent = ["src/alpha/__init__.py", "src/beta.py", "src/alpha/inner/deep.py", "README.md", "manage.py"]
    assert leaves_out(found, sent, besides) is lacking


@pytest.mark.long
def test_a_module_that_the_installation_leaves_out_is_missing(tmp_path: Path) -> None:
    for name in ("found", "missing"):
        (folder := tmp_path / name / "src").mkdir(parents=True)
        for module in ("alpha", "beta"):
            (folder / f"{module}.py").write_text("", encoding="utf-8")
    own = {"names": ["alpha"], "folders": ["src", "."]}
    assert run_child(tmp_path / "found", "import alpha\n", own=own)["failed"] is None
    answer = {**SEEN, **run_child(tmp_path / "missing", "import alpha\nimport beta\n", own=own), "complete": True}
    assert (answer["failed"]["missing"], answer["failed"]["own_folder"]) == ("beta", "src")
    project = make(tmp_path)
    project = replace(project, dependencies=replace(project.dependencies, files=(".",), own="editable"))
    _, (problem,) = verdict.read(Case(answer, project, {**ORDER, "own": own}, "Heroku"))
    assert problem.code == "module-off-path"
    assert verdict.read(Case(answer, project, ORDER, "Heroku"))[1] == ()
