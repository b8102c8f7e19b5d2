"""The trial's packages: those fetched for it, and those that production does not have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from test_claims import DEPENDENCIES, make

from simple_deploy.model import Project, Ran
from simple_deploy.trial import failing, packages, verdict
from simple_deploy.trial.case import Case
from simple_deploy.trial.contested import Contested, contested, each
from simple_deploy.trial.loading import CHILD
from simple_deploy.trial.order import order
from simple_deploy.trial.packages import Fetched
from simple_deploy.trial.production import installed, withheld

# Most make an environment of their own.
pytestmark = pytest.mark.long

if sys.platform == "win32":
    pytest.skip("the doubles of installers are POSIX scripts", allow_module_level=True)


def install(folder: Path, name: str, requires: tuple[str, ...] = (), extras: tuple[str, ...] = ()) -> None:
    """A distribution with one module of its own name."""
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    lines = [f"Name: {name}", "Version: 1.0", *(f"Provides-Extra: {extra}" for extra in extras)]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    (metadata / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    module = name.lower().replace("-", "_")
    (metadata / "RECORD").write_text(f"{module}.py,,\n{name}-1.0.dist-info/METADATA,,\n", encoding="utf-8")
    (folder / f"{module}.py").write_text("", encoding="utf-8")


def test_undeclared_packages_are_withheld(tmp_path: Path) -> None:
    install(tmp_path, "Site", ("Inner>=1", "never; sys_platform == 'nowhere'", "spare[more]"))
    install(tmp_path, "inner")
    install(tmp_path, "spare", ("extra-of-spare; extra == 'more'", "other; extra == 'unasked'"))
    for name in ("extra-of-spare", "other", "debug-toolbar", "never"):
        install(tmp_path, name)
    found = withheld(installed({"site": ()}, [str(tmp_path)]))
    assert found == {"other": "other", "debug_toolbar": "debug-toolbar", "never": "never"}


def test_distutils_comes_with_setuptools_where_python_lacks_it(tmp_path: Path) -> None:
    install(tmp_path, "site")
    install(tmp_path, "setuptools")
    both = {"setuptools": "setuptools", "distutils": "setuptools"}
    assert withheld(installed({"site": ()}, [str(tmp_path)])) == (both if sys.version_info >= (3, 12) else {})
    install(tmp_path, "other", ("setuptools",))
    assert withheld(installed({"other": ()}, [str(tmp_path)])) == {"site": "site"}


def test_of_two_versions_of_a_package_the_one_that_is_imported_counts(tmp_path: Path) -> None:
    install(tmp_path / "here", "site", ("zones",))
    install(tmp_path / "here", "zones")
    install(tmp_path / "fetched", "site")
    assert withheld(installed({"site": ()}, [str(tmp_path / "here"), str(tmp_path / "fetched")])) == {}
    assert withheld(installed({"site": ()}, [str(tmp_path / "fetched"), str(tmp_path / "here")])) == {"zones": "zones"}


def test_the_declared_extras_of_a_package_count(tmp_path: Path) -> None:
    install(tmp_path, "site", ("driver; extra == 'binary'",), extras=("binary",))
    install(tmp_path, "driver")
    assert withheld(installed({"site": ["binary"]}, [str(tmp_path)])) == {}
    assert withheld(installed({"site": ()}, [str(tmp_path)])) == {"driver": "driver"}


def test_packages_from_a_repository_or_folder_are_never_withheld(tmp_path: Path) -> None:
    install(tmp_path, "site")
    install(tmp_path, "forked")
    (tmp_path / "forked-1.0.dist-info" / "direct_url.json").write_text("{}", encoding="utf-8")
    assert withheld(installed({"site": ()}, [str(tmp_path)])) == {}


def test_the_result_is_unknown_if_a_declared_package_is_missing(tmp_path: Path) -> None:
    install(tmp_path, "site")
    assert withheld(installed({"site": (), "gone": ()}, [str(tmp_path)])) is None


def project(root: Path, **declared: str) -> Project:
    dependencies = replace(DEPENDENCIES, declared=frozenset(declared), versions=declared)
    return replace(make(root), dependencies=dependencies)


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`uv` as found on PATH: it records its arguments, and fails for names with unknown."""
    double, heard = tmp_path / "bin" / "uv", tmp_path / "heard"
    double.parent.mkdir()
    script = f"""#!{sys.executable}
import pathlib, sys
with open({str(heard)!r}, "a", encoding="utf-8") as file:
    print(*sys.argv[1:], file=file)
if any("unknown" in word for word in sys.argv):
    sys.exit(1)
pathlib.Path(sys.argv[sys.argv.index("--target") + 1]).mkdir()
"""
    double.write_text(script, encoding="utf-8")
    double.chmod(0o755)
    monkeypatch.setenv("PATH", str(double.parent))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return heard


