"""The note on a Django that no longer gets security updates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from test_claims import make

from simple_deploy.production import django_support


@pytest.mark.parametrize(
    ("series", "today", "noted"),
    [
        ((3, 2), date(2024, 4, 30), False),
        ((3, 2), date(2024, 5, 1), True),
        ((5, 2), date(2026, 5, 1), False),
        ((9, 0), date(2040, 1, 1), False),
    ],
)
def test_a_django_without_security_updates_is_noted(series: tuple[int, int], today: date, noted: bool) -> None:
    project = make(Path("/srv/blog"))
    project = replace(project, settings=replace(project.settings, django_version=series))
    said = [*django_support.notes(project, today)]
    assert bool(said) is noted
    assert not noted or said[0].startswith("Django 3.2 has had no security updates since 2024-04.")
