"""PostgreSQL as a platform provides it: over TCP, with TLS, with a password."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from matrix.sandbox import ordinary_user, postgres_installation
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.postgres import Databases, Server, shared_server
from matrix.sandbox.postgres_installation import Installation, PostgresError


def installations() -> dict[str, Installation | None]:
    system, wheel = postgres_installation.system(), postgres_installation.wheel()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    nobody = Installation(bin=system.bin, user=ordinary_user.NOBODY) if system and root else None
    return {"system": system, "wheel": wheel, "system as nobody": nobody}


@pytest.fixture(scope="module", params=["system", "wheel", "system as nobody"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    installation = installations()[request.param]
    if installation is None:
        pytest.skip(f"no PostgreSQL of this kind here: {request.param}")
    server = Server(installation)
    yield server
    server.close()


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    with closing(Databases(lambda: server)) as databases:
        yield databases.create_database("blog")


def test_it_accepts_tls_and_plain_connections(url: str) -> None:
    for mode in ("require", "prefer", "disable"):
        with psycopg.connect(f"{url}?sslmode={mode}") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            assert connection.pgconn.ssl_in_use == (mode != "disable")


def test_a_wrong_password_is_refused(url: str) -> None:
    user, host = url.split("@")
    wrong = f"{user[:-1]}{'0' if user[-1] != '0' else '1'}@{host}"
    for mode in ("require", "disable"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"{wrong}?sslmode={mode}")


def test_a_role_creates_only_the_extensions_of_its_service(server: Server) -> None:
    with closing(Databases(lambda: server)) as databases:
        url = databases.create_database("blog")
        with psycopg.connect(url) as connection:
            known = connection.execute("SELECT name FROM pg_available_extensions WHERE name IN ('citext', 'hstore')")
            if len(known.fetchall()) < 2:
                pytest.skip("this PostgreSQL has no extensions")
        databases.limit_extensions("blog", ["citext", "unheard_of"])
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS citext")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match='create extension "hstore"'):
                connection.execute("CREATE EXTENSION hstore")


def test_the_role_has_access_to_its_own_database_only(server: Server, url: str) -> None:
    with closing(Databases(lambda: server)) as databases:
        other = databases.create_database("other")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE post (title text)")
            connection.execute("INSERT INTO post VALUES ('ÀÉ')")
            assert connection.execute("SELECT lower(title) FROM post").fetchone() == ("àé",)
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            psycopg.connect(url.rpartition("/")[0] + "/" + other.rpartition("/")[2])


def test_a_large_answer_arrives_completely(url: str) -> None:
    with psycopg.connect(f"{url}?sslmode=require") as connection:
        row = connection.execute("SELECT repeat('x', 30000000)").fetchone()
        assert row
        assert len(row[0]) == 30_000_000


def test_a_database_is_dropped_despite_open_connections(server: Server) -> None:
    databases = Databases(lambda: server)
    url = databases.create_database("blog")
    with pytest.raises(ValueError, match="there is a database 'blog' already"):
        databases.create_database("blog")
    connection = psycopg.connect(url)
    databases.drop_database("blog")
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_two_sandboxes_share_the_server_but_no_database(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as one, Sandbox.create(tmp_path) as two:
        urls = [box.postgres.create_database("blog") for box in (one, two)]
        assert urls[0] != urls[1]
        assert {f":{shared_server().port}/" in url for url in urls} == {True}
    for url in urls:
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)


def test_the_output_of_a_failing_program_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match=r"pg_ctl failed: .*does not exist"):
        postgres_installation.find().run("pg_ctl", "-D", tmp_path / "missing", "status")
