"""The platform in the documentation: short, and complete enough to configure, preview and summarize a project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simple_deploy.contract import VERSION, Guide, Platform
from simple_deploy.platforms import GROUP

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from conftest import Checkout

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "add_a_platform.md"
NAMES = ("contract", "name", "cli", "production", "files", "steps")


def example(language: str) -> str:
    """The code on the page in that language."""
    [code] = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(code)


def provide(folder: Path, module: str, code: str, *, entry: str = "", distribution: str = "acme-deploy") -> None:
    """A distribution of one module on the path, as an installer creates it."""
    (folder / f"{module}.py").write_text(code, encoding="utf-8", newline="\n")
    metadata = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8")
    entry = entry or f"{module} = {module}:PLATFORM"
    (metadata / "entry_points.txt").write_text(f"[simple_deploy.platforms]\n{entry}\n", encoding="utf-8")


def test_the_minimal_platform_has_at_most_40_lines() -> None:
    assert len([line for line in example("python").splitlines() if line]) <= 40
    assert example("toml").splitlines()[1:] == ['acme = "acme:PLATFORM"']


def test_six_fields_are_required_and_every_text_has_a_default() -> None:
    def required(record: type) -> tuple[str, ...]:
        return tuple(f.name for f in fields(record) if f.default is MISSING and f.default_factory is MISSING)

    assert required(Platform) == NAMES
    assert required(Guide) == ()


def test_it_previews_configures_and_summarizes_a_project(checkout: Checkout, tmp_path: Path) -> None:
    folder = tmp_path / "site-packages"
    folder.mkdir()
    provide(folder, "acme", example("python"))
    previewed = checkout.deployer("--platform", "acme", "--dry-run", "--json", PYTHONPATH=str(folder))
    assert previewed.returncode == 0, previewed.stderr
    plan = json.loads(previewed.stdout)
    assert (plan["platform"], plan["monthly_cost_cents"]) == ("acme", None)
    assert [step["id"] for step in plan["steps"]][-1] == "push"
    assert "Cost:    an amount unknown to simple_deploy" in previewed.stderr
    configured = checkout.deployer("--platform", "acme", PYTHONPATH=str(folder))
    assert configured.returncode == 0, configured.stderr
    assert "release: python manage.py migrate --noinput\nstart: gunicorn blog.wsgi" in checkout.read("acme.yaml")
    assert 'if "ACME_APP" in os.environ:' in checkout.read("blog/settings.py")
    page = checkout.page(".md")
    assert "See the logs" in page
    assert "acme logs blog-" in page
    assert "How to stop paying" not in page


BROKEN = {
    "unimportable": ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
    "unfit": ("PLATFORM = 'acme'\n", "its entry point is a str and no Platform"),
    "newer": (
        example("python").replace('contract="1.0"', 'contract="2.0"'),
        f"it was made for version 2.0 of the contract, and this is version {VERSION}",
    ),
}
LOADED = """
import sys
from simple_deploy import platforms
from simple_deploy.messages.stops import Refused
for name in sys.argv[1:]:
    try:
        print(platforms.load(name).name)
    except Refused as refused:
        print(refused)
