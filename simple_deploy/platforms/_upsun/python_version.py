"""Which Python the site runs: the developer's where Upsun supports it, else one that the project allows too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from ..contract import Options, Project

# Upsun docs, registry of images (2026): 3.10 to 3.12 are still there, but deprecated.
SUPPORTED = ((3, 13), (3, 14))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The Python for the site, the one that was wanted, and who wanted it. `version` is None where none will do."""

    version: str | None
    wanted: str
    where: str

    @property
    def raised(self) -> bool:
        """Whether the site runs a newer Python than the developer's."""
        return self.version is not None and self.version != self.wanted


def choose(project: Project, options: Options) -> Choice:
    """The Python of .python-version or else of this environment; where that is deprecated on Upsun, the first
    supported one that the project allows.
    """
    pinned = _pinned(project)
    wanted = pinned or options.python
    candidates = [wanted] if wanted in SUPPORTED else [version for version in SUPPORTED if version > wanted]
    version = next((one for one in candidates if _allows(project.dependencies.python, one)), None)
    return Choice(
        version=_text(version) if version else None,
        wanted=_text(wanted),
        where=".python-version" if pinned else "this environment",
    )


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
