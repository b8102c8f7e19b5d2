"""Static files in the settings block: WhiteNoise, where they are collected, and how they are named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from ..messages import errors
from ..model import FILE_STORAGE, Compresses, Problem, Project, Settings, StaticFiles, StaticNames

WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
_MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "whitenoise.storage.CompressedStaticFilesStorage"
# The class of the settings block itself: its module is the one that contains the block.
_TOLERANT = "TolerantStaticFiles"
_APP = "django.contrib.staticfiles"
_ADMIN = "django.contrib.admin"
# Storages that this one replaces, and loses nothing of: they raise an error for a name that leads to no file.
TOLERATED = (f"{_APP}.", "whitenoise.storage.CompressedManifest")

_COMPRESSES: dict[Compresses, str] = {
    "offline": "COMPRESS_ENABLED = COMPRESS_OFFLINE = True",
    "off": "COMPRESS_ENABLED = False",
}
_UPLOADED = "# Your own storage keeps the static files: collectstatic uploads them."


def is_strict(settings: Settings) -> bool:
    """Whether a storage of the project's own, which stays, raises an error for a file that is not collected."""
    storage = settings.staticfiles_backend
    return "Manifest" in storage and not storage.startswith(TOLERATED)


def in_block(block: str) -> StaticFiles:
    """How a block that `render` made treats static files."""
    names: StaticNames = "hashed" if _MANIFEST in block else "plain"
    if _TOLERANT in block:
        names = "tolerant"
    combining: Iterable[Compresses] = (kind for kind, line in _COMPRESSES.items() if line in block)
    return StaticFiles(names=names, compresses=next(iter(combining), ""), uploaded=_UPLOADED in block)


def serves_static(settings: Settings) -> bool:
    """Whether the site has static files of Django's kind: those of the admin at least."""
    return _collects(settings) or any(app.startswith(f"{_ADMIN}.") or app == _ADMIN for app in settings.installed_apps)


def _collects(settings: Settings) -> bool:
    return any(app.startswith(_APP) for app in settings.installed_apps)


def problems(project: Project) -> Iterator[Problem]:
    """Folders that are found only where developers start manage.py: builds start it in the Git root."""
    relative = [one for one in project.settings.staticfiles_dirs if not Path(one).is_absolute()]
    if relative and project.nested and serves_static(project.settings):
        yield errors.static_folders_relative(folders=relative, first=relative[0])


def static_root(settings: Settings) -> str:
    """The folder that "collectstatic" fills, relative to the Git root: the project's own, else the block's."""
    own = PurePosixPath(settings.path).parents[settings.depth - 1] / _static_folder(settings)
    return settings.static_root or own.as_posix()


def static_files(settings: Settings) -> Iterator[str]:
    """The lines about static files, after those about middleware."""
    if not _collects(settings):
        yield "# The admin has static files, and this app collects them."
        yield f'INSTALLED_APPS = [*INSTALLED_APPS, "{_APP}"]'
    yield "# WhiteNoise serves the static files; it must come directly after SecurityMiddleware."
    yield 'if not any("whitenoise" in name.lower() for name in MIDDLEWARE):'
    yield f'    MIDDLEWARE.insert(MIDDLEWARE.index(_security) + 1, "{WHITENOISE}")'
    yield "# The URL prefix of static files."
    yield 'STATIC_URL = _given.get("STATIC_URL") or "static/"'
    yield _UPLOADED if settings.static.uploaded else "# collectstatic copies all static files here during the build."
    yield f"STATIC_ROOT = {_static_root(settings)}"
    yield from {"hashed": _hashed, "tolerant": _tolerant, "plain": _plain}[settings.static.names]()
    yield from _storages(settings)
    if settings.static.compresses == "offline":
        yield "# The build combines files (manage.py compress): what a request combines is lost, or cannot be written."
    if settings.static.compresses == "off":
        yield "# What a template combines depends on the request here, so no build can combine it, and what a request"
        yield "# combines is lost, or cannot be written."
    if settings.static.compresses:
        yield _COMPRESSES[settings.static.compresses]


def _hashed() -> Iterator[str]:
    yield "# File names contain a hash of the content, so browsers can cache static files forever."


def _plain() -> Iterator[str]:
    yield "# File names get no hash: hashed names were not tried, or do not work with this site."


def _tolerant() -> Iterator[str]:
    yield "# File names contain a hash of the content, so browsers can cache static files forever. A name that leads to"
    yield "# no file stays as it is; by itself, Django would raise an error."
    yield "from django.core.exceptions import SuspiciousFileOperation"
    yield "from whitenoise.storage import CompressedManifestStaticFilesStorage"
    yield ""
    yield f"class {_TOLERANT}(CompressedManifestStaticFilesStorage):"
    yield "    def stored_name(self, name):"
    yield "        try:"
    yield "            return super().stored_name(name)"
    yield "        except ValueError:"
    yield "            return name"
    yield ""
    yield "    def hashed_name(self, name, content=None, filename=None):"
    yield "        try:"
    yield "            return super().hashed_name(name, content, filename)"
    yield "        except (ValueError, SuspiciousFileOperation):"
    yield "            return name"
    yield ""


def _static_root(settings: Settings) -> str:
    """The project's own folder if a build can use it, else one of ours, of the type that the project's code expects."""
    file = "Path(__file__).resolve()"
    if settings.static_root is None:
        ours = f'{file}{".parent" * settings.depth} / "{_static_folder(settings)}"'
        return f"str({ours})" if settings.static_root_is_text else ours
    up = ".parent" * len(PurePosixPath(settings.path).parts)
    return f'_given.get("STATIC_ROOT") or {file}{up} / {json.dumps(settings.static_root)}'


def _static_folder(settings: Settings) -> str:
    taken = {folder.rstrip("/").rpartition("/")[2] for folder in settings.staticfiles_dirs}
    return "staticfiles" if "staticfiles" not in taken else "collected_static"


def _storages(settings: Settings) -> Iterator[str]:
    """A storage of the project's own is kept; Django older than 5.1 rejects STORAGES next to the older settings."""
    yield f'_djangos = "{_APP}."'
    storage = {
        "hashed": f'"{_MANIFEST}"',
        "tolerant": f'f"{{__name__}}.{_TOLERANT}"',
        "plain": f'"{_PLAIN}"',
    }[settings.static.names]
    replaced = f'(_djangos, "{TOLERATED[1]}")' if settings.static.names == "tolerant" else "_djangos"
    if settings.django_version >= (5, 1):
        yield from _newer_storages(storage, replaced)
    elif settings.django_version < (4, 2):
        yield from _older_storages(storage, replaced)
    else:
        yield 'if "STATICFILES_STORAGE" in _given or "DEFAULT_FILE_STORAGE" in _given:'
        yield from (f"    {line}" for line in _older_storages(storage, replaced))
        yield "else:"
        yield from (f"    {line}" for line in _newer_storages(storage, replaced))


def _older_storages(storage: str, replaced: str) -> Iterator[str]:
    yield f'if _given.get("STATICFILES_STORAGE", _djangos).startswith({replaced}):'
    yield f"    STATICFILES_STORAGE = {storage}"


def _newer_storages(storage: str, replaced: str) -> Iterator[str]:
    yield f'STORAGES = {{"default": {{"BACKEND": "{FILE_STORAGE}"}}, **(_given.get("STORAGES") or {{}})}}'
    yield f'if STORAGES.get("staticfiles", {{}}).get("BACKEND", _djangos).startswith({replaced}):'
    yield f'    STORAGES["staticfiles"] = {{"BACKEND": {storage}}}'
