"""What the developer of a rehearsed project has: its manage.py, Python and packages."""

import pytest

from matrix.engine import package_managers
from matrix.engine.manage_scripts import manage_scripts
from matrix.rehearsal.django_versions import of_extra, supporting

PYTHONS = ("3.14", "3.13", "3.12", "3.10")
EXTRA = """
[project]
name = "clarity"
version = "1"
dependencies = []

[project.optional-dependencies]
docs = ["mkdocs"]
django = ["Django>=5", "whitenoise"]
"""


@pytest.mark.parametrize(
    ("required", "newest"),
    [
        ("Django~=3.2", "3.10"),
        ("Django==4.1.13", "3.12"),
        ("Django>=3.2,<5", "3.12"),
        ("django >= 4.2", "3.14"),
        ("Django==2.2", "3.14"),
        ("Django", "3.14"),
    ],
)
def test_a_python_that_supports_the_required_django_is_used(tmp_path, required, newest):
    (tmp_path / "requirements.txt").write_text(f"{required}\n", encoding="utf-8")
    assert supporting(tmp_path, PYTHONS)[0] == newest
    assert supporting(tmp_path, ["3.14"]) == ["3.14"]


def test_an_extra_brings_django_where_nothing_else_does(tmp_path):
    (tmp_path / "pyproject.toml").write_text(EXTRA, encoding="utf-8")
    assert of_extra(tmp_path) == ("Django>=5", "whitenoise")
    declared = EXTRA.replace("dependencies = []", 'dependencies = ["Django"]')
    (tmp_path / "pyproject.toml").write_text(declared, encoding="utf-8")
    assert of_extra(tmp_path) == ()


def test_the_extra_with_django_that_production_installs(tmp_path):
    build = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    text = build + EXTRA.replace('docs = ["mkdocs"]', 'test = ["Django", "pytest"]')
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert of_extra(tmp_path) == ("Django>=5", "whitenoise")


def test_a_manage_py_with_the_settings_of_tests_comes_last(tmp_path):
    def write(folder, settings):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = f'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings}")\n'
        (tmp_path / folder / "manage.py").write_text(text, encoding="utf-8")

    assert manage_scripts(tmp_path) == []
    write(".", "tests.app.settings")
    write("example", "demo.settings")
    assert [path.parent.name for path in manage_scripts(tmp_path)] == ["example", tmp_path.name]
    write(".", "contest.settings")
    assert [path.parent.name for path in manage_scripts(tmp_path)] == [tmp_path.name, "example"]


def test_developers_have_the_group_dev(tmp_path):
    (tmp_path / "pyproject.toml").write_text(EXTRA, encoding="utf-8")
    plain = package_managers.of(tmp_path)
    assert plain and "--group" not in plain.develop
    (tmp_path / "pyproject.toml").write_text(f'{EXTRA}\n[dependency-groups]\ndev = ["colorlog"]\n', encoding="utf-8")
    chosen = package_managers.of(tmp_path)
    assert chosen and (chosen.develop[-2:], chosen.produce) == (("--group", "dev"), plain.produce)
