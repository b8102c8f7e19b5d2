"""Which tables have rows once `migrate` has run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .own_migrations import flat

# Django makes rows of these after each `migrate`; the migrations of its own apps make none.
_BY_DJANGO = frozenset({"sites.Site", "contenttypes.ContentType", "auth.Permission"})


def is_filled(models: Iterable[str], tree: Path) -> bool:
    """Whether one of these may have rows: from migrations of the project, of the model's own app, or from Django."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    asked = set(models)
    configs = {config.label: config for config in apps.get_app_configs()}
    own = {label for label, config in configs.items() if Path(config.path).is_relative_to(tree)}
    others = {label for label in {name.partition(".")[0] for name in asked} if not _is_django(configs.get(label))}
    loader = MigrationLoader(None, load=False)
    try:
        loader.load_disk()
    except Exception:
        # That is for `migrate` to report.
        return True
    filling = {label for (label, _), one in loader.disk_migrations.items() if _fills(one.operations)}
    return not (filling.isdisjoint(own | others) and asked.isdisjoint(_BY_DJANGO))


def _is_django(config: Any) -> bool:
    return str(getattr(config, "name", "")).startswith("django.contrib.")


def _fills(operations: Iterable[Any]) -> bool:
    from django.db.migrations import RunPython, RunSQL

    return any(isinstance(one, (RunPython, RunSQL)) for one in flat(operations))
