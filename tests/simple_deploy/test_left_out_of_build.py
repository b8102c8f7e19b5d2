"""Files of the repository that a build does not get: `.slugignore` and `.dockerignore`, in the trial."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_claims import make, wanted

from simple_deploy.contract import Site
from simple_deploy.platforms.heroku.slugignore import left_out

if TYPE_CHECKING:
    from conftest import Checkout

READS = "\nVERSION = (BASE_DIR / 'VERSION').read_text(encoding='utf-8')\n"


@pytest.mark.long
@pytest.mark.parametrize(("platform", "file"), [("heroku", ".slugignore"), ("fly_io", ".dockerignore")])
def test_a_file_that_the_build_does_not_get_is_named(platform: str, file: str, checkout: Checkout) -> None:
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + READS)
    checkout.write("VERSION", "1")
    checkout.write(file, "VERSION\n")
    checkout.commit_all("Leave VERSION out")
    ended = checkout.deployer("--platform", platform, "--json", trial=True)
    error = json.loads(ended.stdout)["error"]
    assert error["problems"] == ["left-out-of-build"], error
    assert f"would not have VERSION, because {file} keeps it out of the build" in error["message"]
    checkout.write(file, "README.md\n")
    checkout.commit_all("Keep it")
    assert checkout.deployer("--platform", platform, "--json", trial=True).returncode == 0


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("*.md", ["README.md", "docs/a.md"]),
        ("docs", ["docs/a.md", "docs/b/c.txt", "blog/docs/d.txt"]),
        ("/docs/", ["docs/a.md", "docs/b/c.txt"]),
        ("docs/b", ["docs/b/c.txt"]),
        ("docs/*.txt", []),
        ("# docs", []),
        ("", []),
    ],
)
def test_patterns_of_slugignore(pattern: str, matched: list[str], tmp_path: Path) -> None:
    made = replace(make(tmp_path), files={".slugignore": f"{pattern}\n".encode()})
    tells = left_out(Site(project=made, options=wanted()))
    every = ["README.md", "docs/a.md", "docs/b/c.txt", "blog/docs/d.txt", "blog/urls.py"]
    assert [path for path in every if tells(path)] == matched
