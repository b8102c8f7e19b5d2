"""Files that are ours as a whole: updated as long as no one has changed them, and never after."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simple_deploy.text.sealed_file import is_ours, sealed

LINE = "# Written by simple_deploy (seal 5891b5b522). Later runs update it unless you edit it.\n"


def test_the_first_line_seals_the_rest() -> None:
    assert sealed("hello\n") == LINE + "hello\n"


@given(st.text())
def test_a_sealed_file_is_ours(text: str) -> None:
    assert is_ours(sealed(text))


@given(st.text(), st.text(min_size=1))
def test_a_changed_file_is_not_ours(text: str, more: str) -> None:
    assert not is_ours(sealed(text) + more)
    assert not is_ours(more + sealed(text))


def test_an_unsealed_file_is_not_ours() -> None:
    assert not is_ours("FROM python:3.12\n")
    assert not is_ours("")
