"""Modules that this Python no longer has."""

from __future__ import annotations

import pytest

from simple_deploy.package_managers.standard_library import removed_module


@pytest.mark.parametrize(
    ("reason", "version", "named"),
    [
        ("ModuleNotFoundError: No module named 'cgi' (blog/views.py:3)", (3, 13), ("cgi", "3.13", "3.12")),
        ("ModuleNotFoundError: No module named 'cgi'", (3, 12), ()),
        ("ModuleNotFoundError: No module named 'lib2to3.refactor'", (3, 13), ("lib2to3", "3.13", "3.12")),
        ("ModuleNotFoundError: No module named 'imp'", (3, 12), ("imp", "3.12", "3.11")),
        ("ModuleNotFoundError: No module named 'blog.cgi'", (3, 13), ()),
        ("ImportError: cannot import name 'cgi'", (3, 13), ()),
    ],
)
def test_a_module_that_python_no_longer_has_is_named_with_both_versions(
    reason: str, version: tuple[int, int], named: tuple[str, ...]
) -> None:
    problem = removed_module(reason, version)
    assert bool(problem) is bool(named)
    if problem:
        module, python, older = named
        assert problem.code == "python-lacks-module"
        assert f"needs the module {module}, which Python {python} does not have" in problem.found
        assert reason in problem.found
        assert f"with Python {older} or older" in problem.remedy
