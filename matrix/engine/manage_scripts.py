"""The manage.py of a project that its developer would run."""

import re
from pathlib import Path

_SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)""")
_TESTS = re.compile(r"(?:^|[._])tests?(?:$|[._])")


def manage_scripts(project: Path) -> list[Path]:
    """All of them, the likeliest first: the nearest to the root, unless its settings are those of tests."""
    return sorted(project.rglob("manage.py"), key=lambda path: (_is_for_tests(path), len(path.parts), path))


def _is_for_tests(script: Path) -> bool:
    named = _SETTINGS.search(script.read_text(encoding="utf-8", errors="replace"))
    return bool(named and _TESTS.search(named[1]))
