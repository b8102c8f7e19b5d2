"""A front end whose lock file does not fit its package.json; a small program answers as npm does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_claims import make
from test_front_end import BELOW

from simple_deploy.model import Problem, Ran
from simple_deploy.trial.front_end import comparing

if sys.platform == "win32":
    pytest.skip("the double of npm is a POSIX script", allow_module_level=True)

PACKAGE = {"dependencies": {"@vue/shared": "^3"}, "devDependencies": {"vite": "^6.0.0"}}
LOCK = {"packages": {"": {}, "node_modules/vite": {"version": "5.4.0"}, "node_modules/vite/node_modules/a": "1"}}
SAID = """npm error code EUSAGE
npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync. Please update
npm error
npm error {}
npm error Clean install a project
"""
MISSING, OTHER = (
    "Missing: @vue/shared@3.5.13 from lock file",
    "Invalid: lock file's vite@5.4.0 does not satisfy vite@6.4.1",
)


def nothing(ran: Ran, shown: bool) -> None:
    """Records nothing."""


def npm(folder: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> Path:
    """`npm` on PATH that fails with this message, and the file with its arguments and its folder's files."""
    double, heard = folder / "bin" / "npm", folder / "heard"
    double.parent.mkdir()
    double.write_text(
        f"""#!{sys.executable}
import os, sys
with open({str(heard)!r}, "a", encoding="utf-8") as file:
    print(*sys.argv[1:3], *sorted(os.listdir()), file=file)
sys.stderr.write({said!r})
sys.exit({int(bool(said))})
""",
        encoding="utf-8",
    )
    double.chmod(0o755)
    monkeypatch.setenv("PATH", str(double.parent), prepend=":")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return heard


def compared(
    root: Path,
    *,
    package: Mapping[str, Any] = PACKAGE,
    lock: Mapping[str, Any] = LOCK,
    others: Mapping[str, str] | None = None,
    fetches: bool = True,
    **of: Any,
) -> list[Problem]:
    front_end = replace(BELOW, **of)
    place = root / front_end.folder
    place.mkdir(parents=True, exist_ok=True)
    locks = {"package-lock.json": json.dumps(lock)} if others is None else others
    for name, text in {"package.json": json.dumps(package), **locks}.items():
        (place / name).write_text(text, encoding="utf-8")
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "--quiet"), ("add", front_end.folder), (*identity, "commit", "--quiet", "-m", "Start")):
        subprocess.run(["git", *words], cwd=root, check=True)
    (place / "package-lock.json").write_text("not committed", encoding="utf-8")
    with comparing(replace(make(root), front_ends=(front_end,)), nothing, fetches=fetches) as problems:
        return problems()


def test_a_lock_that_does_not_fit_is_refused_with_what_npm_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = npm(tmp_path, monkeypatch, SAID.format(f"{MISSING}\nnpm error {OTHER}"))
    (problem,) = compared(tmp_path)
    assert problem.found == (
        "The build of the front end would stop: theme/static_src/package-lock.json does not fit "
        f"theme/static_src/package.json.\n  {MISSING}\n  {OTHER}"
    )
    assert heard.read_text(encoding="utf-8") == "ci --dry-run package-lock.json package.json\n"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "npm error code ENOTFOUND\nnpm error network request to https://example.com failed",
        "npm error code ERESOLVE\nnpm error Missing: @vue/shared@3.5.13 from lock file",
        SAID.format("Missing: @emnapi/core@1.4.3 from lock file"),
        SAID.format("Missing: vite@6.4.1 from lock file"),
        SAID.format("Invalid: lock file's vite@4.0.0 does not satisfy vite@6.4.1"),
    ],
)
def test_what_is_unclear_or_differs_between_versions_of_npm_is_no_problem(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = npm(tmp_path, monkeypatch, said)
    assert compared(tmp_path) == []
    assert heard.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"fetches": False},
        {"served": False},
        {"install": ("npm", "install")},
        {"package": {**PACKAGE, "workspaces": ["pages"]}},
        {"package": {"dependencies": {"pages": "file:../pages"}}},
    ],
)
def test_npm_is_not_asked(given: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = npm(tmp_path, monkeypatch, SAID.format(MISSING))
    assert (compared(tmp_path, **given), heard.exists()) == ([], False)


def test_a_clear_answer_is_kept_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = npm(tmp_path, monkeypatch, SAID.format(MISSING))
    project = compared(tmp_path)
    with comparing(replace(make(tmp_path), front_ends=(BELOW,)), nothing, fetches=True) as problems:
        assert problems() == project
    assert len(heard.read_text(encoding="utf-8").splitlines()) == 1


YARN = {
    "yarn.lock": """# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.
# yarn lockfile v1


"@vue/shared@^3", "@vue/shared@^3.5.0":
  version "3.5.13"

vite@{}:
  version "5.4.0"
  dependencies:
    esbuild "^0.21.3"
"""
}
PNPM = {
    "pnpm-lock.yaml": """lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

{more}importers:

  .:
    dependencies:
      '@vue/shared':
        specifier: ^3
        version: 3.5.13
    devDependencies:
      {name}:
        specifier: {range}
        version: 5.4.0
{other}
packages:

  vite@5.4.0:
    engines: {{node: '>=18'}}
"""
}
WITH_YARN = ("npx", "--yes", "yarn@1", "install", "--frozen-lockfile")
WITH_PNPM = ("npx", "--yes", "pnpm@10", "install", "--frozen-lockfile")
PLAIN = {"more": "", "name": "vite", "range": "^6.0.0", "other": ""}


@pytest.mark.parametrize(
    ("locked", "package", "found"),
    [
        ("^5.0.0", PACKAGE, "Missing: vite@^6.0.0"),
        ("^6.0.0", PACKAGE, ""),
        ("^5.0.0", {**PACKAGE, "resolutions": {"vite": "5.4.0"}}, ""),
        ("^5.0.0", {**PACKAGE, "optionalDependencies": {"vite": "^5.0.0"}}, ""),
        ("^5.0.0", {"dependencies": {"vite": "latest", "pages": "file:../pages"}}, ""),
    ],
)
def test_the_lock_of_yarn(locked: str, package: Mapping[str, Any], found: str, tmp_path: Path) -> None:
    lock = {name: text.format(locked) for name, text in YARN.items()}
    problems = compared(tmp_path, package=package, others=lock, install=WITH_YARN)
    assert [(one.found.partition("\n  ")[2], one.remedy.splitlines()[0]) for one in problems] == (
        [(found, "In the folder of theme/static_src/package.json, run: yarn install")] if found else []
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ""),
        ({"range": "^5.0.0"}, "vite: ^6.0.0, in the lock ^5.0.0"),
        ({"name": "rollup"}, "vite: ^6.0.0, in the lock nothing"),
        ({"range": "'^6.0.0'"}, ""),
        ({"range": "^5.0.0", "more": "overrides:\n  vite: ^5.0.0\n\n"}, ""),
        ({"range": "^5.0.0", "other": "\n  pages:\n    dependencies: {}\n"}, ""),
    ],
)
def test_the_lock_of_pnpm(given: Mapping[str, str], found: str, tmp_path: Path) -> None:
    lock = {name: text.format(**{**PLAIN, **given}) for name, text in PNPM.items()}
    problems = compared(tmp_path, others=lock, install=WITH_PNPM)
    assert [one.found.partition("\n  ")[2] for one in problems] == ([found] if found else [])


def test_the_lock_of_a_newer_yarn_is_not_read(tmp_path: Path) -> None:
    assert compared(tmp_path, others={"yarn.lock": "__metadata:\n  version: 8\n"}, install=WITH_YARN) == []
