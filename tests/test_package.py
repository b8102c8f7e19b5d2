"""The distributions: the contents of wheels and sdists, their display on an index, and a rehearsal with both."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from uv import find_uv_bin

from matrix.cells import load_axes

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
HARNESS = ROOT / "packages" / "simple_deploy_matrix"
SCALINGO = ROOT / "plugins" / "scalingo"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def test_the_metadata_require_no_django_and_name_the_script() -> None:
    assert PROJECT["name"] == "simple-deploy"
    assert not [name for name in PROJECT["dependencies"] if name.lower().startswith("django")]
    assert PROJECT["scripts"] == {"simple-deploy": "simple_deploy.outside:main"}


def test_the_harness_requires_its_group_and_the_product_in_the_same_version() -> None:
    project = tomllib.loads((HARNESS / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == PROJECT["version"]
    backport = "tomli>=2; python_version < '3.11'"  # the product has it too
    wanted = {f"simple-deploy=={PROJECT['version']}", backport, *PYPROJECT["dependency-groups"]["harness"]}
    assert set(project["dependencies"]) == wanted
    # A script of one name in both would be lost with either of them.
    assert project["scripts"] == {"simple-deploy-matrix": PROJECT["scripts"]["simple-deploy"]}


def test_the_classifiers_are_the_values_of_the_axes() -> None:
    """But for Python 3.14, with which nothing was tried yet (CONTRIBUTING.md)."""
    axes = load_axes().values
    text = "\n".join(PROJECT["classifiers"])
    assert {*re.findall(r"Django :: (\d.*)", text)} == {*axes["django"].known}
    assert {*re.findall(r"Python :: (\d\..*)", text)} == {*axes["python"].known} - {"3.14"}


def test_a_plug_in_of_this_repository_has_its_license() -> None:
    assert (SCALINGO / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    for source in (ROOT, HARNESS, SCALINGO):
        subprocess.run([find_uv_bin(), "build", "--quiet", "--out-dir", folder, source], check=True)
    return folder


@pytest.mark.long
def test_the_wheel_has_the_product_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("simple_deploy-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.partition("/")[0] for name in names}
    assert folders == {"simple_deploy", f"simple_deploy-{PROJECT['version']}.dist-info"}
    for needed in (
        "py.typed",
        "summary/page.html",
        "platforms/fly_io/facts.json",
        "platforms/heroku/templates/Procfile",
    ):
        assert f"simple_deploy/{needed}" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    # Far less than the harness, the docs or the samples would add.
    assert wheel.stat().st_size < 700_000


@pytest.mark.long
def test_the_sdist_has_the_docs_and_no_harness(built: Path) -> None:
    (sdist,) = built.glob("simple_deploy-*.tar.gz")
    with tarfile.open(sdist) as archive:
        folders = {name.split("/")[1] for name in archive.getnames() if name.count("/") >= 1}
    assert {"simple_deploy", "docs", "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "PKG-INFO"} <= folders
    assert not folders & {"matrix", "tests", "sample_projects"}


def descriptions(folder: Path) -> list[str]:
    """The descriptions that the wheels give an index."""
    texts = []
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            texts.append(archive.read(name).decode())
    return texts


RELATIVE = re.compile(r"\]\((?!https?:|#)[^)]*\)")


@pytest.mark.long
def test_the_description_has_no_link_that_an_index_cannot_follow(built: Path, tmp_path: Path) -> None:
    found = descriptions(built)
    assert len(found) == 3
    for text in found:
        assert "simple-deploy" in text
        assert RELATIVE.findall(text) == []
    assert RELATIVE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    address = "https://example.com/me/simple-deploy"
    env = {**os.environ, "SIMPLE_DEPLOY_REPOSITORY": address}
    for source in (ROOT, HARNESS, SCALINGO):
        argv = [find_uv_bin(), "build", "--quiet", "--out-dir", str(tmp_path), str(source)]
        subprocess.run(argv, check=True, env=env)
    texts = descriptions(tmp_path)
    [text] = [text for text in texts if "\nName: simple-deploy\n" in text]
    assert f"]({address}/blob/HEAD/docs/tutorial.md)" in text
    assert f"]({address}/raw/HEAD/docs/images/run.svg)" in text
    for text in texts:
        assert f"\nProject-URL: Changelog, {address}/blob/HEAD/CHANGELOG.md\n" in text
        shown = re.findall(rf"^Project-URL: \w+, {address}/(?:tree|blob)/HEAD/(.+)$", text, re.MULTILINE)
        assert shown and [path for path in shown if not (ROOT / path).exists()] == []
    assert not [found for found in descriptions(built) if "Project-URL" in found]


@pytest.mark.long
def test_an_index_can_show_the_description(built: Path) -> None:
    files = sorted(map(str, built.glob("simple_deploy*")))
    assert len(files) == 6
    subprocess.run([find_uv_bin(), "tool", "run", "--quiet", "twine", "check", "--strict", *files], check=True)


TEMPLATE = (
    "plug_in_template/cookiecutter.json",
    "plug_in_template/{{cookiecutter.__distribution}}/.github/workflows/ci.yml",
    "plug_in_model/simple_deploy_scalingo/emulator/commands.txt",
)


@pytest.mark.long
def test_the_distributions_of_a_plug_in(built: Path) -> None:
    (wheel,), (sdist,) = built.glob("simple_deploy_scalingo-*.whl"), built.glob("simple_deploy_scalingo-*.tar.gz")
    names = {*zipfile.ZipFile(wheel).namelist()}
    inside = f"simple_deploy_scalingo-{PROJECT['version']}"
    assert {name.partition("/")[0] for name in names} == {"simple_deploy_scalingo", f"{inside}.dist-info"}
    assert f"{inside}.dist-info/licenses/LICENSE" in names
    assert {f"simple_deploy_scalingo/{name}" for name in ("py.typed", "facts.json", "templates/Procfile")} <= names
    with tarfile.open(sdist) as archive:
        assert {f"{inside}/{name}" for name in ("LICENSE", "README.md", "tests/test_scalingo.py")} <= {
            *archive.getnames()
        }


@pytest.mark.long
def test_the_wheel_of_the_harness_is_the_same_from_the_clone_and_the_sdist(built: Path) -> None:
    """`uv build` makes the wheel from the sdist; one made in the clone must have the same files."""
    (wheel,) = built.glob("simple_deploy_matrix-*.whl")
    subprocess.run([find_uv_bin(), "build", "--quiet", "--wheel", "--out-dir", built / "clone", HARNESS], check=True)
    (direct,) = (built / "clone").glob("*.whl")
    names, others = ({*zipfile.ZipFile(made).namelist()} for made in (wheel, direct))
    assert {name for name in names ^ others if not name.endswith("/licenses/LICENSE")} == set()
    folders = {name.partition("/")[0] for name in names}
    assert folders == {"simple_deploy_matrix", f"simple_deploy_matrix-{PROJECT['version']}.dist-info"}
    files = (
        "py.typed",
        "axes.toml",
        "emulators/heroku/commands.txt",
        "sample_projects/blog/cookiecutter.json",
        *TEMPLATE,
    )
    for needed in files:
        assert f"simple_deploy_matrix/{needed}" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("simple_deploy_matrix/results/")]


def startproject(project: Path) -> Path:
    project.mkdir()
    subprocess.run([sys.executable, "-m", "django", "startproject", project.name, project], check=True)
    (project / "requirements.txt").write_text("django>=5.2,<6\n", encoding="utf-8")
    return project


@pytest.mark.long
def test_the_guide_for_platform_authors_works(tmp_path: Path) -> None:
    """Its commands, as written, in a fresh environment, next to a clone."""
    page = (ROOT / "docs" / "add_a_platform.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    startproject(tmp_path / "shop")
    (tmp_path / "simple-deploy").symlink_to(ROOT, target_is_directory=True)
    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    env = {**os.environ, "VIRTUAL_ENV": str(home)}
    env["PATH"] = os.pathsep.join((str(programs), env["PATH"]))
    folder = tmp_path
    for line in block.splitlines():
        program, *words = shlex.split(line)
        if program == "cd":
            folder = (folder / words[0]).resolve()
            continue
        argv = [str(programs / program), *words]
        ended = subprocess.run(argv, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
        assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
    assert "Served: https://" in ended.stdout


@pytest.mark.long
def test_a_project_is_rehearsed_outside_a_clone(built: Path, tmp_path: Path) -> None:
    """The documented command, with the wheels that were built here, on a new Django project."""
    product, harness = (str(*built.glob(f"{name}-*.whl")) for name in ("simple_deploy", "simple_deploy_matrix"))
    project = startproject(tmp_path / "shop")
    before = sorted(project.rglob("*"))
    environment = {**os.environ, "SIMPLE_DEPLOY_MATRIX_CACHE": str(tmp_path / "cache")}
    uvx = (find_uv_bin(), "tool", "run", "--isolated", "--from", harness, "--with", product)
    run = subprocess.run(
        [*uvx, "simple-deploy-matrix", "rehearse", ".", "--platform", "heroku"],
        cwd=project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Served: https://" in run.stdout
    assert f"Log: {tmp_path / 'cache' / 'results'}" in run.stdout
    assert sorted(project.rglob("*")) == before
