"""docs/will_it_work.md: the observed outcome for projects of every shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from ..record.provenance import REPOSITORY
from . import PLATFORMS, Shape
from .record import ShapeResult

PAGE = REPOSITORY / "docs" / "will_it_work.md"
_NAMES = {"heroku": "Heroku", "fly_io": "Fly.io", "platform_sh": "Platform.sh", "upsun": "Upsun"}
_HEAD = """\
# Will it work with my project?

Each row is a small project with one difficulty. It was configured for each platform, and where the table says
*served* also deployed to the platform's emulator, opened over HTTP, and deployed again without a change.
*configured* means that the files were written, but not deployed. *refused* means that the run stops
before anything is created or written, with the message below the table; *PLATFORM* there is the platform's name.
Platforms that come in a distribution of their own (Scalingo) are not tried here.

This page is generated from recorded runs by `nox -s shapes -- --record`; the messages are those of the recorded run.
"""


def page(shapes: Sequence[Shape], record: Mapping[str, Mapping[str, ShapeResult]]) -> str:
    """The whole page."""
    return "\n".join(_page(shapes, record)) + "\n"


def _page(shapes: Sequence[Shape], record: Mapping[str, Mapping[str, ShapeResult]]) -> Iterator[str]:
    yield _HEAD
    titles = " | ".join(_NAMES[platform] for platform in PLATFORMS)
    for group, members in groupby(shapes, key=lambda shape: shape.group):
        chosen = list(members)
        yield f"## {group}\n"
        yield f"| your project | {titles} |"
        yield f"|---|{'---|' * len(PLATFORMS)}"
        for shape in chosen:
            seen = record.get(shape.name, {})
            yield f"| {shape.title} | {' | '.join(_cell(seen.get(platform)) for platform in PLATFORMS)} |"
        yield ""
        for shape in chosen:
            yield from _messages(shape, record.get(shape.name, {}))


def _cell(seen: ShapeResult | None) -> str:
    if seen is None or seen.status == "skip":
        return "not tried"
    return seen.what if seen.status == "pass" else "**fails**"


def _messages(shape: Shape, seen: Mapping[str, ShapeResult]) -> Iterator[str]:
    """The messages of refusals, each once for the platforms that share it but for their name."""
    said: dict[str, list[tuple[str, str]]] = {}
    for platform in PLATFORMS:
        if platform in seen and seen[platform].what == "refused" and seen[platform].message:
            name, message = _NAMES[platform], _first(seen[platform].message)
            said.setdefault(message.replace(name, "PLATFORM"), []).append((name, message))
    for general, own in said.items():
        names, messages = zip(*own, strict=True)
        where = "" if len(names) == len(PLATFORMS) else f" ({', '.join(names)})"
        message = general if len(set(messages)) > 1 else messages[0]
        yield f"*{shape.title}*{where}:\n\n```text\n{message}\n```\n"


def _first(message: str) -> str:
    """The problems themselves, without the line that counts them."""
    return re.sub(r"\A[^\n]*\n\n", "", message).strip()


def is_current(text: str, path: Path = PAGE) -> bool:
    """Whether the page in the docs has this text."""
    return path.is_file() and path.read_text(encoding="utf-8") == text
