"""PostgreSQL over TCP: one server for this process, a database and a role for each app."""

from __future__ import annotations

import atexit
import os
import re
import secrets
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from . import postgres_installation, processes, watchdog
from .certificates import write_server_certificate
from .ports import free_port
from .postgres_installation import Installation, PostgresError
from .tls_front import TlsFront

if TYPE_CHECKING:
    from typing_extensions import LiteralString

# The cluster is temporary, so it need not survive a power cut.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "ssl_cert_file": "server.crt",
    "ssl_key_file": "server.key",
}
_START_TIMEOUT = 60
# What the owner of a database gets for an extension that the service does not have.
_REFUSING = """
CREATE SCHEMA IF NOT EXISTS platform;
CREATE OR REPLACE FUNCTION platform.refuse_extension() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE made record;
BEGIN
  FOR made IN SELECT object_identity FROM pg_event_trigger_ddl_commands() LOOP
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
      RAISE insufficient_privilege
        USING MESSAGE = format('permission denied to create extension "%s"', made.object_identity);
    END IF;
  END LOOP;
END $$;
DROP EVENT TRIGGER IF EXISTS refuse_extension;
CREATE EVENT TRIGGER refuse_extension ON ddl_command_end WHEN TAG IN ('CREATE EXTENSION')
  EXECUTE FUNCTION platform.refuse_extension();
"""


class Server:
    """A PostgreSQL server on 127.0.0.1 that accepts `sslmode=require` and plain connections."""

    def __init__(self, installation: Installation) -> None:
        """Create a cluster and start it. Raises `PostgresError` with the server's log if it does not start."""
        self._installation = installation
        self._folder, self._password = installation.new_cluster()
        watchdog.watch_folder(self._folder)
        write_server_certificate(self._folder)
        installation.user.own(self._folder)
        has_tls = bool(installation.run("postgres", "-D", self._folder, "-C", "ssl_library").strip())
        self.server_port = free_port()
        self._configure(_SETTINGS | {"port": str(self.server_port), "ssl": "on" if has_tls else "off"})
        self._pid = self._start()
        self._front = None if has_tls else self._tls_front()
        self.port = self._front.port if self._front else self.server_port

    def create_database(self, name: str) -> str:
        """Create a database and a role that owns it, both called `name`; the URL contains the role's password."""
        password = secrets.token_hex(24)
        self._execute(
            "CREATE ROLE {name} LOGIN PASSWORD {password}",
            # There are no connections to template0, so copying it never has to wait.
            "CREATE DATABASE {name} OWNER {name} TEMPLATE template0",
            "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC",
            name=name,
            password=password,
        )
        return f"postgres://{name}:{password}@127.0.0.1:{self.port}/{name}"

    def limit_extensions(self, name: str, extensions: Sequence[str]) -> None:
        """Give the database these extensions, as far as this server has them; its role can create no others."""
        with self._connect(name) as connection:
            connection.execute(_REFUSING)
            for extension in extensions:
                known = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = %s", [extension])
                if known.fetchone():
                    create = sql.SQL("CREATE EXTENSION IF NOT EXISTS {} CASCADE")
                    connection.execute(create.format(sql.Identifier(extension)))

    def drop_database(self, name: str) -> None:
        """Drop a database and its role, even with open connections."""
        self._execute("DROP DATABASE {name} WITH (FORCE)", "DROP ROLE {name}", name=name)

    def close(self) -> None:
        """Stop and remove everything."""
        if self._front:
            self._front.close()
        self._installation.run("pg_ctl", "-D", self._folder, "-m", "immediate", "-w", "-s", "stop")
        watchdog.forget(self._pid)
        shutil.rmtree(self._folder, ignore_errors=True)
        watchdog.forget_folder(self._folder)

    def _configure(self, settings: dict[str, str]) -> None:
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        (self._folder / "postgresql.auto.conf").write_text("".join(lines), encoding="utf-8")

    def _start(self) -> int:
        """The server's process ID. `pg_ctl` can start it for an administrator on Windows, too."""
        log = self._folder / "log"
        argv = self._installation.command("pg_ctl", "-D", self._folder, "-l", log, "-w", "-s", "start")
        nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        starter = processes.start(argv, cwd=self._folder, env=os.environ, **nowhere)
        if starter.wait(_START_TIMEOUT) != 0:
            raise PostgresError(f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
        pid = int((self._folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        watchdog.watch(pid)
        watchdog.forget(starter.pid)
        return pid

    def _tls_front(self) -> TlsFront:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "server.crt", self._folder / "server.key")
        return TlsFront(self.server_port, context)

    def _execute(self, *statements: LiteralString, name: str, password: str = "") -> None:
        with self._connect("postgres") as connection:
            for statement in statements:
                query = sql.SQL(statement).format(name=sql.Identifier(name), password=sql.Literal(password))
                connection.execute(query)

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.server_port,
            user="postgres",
            password=self._password,
            dbname=database,
            autocommit=True,
        )


_shared: Server | None = None
_shared_lock = threading.Lock()


def shared_server() -> Server:
    """The server of this process, started on first use and stopped when the process ends."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Server(postgres_installation.find())
            atexit.register(_shared.close)
        return _shared


class Databases:
    """The databases of one sandbox, by the sandbox's names."""

    def __init__(self, server: Callable[[], Server] = shared_server) -> None:
        """The server is started with the first database."""
        self._server = server
        self._names: dict[str, str] = {}
        self._urls: dict[str, str] = {}

    def urls(self) -> dict[str, str]:
        """The URL of every database by its name."""
        return dict(self._urls)

    def create_database(self, name: str) -> str:
        """The URL `postgres://user:password@127.0.0.1:port/database` of a new, empty database.

        Plain connections and `sslmode=require` are accepted, a wrong password is not. On the server the
        database has a name that no other sandbox uses. Raises ValueError if this one has `name` already.
        """
        if name in self._names:
            raise ValueError(f"there is a database {name!r} already")
        unique = f"{re.sub(r'[^a-z0-9]+', '_', name.lower())[:40]}_{secrets.token_hex(4)}"
        url = self._server().create_database(unique)
        self._names[name], self._urls[name] = unique, url
        return url

    def prepare(self) -> None:
        """Start the server in the background; the first database waits for it."""
        threading.Thread(target=self._server, name="postgres-starter", daemon=True).start()

    def limit_extensions(self, name: str, extensions: Sequence[str]) -> None:
        """Give the database these extensions of PostgreSQL, and its role no right to create others."""
        self._server().limit_extensions(self._names[name], extensions)

    def drop_database(self, name: str) -> None:
        """Drop the database and its role, even with open connections. Raises KeyError if there is none of that name."""
        self._server().drop_database(self._names.pop(name))
        del self._urls[name]

    def close(self) -> None:
        """Drop every database."""
        for name in tuple(self._names):
            self.drop_database(name)
