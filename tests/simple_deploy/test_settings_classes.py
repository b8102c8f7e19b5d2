"""django-configurations: the class for production is found, and the variable with which a site gets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simple_deploy.inspect.settings_classes import class_switch

CLASSES = (
    "class Base(Configuration):\n    pass\n\n\nclass Dev(Base):\n    pass\n\n\nclass {production}(Base):\n    pass\n"
)
SETS = "import os\nos.environ.setdefault('DJANGO_CONFIGURATION', '{name}')\n"


def chosen(tmp_path: Path, production: str, *named: str) -> str:
    """What the site gets; `named` are what the WSGI script and manage.py set."""
    files = {"site/settings.py": CLASSES.format(production=production).encode()}
    scripts = [tmp_path / script for script in ("wsgi.py", "manage.py")]
    for script, name in zip(scripts, named, strict=True):
        script.write_text(SETS.format(name=name) if name else "", encoding="utf-8")
    found = class_switch(files.get, "site.settings", ".", scripts)
    assert not found or (found.name, found.modules) == ("DJANGO_CONFIGURATION", True)
    return f"{found.value} ({found.place})" if found else ""


@pytest.mark.parametrize(
    "production, named, value",
    [
        ("Production", ("Dev", "Dev"), "Production (site/settings.py:9)"),
        ("Prod", ("Dev", "Dev"), "Prod (site/settings.py:9)"),
        ("Production", ("", ""), "Production (site/settings.py:9)"),
        ("Heroku", ("Heroku", "Dev"), "Heroku (site/settings.py:9)"),
        ("Production", ("Staging", "Dev"), "Staging (site.settings)"),
        ("Production", ("Production", "Production"), "Production (site/settings.py:9)"),
        ("Staging", ("Dev", "Dev"), "Dev (site/settings.py:5)"),
        ("Staging", ("", ""), "Local (site.settings)"),
    ],
)
def test_the_class_for_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, production: str, named: tuple[str, str], value: str
) -> None:
    monkeypatch.setenv("DJANGO_CONFIGURATION", "Local")
    assert chosen(tmp_path, production, *named) == value


def test_other_projects_have_no_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_CONFIGURATION", raising=False)
    assert chosen(tmp_path, "Production", "Dev", "Dev") == ""
