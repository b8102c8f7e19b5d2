"""The marked block: text before → text after."""

import re

import pytest

from simple_deploy.production.settings_file import BrokenBlock, with_block, without_any

BLOCK = "# >>> simple_deploy: x >>>\nA = 1\n# <<< simple_deploy: x <<<\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", BLOCK),
        ("DEBUG = True\n", f"DEBUG = True\n\n{BLOCK}"),
        ("DEBUG = True", f"DEBUG = True\n{BLOCK}"),
        ("DEBUG = True\n\n\n", f"DEBUG = True\n\n\n\n{BLOCK}"),
        (f"A = 0\n\n{BLOCK}\nBELOW = 2\n", f"A = 0\n\n{BLOCK}\nBELOW = 2\n"),
        (f"A = 0\n\n{BLOCK.replace('A = 1', 'A = 7')}# mine\n", f"A = 0\n\n{BLOCK}# mine\n"),
    ],
)
def test_the_block_is_added_once_and_updated_in_place(before: str, after: str) -> None:
    assert with_block(before, "x", "A = 1\n") == after
    assert with_block(after, "x", "A = 1\n") == after


WRITTEN = """# App on X: blog (repository none)
import os  # noqa: E402

if "X" in os.environ:  # while running
    A = [*(host for host in ['a']), "b"]
"""
FORMATTED = """# App on X: blog (repository none)
import os # noqa: E402
if 'X' in os.environ: # while running
  A = [
    *(host for host in ["a"]),
    'b',
  ]
"""


def framed(body: str) -> str:
    return BLOCK.replace("A = 1\n", body)


@pytest.mark.parametrize("body", [WRITTEN, FORMATTED])
def test_a_reformatted_block_is_kept(body: str) -> None:
    text = f"A = 0\n\n{framed(body)}# mine\n"
    assert with_block(text, "x", WRITTEN) == text


@pytest.mark.parametrize(
    "body",
    [
        FORMATTED.replace("blog", "shop"),
        FORMATTED.replace("# while running", "#"),
        FORMATTED.replace("'b'", "'c'"),
        FORMATTED.replace("'b',", "'b', ("),
        FORMATTED.replace("import os # noqa: E402\n", ""),
        FORMATTED.replace("'b'", "'b'\0"),
        "",
    ],
)
def test_a_changed_block_is_updated(body: str) -> None:
    assert with_block(f"A = 0\n\n{framed(body)}# mine\n", "x", WRITTEN) == f"A = 0\n\n{framed(WRITTEN)}# mine\n"


def test_blocks_of_two_platforms_can_coexist() -> None:
    both = with_block(with_block("A = 0\n", "x", "A = 1\n"), "y", "A = 2\n")
    assert with_block(both, "x", "A = 1\n") == both


EXPECTED = 'expected the line "# >>> simple_deploy: x >>>" once, followed by "# <<< simple_deploy: x <<<" once'
OPENING, _, CLOSING = BLOCK.splitlines()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{OPENING}\nA = 1\n", EXPECTED),
        (f"{CLOSING}\n", EXPECTED),
        (f"{CLOSING}\n{OPENING}\n", EXPECTED),
        (BLOCK + BLOCK, EXPECTED),
        (f'{OPENING}\nA = """\n{CLOSING}\n"""\n', EXPECTED),
        (f"if A:\n    {OPENING}\n    A = 1\n    {CLOSING}\n", "marker in line 2 does not begin"),
        (f"{OPENING}\nif A:\n    A = 1\n    {CLOSING}\n", "marker in line 4 does not begin"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_damaged_block_is_an_error(text: str, reason: str, newline: str) -> None:
    with pytest.raises(BrokenBlock, match=re.escape(reason)):
        with_block(text.replace("\n", newline), "x", "A = 1\n")


@pytest.mark.parametrize(
    "text",
    [
        f'"""How it looks:\n\n{BLOCK}"""\nDEBUG = True\n',
        f"TEXT = '''\n{BLOCK}'''\n",
        f'TEXT = f"""\n{BLOCK}"""\n',
        f'TEXT = """{OPENING}\n"""\nB = 2  {CLOSING}\n',
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_markers_in_a_string_are_not_a_block(text: str, newline: str) -> None:
    """Otherwise the user's own text would be replaced, and production would run without these settings."""
    text = text.replace("\n", newline)
    once = with_block(text, "x", "A = 1\n")
    assert once == f"{text}\n{BLOCK}"
    assert with_block(once, "x", "A = 1\n") == once


def test_a_form_feed_does_not_move_the_block() -> None:
    text = f"A = 0\n\x0c\nB = '\u2028'\n\n{BLOCK}# mine\n"
    assert with_block(text, "x", "A = 7\n") == text.replace("A = 1", "A = 7")


def test_readers_get_the_module_without_blocks_and_with_the_same_line_numbers() -> None:
    text = with_block(with_block("A = 1\n", "heroku", "B = 2\n"), "fly_io", "C = 3\n") + "D = 4\n"
    assert without_any(text.encode()) == b"A = 1\n" + b"\n" * 8 + b"D = 4\n"
