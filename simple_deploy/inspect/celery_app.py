"""Where the project's code makes its Celery app, and whether it has periodic tasks, as Git finds them."""

from __future__ import annotations

from ..model import Celery
from .grepped import code_in

_SCHEDULES = ("BEAT_SCHEDULE", "beat_schedule", "add_periodic_task(")
QUESTION = (
    *("git", "grep", "-z", "--full-name", "-E"),
    *("-e", r"^[A-Za-z0-9_]+ *(: *[A-Za-z0-9_.]+ *)?= *(celery\.)?Celery\("),
    *("-e", r"(BEAT_SCHEDULE|beat_schedule)[]\"']* *[=:|]", "-e", r"\.add_periodic_task\("),
    *("--", ":(top)*.py"),
)


def celery_in(lines: str) -> Celery:
    """From the lines that Git found, each after its file."""
    code = [*code_in(lines)]
    scheduled = any(word in text for _, text in code for word in _SCHEDULES)
    files = tuple(dict.fromkeys(path for path, text in code if "Celery(" in text))
    return Celery(files=files, scheduled=scheduled)
