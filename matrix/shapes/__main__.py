"""`python -m matrix.shapes`: try small projects with one difficulty each, and write the page about them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..display import say
from . import PLATFORMS, Shape, load, page, record
from .record import ShapeResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 only if every shape had its expected outcome, or the page is current."""
    options = _parser().parse_args(arguments)
    shapes = load()
    if options.check:
        return _check(shapes)
    chosen = [shape for shape in shapes if not options.names or shape.name in options.names]
    if not chosen:
        say(f"There is no such shape. Known: {', '.join(shape.name for shape in shapes)}")
        return 2
    try:
        failed = sum(_tried(shape, options) for shape in chosen)
    except KeyboardInterrupt:
        return 130
    if options.record:
        page.PAGE.write_text(_page(shapes), encoding="utf-8", newline="\n")
        say(f"Wrote {page.PAGE}")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matrix.shapes", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="SHAPE", help="only these (default: all)")
    parser.add_argument("--platform", action="append", choices=PLATFORMS, help="(repeatable; default: all)")
    parser.add_argument("--configure-only", action="store_true", help="deploy nothing")
    parser.add_argument("--record", action="store_true", help="store the outcomes, and write docs/will_it_work.md")
    parser.add_argument("--check", action="store_true", help="run nothing; exit 1 if docs/will_it_work.md is stale")
    return parser


def _tried(shape: Shape, options: argparse.Namespace) -> int:
    """How many platforms had an unexpected outcome."""
    from .proving import prove

    seen: dict[str, ShapeResult] = {}
    for platform in options.platform or PLATFORMS:
        seen[platform] = prove(shape, platform, deploys=not options.configure_only, say=_quiet)
        found = seen[platform]
        say(f"{shape.name:34} {platform:12} {found.status:5} {found.what if found.status == 'pass' else found.reason}")
    if options.record:
        record.save(shape.name, seen)
    return sum(found.status == "fail" for found in seen.values())


def _check(shapes: Sequence[Shape]) -> int:
    if page.is_current(_page(shapes)):
        return 0
    say(f"{page.PAGE} is not what the results say. Run: nox -s shapes -- --record")
    return 1


def _page(shapes: Sequence[Shape]) -> str:
    return page.page(shapes, {shape.name: record.load(shape.name) for shape in shapes})


def _quiet(text: str) -> None:
    """Discard a stage's message: it is in its log."""


if __name__ == "__main__":
    sys.exit(main())