def heard(installer: Path) -> list[list[str]]:
    lines = installer.read_text(encoding="utf-8").splitlines() if installer.is_file() else []
    return [line.partition("--target ")[2].split()[1:] for line in lines]


def nothing(ran: Ran, shown: bool) -> None:
    """Records nothing."""


def test_installed_packages_are_not_fetched(installer: Path, tmp_path: Path) -> None:
    assert (
        packages.fetch(project(tmp_path, django=""), ("gunicorn>=22", "packaging"), nothing, fetches=True) == Fetched()
    )
    assert heard(installer) == []
    assert packages.fetch(project(tmp_path, django=""), ("packaging<1",), nothing, fetches=True).folder
    assert heard(installer) == [["packaging<1"]]


def test_an_addition_of_an_earlier_run_is_fetched_in_its_version(installer: Path, tmp_path: Path) -> None:
    site = project(tmp_path, django="==1.0", packaging="==1.0")
    assert packages.fetch(site, ("packaging<2",), nothing, fetches=True).folder
    assert heard(installer) == [["packaging==1.0"]]


def test_missing_packages_are_fetched_once_in_the_projects_versions(installer: Path, tmp_path: Path) -> None:
    site = project(tmp_path, django="", **{"own-part": "==2.1"})
    for _ in range(2):
        found = packages.fetch(site, ("added-part>=1",), nothing, fetches=True)
        assert found.folder and found.folder.is_relative_to(tmp_path / "cache") and found.absent == ()
    assert heard(installer) == [["own-part==2.1", "added-part>=1"]]


def test_packages_are_fetched_with_their_extras(installer: Path, tmp_path: Path) -> None:
    site = project(tmp_path, **{"own-part": "==2.1", "driver": "==3.2"})
    site = replace(site, dependencies=replace(site.dependencies, extras={"own-part": ("social", "web")}))
    packages.fetch(site, ("driver[binary]>=3",), nothing, fetches=True)
    assert heard(installer) == [["driver[binary]==3.2", "own-part[social,web]==2.1"]]


def test_an_unfetchable_package_does_not_affect_the_plans_additions(installer: Path, tmp_path: Path) -> None:
    found = packages.fetch(project(tmp_path, **{"unknown-part": ""}), ("added-part>=1",), nothing, fetches=True)
    assert found.folder and found.absent == ("unknown-part",)
    assert heard(installer) == [["unknown-part", "added-part>=1"], ["added-part>=1"]]
    assert packages.fetch(project(tmp_path), ("unknown-part",), nothing, fetches=True) == Fetched(
        absent=("unknown-part",)
    )


ASKED = """
import sys
from simple_deploy.effects import fetching
sys._base_executable = sys.executable
fetching.installed(("x-that-nobody-has-written==1",), lambda ran, _: print(ran.argv[0]))
"""


@pytest.mark.skipif(sys.prefix == sys.base_prefix or find_spec("pip") is not None, reason="this environment has pip")
def test_an_environment_without_pip_has_the_pip_of_the_python_that_created_it(tmp_path: Path) -> None:
    """Until Python 3.11, sys._base_executable is the environment's own interpreter."""
    # A uv beside this Python would be used first.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    python = tmp_path / "bare" / "bin" / "python"
    path = os.pathsep.join(filter(None, sys.path))
    env = {"PATH": str(tmp_path), "HOME": str(tmp_path), "PIP_NO_INDEX": "1", "PYTHONPATH": path}
    asked = subprocess.run([python, "-c", ASKED], env=env, capture_output=True, encoding="utf-8", check=True)
    assert {Path(line).parent for line in asked.stdout.splitlines()} == {Path(sys.base_prefix, "bin")}


