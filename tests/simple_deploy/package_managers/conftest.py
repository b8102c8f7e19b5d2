"""Marks the tests that start a real package manager: those that run the complete command in a project."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
REAL = {f"test_{name}.py" for name in ("pip_tools", "pipenv", "poetry", "uv")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them `long`, so that the everyday tests can leave them to a separate session."""
    for item in items:
        here = item.path.parent == HERE and item.path.name in REAL
        if here and "checkout" in getattr(item, "fixturenames", ()):
            item.add_marker("long")
