"""The marked block at the end of a settings module: text → text."""

from __future__ import annotations

_OPEN = "# >>> simple_deploy: {name} >>>"
_CLOSE = "# <<< simple_deploy: {name} <<<"


class BrokenBlock(ValueError):
    """One of the two marker lines of a block is missing, doubled or out of order."""


def with_block(text: str, name: str, body: str) -> str:
    """`text` with the block of that name saying `body`: replaced where it stands, else added at the end.

    Nothing outside the markers changes, so what a user writes above or below survives. Raises BrokenBlock.
    """
    block = f"{_OPEN.format(name=name)}\n{body}{_CLOSE.format(name=name)}\n"
    place = _find(text, name)
    if place is None:
        return text + _separator(text) + block
    start, end = place
    return text[:start] + block + text[end:]


def without_block(text: str, name: str) -> str:
    """`text` as it was before `with_block` added a block of that name. Raises BrokenBlock."""
    place = _find(text, name)
    if place is None:
        return text
    start, end = place
    above = text[:start]
    return above.removesuffix("\n") + text[end:] if end == len(text) else above + text[end:]


def _separator(text: str) -> str:
    # One newline in both cases: a blank line after a complete last line, or the end of an incomplete one.
    # So removing one newline gives the original back, whichever it was.
    return "\n" if text else ""


def _find(text: str, name: str) -> tuple[int, int] | None:
    """Where the block is, from the start of its first line to after its last."""
    opening, closing = _OPEN.format(name=name), _CLOSE.format(name=name)
    starts, ends, position = [], [], 0
    for line in text.splitlines(keepends=True):
        if line.strip() == opening:
            starts.append(position)
        if line.strip() == closing:
            ends.append(position + len(line))
        position += len(line)
    if not starts and not ends:
        return None
    if len(starts) != 1 or len(ends) != 1 or ends[0] < starts[0]:
        raise BrokenBlock(f'expected the line "{opening}" once, and "{closing}" once below it')
    return starts[0], ends[0]
