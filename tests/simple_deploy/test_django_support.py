"""The note on a Django that no longer gets security updates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_claims import make

from simple_deploy.production import django_support


@pytest.mark.parametrize(
    ("series", "days", "noted"), [((3, 2), 0, False), ((3, 2), 1, True), ((5, 2), 1, False), ((9, 0), 1, False)]
)
def test_a_django_without_security_updates_is_noted(series: tuple[int, int], days: int, noted: bool) -> None:
    project = make(Path("/srv/blog"))
    project = replace(project, settings=replace(project.settings, django_version=series))
    end = django_support.SUPPORTED_UNTIL[3, 2]
    said = [*django_support.notes(project, end + timedelta(days=days))]
    told = f"Django 3.2 has had no security updates since {end:%Y-%m}. "
    assert [note.startswith(told) for note in said] == [True] * noted