def test_a_configuring_run_asks_no_index_and_uses_fetched_packages(installer: Path, tmp_path: Path) -> None:
    site = project(tmp_path, **{"own-part": "==2.1"})
    absent = Fetched(absent=("own-part", "added-part"))
    assert packages.fetch(site, ("added-part>=1",), nothing, fetches=False) == absent
    assert heard(installer) == []
    fetched = packages.fetch(site, ("added-part>=1",), nothing, fetches=True)
    assert packages.fetch(site, ("added-part>=1",), nothing, fetches=False) == fetched
    assert len(heard(installer)) == 1


def run_child(folder: Path, settings: str = "import sortedcontainers\n", **order: Any) -> dict[str, Any]:
    (folder / "blog").mkdir(parents=True)
    (folder / "blog" / "settings.py").write_text(settings, encoding="utf-8")
    files = folder / "order", folder / "answer"
    whole = {"tree": str(folder), "parts": ["settings"], "module": "blog.settings"}
    files[0].write_text(json.dumps({**whole, **order}), encoding="utf-8")
    subprocess.run([sys.executable, str(CHILD), *map(str, files)], cwd=folder, check=True, timeout=300)
    return dict(json.loads(files[1].read_text(encoding="utf-8")))


def test_the_site_sees_the_command_that_loads_it(tmp_path: Path) -> None:
    settings = "import sys\nassert sys.argv[1:] == ['migrate'], sys.argv\n"
    assert run_child(tmp_path / "migrated", settings, argv=["manage.py", "migrate"])["failed"] is None
    assert run_child(tmp_path / "served", settings, argv=["gunicorn"])["failed"]["message"] == "['gunicorn']"


def test_withheld_packages_cannot_be_imported_and_are_reported(tmp_path: Path) -> None:
    absent = {"sortedcontainers": "sortedcontainers"}
    known = {"asked": {}, "unread": "", "release": None, "complete": True, "withheld": absent, "undeclared": []}
    known |= {"variables": {}, "code_addresses": []}
    answer = {**run_child(tmp_path, withheld=absent), **known}
    tried, (problem,) = verdict.read(Case(answer, make(tmp_path), {"lacking": [], "absent": []}, "Heroku"))
    assert problem.found == (
        "Production would not have the module sortedcontainers: no requirement in requirements.txt provides it. "
        "ModuleNotFoundError: No module named 'sortedcontainers' (blog/settings.py:1)"
    )
    assert problem.remedy.startswith("Add sortedcontainers to requirements.txt")
    tried, problems = verdict.read(
        Case({**answer, "complete": False}, make(tmp_path), {"lacking": [], "absent": []}, "Heroku")
    )
    assert not problems and tried.untried


def test_a_folder_of_the_project_stands_for_a_package_that_production_lacks(tmp_path: Path) -> None:
    (tmp_path / "sortedcontainers").mkdir()
    withheld = {"sortedcontainers": "sortedcontainers"}
    failed = run_child(tmp_path, "import sortedcontainers.sortedlist\n", withheld=withheld)["failed"]
    assert failed["message"] == "No module named 'sortedcontainers.sortedlist'"
    assert run_child(tmp_path / "here", "import sortedcontainers.sortedlist\n", withheld={})["failed"] is None


def test_a_project_module_hides_a_package_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "sortedcontainers.py").write_text("", encoding="utf-8")
    assert run_child(tmp_path, withheld={"sortedcontainers": "sortedcontainers"})["failed"] is None


