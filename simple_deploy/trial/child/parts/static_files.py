"""The static files, and the names that refer to them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from .buckets import missing
from .compressor import combined, combining, commands
from .pipeline_programs import started
from .sockets import insecure
from .templates import missing_names

# Tailwind 3, "Functions & Directives"; Tailwind 4, "Using Tailwind CSS with the CLI".
_TAILWIND = re.compile(rb"""@tailwind\s|@import\s+["']tailwindcss""")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Give static files hashed names, and look for the names in templates. Django's own files are known to work."""
    import django
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.files.storage import FileSystemStorage

    if isinstance(settings.STATICFILES_DIRS, str):
        # Each of its characters would be a folder, and one is the disk's root. Django's checks report it.
        return
    # The name is a lazy object, whose class and attributes are those of the storage itself.
    found["uploaded"] = not isinstance(staticfiles_storage, FileSystemStorage)
    found["bucket"] = missing(staticfiles_storage)
    _compile_sass()
    files: dict[str, Any] = {}
    for finder in get_finders():
        for path, storage in finder.list([]):
            prefix = getattr(storage, "prefix", None)
            files.setdefault((f"{prefix}/{path}" if prefix else path).replace(os.sep, "/"), (storage, path))
    django_itself = str(Path(django.__file__).parent)
    own = [name for name, (storage, path) in files.items() if not storage.path(path).startswith(django_itself)]
    referring = [name for name in own if name.endswith((".css", ".js"))]
    not_text = [name for name in referring if not _is_text(*files[name])]
    referring = [name for name in referring if name not in not_text]
    unresolved = {**_unresolved(files, referring), **dict.fromkeys(not_text, "it is not UTF-8")}
    named, tolerated = missing_names(order, set(files))
    found["static"] += [*_told(unresolved, files, order), *named]
    found["sockets"] += insecure(order)
    programs = started()
    if texts := combining(order):
        started_here = commands(texts)
        programs |= started_here
        found["compresses"] = combined(texts)
        _combine_like_production(found["compresses"], started_here)
    if programs and order["complete"]:
        from .programs import missing_programs

        found["programs"] += missing_programs(order, programs)
    strict = not unresolved and not named and not tolerated and not found["static_while_loading"]
    hashes = not found["static_handler"]
    # Django reports what is not text even to a storage that tolerates missing files.
    tolerable = not unresolved or (not not_text and next(_failures(files, referring, tolerant=True), None) is None)
    collects = hashes and tolerable
    found["static_names"] = "hashed" if strict and hashes else "tolerant" if collects else "plain"
    if order.get("own_manifest") and hasattr(staticfiles_storage, "hashed_files"):
        _as_collected(staticfiles_storage, files)


def only_copies(storage: Any) -> bool:
    """Whether collecting makes no file that is not there before: a storage or a command of another package may add
    some, such as bundles.
    """
    from django.core.management import get_commands

    processing = getattr(storage, "post_process", None)
    made_by = {processing.__func__.__module__ if processing else "", str(get_commands()["collectstatic"])} - {""}
    return all(name.startswith(("django.contrib.staticfiles", "whitenoise.", "servestatic.")) for name in made_by)


def _as_collected(storage: Any, names: Iterable[str]) -> None:
    """The build collects these names and no others: a page that refers to another one fails as in production."""
    from django.contrib.staticfiles.storage import HashedFilesMixin

    if not only_copies(storage):
        return
    storage.hashed_files.update({name: name for name in names})
    setattr(HashedFilesMixin, "url", HashedFilesMixin.url.__wrapped__)  # type: ignore[attr-defined]  # noqa: B010


def _combine_like_production(kind: str, programs: Collection[str]) -> None:
    """Have the pages of the trial combine nothing, or find what the build has combined, which is not the project's."""
    import tempfile

    from django.conf import settings
    from django.core.management import call_command

    if kind == "off":
        settings.COMPRESS_ENABLED = False
    else:
        settings.COMPRESS_ROOT = tempfile.mkdtemp()
    # A trial starts no programs.
    if kind == "offline" and not programs:
        settings.COMPRESS_ENABLED = settings.COMPRESS_OFFLINE = True
        call_command("compress", verbosity=0)


def _compile_sass() -> None:
    """Write the style sheets that the build writes with django-sass-processor."""
    from django.apps import apps
    from django.core.management import call_command

    if apps.is_installed("sass_processor"):
        call_command("compilescss", verbosity=0)


def _told(unresolved: dict[str, str], files: dict[str, Any], order: dict[str, Any]) -> Iterator[str]:
    """What to note: files of a package count as one, and only where they stop the build also missing source maps, and
    sources of style sheets, which no page uses.
    """
    tree = Path(order["tree"])
    of_packages: dict[str, list[str]] = {}
    for name, reason in sorted(unresolved.items()):
        storage, path = files[name]
        if not order.get("own_manifest") and (".map' could not be found" in reason or _is_source(storage, path)):
            continue
        if Path(storage.path(path)).is_relative_to(tree):
            yield f"{name}: {reason}"
        else:
            of_packages.setdefault(name.partition("/")[0], []).append(f"{name}: {reason}")
    for entries in of_packages.values():
        yield entries[0] + (f" and {len(entries) - 1} more of its files" if len(entries) > 1 else "")


def _is_source(storage: Any, path: str) -> bool:
    """Whether Tailwind makes a style sheet of this one."""
    with storage.open(path) as file:
        return bool(_TAILWIND.search(file.read()))


def _unresolved(files: dict[str, Any], referring: list[str]) -> dict[str, str]:
    """Files that refer to missing files; they are taken out, so that what depends on them is tried too."""
    missing: dict[str, str] = {}
    left = list(referring)
    while found := [(name, error) for name, error in _failures(files, left, tolerant=False) if name in left]:
        # Django reports the missing file first, and its own storage after that.
        first = dict(reversed(found))
        missing |= {name: str(error).splitlines()[0].partition(" with <")[0] for name, error in first.items()}
        left = [name for name in left if name not in first]
    return missing


def _is_text(storage: Any, path: str) -> bool:
    """Whether Django can read the file as UTF-8: it goes on with the content of another one if it cannot."""
    with storage.open(path) as file:
        try:
            file.read().decode("utf-8")
        except UnicodeDecodeError:
            return False
    return True


def _failures(files: dict[str, Any], names: list[str], *, tolerant: bool) -> Iterator[tuple[str, Exception]]:
    """What fails when these files get names with a hash, as with the settings block."""
    import tempfile

    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
    from django.core.exceptions import SuspiciousFileOperation

    class Found(ManifestStaticFilesStorage):
        """The storage of hashed names, which reads each file at its original place."""

        def exists(self, name: str) -> bool:
            return name in files or super().exists(name)

        def _open(self, name: str, mode: str = "rb") -> Any:
            if name not in files:
                return super()._open(name, mode)  # type: ignore[misc]
            storage, path = files[name]
            return storage.open(path)

        def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
            try:
                return super().hashed_name(name, content, filename)
            except (ValueError, SuspiciousFileOperation):
                if tolerant:
                    return name
                raise

    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as folder:
        target = Found(location=folder, base_url="/static/")
        for name, _, error in target.post_process({name: (target, name) for name in names}):
            if isinstance(error, Exception):
                yield name, error
