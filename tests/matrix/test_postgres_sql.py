"""The SQL that the trial rejects is rejected by PostgreSQL, and what it lets pass is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from matrix.sandbox.postgres import Databases, shared_server
from simple_deploy.trial.child.sql import elsewhere

REJECTED = (
    "CREATE TABLE x (id INTEGER PRIMARY KEY AUTOINCREMENT)",
    "CREATE TABLE x (id int NOT NULL auto_increment)",
    "CREATE TABLE `x` (id int)",
    "CREATE TABLE x (id int) ENGINE=InnoDB",
    "SELECT name FROM sqlite_master",
    "PRAGMA foreign_keys = OFF",
    "SELECT 1; PRAGMA foreign_keys = OFF",
    "REPLACE INTO page VALUES (1)",
    "INSERT OR IGNORE INTO page VALUES (1)",
    "INSERT IGNORE INTO page VALUES (1)",
    "SELECT strftime('%Y', now())",
    "SELECT julianday('now')",
    "SELECT group_concat(field) FROM page",
    "SELECT IFNULL (field, 1) FROM page",
    "SELECT DATE_FORMAT(now(), '%Y')",
    "SELECT unix_timestamp()",
)
ACCEPTED = (
    "SELECT 'AUTOINCREMENT', '`a`' AS \"`b`\" -- PRAGMA",
    "SELECT $$ PRAGMA `a` $$ /* strftime( */",
    "INSERT INTO page VALUES (1) ON CONFLICT DO NOTHING",
    "SELECT field AS engine FROM page WHERE field = 1",
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with closing(Databases(shared_server)) as databases:
        yield databases.create_database("sql")


@pytest.mark.parametrize("sql", [*REJECTED, *ACCEPTED])
def test_each_statement(url: str, sql: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TEMP TABLE page (field integer)")
        try:
            connection.execute(sql)  # type: ignore[call-overload]
        except psycopg.Error:
            assert sql in REJECTED and elsewhere(sql)
        else:
            assert sql in ACCEPTED and not elsewhere(sql)