def test_the_trial_imports_only_the_parts_that_it_tries_and_takes_no_name_of_the_project(tmp_path: Path) -> None:
    ours = "import sys\nraise SystemExit(sorted(n for n in sys.modules if 'simple_deploy' in n or n in NAMES))\n"
    plain = ["child", "failure", "file_values", "isolation", "named_in_source", "no_database", "parts", "read_only"]
    plain += ["no_network", "not_in_production", "settings"]
    names = f"NAMES = {plain}\n"
    failed = run_child(tmp_path, names + ours)["failed"]
    package = "_simple_deploy_trial"
    members = ("failure", "file_values", "isolation", "named_in_source", "no_database", "parts", "parts.settings")
    members = (*members, "no_network", "not_in_production", "read_only")
    assert failed["message"] == str([package, *(f"{package}.{name}" for name in sorted(members))])


def overlapping(folder: Path, name: str, files: dict[str, str]) -> None:
    """A distribution with these files, each with the digest of its content."""
    install(folder, name)
    record = folder / f"{name}-1.0.dist-info" / "RECORD"
    record.write_text("".join(f"{path},sha256={digest},1\n" for path, digest in files.items()), encoding="utf-8")


def test_modules_that_two_packages_install_are_contested(tmp_path: Path) -> None:
    overlapping(
        tmp_path, "layers", {"layers/__init__.py": "a", "layers/db.py": "b", "layers/http.py": "c", "n.py": "d"}
    )
    overlapping(tmp_path, "old-layers", {"layers/__init__.py": "x", "layers/gone.py": "y", "layers/ago.py": "z"})
    overlapping(tmp_path, "unused", {"layers/__init__.py": "u", "u.py": "u", "v.py": "v"})
    assert contested(installed({"layers": (), "old-layers": ()}, [str(tmp_path)])) == [
        {"module": "layers", "file": "layers/__init__.py", "packages": ["layers", "old-layers"]}
    ]


def test_variants_of_a_package_and_equal_files_are_not_contested(tmp_path: Path) -> None:
    overlapping(tmp_path, "driver", {"driver/__init__.py": "a", "driver/sql.py": "b"})
    overlapping(tmp_path, "driver-binary", {"driver/__init__.py": "x", "driver/sql.py": "b"})
    overlapping(tmp_path, "one", {"space/__init__.py": "", "space/one.py": "a", "space/extra.py": "e"})
    overlapping(tmp_path, "two", {"space/__init__.py": "", "space/two.py": "a", "space/more.py": "e"})
    assert contested(installed({"driver": (), "driver-binary": (), "one": (), "two": ()}, [str(tmp_path)])) == []


def test_a_contested_module_is_tried_with_the_files_of_each_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each is installed alone here, by a double of the installer; the files of both are there in each order."""
    double = tmp_path / "bin" / "uv"
    double.parent.mkdir()
    script = f"""#!{sys.executable}
import pathlib, sys
folder = pathlib.Path(sys.argv[sys.argv.index("--target") + 1]) / "layers"
folder.mkdir(parents=True)
name = sys.argv[-2].partition("==")[0]
for file in ("__init__.py", name + ".py"):
    (folder / file).write_text(name)
