"""Every message that a user can get: complete, and on the page that the documentation shows."""

from __future__ import annotations

import importlib.util
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from simple_deploy import errors
from simple_deploy.model import Problem

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """The page's generator."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "docs" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _of_platforms(messages: ModuleType) -> list[Problem]:
    files = (ROOT / "simple_deploy" / "platforms").glob("*/*.py")
    return [problem for file in files for problem in messages.platform_problems(file.read_text(encoding="utf-8"))]


def test_the_page_says_what_the_program_says(messages: ModuleType) -> None:
    argv = [sys.executable, "docs/messages.py", "--check"]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_every_constructor_is_on_the_page(messages: ModuleType) -> None:
    source = inspect.getsource(errors)
    made = {problem.code for problem in messages.problems()}
    assert made == set(re.findall(r'^        code="([a-z-]+)"', source, re.MULTILINE))
    endings = {ending.code for ending in messages.endings()} | {"refused", "stopped"}
    assert endings == set(re.findall(r'^    code = "([a-z-]+)"', source, re.MULTILINE))


def test_every_problem_says_what_was_found_and_what_to_do(messages: ModuleType) -> None:
    found = [*messages.problems(), *_of_platforms(messages)]
    codes = [problem.code for problem in found]
    assert sorted(set(codes)) == sorted(codes)
    for problem in found:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.code)
        # A sentence begins with a capital letter, a quotation, or the name of a file.
        assert re.match(r'[A-Z"<]|\S*[./]\S* ', problem.found), problem
        assert problem.remedy[:1].isupper(), problem
        assert problem.see == "" or problem.see.startswith(("https://", "<")), problem
        # Nobody is blamed, and nothing is shouted.
        assert not re.search(r"!|\b(invalid|illegal|must not|you forgot|error:)", problem.found + problem.remedy, re.I)


def test_a_message_without_an_example_is_noticed(messages: ModuleType) -> None:
    def new_problem(unheard_of: str) -> Problem:
        return Problem(code="new", found=unheard_of, remedy="")

    with pytest.raises(messages.MissingExample):
        messages.example(new_problem)
