"""Files that do not belong in a repository: separate from the user's own changes; a folder stands for its contents."""

from __future__ import annotations

import pytest

from simple_deploy.inspect.byproducts import exposed_in, uncompiled_in, without_byproducts
from simple_deploy.model import Git, GitEntry


def apart(*paths: str, state: str = "untracked", written: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """The byproducts, and the user's own changes."""
    entries = tuple(GitEntry(path=path, state=state) for path in paths)  # type: ignore[arg-type]
    git = without_byproducts(Git(head="1", branch="main", entries=entries), written)
    return list(git.byproducts), [entry.path for entry in git.entries]


def test_an_environment_with_any_name_is_one_folder() -> None:
    files = ("my env/pyvenv.cfg", "my env/lib/x.py", "a/.venv/pyvenv.cfg", "a/.venv/bin/python", "my other/x.py")
    assert apart(*files) == (["my env/", "a/.venv/"], ["my other/x.py"])


@pytest.mark.parametrize("path", [".env", "backend/.env", ".env.local", ".env.production"])
def test_files_with_secrets(path: str) -> None:
    assert apart(path) == ([path], [])


@pytest.mark.parametrize(
    "path", [".env.example", ".env.sample", ".env.production.example", "env.py", ".environment", "my.env.txt"]
)
def test_files_without_secrets(path: str) -> None:
    assert apart(path) == ([], [path])


def test_files_written_by_the_settings() -> None:
    assert apart("debug.txt", "db.sqlite3-wal", "other.txt", written=("debug.txt", "db.sqlite3")) == (
        ["debug.txt", "db.sqlite3-wal"],
        ["other.txt"],
    )


def test_bytecode_anywhere_is_one_folder() -> None:
    assert apart("a/__pycache__/x.pyc", "b/__pycache__/y.pyc", "old.pyc") == (["__pycache__/", "old.pyc"], [])


def test_tracked_files_are_changes() -> None:
    assert apart(".env", state="modified") == ([], [".env"])


def test_tracked_bytecode_changes_with_every_run() -> None:
    assert apart("a/__pycache__/x.pyc", "old.pyc", "x.py", state="modified") == ([], ["x.py"])
    assert apart("a/__pycache__/x.pyc", state="added") == ([], ["a/__pycache__/x.pyc"])


def test_tracked_files_that_should_not_be() -> None:
    listing = "db.sqlite3\0.env\0.env.example\0my env/pyvenv.cfg\0docs/env.md\0"
    assert exposed_in(listing) == ("db.sqlite3", ".env", "my env/")


def test_translations_without_a_compiled_form_in_git() -> None:
    compiled = "locale/fr/LC_MESSAGES/django.po\0locale/fr/LC_MESSAGES/django.mo\0"
    others = "docs/locale/de/LC_MESSAGES/index.po\0django.po\0"
    listing = f"{compiled}{others}locale/de/LC_MESSAGES/django.po\0blog/locale/de/LC_MESSAGES/djangojs.po\0"
    assert uncompiled_in(listing) == ("blog/locale/de/LC_MESSAGES/djangojs.po", "locale/de/LC_MESSAGES/django.po")
