"""One badge per platform, as SVG: how many of its everyday cells pass, and whether that is what is published. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ..record.rules import passes
from ..record.tables import PLATFORMS, Seen

__all__ = ["PLATFORMS", "Standing", "every", "standing"]

_GOOD, _HALF, _NONE = "#1a7f37", "#9a6700", "#6e7781"
_LETTER, _PADDING = 6.6, 8.0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How many everyday cells a platform has, how many pass on some system with what is published, and how many are
    recorded of other sources, or long ago, only.
    """

    cells: int
    passing: int
    flaky: int
    stale: int = 0

    @property
    def text(self) -> str:
        """In a few words."""
        more = {"flaky": self.flaky, "stale": self.stale}
        return ", ".join([f"{self.passing} of {self.cells} cells", *(f"{n} {kind}" for kind, n in more.items() if n)])

    @property
    def colour(self) -> str:
        """Green only if every cell passes."""
        return _GOOD if self.cells and self.passing == self.cells else _HALF if self.passing else _NONE


def standing(seen: Seen, platform: str) -> Standing:
    """The standing of a platform."""
    cells = {cell for cell in seen.default if cell.platform == platform}
    known = [result for result in seen.results if result.cell in cells]
    good = [result for result in known if not seen.published.stale(result)]
    failing = {result.cell for result in good if not passes(result)}
    return Standing(
        cells=len(cells),
        passing=len({result.cell for result in good} - failing),
        flaky=len({result.cell for result in good if result.flaky}),
        stale=len({result.cell for result in known} - {result.cell for result in good}),
    )


def every(seen: Seen) -> dict[str, str]:
    """Platform → badge."""
    shown = {platform: standing(seen, platform) for platform in PLATFORMS}
    return {platform: svg(PLATFORMS[platform], one.text, one.colour) for platform, one in shown.items()}


def svg(label: str, text: str, colour: str) -> str:
    """A badge with a label and a coloured text."""
    left, right = (len(word) * _LETTER + 2 * _PADDING for word in (label, text))
    title = escape(f"{label}: {text}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:.0f}" height="20" role="img" '
        f'aria-label="{title}">\n<title>{title}</title>\n'
        f'<rect width="{left + right:.0f}" height="20" rx="3" fill="{colour}"/>\n'
        f'<path d="M3 0h{left - 3:.1f}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#3d444d"/>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">\n'
        f'<text x="{left / 2:.1f}" y="14">{escape(label)}</text>\n'
        f'<text x="{left + right / 2:.1f}" y="14">{escape(text)}</text>\n</g>\n</svg>\n'
    )
