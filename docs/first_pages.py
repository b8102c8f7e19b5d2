"""Write the list of the platforms into README.md and docs/index.md, from the registry.

`python docs/first_pages.py` writes it; with `--check` the exit status is 1 if it is stale. The list is between the
comments `<!-- platforms LINK -->` and `<!-- end -->`; LINK is a page's address with NAME for the ID.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/index.md")
_REGION = re.compile(r"(<!-- platforms (\S+) -->).*?(<!-- end -->)")

sys.path.insert(0, str(ROOT))

from simple_deploy.contract import Platform  # noqa: E402
from simple_deploy.platforms import ships, usable  # noqa: E402


def page(name: str) -> str:
    """The whole page with the current list."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return _REGION.sub(lambda found: f"{found[1]}{listed(found[2])}{found[3]}", text)


def listed(link: str) -> str:
    """Every platform, with a link to its page."""
    return ", ".join(_described(platform, link.replace("NAME", platform.id)) for platform in usable())


def _described(platform: Platform, link: str) -> str:
    """A platform that another distribution provides has no page here."""
    name = f"[{platform.name}]({link})" if ships(platform.id) else platform.name
    details = ", ".join([f"`{platform.id}`", *([f"open to {platform.customers}"] if platform.customers else [])])
    return f"{name} ({details})"


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check report stale ones."""
    stale = [name for name in PAGES if page(name) != (ROOT / name).read_text(encoding="utf-8")]
    if "--check" in arguments:
        sys.stderr.writelines(f"{name} is stale: run python docs/first_pages.py\n" for name in stale)
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(page(name), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
