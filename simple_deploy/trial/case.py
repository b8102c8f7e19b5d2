"""One attempt to load the site, as it is judged."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Set
from dataclasses import KW_ONLY, dataclass
from typing import Any

from ..model import Project

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """What loading the site has shown (`answer` to `order`), and what it is judged by.

    `guessed` are the variables that had placeholder values, `given` the user's own values. `fetches` is whether the run
    fetches packages that are not installed, `released` whether production has tables, `works_otherwise` whether the
    site can be loaded here with other packages: then these are the reason of a failure, and neither a placeholder nor
    this machine. `python` is production's series.
    """

    answer: Json
    project: Project
    order: Json
    platform: str
    _: KW_ONLY
    guessed: Set[str] = frozenset()
    given: Collection[str] = ()
    fetches: bool = True
    released: bool = False
    works_otherwise: bool = False
    python: tuple[int, int] = sys.version_info[:2]

    @property
    def guesses(self) -> bool:
        """Whether a value may not be that of production."""
        return bool(self.guessed or self.answer["asked"])
