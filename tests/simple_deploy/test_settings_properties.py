"""For any settings module: writing the block twice equals writing it once, and removing it restores the bytes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simple_deploy.production.settings_file import with_block
from simple_deploy.text.text_file import edited

PATH = "blog/settings.py"
BODY = "import os\n\nif 'DYNO' in os.environ:\n    DEBUG = False\n"
_CODECS = {"utf-8": "", "latin-1": "# -*- coding: latin-1 -*-", "cp1252": "# vim: set fileencoding=cp1252 :"}
# Lines as people and editors leave them: indented, with strings, odd spaces, form feeds, parts of our own markers.
_LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "    ",
            "\t",
            "DEBUG = True",
            "ALLOWED_HOSTS = [",
            "    'www.example.com',",
            "]",
            "NAME = 'käse'",
            "\x0c",
            "# >>> simple_deploy",
            "# <<< simple_deploy: other <<<",
            '"""',
            "x = 1 \\",
        ]
    ),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30),
)


@st.composite
def modules(draw: st.DrawFn) -> bytes:
    """The bytes of a settings module with any encoding, line ending, byte order mark and last line."""
    codec = draw(st.sampled_from(sorted(_CODECS)))
    lines = draw(st.lists(_LINES, max_size=12))
    if _CODECS[codec]:
        lines.insert(0, _CODECS[codec])
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = newline.join(lines) + draw(st.sampled_from(["", newline, newline * 3]))
    mark = draw(st.booleans()) and codec == "utf-8"
    return (codecs.BOM_UTF8 if mark else b"") + text.encode(codec, "replace")


def _apply(before: bytes, body: str = BODY) -> bytes:
    return edited(lambda text: with_block(text or "", "heroku", body), before, PATH)


def _remove(after: bytes) -> bytes:
    return edited(_without, after, PATH)


def _without(text: str | None) -> str:
    """The text before the block was added, with the blank line above it."""
    above, block, below = (text or "").partition(with_block("", "heroku", BODY))
    return above + below if below or not block else above.removesuffix("\n")


@pytest.mark.long
@settings(max_examples=300)
@given(before=modules())
@example(before=b"")
@example(before=b"A = 1\r\nB = 2")
@example(before=b"A = 1\r\nB = 2\n")
@example(before=b"A = 1\r\n")
@example(before=b"A = 1")
@example(before=b"A = 1\rB = 2\r\n")
@example(before=codecs.BOM_UTF8)
def test_writing_is_idempotent_and_removing_restores_the_bytes(before: bytes) -> None:
    once = _apply(before)
    assert once != before
    assert _apply(once) == once
    assert _remove(once) == before


@settings(max_examples=100)
@given(before=modules(), above=st.sampled_from(["", "MINE = 1\n"]))
def test_updating_a_block_changes_nothing_else(before: bytes, above: str) -> None:
    mine = edited(lambda text: (text or "") + f"\n{above}", _apply(before), PATH)
    renewed = _apply(mine, BODY + "LATER = 1\n")
    assert _apply(renewed) == mine


def test_the_property_finds_a_lost_blank_line() -> None:
    before = b"A = 1\n\n"
    careless = edited(lambda text: with_block((text or "").rstrip("\n") + "\n", "heroku", BODY), before, PATH)
    with pytest.raises(AssertionError):
        assert _remove(careless) == before
