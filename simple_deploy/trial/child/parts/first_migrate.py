"""The first `migrate`: every migration on a database with nothing in it. SQLite in memory stands in for the server."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from typing import Any

from ..failure import told
from ..no_network import attempts
from ..out_of_reach import OutOfReach
from . import Inconclusive
from .tables import flat

_SECONDS = 10
# Errors of SQLite that any other database has too; the catalogs of PostgreSQL are only there.
_IN_ANY = re.compile(r"no such (table: (?!pg_|information_schema)|column)|has no column named")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note how code of the project fails. What only SQLite rejects shows nothing about production."""
    tree = Path(order["tree"])
    if found["disordered"] or not _own_code(tree):
        raise Inconclusive
    outside = OutOfReach(order["tree"])
    sys.addaudithook(outside.refuse)
    first, before = _First(), len(attempts)
    # A migration may wait for something, and the connection is this thread's own.
    running = Thread(target=first.migrate, daemon=True)
    outside.on = True
    running.start()
    running.join(_SECONDS)
    outside.on = False
    if outside.refused or len(attempts) > before or not first.ended:
        raise Inconclusive
    if first.error:
        failed = told(first.error, tree)
        if not failed["place"] or not _in_any(failed):
            raise Inconclusive
        found["first_migrate"] = {**failed, "type": type(first.error).__qualname__}


def _in_any(failed: dict[str, Any]) -> bool:
    """Whether another database would fail too."""
    kinds, causes = {*failed["kinds"]}, failed["causes"]
    return "DatabaseError" not in kinds or "IntegrityError" in kinds or any(map(_IN_ANY.search, causes))


def _own_code(tree: Path) -> bool:
    """Whether migrations of the project run functions."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return any(
        _runs_code(one.operations)
        for one in loader.disk_migrations.values()
        if Path(str(sys.modules[one.__module__].__file__)).is_relative_to(tree)
    )


def _runs_code(operations: Iterable[Any]) -> bool:
    from django.db.migrations import AddField, RunPython

    return any(
        isinstance(one, RunPython) or (isinstance(one, AddField) and callable(one.field.default))
        for one in flat(operations)
    )


class _First:
    """The run, and its `error`, if there is one."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.ended = False

    def migrate(self) -> None:
        """Apply every migration, as the release does."""
        from django.core.management import call_command
        from django.db import connections
        from django.db.backends.sqlite3.base import DatabaseWrapper
        from django.db.transaction import TransactionManagementError

        known = connections["default"].settings_dict
        settings = {**known, "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
        connections["default"] = DatabaseWrapper(settings, "default")
        try:
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        except TransactionManagementError as error:
            # SQLite's schema editor asks the database once more after an error.
            self.error = error.__cause__ or error.__context__
        except (Exception, SystemExit) as error:
            self.error = error
        self.ended = True
