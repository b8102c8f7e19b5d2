"""Every message that a user can get: complete, and on the page in the documentation."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from simple_deploy.messages import errors, stops
from simple_deploy.messages.message import Message
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
    folders = [file.parent.name for file in (ROOT / "simple_deploy" / "platforms").glob("*/texts.py")]
    return [problem for folder in folders for problem in messages.platform_problems(folder)]


def test_the_page_matches_the_program(messages: ModuleType) -> None:
    argv = [sys.executable, "docs/messages.py", "--check"]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_every_message_is_on_the_page(messages: ModuleType) -> None:
    made = {problem.code for problem in messages.problems()}
    assert made == set(re.findall(r'^ +code="([a-z-]+)"', inspect.getsource(errors), re.MULTILINE))
    endings = {ending.code for ending in messages.endings()} | {"refused", "stopped"}
    assert endings == set(re.findall(r'^    code = "([a-z-]+)"', inspect.getsource(stops), re.MULTILINE))


def wrongly_filled(source: str) -> list[str]:
    """The calls of a message in `errors` with missing or unknown names."""
    found = []
    imported = re.findall(r"errors import (.*)", source)
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        module, _, called = ast.unparse(call.func).rpartition(".")
        message = getattr(errors, called, None)
        if isinstance(message, Message) and (module == "errors" or called in ", ".join(imported).split(", ")):
            given = {keyword.arg for keyword in call.keywords}
            if call.args or given != message.names:
                found.append(f"{call.lineno}: {called}")
    return found


def test_every_message_is_called_with_its_names() -> None:
    files = sorted((ROOT / "simple_deploy").rglob("*.py"))
    wrong = {file.name: wrongly_filled(file.read_text(encoding="utf-8")) for file in files}
    assert {name: lines for name, lines in wrong.items() if lines} == {}
    assert wrongly_filled("from ..errors import link, cli_failed\nerrors.git_missing(x=1)\ncli_failed('x')") == [
        "2: git_missing",
        "3: cli_failed",
    ]


def test_a_message_formats_lists_and_names() -> None:
    message = Message(
        code="sample",
        found="{paths}; {options:--database *};{lines:\n  *}",
        remedy="unset{names: *}, {app!w} and {other!w}, {commit:.4}, {path!a}",
    )
    given = {"paths": ("a", "b"), "options": ["x", "y"], "lines": ["1", "2"], "names": ["A", "B"]}
    assert message(**given, app="blog", other="my blog", commit="0123456", path="caf\u00e9") == Problem(
        code="sample",
        found="a, b; --database x, --database y;\n  1\n  2",
        remedy='unset A B, blog and "my blog", 0123, caf\\xe9',
    )
    with pytest.raises(KeyError):
        message(**given)


def test_every_problem_has_a_finding_and_a_remedy(messages: ModuleType) -> None:
    found = [*messages.problems(), *_of_platforms(messages)]
    codes = [problem.code for problem in found]
    assert sorted(set(codes)) == sorted(codes)
    for problem in found:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.code)
        # A sentence begins with a capital letter, a quotation, or a file name.
        assert re.match(r'[A-Z"<]|\S*[./]\S* ', problem.found), problem
        assert problem.remedy[:1].isupper(), problem
        assert problem.see == "" or problem.see.startswith(("https://", "<")), problem
        # No blame, and no exclamation marks.
        assert not re.search(
            r"!(?!<)|\b(invalid|illegal|must not|you forgot|error:)", problem.found + problem.remedy, re.I
        )


def test_a_message_without_an_example_is_found(messages: ModuleType) -> None:
    with pytest.raises(messages.MissingExample):
        messages.example("new", Message(code="new", found="{unheard_of}", remedy=""))
