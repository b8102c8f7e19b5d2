"""The lines of a requirements file that some version of pip takes."""

from __future__ import annotations

import pytest

from simple_deploy.package_managers.requirement_line import is_current, is_readable

READABLE = (
    "Django",
    "Django==5.2.*",
    "Django >= 4.2, < 6  ; python_version >= '3.10'",
    "django (>=4.2)",
    "django[argon2]~=5.0 --hash=sha256:abc --hash=sha256:def",
    "blog @ https://example.com/blog-1.0-py3-none-any.whl",
    "git+https://example.com/blog.git@main#egg=blog",
    "-e git+ssh://git@example.com/blog.git#egg=blog",
    "--index-url https://example.com/simple",
    "-r requirements/base.txt",
    "-rbase.txt",
    ".",
    "./libs/blog",
    "libs/blog",
    "blog-1.0-py3-none-any.whl",
)
# pip takes these until 24.1.
OUTDATED = ("Django>=4.*", "pytz>dev")
UNREADABLE = (
    "django=5.2=pypi_0",
    "python=3.12",
    "Django             5.2.1",
    "Package            Version",
    "WARNING: You are using pip version 21.2.4; however, version 22.0 is available.",
    "[notice] A new release of pip is available: 23.0 -> 24.0",
    "pip install django",
    "Django==5.2, requests==2.32",
)


@pytest.mark.parametrize("line", READABLE)
def test_a_line_that_pip_takes(line: str) -> None:
    assert is_readable(line) and is_current(line)


@pytest.mark.parametrize("line", OUTDATED)
def test_a_line_that_only_an_older_pip_takes(line: str) -> None:
    assert is_readable(line) and not is_current(line)


@pytest.mark.parametrize("line", UNREADABLE)
def test_a_line_that_pip_rejects(line: str) -> None:
    assert not is_readable(line)
