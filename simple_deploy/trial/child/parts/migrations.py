"""The migrations."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """The project's apps with models that are missing from the migrations in Git, found without a database."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    own = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(order["tree"]) and any(one._meta.managed for one in config.get_models())
    }
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found["without_migrations"] += sorted(own - {label for label, _ in loader.disk_migrations})
    if found["without_migrations"]:
        return
    loader.build_graph()
    changed = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    found["unmigrated"] += sorted(own & changed.keys())