"""
    double.write_text(script, encoding="utf-8")
    double.chmod(0o755)
    monkeypatch.setenv("PATH", str(double.parent))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    one: Contested = {"module": "layers", "file": "layers/__init__.py", "packages": ["a", "b"]}
    ways = list(each([one], Fetched(), ("a==1", "b==2", "c==3"), nothing))
    folders = [way.before[0] / "layers" for way in ways]
    assert [(folder / "__init__.py").read_text(encoding="utf-8") for folder in folders] == ["b", "a"]
    assert all((folder / f"{name}.py").is_file() for folder in folders for name in ("a", "b"))
    assert list(each([one, one], Fetched(), ("a==1", "b==2"), nothing)) == []
    assert list(each([one], Fetched(), ("a==1",), nothing)) == []


def test_a_package_of_the_project_is_that_of_the_commit_however_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As setuptools makes an editable installation of one package: a finder, and no folder on sys.path."""
    root, tree, site = (tmp_path / name for name in ("developers", "tree", "site"))
    for folder, text in ((root, "NEW = True\n"), (tree, "")):
        (folder / "lib" / "shop").mkdir(parents=True)
        (folder / "lib" / "shop" / "__init__.py").write_text(text, encoding="utf-8")
    site.mkdir()
    finder = f"""
import sys
from importlib.machinery import PathFinder
from pathlib import Path

MAPPING = {{"shop": {str(root / "lib" / "shop")!r}}}

class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return PathFinder.find_spec(name, [str(Path(MAPPING[name]).parent)]) if name in MAPPING else None

sys.meta_path.append(Finder)
"""
    (site / "__editable___shop_finder.py").write_text(finder, encoding="utf-8")
    (site / "sitecustomize.py").write_text("import __editable___shop_finder\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(site))
    failed = run_child(tree, "from shop import NEW\n", root=str(root), absent=[str(root)])["failed"]
    assert failed["message"].startswith("cannot import name 'NEW' from 'shop'")


@pytest.mark.parametrize("folder", [".", "src"])
def test_a_folder_of_the_project_on_the_path_is_that_of_the_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str
) -> None:
    """As an editable installation adds it: the root itself, or a folder of it."""
    root, tree = tmp_path / "developers", tmp_path / "tree"
    for place in (root, tree):
        (place / folder).mkdir(parents=True)
    monkeypatch.setenv("PYTHONPATH", str(root / folder))
    settings = f"import sys\nassert not [one for one in sys.path if one.startswith({str(root)!r})], sys.path\n"
    assert run_child(tree, settings, root=str(root), absent=[str(root)])["failed"] is None


@pytest.mark.parametrize("folder", [".", "src"])
@pytest.mark.parametrize("installed", [True, False])
def test_the_projects_own_package_is_there_only_if_production_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str, installed: bool
) -> None:
    """An editable installation that only developers have names the root, or its folder src."""
    root, tree = tmp_path / "developers", tmp_path / "tree"
    for place in (root, tree):
        (place / folder / "shop").mkdir(parents=True)
        (place / folder / "shop" / "__init__.py").write_text("", encoding="utf-8")
    (tree / "site").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(root / folder))
    order = {"root": str(root), "absent": [str(root)], "installed": installed, "tree": str(tree)}
    failed = run_child(tree / "site", "import shop\n", **order)["failed"]
    assert (failed and failed["missing"]) == (None if installed else "shop")


def test_a_contested_module_that_the_site_uses_stops_the_run(tmp_path: Path) -> None:
    both = [
        {"module": name, "file": f"{name}.py", "packages": ["one", "two"]} for name in ("sortedcontainers", "never")
    ]
    answer = run_child(tmp_path, contested=both)
    assert answer["contested"] == both[:1]
    more = {"asked": {}, "complete": True, "withheld": {}, "release": None, "build": None, "undeclared": []}
    more |= {"variables": {}, "code_addresses": []}
    _, (problem,) = verdict.read(Case({**answer, **more}, make(tmp_path), {"lacking": [], "absent": []}, "Heroku"))
    assert problem.code == "packages-overlap"
    assert problem.found.startswith("Two packages install sortedcontainers.py, each its own: one and two.")


def test_a_packages_own_copy_of_a_withheld_module_can_be_imported(tmp_path: Path) -> None:
    copies = tmp_path / "copies" / "sortedcontainers"
    copies.mkdir(parents=True)
    (copies / "__init__.py").write_text("from .own import OWN\n", encoding="utf-8")
    (copies / "own.py").write_text("OWN = True\n", encoding="utf-8")
    settings = f"import sys\nsys.path.append({str(copies.parent)!r})\nfrom sortedcontainers import OWN\n"
    absent = {"sortedcontainers": "sortedcontainers"}
    assert run_child(tmp_path / "site", settings, withheld=absent)["failed"] is None


def test_fetched_packages_come_after_installed_ones(tmp_path: Path) -> None:
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    (fetched / "sortedcontainers.py").write_text("raise SystemExit('the fetched one')\n", encoding="utf-8")
    assert run_child(tmp_path / "site", packages=str(fetched))["failed"] is None


