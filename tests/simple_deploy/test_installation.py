"""The command that rehearses a project, and the documentation, depending on where the package was installed from."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from simple_deploy.effects.installation import documentation, rehearse

PYTHON = "py" if sys.platform == "win32" else "python3"
WHEEL = "simple_deploy-0.1.0-py3-none-any.whl"
HARNESS = "simple_deploy_matrix-0.1.0-py3-none-any.whl"


def installed(site_packages: Path, origin: dict[str, object] | None, metadata: str = "") -> Path:
    """A package that an installer has put there, with the record of where it came from (PEP 610)."""
    record = site_packages / "simple_deploy-0.1.0.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(metadata, encoding="utf-8")
    if origin:
        (record / "direct_url.json").write_text(json.dumps(origin), encoding="utf-8")
    return site_packages / "simple_deploy"


def a_clone(folder: Path) -> Path:
    (folder / "packages" / "simple_deploy_matrix").mkdir(parents=True)
    (folder / "noxfile.py").touch()
    return folder


def test_from_an_index_the_harness_is_there_too(tmp_path: Path) -> None:
    assert rehearse(installed(tmp_path, None)) == ("uvx", "simple-deploy-matrix", "rehearse")


@pytest.mark.parametrize("editable", [False, True])
def test_from_a_clone_its_session_rehearses(tmp_path: Path, editable: bool) -> None:
    clone = a_clone(tmp_path / "a clone")
    origin: dict[str, object] = {"url": clone.as_uri(), "dir_info": {}}
    package = clone / "simple_deploy" if editable else installed(tmp_path / "venv", origin)
    assert rehearse(package) == (PYTHON, f"{clone.as_posix()}/noxfile.py", "-s", "rehearse", "--")
    assert documentation(package) == f"{clone.as_posix()}/docs/index.md"


def test_from_a_wheel_the_harness_is_the_wheel_next_to_it(tmp_path: Path) -> None:
    wheel = tmp_path / "dist" / WHEEL
    package = installed(tmp_path / "venv", {"url": wheel.as_uri(), "archive_info": {}})
    assert rehearse(package) == ()
    wheel.parent.mkdir()
    wheel.with_name(HARNESS).touch()
    sources = ("--from", wheel.with_name(HARNESS).as_posix(), "--with", wheel.as_posix())
    assert rehearse(package) == ("uvx", *sources, "simple-deploy-matrix", "rehearse")


def test_from_a_repository_the_harness_is_its_folder_in_the_same_commit(tmp_path: Path) -> None:
    vcs = {"vcs": "git", "commit_id": "0f9a2b7c"}
    package = installed(tmp_path, {"url": "https://example.com/me/simple-deploy", "vcs_info": vcs})
    product = "git+https://example.com/me/simple-deploy@0f9a2b7c"
    sources = ("--from", f"{product}#subdirectory=packages/simple_deploy_matrix", "--with", product)
    assert rehearse(package) == ("uvx", *sources, "simple-deploy-matrix", "rehearse")


@pytest.mark.parametrize("origin", ["https://example.com/" + WHEEL, "file:///gone"])
def test_without_a_known_harness_no_command_is_shown(tmp_path: Path, origin: str) -> None:
    folder = {"dir_info": {}} if origin.startswith("file:") else {"archive_info": {}}
    assert rehearse(installed(tmp_path / "venv", {"url": origin, **folder})) == ()
    assert rehearse(tmp_path / "copied" / "simple_deploy") == ()


def test_the_documentation_is_where_the_metadata_place_it(tmp_path: Path) -> None:
    metadata = (
        "Name: simple-deploy\nProject-URL: Documentation, https://example.com/docs\nProject-URL: A, https://a.b\n"
    )
    assert documentation(installed(tmp_path / "a", None, metadata)) == "https://example.com/docs"
    assert documentation(installed(tmp_path / "b", None)) == ""
