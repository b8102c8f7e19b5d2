"""What migrations create besides tables, as Git finds it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sample_settings import SETTINGS
from test_claims import make

from simple_deploy.inspect.in_migrations import extensions_in
from simple_deploy.production.database import extensions

if TYPE_CHECKING:
    from conftest import Checkout

LINES = {
    "        TrigramExtension(),\n        HStoreExtension(),\n": ("hstore", "pg_trgm"),
    "    operations = [CITextExtension()]": ("citext",),
    '        CreateExtension("postgis"),': ("postgis",),
    "        CreateExtension(name='fuzzystrmatch'),": ("fuzzystrmatch",),
    '        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS \\"uuid-ossp\\";"),': ("uuid-ossp",),
    "        migrations.RunSQL('create extension unaccent'),": ("unaccent",),
    "        # TrigramExtension(),": (),
    "        SomeExtension(),": (),
    "": (),
}


@pytest.mark.parametrize(("lines", "names"), LINES.items())
def test_the_names_in_a_line(lines: str, names: tuple[str, ...]) -> None:
    found = "".join(f"blog/migrations/0001_initial.py\0{line}\n" for line in lines.splitlines())
    assert extensions_in(found) == names


@pytest.mark.parametrize(
    ("line", "makes"),
    [
        ("User.objects.create_superuser('admin', password='tomtom')", True),
        ("User(name='admin', is_superuser=True).save()", True),
        ("User.objects.create(name='admin', is_superuser=True)", True),
        ("User.objects.get_or_create(name='admin', is_superuser=True)", True),
        ("for user in User.objects.filter(is_superuser=True): user.save()", False),
        ("User.objects.filter(name='a').update(is_staff=True, is_superuser=True)", False),
        ("('is_superuser', models.BooleanField(default=False))", False),
        ("# User.objects.create_superuser('admin')", False),
        ("", False),
    ],
)
def test_a_migration_that_creates_an_admin_user_is_named(line: str, makes: bool, checkout: Checkout) -> None:
    checkout.write("blog/migrations/0001_admin.py", f"def create(apps, editor):\n    {line}\n")
    checkout.commit_all("Create a user")
    ran = checkout.deployer("--dry-run")
    assert ("- blog/migrations/0001_admin.py creates a user with all rights. If Git" in ran.stdout) == makes
    assert ("No admin user is created" in ran.stdout) != makes


def test_only_migrations_that_git_tracks_count(checkout: Checkout) -> None:
    line = "from django.contrib.postgres.operations import {0}Extension\noperations = [{0}Extension()]\n"
    checkout.write("blog/migrations/0001_initial.py", line.format("Unaccent"))
    checkout.write("blog/extensions.py", line.format("HStore"))
    checkout.commit_all("Search")
    checkout.write(".git/info/exclude", "0002_more.py\n")
    checkout.write("blog/migrations/0002_more.py", line.format("Trigram"))
    assert checkout.deployer("--platform", "upsun").returncode == 0
    text = checkout.read(".upsun/config.yaml")
    assert re.findall(r"^ +- (\w+)$", text.partition("extensions:\n")[2], re.MULTILINE) == ["unaccent"]


@pytest.mark.parametrize(
    ("engine", "names"),
    [
        ("django.contrib.gis.db.backends.spatialite", ("citext", "postgis")),
        ("psqlextra.backend", ("citext", "hstore")),
        ("django.db.backends.sqlite3", ("citext",)),
    ],
)
def test_an_engine_needs_the_extension_that_it_creates(engine: str, names: tuple[str, ...], tmp_path: Path) -> None:
    project = replace(make(tmp_path), settings=replace(SETTINGS, database_engine=engine), extensions=("citext",))
    assert extensions(project) == names
