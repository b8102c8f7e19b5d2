"""A front end whose lock file does not fit its package.json, with a small npm in its place."""

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
from simple_deploy.trial.npm_lock import comparing

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
    root: Path, *, package: Mapping[str, Any] = PACKAGE, lock: Mapping[str, Any] = LOCK, fetches: bool = True, **of: Any
) -> list[Problem]:
    front_end = replace(BELOW, **of)
    place = root / front_end.folder
    place.mkdir(parents=True, exist_ok=True)
    for name, document in {"package.json": package, "package-lock.json": lock}.items():
        (place / name).write_text(json.dumps(document), encoding="utf-8")
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
