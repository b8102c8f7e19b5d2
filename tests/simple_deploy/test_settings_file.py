"""The marked block: text before → text after."""

import pytest

from simple_deploy.settings_file import BrokenBlock, with_block, without_block

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
def test_block_is_added_once_and_renewed_in_place(before: str, after: str) -> None:
    assert with_block(before, "x", "A = 1\n") == after
    assert with_block(after, "x", "A = 1\n") == after


@pytest.mark.parametrize("before", ["", "\n", "A = 1", "A = 1\n", "A = 1\n\n", "\n\n\n", "A\n  "])
def test_removing_the_block_gives_the_original_back(before: str) -> None:
    assert without_block(with_block(before, "x", "A = 1\n"), "x") == before


def test_blocks_of_two_platforms_stand_side_by_side() -> None:
    both = with_block(with_block("A = 0\n", "x", "A = 1\n"), "y", "A = 2\n")
    assert with_block(both, "x", "A = 1\n") == both
    assert without_block(without_block(both, "y"), "x") == "A = 0\n"


@pytest.mark.parametrize("text", ["# >>> simple_deploy: x >>>\nA = 1\n", "# <<< simple_deploy: x <<<\n", BLOCK + BLOCK])
def test_a_damaged_block_is_an_error(text: str) -> None:
    with pytest.raises(BrokenBlock):
        with_block(text, "x", "A = 1\n")
