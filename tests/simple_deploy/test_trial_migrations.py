"""The migrations in the trial: their order, and a first `migrate` on a database with nothing in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_claims import make
from test_trial import ORDER, SEEN

from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

MIGRATION = """
from django.conf import settings
from django.db import migrations, models

{code}

class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [{operations}]
"""
TABLE = "migrations.CreateModel('Page', [('id', models.BigAutoField(primary_key=True))])"
START = {"0001_start": ([], TABLE)}
POSTGRESQL = "\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}\n"


def tried(checkout: Checkout, migrations: dict[str, tuple[list[str], str]], code: str = "", more: str = "") -> Any:
    """The answer about a project with these migrations: name -> those of its app that it depends on, and operations."""
    text = checkout.read("blog/settings.py").replace("INSTALLED_APPS = [", "INSTALLED_APPS = [\n    'blog',")
    checkout.write("blog/settings.py", text + POSTGRESQL + more)
    checkout.write("blog/migrations/__init__.py", "")
    for name, (before, operations) in migrations.items():
        dependencies = [tuple(one.split(".")) if "." in one else ("blog", one) for one in before]
        made = MIGRATION.format(code=code, dependencies=dependencies, operations=operations)
        checkout.write(f"blog/migrations/{name}.py", made)
    answer = checkout.tried("settings", "migrations", "first migrate", "translations", lacking=[])
    assert answer["failed"] is None
    return answer


DISORDERED: list[tuple[dict[str, tuple[list[str], str]], Any]] = [
    (START, None),
    (
        {**START, "0002_a": (["0001_start"], ""), "0002_b": (["0001_start"], "")},
        {"kind": "several", "found": ["blog: 0002_a, 0002_b"]},
    ),
    (
        {"0001_start": (["0002_next"], ""), "0002_next": (["0001_start"], "")},
        {"kind": "circle", "found": ["blog.0001_start", "blog.0002_next"]},
    ),
    (
        {"0002_next": (["0001_gone"], "")},
        {
            **{"kind": "missing", "by": "blog/migrations/0002_next.py", "wanted": "blog.0001_gone"},
            "path": "blog/migrations/0001_gone.py",
        },
    ),
    (
        {"0001_start": (["taggit.0001_initial"], "")},
        {"kind": "missing", "by": "blog/migrations/0001_start.py", "wanted": "taggit.0001_initial", "path": ""},
    ),
]


@pytest.mark.parametrize(("migrations", "found"), DISORDERED)
def test_migrations_without_an_order(
    migrations: dict[str, tuple[list[str], str]], found: Any, checkout: Checkout
) -> None:
    assert tried(checkout, migrations)["disordered"] == found


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("'auth.User'", ["blog/migrations/0001_start.py: Page.owner to auth.User, replaced by blog.User"]),
        ("settings.AUTH_USER_MODEL", []),
    ],
)
def test_a_relation_to_a_model_that_the_settings_replace(target: str, found: list[str], checkout: Checkout) -> None:
    fields = f"[('id', models.BigAutoField(primary_key=True)), ('owner', models.ForeignKey({target}, models.CASCADE))]"
    user = "migrations.CreateModel('User', [('id', models.BigAutoField(primary_key=True))])"
    checkout.write(
        "blog/models.py",
        "from django.contrib.auth.models import AbstractUser\n\n\nclass User(AbstractUser):\n    pass\n",
    )
    more = "\nAUTH_USER_MODEL = 'blog.User'\n"
    operations = f"{user}, migrations.CreateModel('Page', {fields}), migrations.RemoveField('Page', 'owner')"
    answer = tried(checkout, {"0001_start": ([], operations)}, more=more)
    assert (answer["to_swapped"], answer["failed"]) == (found, None)


def test_a_failure_of_django_does_not_end_the_trial(checkout: Checkout) -> None:
    gone = "migrations.RemoveField('Gone', 'owner')"
    answer = tried(checkout, {**START, "0002_gone": (["0001_start"], gone)})
    assert [(one["part"], one["type"], one["place"]) for one in answer["unfinished"]] == [
        ("migrations", "KeyError", "")
    ]
    assert answer["tried"] == ["settings", "translations"]


RUN = "migrations.RunPython(run)"
FIRST = [
    ("apps.get_model('blog', 'Page').objects.create()", "", True),
    ("apps.get_model('blog', 'Page').objects.get(pk=1)", "DoesNotExist", True),
    ("apps.get_model('blog', 'Page').objects.first().pk", "AttributeError", True),
    ("schema_editor.connection.cursor().execute('SELECT x FROM gone')", "ProgrammingError", True),
    ("schema_editor.connection.cursor().execute('SELECT now()')", "", False),
    ("schema_editor.connection.cursor().execute('SELECT indexname FROM pg_indexes')", "", False),
    (
        "Page = apps.get_model('blog', 'Page'); Page.objects.create(pk=1); Page.objects.create(pk=1)",
        "IntegrityError",
        True,
    ),
    ("__import__('subprocess').run(['git', '--version'])", "", False),
    ("__import__('socket').create_connection(('example.com', 80))", "", False),
]


@pytest.mark.parametrize(("body", "kind", "conclusive"), FIRST)
def test_a_first_migrate(body: str, kind: str, conclusive: bool, checkout: Checkout) -> None:
    code = f"def run(apps, schema_editor):\n    {body}\n"
    answer = tried(checkout, {**START, "0002_rows": (["0001_start"], RUN)}, code)
    found = answer["first_migrate"]
    assert ("first migrate" in answer["tried"]) == conclusive
    assert (
        (found["type"].rpartition(".")[2], found["place"]) == (kind, "blog/migrations/0002_rows.py:6")
        if kind
        else not found
    )


def test_a_default_that_expects_rows(checkout: Checkout) -> None:
    code = "def first():\n    from django.contrib.auth.models import User\n    return User.objects.get().pk\n"
    added = "migrations.AddField('page', 'owner', models.IntegerField(default=first))"
    before = ["0001_start", "auth.0012_alter_user_first_name_max_length"]
    found = tried(checkout, {**START, "0002_owner": (before, added)}, code)["first_migrate"]
    assert found["type"] == "User.DoesNotExist"


def test_migrations_without_code_of_their_own_are_not_run(checkout: Checkout) -> None:
    assert tried(checkout, START)["tried"] == ["settings", "migrations", "translations"]


FIELDS = """[('id', models.BigAutoField(primary_key=True)), ('code', models.CharField(max_length=5)),
    ('n', models.SmallIntegerField(default=0)), ('count', models.PositiveIntegerField(null=True)),
    ('notes', models.TextField())]"""
LIMITED = {"0001_start": ([], f"migrations.CreateModel('Page', {FIELDS})")}
TOO_LONG = "value too long for type character varying(5): blog.Page.code"
VALUES = [
    ("create(code='1234567')", TOO_LONG),
    ("create(code='12345  ')", ""),
    ("create(code='äöüäö')", ""),
    ("bulk_create([Page(code='1'), Page(code='1234567')])", TOO_LONG),
    ("get_or_create(code='1234567')", TOO_LONG),
    ("create(code='1', n=2**15)", "smallint out of range: blog.Page.n"),
    ("create(code='1', n=-2**15, count=2**31-1)", ""),
    ("create(code='1', count=2**31)", "integer out of range: blog.Page.count"),
    ("create(code='1', notes='a\\0b')", "PostgreSQL text fields cannot contain NUL (0x00) bytes"),
]


@pytest.mark.parametrize(("body", "message"), VALUES)
def test_a_value_that_only_postgresql_rejects(body: str, message: str, checkout: Checkout) -> None:
    code = f"def run(apps, schema_editor):\n    Page = apps.get_model('blog', 'Page')\n    Page.objects.{body}\n"
    found = tried(checkout, {**LIMITED, "0002_rows": (["0001_start"], RUN)}, code)["first_migrate"]
    seen = found and (found["type"], found["message"], found["place"])
    assert seen == (("DataError", message, "blog/migrations/0002_rows.py:7") if message else None)


@pytest.mark.parametrize(
    ("name", "message"),
    [("123456789", ""), ("1234567890", "value too long for type character varying(9): blog.Page.name")],
)
def test_the_limits_follow_the_columns(name: str, message: str, checkout: Checkout) -> None:
    """A column that was renamed, and has another length, in a table that SQLite has made again."""
    changes = (
        "migrations.RenameField('page', 'code', 'name')",
        "migrations.AlterField('page', 'name', models.CharField(max_length=9, unique=True))",
        "migrations.RemoveField('page', 'n')",
        "migrations.AddField('page', 'slug', models.SlugField(max_length=3, default=''))",
        RUN,
    )
    code = (
        f"def run(apps, schema_editor):\n    apps.get_model('blog', 'Page').objects.create(name='{name}', slug='1')\n"
    )
    found = tried(checkout, {**LIMITED, "0002_rows": (["0001_start"], ", ".join(changes))}, code)["first_migrate"]
    assert (found["message"] if found else "") == message


@pytest.mark.parametrize(
    ("value", "more"),
    [("__import__('os').environ['HOME'] + '!'", ""), ("'1234567'", "\nDATABASES['default'] = {SQLITE}\n")],
)
def test_a_value_that_production_may_take(value: str, more: str, checkout: Checkout) -> None:
    more = more.format(SQLITE={"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}) if more else ""
    code = f"def run(apps, schema_editor):\n    apps.get_model('blog', 'Page').objects.create(code={value})\n"
    assert not tried(checkout, {**LIMITED, "0002_rows": (["0001_start"], RUN)}, code, more)["first_migrate"]


def test_a_column_that_is_converted_shows_nothing(checkout: Checkout) -> None:
    """PostgreSQL cuts off the texts of a column of another type."""
    narrow = "migrations.AlterField('page', 'notes', models.CharField(max_length=2))"
    code = "def run(apps, schema_editor):\n    apps.get_model('blog', 'Page').objects.create(code='1', notes='long')\n"
    answer = tried(checkout, {**LIMITED, "0002_rows": (["0001_start"], f"{RUN}, {narrow}")}, code)
    assert (answer["first_migrate"], "first migrate" in answer["tried"]) == (None, False)


@pytest.mark.parametrize(
    ("models", "differs"),
    [
        ("title = models.CharField(max_length=9)", []),
        ("title = models.CharField('Name', max_length=9, help_text='x')", []),
        ("title = models.CharField(max_length=9, choices=[('a', 'A')])", []),
        ("title = models.CharField(max_length=9)\n    class Meta:\n        ordering = ['title']", []),
        ("title = models.CharField(max_length=9)\n    id = models.AutoField(primary_key=True)", []),
        ("title = models.CharField(max_length=9, default='x')", []),
        ("title = models.URLField(max_length=9)", []),
        ("title = models.FileField(max_length=9, upload_to='x')", ["blog"]),
        ("title = models.CharField(max_length=10)", ["blog"]),
        ("title = models.CharField(max_length=9)\n    body = models.TextField()", ["blog"]),
    ],
)
def test_models_differ_from_migrations_if_the_database_would(
    checkout: Checkout, models: str, differs: list[str]
) -> None:
    fields = (
        "[('id', models.BigAutoField(primary_key=True, serialize=False)), ('title', models.CharField(max_length=9))]"
    )
    keys = "id = models.BigAutoField(primary_key=True)"
    checkout.write(
        "blog/models.py", f"from django.db import models\nclass Page(models.Model):\n    {keys}\n    {models}\n"
    )
    answer = tried(checkout, {"0001_start": ([], f"migrations.CreateModel('Page', {fields})")})
    assert answer["unmigrated"] == differs


@pytest.mark.parametrize(
    ("code", "fails"), [("raise NotImplementedError", True), ("{asked}    raise NotImplementedError", False)]
)
def test_a_migration_that_asks_which_database_it_is_on_shows_nothing(
    checkout: Checkout, code: str, fails: bool
) -> None:
    """It may fail only on the stand-in for the server, or only with what the server alone has."""
    asked = "if schema_editor.connection.vendor != 'mysql':\n    "
    function = f"def change(apps, schema_editor):\n    {code.format(asked=asked)}\n"
    answer = tried(checkout, {"0001_start": ([], f"{TABLE}, migrations.RunPython(change)")}, function)
    assert bool(answer["first_migrate"]) is fails


OWN_KEY = "id = models.BigAutoField(primary_key=True)"
PERMISSIONS = "permissions = [('export', 'Can export')]"


@pytest.mark.parametrize(
    ("keys", "meta", "migration", "noted"),
    [
        (OWN_KEY, "managed = False", "", ["blog.Page"]),
        (OWN_KEY, "managed = True", "", []),
        (OWN_KEY, "managed = False", "migrations.RunSQL('CREATE TABLE blog_page (id integer)', '')", []),
        ("", f"managed = False; {PERMISSIONS}", "", []),
    ],
)
def test_models_whose_tables_no_migration_makes(
    checkout: Checkout, tmp_path: Path, keys: str, meta: str, migration: str, noted: list[str]
) -> None:
    checkout.write(
        "blog/models.py",
        f"from django.db import models\nclass Page(models.Model):\n    {keys}\n    class Meta:\n        {meta}\n",
    )
    options = "{'managed': False}" if "False" in meta else "{}"
    fields = "[('id', models.BigAutoField(primary_key=True, serialize=False))]"
    operations = f"migrations.CreateModel('Page', {fields}, options={options})" + (
        f", {migration}" if migration else ""
    )
    answer = tried(checkout, {"0001_start": ([], operations)})
    seen = {**SEEN, "unmanaged": answer["unmanaged"], "own_sql": answer["own_sql"]}
    assert list(verdict.read(Case(seen, make(tmp_path), ORDER, "Heroku"))[0].unmanaged) == noted
