"""The Python version of the site: the developer's where Upsun supports it, else another one that the project allows."""

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
    """The Python that the project asks for; if that is deprecated on Upsun or removed, the first supported one that the
    project allows. If the project or its Django allows none of these, a deprecated one is used while there is one. A
    version newer than all known ones is used as it is.
    """
    wanted = site.recipe.python
    taken = wanted.series in SUPPORTED or PYTHONS.lacks_newer(str(wanted))
    candidates = [wanted.series] if taken else [series for series in SUPPORTED if series > wanted.series]
    if old := site.project.settings.django_version < (4, 2):
        # Django's FAQ: 4.1 and older support no Python after 3.11.
        candidates = []
    if str(wanted) in DEPRECATED.value and not (old and wanted.series > (3, 11)):
        candidates.append(wanted.series)
    allowed = site.project.dependencies.python
    version = next((series for series in candidates if allows(allowed, series)), None)
    return Choice(version="{}.{}".format(*version) if version else None, wanted=str(wanted))
