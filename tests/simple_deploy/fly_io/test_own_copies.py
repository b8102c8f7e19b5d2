"""Where a user's own Dockerfile puts manage.py."""

from __future__ import annotations

import pytest

from simple_deploy.platforms.fly_io.instructions import instructions
from simple_deploy.platforms.fly_io.own_copies import manage_py
from simple_deploy.platforms.fly_io.own_start import starts

CONTINUED = """
# CMD ["nothing"]
CMD ["sh", "-c", "python manage.py migrate && \\
    # a comment between
    gunicorn pages.wsgi \\
      --bind 0.0.0.0:8000"]
"""


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("WORKDIR /app\nCOPY . .", "backend/manage.py"),
        ("WORKDIR /app\nCOPY . .\nWORKDIR /app/backend", "manage.py"),
        ("WORKDIR /app\nCOPY . .\nWORKDIR backend", "manage.py"),
        ("WORKDIR /app\nCOPY backend/ .", "manage.py"),
        ("WORKDIR /app\nADD ./backend ./backend", "backend/manage.py"),
        ("COPY --chown=web:web backend /srv\nWORKDIR /app", "/srv/manage.py"),
        ('COPY --link ["backend/", "/app/"]\nWORKDIR /app/', "manage.py"),
        ("WORKDIR /app\nCOPY backend/requirements.txt backend/manage.py ./", "manage.py"),
        ("WORKDIR /app\nCOPY backend/manage.py run.py", "run.py"),
        ("ENV APP_HOME=/srv/web\nWORKDIR $APP_HOME\nCOPY . ${APP_HOME}\nWORKDIR $APP_HOME/backend", "manage.py"),
        ("ENV HOME /srv\nWORKDIR $HOME\nCOPY backend .", "manage.py"),
        ("FROM python AS base\nWORKDIR /app\nCOPY backend .\nFROM node AS other\nFROM base", "manage.py"),
        # Where it cannot be told, the path of the repository stays.
        ("WORKDIR /app\nCOPY --from=build /app .", "backend/manage.py"),
        ("WORKDIR /app\nCOPY backend .\nFROM python", "backend/manage.py"),
        ("WORKDIR /app\nCOPY frontend .\nCOPY 'backend", "backend/manage.py"),
        ("COPY", "backend/manage.py"),
        ("", "backend/manage.py"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_where_manage_py_is(dockerfile: str, expected: str, newline: str) -> None:
    text = f"FROM python:3.13-slim\n{dockerfile}\n".replace("\n", newline)
    assert manage_py(text, "backend/manage.py") == expected


def test_a_continued_instruction_is_one() -> None:
    assert len(instructions(CONTINUED)) == 1
    assert starts(CONTINUED)["CMD"].endswith('gunicorn pages.wsgi --bind 0.0.0.0:8000"]')
