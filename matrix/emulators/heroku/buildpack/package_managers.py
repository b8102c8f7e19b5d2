"""Which package manager a project uses. Heroku wants exactly one lock or requirements file in the root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matrix.emulators.heroku.buildpack import messages, pip
from matrix.emulators.heroku.buildpack.report import BuildFailed, Say

# Arguments: the app's folder, the interpreter, where lines go. Returns the environment's folder.
Install = Callable[[Path, Path, Say], Path]


@dataclass(frozen=True, kw_only=True)
class PackageManager:
    """A file that means it, its name in messages, and how it installs; None where that is not emulated."""

    file: str
    title: str
    install: Install | None = None


# In the order in which the buildpack looks and complains.
PACKAGE_MANAGERS = (
    PackageManager(file="Pipfile.lock", title="Pipenv"),
    PackageManager(file="requirements.txt", title="pip", install=pip.install),
    PackageManager(file="poetry.lock", title="Poetry"),
    PackageManager(file="uv.lock", title="uv"),
)


def find(app: Path) -> PackageManager:
    """The one package manager of the project. Raises BuildFailed if there is none or several."""
    found = [choice for choice in PACKAGE_MANAGERS if (app / choice.file).is_file()]
    if len(found) > 1:
        listing = "\n".join(f"{choice.file} ({choice.title})" for choice in found)
        raise BuildFailed(messages.SEVERAL_PACKAGE_MANAGERS.format(found=listing))
    if found:
        return found[0]
    if (app / "Pipfile").is_file():
        raise BuildFailed(messages.PIPFILE_WITHOUT_LOCK)
    if (app / "setup.py").is_file():
        raise BuildFailed(messages.SETUP_PY_ONLY)
    raise BuildFailed(messages.NO_PACKAGE_MANAGER.format(listing=_listing(app)))


def _listing(app: Path) -> str:
    names = sorted(path.name + "/" * path.is_dir() for path in app.iterdir())
    return "\n".join(names)
