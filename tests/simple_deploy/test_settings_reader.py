"""The settings module that manage.py and wsgi.py name."""

from __future__ import annotations

from pathlib import Path

import pytest

from simple_deploy.inspect.settings_reader import default_settings_module

NAMED = [
    ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "x.settings")', "x.settings"),
    ('def main():\n    os.environ["DJANGO_SETTINGS_MODULE"] = "x.settings"', "x.settings"),
    ('environ["LANG"] = environ["DJANGO_SETTINGS_MODULE"] = "x.settings"', "x.settings"),
    ('os.environ["DJANGO_SETTINGS_MODULE"] = module', None),
    ('DJANGO_SETTINGS_MODULE = "x.settings"', None),
    ('print("DJANGO_SETTINGS_MODULE")\nos.environ["LANG"] = "C"\nlines[0] = "x.settings"', None),
    ("def broken(", None),
]


@pytest.mark.parametrize(("code", "module"), NAMED)
def test_the_settings_module_that_a_script_names(tmp_path: Path, code: str, module: str | None) -> None:
    script = tmp_path / "manage.py"
    script.write_text(code, encoding="utf-8")
    assert default_settings_module(script) == module
