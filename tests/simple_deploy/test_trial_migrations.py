"""The migrations in the trial: their order, and a first `migrate` on a database with nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

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
    answer = checkout.tried("settings", "migrations", "first migrate", lacking=[])
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
    operations = f"{user}, migrations.CreateModel('Page', {fields})"
    assert tried(checkout, {"0001_start": ([], operations)}, more=more)["to_swapped"] == found


RUN = "migrations.RunPython(run)"
FIRST = [
    ("apps.get_model('blog', 'Page').objects.create()", "", True),
    ("apps.get_model('blog', 'Page').objects.get(pk=1)", "DoesNotExist", True),
    ("apps.get_model('blog', 'Page').objects.first().pk", "AttributeError", True),
    ("schema_editor.connection.cursor().execute('SELECT x FROM gone')", "OperationalError", True),
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
    assert tried(checkout, START)["tried"] == ["settings", "migrations"]
