"""What the trial shows about paths of the developer's computer, which production does not have."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_trial import ORDER, SEEN, make

from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    "used",
    [
        "open({!r}, encoding='utf-8')",
        "open({!r}, 'a', encoding='utf-8')",
        "import logging\nlogging.basicConfig(filename={!r}, encoding='utf-8')",
        "import os\nos.mkdir({!r})",
        "import os\nos.listdir(os.path.dirname({!r}))",
    ],
)
def test_what_uses_a_folder_of_the_developer_stops_the_run(
    used: str, checkout: Checkout, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    developers = tmp_path_factory.mktemp("developer") / "blog"
    developers.mkdir()
    (developers / "data.json").write_text("{}", encoding="utf-8")
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + used.format(str(developers / "data.json")))
    assert not checkout.tried("settings")["failed"] or "mkdir" in used
    order = {**ORDER, "absent": [str(developers.parent)]}
    failed = checkout.tried("settings", absent=order["absent"])["failed"]
    _, (problem,) = verdict.read(Case({**SEEN, "failed": failed}, make(tmp_path), order, "Heroku"))
    assert problem.code == "path-of-this-machine"
    assert str(developers) in problem.found and "blog/settings.py:" in problem.found


def test_a_page_that_reads_a_folder_of_the_developer_stops_the_run(tmp_path: Path) -> None:
    home = {"type": "FileNotFoundError", "kinds": ["FileNotFoundError"], "message": "x", "place": "blog/views.py:3"}
    home |= {"file": str(tmp_path / "developer" / "data.json"), "read_only": False}
    order = {**ORDER, "absent": [str(tmp_path / "developer")]}
    _, (problem,) = verdict.read(Case({**SEEN, "home": home}, make(tmp_path), order, "Heroku"))
    assert problem.code == "path-of-this-machine"


def test_the_copy_and_the_packages_may_be_in_such_a_folder(checkout: Checkout) -> None:
    read = "\nfrom pathlib import Path\nimport sortedcontainers\nPath(__file__).read_bytes()\n"
    read += "Path(sortedcontainers.__file__).read_bytes()\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + read)
    assert (
        checkout.tried("settings", absent=[str(checkout.root.parent), str(Path(sys.prefix).parent)])["failed"] is None
    )
