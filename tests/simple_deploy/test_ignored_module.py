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


def test_settings_that_git_ignores_are_named(checkout: Checkout) -> None:
    (checkout.root / "blog/settings.py").unlink()
    checkout.write(".gitignore", "settings.py\n__pycache__/\n")
    checkout.commit_all("Keep the settings out of Git")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", "--json")
    assert json.loads(ended.stdout)["error"]["problems"] == ["settings-ignored"]
    assert "blog/settings.py is missing here" in ended.stderr
