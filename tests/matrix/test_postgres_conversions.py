"""The changes of types that the trial rejects are those that PostgreSQL rejects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import permutations

import psycopg
import pytest

from matrix.sandbox.postgres import Databases, shared_server
from simple_deploy.trial.child.parts.conversions import CASTS

TEXT = ("text", "varchar(20)")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with closing(Databases(shared_server)) as databases:
        yield databases.create_database("types")


def _converts(connection: psycopg.Connection, before: str, after: str) -> bool:
    connection.execute(f"CREATE TEMP TABLE page (field {before})")
    try:
        # As Django writes it (DatabaseSchemaEditor.sql_alter_column_type and sql_using).
        connection.execute(f"ALTER TABLE page ALTER COLUMN field TYPE {after} USING field::{after}")
    except psycopg.errors.CannotCoerce:
        return False
    finally:
        connection.rollback()
    return True


def test_every_pair_of_types(url: str) -> None:
    with psycopg.connect(url) as connection:
        for before, after in permutations((*CASTS, *TEXT), 2):
            expected = after in CASTS.get(before, ()) or before in TEXT or after in TEXT
            assert _converts(connection, before, after) == expected, f"{before} to {after}"
