"""Which Python the site runs: the developer's where Upsun supports it, else one that the project allows too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from ..contract import Options, Project, facts

# Others are still there, but deprecated.
PYTHONS = facts(Path(__file__).parent)["Python versions"]
SUPPORTED = tuple((int(major), int(minor)) for major, minor in (text.split(".") for text in PYTHONS.value))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The Python for the site, and the developer's own. `version` is None where the project allows none."""

    version: str | None
    wanted: str

    @property
    def raised(self) -> bool:
        """Whether the site runs a newer Python than the developer's."""
        return self.version is not None and self.version != self.wanted


def choose(project: Project, options: Options) -> Choice:
    """The Python of .python-version or else of this environment; where that is deprecated on Upsun, the first
    supported one that the project allows. One that is newer than all that are known is taken as it is.
    """
    wanted = _pinned(project) or options.python
    taken = wanted in SUPPORTED or PYTHONS.lacks_newer(_text(wanted))
    candidates = [wanted] if taken else [version for version in SUPPORTED if version > wanted]
    version = next((one for one in candidates if _allows(project.dependencies.python, one)), None)
    return Choice(version=_text(version) if version else None, wanted=_text(wanted))


def _pinned(project: Project) -> tuple[int, int] | None:
    """The series that .python-version names; None for what only pyenv understands (a name, several versions)."""
    text = (project.files.get(".python-version") or b"").decode("utf-8", "replace")
    match = re.fullmatch(r"(\d+)\.(\d+)(?:\.\d+)?", text.strip())
    return (int(match[1]), int(match[2])) if match else None


def _allows(specifier: str, version: tuple[int, int]) -> bool:
    """Whether some release of the series will do; what is no PEP 440 forbids nothing."""
    try:
        allowed = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    # The image has one of the newer releases of its series.
    return any(allowed.contains(f"{_text(version)}.{release}") for release in range(30))


def _text(version: tuple[int, int]) -> str:
    return "{}.{}".format(*version)
