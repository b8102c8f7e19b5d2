"""The programs that django-pipeline starts."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any


def started() -> dict[str, str]:
    """Setting → command, for the compressors and compilers of what collectstatic packs."""
    from django.apps import apps
    from django.contrib.staticfiles.storage import staticfiles_storage

    if not (apps.is_installed("pipeline") and getattr(staticfiles_storage, "packing", False)):
        return {}
    from pipeline.conf import settings  # type: ignore[import-not-found]

    return {f"PIPELINE, {name}": command for name, command in _commands(settings) if command}


def _commands(settings: Any) -> Iterator[tuple[str, str]]:
    """Each program's setting is named after the module of the class that starts it."""
    from django.utils.module_loading import import_string
    from pipeline.compilers import SubProcessCompiler  # type: ignore[import-not-found]
    from pipeline.compressors import SubProcessCompressor  # type: ignore[import-not-found]

    wanted = [settings.CSS_COMPRESSOR] if settings.STYLESHEETS else []
    wanted += [settings.JS_COMPRESSOR] if settings.JAVASCRIPT else []
    for kind in map(import_string, [*filter(None, wanted), *_used_compilers(settings)]):
        if issubclass(kind, (SubProcessCompressor, SubProcessCompiler)):
            setting = f"{kind.__module__.rpartition('.')[2].upper()}_BINARY"
            words = [word for word in settings.get(setting, ()) if word != "/usr/bin/env"]
            yield setting, shlex.join(words)


def _used_compilers(settings: Any) -> Iterator[str]:
    """Those that a source file of some package is for."""
    from django.utils.module_loading import import_string

    packages = [*settings.STYLESHEETS.values(), *settings.JAVASCRIPT.values()]
    sources = [name for package in packages for name in package.get("source_filenames", ())]
    for name in settings.COMPILERS:
        compiler = import_string(name)(verbose=False, storage=None)
        if any(compiler.match_file(source) for source in sources):
            yield name