print(*(platform.id for platform in platforms.usable()))
"""


def test_a_broken_platform_is_named_with_its_distribution_and_stops_no_other(tmp_path: Path) -> None:
    for name, (code, _) in BROKEN.items():
        provide(tmp_path, name, code, distribution=f"{name}-deploy")
    for distribution in ("one", "two"):
        provide(tmp_path, "acme", example("python"), distribution=distribution)
    provide(tmp_path, "other", example("python"), entry="heroku = other:PLATFORM", distribution="thief")
    argv = [sys.executable, "-c", LOADED, *BROKEN, "acme", "nowhere", "heroku"]
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    said = subprocess.run(argv, env=env, capture_output=True, encoding="utf-8", check=True).stdout
    for name, (_, reason) in BROKEN.items():
        assert f"1. The platform {name} of {name}-deploy 1.0 cannot be used: {reason}.\n" in said
    assert "1. Several installed packages provide a platform called acme: one 1.0, two 1.0.\n" in said
    assert "1. No platform called nowhere is installed.\n" in said
    # Ours are never replaced.
    *_, heroku, usable = said.splitlines()
    assert (heroku, usable) == ("Heroku", "fly_io heroku platform_sh upsun")


def test_the_platforms_of_this_package_are_entry_points_too() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    folders = [path.parent.name for path in (ROOT / "simple_deploy" / "platforms").glob("[a-z]*/__init__.py")]
    assert declared[GROUP] == {name: f"simple_deploy.platforms.{name}:PLATFORM" for name in folders}


def test_no_metadata_is_read_for_a_built_in_platform() -> None:
    """It would take longer than all other imports of a configuration-only run."""
    code = "import sys; from simple_deploy import platforms; platforms.load('heroku'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout
    assert "importlib.metadata" not in loaded.split()
    code = code.replace("load('heroku')", "installed()")
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout
    assert "importlib.metadata" in loaded.split()


LISTS = """
import json
import re
import sys
from types import SimpleNamespace
from matrix.record import tables
from matrix.cells import all_cells, load_axes
sys.path[:0] = ["docs", "tests/simple_deploy"]
import first_pages
from simple_deploy.platform_choice import question
from simple_deploy.platforms import installed
import hooks
import test_secrets
nav = hooks.on_config(SimpleNamespace(nav=[{"Platforms": []}])).nav
print(json.dumps({
    "tables": sorted(tables.PLATFORMS),
    "axis": sorted(load_axes().values["platform"].default),
    "cells of CI": sorted({cell.platform for cell in all_cells(load_axes())}),
    "navigation": sorted(page.split("/")[1][:-3] for entry in nav[0]["Platforms"] for page in entry.values()),
    "search for secrets": sorted(test_secrets.TOKENS),
    "question": re.findall(r"^  (\\w+): ", question(installed()), re.MULTILINE),
    "first pages": sorted(re.findall(r"`(.*?)`", first_pages.listed("NAME"))),
}))
"""


def test_a_platform_has_a_row_wherever_platforms_are_listed(tmp_path: Path) -> None:
    def listed(**env: str) -> dict[str, object]:
        argv = [sys.executable, "-c", LISTS]
        ended = subprocess.run(argv, cwd=ROOT, env=os.environ | env, capture_output=True, encoding="utf-8", check=True)
        return dict(json.loads(ended.stdout))

    ids = ["fly_io", "heroku", "platform_sh", "upsun"]
    before = listed()
    assert [where for where, found in before.items() if found != ids] == []
    provide(tmp_path, "acme", example("python"))
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme.py").rename(tmp_path / "acme" / "__init__.py")
    (tmp_path / "acme" / "README.md").write_text("# Acme\n", encoding="utf-8")
    fact = {"value": "cheap", "looked_up": "2006-01-02", "source": "https://acme.example"}
    (tmp_path / "acme" / "facts.json").write_text(json.dumps({"in short": fact}), encoding="utf-8")
    found = listed(PYTHONPATH=os.pathsep.join((str(tmp_path), str(ROOT))))
    assert [where for where, names in found.items() if names != ["acme", *ids]] == []


def test_the_first_pages_list_the_platforms_of_the_registry() -> None:
    argv = [sys.executable, "docs/first_pages.py", "--check"]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.long
def test_a_wheel_of_another_distribution_adds_a_platform(checkout: Checkout, tmp_path: Path) -> None:
    source, home = tmp_path / "acme-deploy", tmp_path / "venv"
    source.mkdir()
    (source / "acme.py").write_text(example("python"), encoding="utf-8")
    project = '[project]\nname = "acme-deploy"\nversion = "1.2"\n[tool.hatch.build]\ninclude = ["acme.py"]\n'
    backend = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    (source / "pyproject.toml").write_text(f"{project}{example('toml')}{backend}", encoding="utf-8")

    def uv(*words: str) -> None:
        subprocess.run([sys.executable, "-m", "uv", *words], check=True, capture_output=True, encoding="utf-8")

    uv("build", "--wheel", "--out-dir", str(tmp_path), str(source))
    uv("venv", "--python", sys.executable, str(home))
    python = str(home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))
    [wheel] = tmp_path.glob("*.whl")
    uv("pip", "install", "--python", python, "Django", str(ROOT), str(wheel))

    def run(*words: str, cwd: Path = checkout.manage_dir, **env: str) -> str:
        argv = [python, *words]
        ended = subprocess.run(argv, cwd=cwd, env=checkout.env | env, capture_output=True, encoding="utf-8")
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    command = ("manage.py", "simple_deploy", "--no-trial", "--platform", "acme")
    assert "acme" in run("manage.py", "simple_deploy", "--help")
    assert "Deployment to Acme" in run(*command, "--dry-run")
    plan = json.loads(run(*command, "--dry-run", "--json"))
    assert (plan["platform"], plan["steps"][-1]["id"]) == ("acme", "push")
    assert "Your project is configured for Acme" in run(*command)
    assert "acme logs blog-" in checkout.page(".md")
    harness = os.pathsep.join((str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))))
    tables = "from matrix.record.tables import PLATFORMS; print(PLATFORMS['acme'])"
    assert run("-c", tables, cwd=ROOT, PYTHONPATH=harness) == "Acme\n"