def test_what_production_builds_of_the_project_comes_after_installed_packages(tmp_path: Path) -> None:
    built = tmp_path / "site" / "src"
    built.mkdir(parents=True)
    (built / "shop.py").write_text("", encoding="utf-8")
    (built / "sortedcontainers.py").write_text("raise SystemExit('not the installed one')\n", encoding="utf-8")
    lines = "import shop\nimport sortedcontainers\n"
    assert run_child(tmp_path / "site", lines, built=["src", "gone"])["failed"] is None


@pytest.mark.parametrize(
    ("folder", "files", "built"),
    [(".", (".",), ["src"]), ("example", (".",), ["src", "."]), ("example", ("requirements.txt",), [])],
)
def test_the_projects_packages_are_built_where_production_installs_it(
    folder: str, files: tuple[str, ...], built: list[str], tmp_path: Path
) -> None:
    one = make(tmp_path)
    settings = replace(one.settings, module="blog.settings", path=f"{folder}/blog/settings.py".removeprefix("./"))
    dependencies = replace(one.dependencies, files=files)
    one = replace(one, manage_dir=folder, settings=settings, dependencies=dependencies)
    assert order(one, [], Fetched(), whole=False, read_only=False, collected="")["built"] == built


def test_packages_in_productions_versions_come_before_installed_ones(tmp_path: Path) -> None:
    """But after Python's own modules: a backport has the name of one."""
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    (fetched / "sortedcontainers.py").write_text("raise ValueError('the fetched one')\n", encoding="utf-8")
    (fetched / "dataclasses.py").write_text("raise SystemExit('the backport')\n", encoding="utf-8")
    lines = "import dataclasses\nimport sortedcontainers\n"
    failed = run_child(tmp_path / "site", lines, before=[str(fetched)])["failed"]
    assert failed["message"] == "the fetched one"


def test_what_the_site_loads_of_fetched_packages_is_compiled_once(tmp_path: Path) -> None:
    fetched = tmp_path / "fetched"
    (fetched / "driver").mkdir(parents=True)
    for name in ("driver/__init__.py", "driver/unused.py", "other.py"):
        (fetched / name).write_text("", encoding="utf-8")
    run_child(tmp_path / "site", "import driver, other\n", packages=str(fetched))
    compiled = {path: path.stat().st_mtime_ns for path in fetched.rglob("*.pyc")}
    assert sorted(path.name.partition(".")[0] for path in compiled) == ["__init__", "other"]
    run_child(tmp_path / "again", "import driver, other\n", packages=str(fetched))
    assert {path: path.stat().st_mtime_ns for path in fetched.rglob("*.pyc")} == compiled
    assert not [*tmp_path.glob("site/**/*.pyc")]


def test_fetched_packages_that_cannot_be_compiled_again_do_not_matter(tmp_path: Path) -> None:
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    (fetched / "__pycache__").write_text("not a folder\n", encoding="utf-8")
    (fetched / "other.py").write_text("", encoding="utf-8")
    assert run_child(tmp_path / "site", "import other\n", packages=str(fetched))["failed"] is None


@pytest.mark.parametrize("installs_with_pip", [True, False])
def test_production_has_the_pip_that_installs_its_packages(installs_with_pip: bool, tmp_path: Path) -> None:
    pytest.importorskip("ensurepip")
    order = {"tree": str(tmp_path), "pip": installs_with_pip}
    # As in an environment that uv made: without pip.
    code = (
        f"import sys; sys.path.append({str(CHILD.parent)!r}); from isolation import as_in_production\n"
        f"as_in_production({order!r})\nimport pip._internal; print(pip.__file__)"
    )
    ended = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert (ended.returncode == 0) == installs_with_pip, ended.stderr
    assert ("_bundled" in ended.stdout) == installs_with_pip


@pytest.mark.parametrize(
    ("declared", "remedy"), [("django", "Add setuptools<81 to"), ("setuptools", "Require setuptools<81 in")]
)
def test_a_package_that_is_listed_without_the_module_needs_another_version(
    declared: str, remedy: str, tmp_path: Path
) -> None:
    dependencies = replace(DEPENDENCIES, declared=frozenset({declared}))
    project = replace(make(tmp_path), dependencies=dependencies)
    assert failing.unlisted("pkg_resources", "setuptools<81", "x", project).remedy.startswith(remedy)
