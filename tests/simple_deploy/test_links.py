"""Links at the paths of files that the plan writes: the real file is written and committed, or the link refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simple_deploy.lock import _Scratch
from simple_deploy.model import Locking

if TYPE_CHECKING:
    from conftest import Checkout

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
REAL = {
    "requirements.txt": "config/packages.txt",
    "Procfile": "config/Procfile",
    "blog/settings.py": "config/settings.py",
}


def replaced(checkout: Checkout, path: str, target: str) -> None:
    """Replace the file at `path` with a link to that target."""
    (checkout.root / path).unlink(missing_ok=True)
    (checkout.root / path).symlink_to(target)


def linked(checkout: Checkout) -> dict[str, Path]:
    """A project in which each of REAL is a link; returns the targets of the links."""
    (checkout.root / "config").mkdir()
    checkout.write("Procfile", "worker: run\n")
    for path, real in REAL.items():
        (checkout.root / path).rename(checkout.root / real)
        replaced(checkout, path, os.path.relpath(checkout.root / real, (checkout.root / path).parent))
    checkout.commit_all("Links")
    return {path: (checkout.root / path).readlink() for path in REAL}


@pytest.mark.long
def test_a_link_stays_and_the_real_file_is_written_staged_compared_and_undone(checkout: Checkout) -> None:
    links = linked(checkout)
    before = checkout.contents()
    planned = json.loads(checkout.deployer("--dry-run", "--json").stdout)
    written = {file["path"] for file in planned["files"]}
    assert written == {".python-version", *REAL.values()}
    git = {step["id"]: step["argv"] for step in planned["steps"] if step["argv"][0] == "git"}
    for step in ("git-add", "git-commit", "check-commit"):
        assert written <= set(git[step]), step
        assert not set(REAL) & set(git[step]), step

    assert checkout.deployer().returncode == 0
    assert {path: (checkout.root / path).readlink() for path in REAL} == links
    assert checkout.git("status", "--porcelain").splitlines() == [
        *(f" M {path}" for path in sorted(REAL.values())),
        "?? .python-version",
    ]
    again = json.loads(checkout.deployer("--json").stdout)
    assert again["files"] == []
    assert checkout.deployer("--undo").returncode == 0
    assert (checkout.contents(), checkout.git("status", "--porcelain")) == (before, "")


def test_a_link_to_no_file_of_the_project_is_refused_in_one_sentence(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("Django\n", encoding="utf-8")
    replaced(checkout, "requirements.txt", "../outside")
    replaced(checkout, "Procfile", "nowhere")
    replaced(checkout, ".python-version", ".python-version")
    replaced(checkout, "runtime.txt", str(checkout.root / "README"))
    checkout.commit_all("Bad links")
    before = checkout.contents()
    ended = checkout.deployer()
    assert (ended.returncode, ended.stdout, checkout.contents()) == (1, "", before)
    remedy = "   -> Replace it with a regular file inside the project and commit it."
    assert [line[3:] for line in ended.stderr.splitlines() if line[:1].isdigit()] == [
        "requirements.txt is a link that leads out of the repository.",
        "Procfile is a link that leads to a file that does not exist.",
        ".python-version is a link that leads back to itself.",
        "runtime.txt is a link that leads to a file that does not exist.",
    ]
    assert ended.stderr.splitlines().count(remedy) == 4


def test_a_circular_link_is_refused_in_one_sentence(checkout: Checkout) -> None:
    replaced(checkout, "Procfile", "Procfile")
    checkout.commit_all("A loop")
    ended = checkout.deployer()
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "1. Procfile is a link that leads back to itself.\n" in ended.stderr
    assert "unexpected" not in ended.stderr
    assert "does not know" not in ended.stderr


def test_settings_linked_from_outside_are_refused(checkout: Checkout, tmp_path: Path) -> None:
    (checkout.root / "blog" / "settings.py").rename(tmp_path / "settings.py")
    replaced(checkout, "blog/settings.py", "../../settings.py")
    checkout.commit_all("Settings outside")
    ended = checkout.deployer()
    assert ended.returncode == 1
    assert (
        f"1. The settings module blog.settings is in {tmp_path / 'settings.py'}, outside the Git repository.\n"
    ) in ended.stderr


def test_two_links_to_one_file_are_refused(checkout: Checkout) -> None:
    checkout.write("one", "")
    replaced(checkout, "Procfile", "one")
    replaced(checkout, ".python-version", "one")
    checkout.commit_all("Two links")
    ended = checkout.deployer()
    assert ended.returncode == 1
    assert (
        "Procfile and .python-version are links to the same file, one, but they need different contents.\n"
    ) in ended.stderr


@pytest.mark.parametrize("link", ["lock", "folder/lock"])
def test_the_package_managers_copy_cannot_be_left_through_a_link(tmp_path: Path, link: str) -> None:
    project, copy = tmp_path / "project", tmp_path / "copy"
    for folder in (project, copy):
        folder.mkdir()
    (project / "lock").write_bytes(b"old")
    place = copy / link.partition("/")[0]
    place.symlink_to(project / "lock" if link == "lock" else project)
    locking = Locking(program="none", install="", check=(), renew=())
    _Scratch(copy, locking, lambda *_: None)._write(link, b"new")
    assert (project / "lock").read_bytes() == b"old"
    assert (copy / link).read_bytes() == b"new"
