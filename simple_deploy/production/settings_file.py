"""The marked block at the end of a settings module: text → text."""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize

_OPEN = "# >>> simple_deploy: {name} >>>"
_CLOSE = "# <<< simple_deploy: {name} <<<"
_ANY = re.compile(rb"^# >>> simple_deploy: (\w+) >>>$.*?^# <<< simple_deploy: \1 <<<$", re.MULTILINE | re.DOTALL)


class BrokenBlock(ValueError):
    """One of a block's two marker lines is missing, doubled, indented or out of order."""


def with_block(text: str, name: str, body: str) -> str:
    """`text` with the block of that name containing `body`: replaced if it exists, else added at the end.

    Nothing outside the markers changes, so what a user writes above or below survives. A block that differs only in its
    formatting stays: the repository's formatter would change it back. Raises BrokenBlock.
    """
    block = f"{_OPEN.format(name=name)}\n{body}{_CLOSE.format(name=name)}\n"
    place = _find(text, name)
    if place is None:
        return text + _separator(text) + block
    start, end = place
    return text if _same_code(text[start:end], block) else text[:start] + block + text[end:]


def without_any(raw: bytes) -> bytes:
    """The bytes of a module without its blocks, for readers; every other line keeps its number."""
    return _ANY.sub(lambda match: b"\n" * match[0].count(b"\n"), raw.replace(b"\r\n", b"\n"))


def block(text: str, name: str) -> str:
    """The text between the markers of the block of that name; "" without one. Raises BrokenBlock."""
    place = _find(text, name)
    return "".join(text[place[0] : place[1]].splitlines(keepends=True)[1:-1]) if place else ""


@functools.lru_cache(maxsize=16)
def _same_code(one: str, other: str) -> bool:
    """Whether the two have the same statements and comments, however they are formatted."""
    try:
        return one == other or _code(one) == _code(other)
    except (SyntaxError, ValueError, tokenize.TokenError):
        return False


def _code(text: str) -> tuple[str, list[str]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return ast.dump(ast.parse(text)), [token.string for token in tokens if token.type == tokenize.COMMENT]


def _separator(text: str) -> str:
    # One newline in both cases: a blank line after a complete last line, or the end of an incomplete one. So removing
    # one newline restores the original in either case.
    return "\n" if text else ""


@functools.lru_cache(maxsize=16)  # a run plans several times, and tokenizing is the slowest part of it
def _find(text: str, name: str) -> tuple[int, int] | None:
    """The position of the block, from the start of its first line to after its last."""
    opening, closing = _OPEN.format(name=name), _CLOSE.format(name=name)
    if opening not in text and closing not in text:
        return None
    # Lines as Python counts them: `str.splitlines` also splits at a form feed.
    lines = io.StringIO(text, newline="").readlines()
    starts, ends = ([n for n, found in _comments(lines) if found == marker] for marker in (opening, closing))
    if not starts and not ends:
        return None
    if len(starts) != 1 or len(ends) != 1 or ends[0] < starts[0]:
        raise BrokenBlock(f'expected the line "{opening}" once, followed by "{closing}" once')
    if indented := [n for n in (*starts, *ends) if lines[n][:1] != "#"]:
        raise BrokenBlock(f"its marker in line {indented[0] + 1} does not begin at the start of the line")
    return len("".join(lines[: starts[0]])), len("".join(lines[: ends[0] + 1]))


def _comments(lines: list[str]) -> list[tuple[int, str]]:
    """The comments on their own lines, each with its index; text within a string is not a comment.

    If the text is not Python, any line that begins with # counts.
    """
    alone = [(n, line.strip()) for n, line in enumerate(lines) if line.lstrip()[:1] == "#"]
    try:
        tokens = list(tokenize.generate_tokens(iter(lines).__next__))
    except (tokenize.TokenError, SyntaxError):
        return alone
    rows = {token.start[0] - 1 for token in tokens if token.type == tokenize.COMMENT}
    return [(n, comment) for n, comment in alone if n in rows]
