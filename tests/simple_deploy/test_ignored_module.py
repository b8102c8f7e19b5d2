"""Settings that import a module which Git ignores, in a fresh clone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

CASES = [
    ("blog.local_settings", "local_settings.py", "settings-module-ignored"),
    ("local_settings", "local_settings.py", "settings-module-ignored"),
    ("blog.local_settings", "other.py", "settings-need-manage-py"),
    ("local_settings", "other.py", "module-not-installed"),
]


@pytest.mark.parametrize(("module", "rule", "code"), CASES)
def test_a_missing_module_that_git_ignores_is_named(module: str, rule: str, code: str, checkout: Checkout) -> None:
    checkout.write("blog/settings.py", f"import {module}\n" + checkout.read("blog/settings.py"))
    checkout.write(".gitignore", f"{rule}\n__pycache__/\n")
    checkout.commit_all("Import local settings")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == [code]
    path = f"{module.replace('.', '/')}.py"
    assert (f"{path} is missing here, and Git ignores it" in ended.stderr) == (code == "settings-module-ignored")


def test_the_file_is_named_below_the_git_root_with_its_example(checkout: Checkout) -> None:
    checkout.write("src/manage.py", checkout.read("manage.py"))
    (checkout.root / "manage.py").unlink()
    (checkout.root / "blog").rename(checkout.root / "src" / "blog")
    checkout.write("src/blog/settings.py", "import blog.local\n" + checkout.read("src/blog/settings.py"))
    checkout.write("src/blog/local.py.dist", "")
    checkout.write(".gitignore", "local.py\n__pycache__/\n")
    checkout.commit_all("Import local settings")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", cwd=checkout.root / "src")
    said = " ".join(ended.stderr.split())
    assert "src/blog/local.py is missing here, and Git ignores it" in said
    assert 'create it from local.py.dist, and commit it: git add --force "src/blog/local.py"' in said


def test_settings_that_git_ignores_are_named(checkout: Checkout) -> None:
    (checkout.root / "blog/settings.py").unlink()
    checkout.write(".gitignore", "settings.py\n__pycache__/\n")
    checkout.commit_all("Keep the settings out of Git")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == ["settings-ignored"]
    assert "blog/settings.py is missing here" in ended.stderr


def test_settings_that_only_an_installation_of_the_project_brings(checkout: Checkout) -> None:
    """With a manage.py at the root that does not look in src, as in a fresh environment."""
    (checkout.root / "src").mkdir()
    (checkout.root / "blog").rename(checkout.root / "src" / "blog")
    checkout.commit_all("Move the package")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == ["settings-above"]
    assert "which Python finds from src/ only" in ended.stderr
    line = 'sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))'
    assert line in ended.stderr
    text = checkout.read("manage.py").replace("import sys\n", f"import sys\nfrom pathlib import Path\n{line}\n", 1)
    checkout.write("manage.py", text)
    checkout.commit_all("Follow the remedy")
    assert checkout.python("-m", "simple_deploy", "--platform", "heroku").returncode == 0
    # Another missing module is not a matter of the folder.
    checkout.write("src/blog/settings.py", "import blog.gone\n")
    checkout.commit_all("Break it")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == ["settings-need-manage-py"]
