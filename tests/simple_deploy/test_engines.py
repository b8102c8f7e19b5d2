"""Database servers that the project's code names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from simple_deploy.inspect.engines import named_engines
from simple_deploy.inspect.own_modules import own_sources

# The text of a module -> what it names.
NAMED = {
    "ENGINE = 'django.db.backends.mysql'": ("django.db.backends.mysql",),
    "ENGINE = 'mssql'": ("mssql",),
    "ENGINE = 'mysql.connector.django'": ("mysql.connector.django",),
    "# 'django.db.backends.mysql'": (),
    "'See django.db.backends.mysql.'": (),
    "ENGINE = 'django.db.backends.postgresql'": (),
}


@pytest.fixture
def loaded() -> Iterator[ModuleType]:
    """A loaded module of the project."""
    name = "module_of_a_project"
    sys.modules[name] = ModuleType(name)
    yield sys.modules[name]
    del sys.modules[name]


@pytest.mark.parametrize(("text", "named"), NAMED.items())
@pytest.mark.parametrize(("path", "counts"), [("blog/db.py", True), ("venv/site-packages/db.py", False)])
def test_engines_in_the_code(
    tmp_path: Path, loaded: ModuleType, text: str, named: tuple[str, ...], path: str, counts: bool
) -> None:
    loaded.__file__ = str(tmp_path / path)
    assert named_engines(own_sources(tmp_path)) == ()  # A loaded module may have no file any more.
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text, encoding="utf-8")
    assert named_engines(own_sources(tmp_path)) == (named if counts else ())
