"""The Python version of the site: the developer's where Upsun has it, else another one that the project allows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simple_deploy.contract import Site, allows, facts

_FACTS = facts(Path(__file__).parent)
PYTHONS = _FACTS["Python versions"]
# Still available, but not for long.
DEPRECATED = _FACTS["deprecated Python versions"]
SUPPORTED = tuple((int(major), int(minor)) for major, minor in (text.split(".") for text in PYTHONS.value))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The Python version for the site, and the developer's own. `version` is None if the project allows none."""

    version: str | None
    wanted: str

    @property
    def raised(self) -> bool:
        """Whether the site runs a newer Python than the developer's."""
        return self.version is not None and self.version != self.wanted


def choose(site: Site) -> Choice:
    """The Python that the project asks for while Upsun has it, deprecated or not: the trial ran with it, and the
    requirements are known to work with it. If it was removed, the first supported one that the project allows. A
    version newer than all known ones is used as it is.
    """
    wanted = site.recipe.python
    has = wanted.series in SUPPORTED or str(wanted) in DEPRECATED.value or PYTHONS.lacks_newer(str(wanted))
    newest = max(SUPPORTED)
    if site.project.settings.django_version < (4, 2):
        # Django's FAQ: 4.1 and older support no Python after 3.11.
        newest = (3, 11)
    candidates = [wanted.series] if has else [one for one in SUPPORTED if wanted.series < one <= newest]
    allowed = site.project.dependencies.python
    version = next((series for series in candidates if allows(allowed, series)), None)
    return Choice(version="{}.{}".format(*version) if version else None, wanted=str(wanted))
