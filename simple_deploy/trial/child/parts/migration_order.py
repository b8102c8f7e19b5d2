"""What prevents `migrate` from putting the migrations in an order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .own_migrations import file_of


def disorder(loader: Any, tree: Path) -> dict[str, Any] | None:
    """The first reason: a migration that is missing, a circle, or several that are the last of their app."""
    from django.db.migrations.exceptions import CircularDependencyError, NodeNotFoundError

    try:
        loader.build_graph()
    except NodeNotFoundError as error:
        path = file_of(error.origin) if error.origin else Path()
        name = path.relative_to(tree).as_posix() if path.is_relative_to(tree) else str(error.origin)
        app, wanted = error.node[:2]
        return {"kind": "missing", "by": name, "wanted": f"{app}.{wanted}", "path": _path(app, wanted, tree)}
    except CircularDependencyError as error:
        return {"kind": "circle", "found": sorted(line.strip() for line in str(error).split(","))}
    found = [f"{app}: {', '.join(sorted(names))}" for app, names in sorted(loader.detect_conflicts().items())]
    return {"kind": "several", "found": found} if found else None


def _path(app: str, name: str, tree: Path) -> str:
    """Where the migration of an app of the project would be."""
    from django.apps import apps

    config = next((one for one in apps.get_app_configs() if one.label == app), None)
    folder = Path(config.path, "migrations") if config else Path()
    return (folder / f"{name}.py").relative_to(tree).as_posix() if folder.is_relative_to(tree) else ""
