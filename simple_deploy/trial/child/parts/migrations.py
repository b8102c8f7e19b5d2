"""The migrations."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .conversions import not_converted
from .migration_order import disorder
from .swapped import to_swapped
from .tables import foreign_sql, own_sql, unknown_types

# What Django before 4.1 has no list of, and PostgreSQL does not have.
_NOT_IN_THE_DATABASE = (
    *("blank", "choices", "editable", "error_messages", "help_text", "limit_choices_to", "on_delete"),
    *("related_name", "related_query_name", "validators", "verbose_name"),
)
# For these, Django makes no SQL either, although it compares them.
_OF_CODE = ("default", "upload_to", "storage", "auto_now", "auto_now_add")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """The project's apps with models that are missing from the migrations in Git, and what only another database has.

    Both are found without a database.
    """
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils.translation import override

    tree = Path(order["tree"])
    configs = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(tree)]
    every = [model for config in configs for model in config.get_models()]
    models = [model for model in every if model._meta.managed]
    found["unmanaged"] += _without_tables(every)
    own = {model._meta.app_label for model in models}
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found["without_migrations"] += sorted(own - {label for label, _ in loader.disk_migrations})
    if found["without_migrations"]:
        return
    found["disordered"] = disorder(loader, tree)
    if found["disordered"]:
        return
    found["to_swapped"] += to_swapped(loader.disk_migrations.values(), tree)
    found["unknown_types"] += unknown_types(models, tree)
    found["not_converted"] += not_converted(loader, tree)
    found["foreign_sql"] += sorted(foreign_sql(loader.disk_migrations.values(), tree))
    found["own_sql"] += sorted(own_sql(loader.disk_migrations.values(), tree))
    # Migrations have untranslated texts, as makemigrations writes them.
    with override(None):
        before = loader.project_state()
        detector = MigrationAutodetector(before, ProjectState.from_apps(apps))
        changed = detector.changes(graph=loader.graph)
    found["unmigrated"] += sorted(label for label in own & changed.keys() if _change_tables(changed[label], before))


def _without_tables(models: Iterable[Any]) -> list[str]:
    """The models of the only database that no migration makes tables for. One with no field of its own only holds
    permissions.
    """
    from django.conf import settings

    unmanaged = (model._meta for model in models if not (model._meta.managed or model._meta.proxy))
    labels = [one.label for one in unmanaged if any(not field.auto_created for field in one.local_fields)]
    return sorted(labels) if len(settings.DATABASES) == 1 else []


def _change_tables(migrations: Iterable[Any], before: Any) -> bool:
    """Whether one of them changes the database: options of a model and texts of a field do not."""
    for migration in migrations:
        for operation in migration.operations:
            kind = type(operation).__name__
            if kind in ("AlterModelOptions", "AlterModelManagers"):
                continue
            if kind != "AlterField":
                return True
            model = before.models[migration.app_label, operation.model_name_lower]
            if _column(model.fields[operation.name]) != _column(operation.field):
                return True
    return False


def _column(field: Any) -> object:
    """What of a field is in the database, as `BaseDatabaseSchemaEditor._field_should_be_altered` compares it."""
    from django.db.models import AutoField
    from django.db.models.fields import AutoFieldMixin

    _, _, words, more = field.deconstruct()
    texts = {*getattr(field, "non_db_attrs", _NOT_IN_THE_DATABASE), *_OF_CODE}
    # Django 6.0 has another default for the key of a model. A column of the old one works as well.
    kind = AutoField if isinstance(field, AutoFieldMixin) else field.get_internal_type()
    return kind, words, {name: value for name, value in more.items() if name not in texts}
