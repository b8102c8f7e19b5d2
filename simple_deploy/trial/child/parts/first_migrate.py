"""The first `migrate`: every migration on a database with nothing in it. SQLite in memory stands in for the server."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..failure import told
from ..out_of_reach import within
from . import Inconclusive
from .own_migrations import flat, own
from .postgresql_limits import limit

_SECONDS = 10
# Errors of SQLite that any other database has too; the catalogs of PostgreSQL are only there.
_IN_ANY = re.compile(r"no such (table: (?!pg_|information_schema)|column)|has no column named")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note how code of the project fails. What only SQLite rejects shows nothing about production."""
    tree = Path(order["tree"])
    if found["disordered"] or not _own_code(tree):
        raise Inconclusive
    first = _First(tree)
    ran = within(order["tree"], _SECONDS, first.migrate)
    if ran.missed or not ran.ended:
        raise Inconclusive
    if first.error:
        if first.asked:
            # What it does with another database than this one is unknown.
            raise Inconclusive
        failed = told(first.error, tree)
        if not failed["place"] or not _in_any(failed):
            raise Inconclusive
        found["first_migrate"] = {**failed, "type": type(first.error).__qualname__}


def _in_any(failed: dict[str, Any]) -> bool:
    """Whether another database would fail too."""
    kinds, causes = {*failed["kinds"]}, failed["causes"]
    certain = "DatabaseError" not in kinds or not {"IntegrityError", "DataError"}.isdisjoint(kinds)
    return certain or any(map(_IN_ANY.search, causes))


def _own_code(tree: Path) -> bool:
    """Whether migrations of the project run functions."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return any(_runs_code(one.operations) for one, _ in own(loader.disk_migrations.values(), tree))


def _runs_code(operations: Iterable[Any]) -> bool:
    from django.db.migrations import AddField, RunPython

    return any(
        isinstance(one, RunPython) or (isinstance(one, AddField) and callable(one.field.default))
        for one in flat(operations)
    )


class _First:
    """The run, its `error`, if there is one, and whether code of the project `asked` which database this is."""

    def __init__(self, tree: Path) -> None:
        self.error: BaseException | None = None
        self.asked = False
        self._tree = tree

    def migrate(self) -> None:
        """Apply every migration, as the release does."""
        from django.core.management import call_command
        from django.db import connections
        from django.db.backends.sqlite3.base import DatabaseWrapper
        from django.db.transaction import TransactionManagementError

        server = connections["default"]
        settings = {**server.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}

        def vendor(_: object) -> str:
            if not Path(sys._getframe(1).f_code.co_filename).is_relative_to(self._tree):
                return "sqlite"
            self.asked = True
            return str(server.vendor)

        connections["default"] = type("StandIn", (DatabaseWrapper,), {"vendor": property(vendor)})(settings, "default")
        if server.vendor == "postgresql":
            limit(connections["default"], server)
        try:
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        except TransactionManagementError as error:
            # SQLite's schema editor asks the database once more after an error.
            self.error = error.__cause__ or error.__context__
        except (Exception, SystemExit) as error:
            self.error = error
