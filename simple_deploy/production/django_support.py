"""Until when a series of Django gets security updates. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..model import Project

# The end of extended support (djangoproject.com, "Download", "Supported versions").
SUPPORTED_UNTIL = {
    (3, 2): date(2024, 4, 30),
    (4, 0): date(2023, 4, 30),
    (4, 1): date(2023, 12, 31),
    (4, 2): date(2026, 4, 30),
    (5, 0): date(2025, 4, 30),
    (5, 1): date(2025, 12, 31),
    (5, 2): date(2028, 4, 30),
    (6, 0): date(2027, 4, 30),
    (6, 1): date(2027, 12, 31),
}


def notes(project: Project, today: date) -> Iterator[str]:
    """A series that no longer gets security updates."""
    series = project.settings.django_version
    end = SUPPORTED_UNTIL.get(series)
    if end and end < today:
        yield (
            f"Django {series[0]}.{series[1]} has had no security updates since {end:%Y-%m}. To upgrade: "
            "https://docs.djangoproject.com/en/stable/howto/upgrade-version/"
        )
