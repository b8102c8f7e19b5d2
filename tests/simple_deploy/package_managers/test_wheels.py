"""Which packages a project builds from source, in the settings of uv and Poetry."""

from __future__ import annotations

import pytest

from simple_deploy.model import EVERY
from simple_deploy.package_managers import poetry, uv
from simple_deploy.package_managers.files import Known

PROJECT = "[project]\nname = 'site'\nversion = '1'\ndependencies = ['django']\n"
UV = [
    ("[tool.uv]\nno-binary-package = ['Cffi', 'some_thing']\n", {}, {"cffi", "some-thing"}),
    ("[tool.uv]\nno-binary = true\n", {}, {EVERY}),
    ("[tool.uv]\nno-binary = false\n", {}, set()),
    ("[tool.uv]\nno-binary = true\n", {"uv.toml": "no-binary-package = ['cffi']\n"}, {"cffi"}),
    ("", {"uv.toml": "this is no TOML"}, set()),
    ("", {}, set()),
]
POETRY = [
    ("[installer]\nno-binary = ['cffi', 'Some_thing']\n", {"cffi", "some-thing"}),
    ("[installer]\nno-binary = 'cffi, some-thing'\n", {"cffi", "some-thing"}),
    ("[installer]\nno-binary = ':all:'\n", {EVERY}),
    ("[installer]\nno-binary = true\n", {EVERY}),
    ("[installer]\nno-binary = ':none:'\n", set()),
    ("installer = 1\n", set()),
]


@pytest.mark.parametrize(("table", "beside", "names"), UV)
def test_uv(table: str, beside: dict[str, str], names: set[str]) -> None:
    files = {"pyproject.toml": PROJECT + table, "uv.lock": "", **beside}
    found, _ = uv.read(Known({path: text.encode() for path, text in files.items()}))
    assert found and found.from_source == names
    assert found.files == ("pyproject.toml", "uv.lock", *beside)


@pytest.mark.parametrize(("settings", "names"), POETRY)
def test_poetry(settings: str, names: set[str]) -> None:
    files = {"pyproject.toml": PROJECT, "poetry.lock": "", "poetry.toml": settings}
    found, _ = poetry.read(Known({path: text.encode() for path, text in files.items()}))
    assert found and found.from_source == names
    assert found.files == ("pyproject.toml", "poetry.lock", "poetry.toml")
    # A poetry.toml for development may say that the environment is elsewhere.
    assert set(found.install_env.values()) == {"true"}


def test_without_poetry_toml_nothing_is_overridden() -> None:
    found, _ = poetry.read(Known({"pyproject.toml": PROJECT.encode(), "poetry.lock": b""}))
    assert found and (found.files, found.install_env) == (("pyproject.toml", "poetry.lock"), {})
