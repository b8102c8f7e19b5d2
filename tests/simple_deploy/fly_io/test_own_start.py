"""A user's own Dockerfile whose start is in a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from simple_deploy.inspect.scripts import scripts, started
from simple_deploy.model import Project
from simple_deploy.platforms.fly_io.own_start import command_of, obstacle

ENTRY = 'FROM python:3.13-slim\nENTRYPOINT ["/app/start.sh"]\n'
SERVES = "#!/bin/sh\nexec gunicorn pages.wsgi --bind :8080\n"
MANAGES = '#!/bin/sh\nexec uv run manage.py "$@"\n'
SITE = 'FROM python:3.13-slim\nENTRYPOINT ["site"]\n'
PASSES = '#!/bin/sh\nexec "$@"\n'
IGNORES = "has an ENTRYPOINT that does not run a command given to it (ENTRYPOINT {})"


@pytest.mark.parametrize(
    ("command", "first", "said"),
    [
        ('["script/run", "--production"]', "#!/bin/sh\n", "starts the site on port 8000"),
        ('["./script/run"]', "#!/usr/bin/env bash\n", "starts the site on port 8000"),
        ("/srv/script/run", "#!/bin/sh\n", "starts the site on port 8000"),
        ('["script/run"]', "#!/usr/bin/env python\n", ""),
        ('["run"]', "#!/bin/sh\n", ""),
    ],
)
def test_a_script_of_any_name_is_read(project: Callable[..., Project], command: str, first: str, said: str) -> None:
    raw = f"{first}exec gunicorn pages.wsgi --bind :8000\n".encode()
    found = obstacle(project(files={"script/run": raw}), f"CMD {command}\n", "8080")
    assert found.startswith(said) and bool(found) == bool(said)


@pytest.mark.parametrize(
    ("dockerfile", "script", "said"),
    [
        (ENTRY, PASSES, ""),
        (ENTRY, SERVES, IGNORES.format('["/app/start.sh"]')),
        ('CMD ["./start.sh"]\n', SERVES, ""),
        (
            "ENTRYPOINT ./start.sh\n",
            PASSES,
            IGNORES.format("./start.sh"),
        ),
        ('ENTRYPOINT ["tini", "--"]\nCMD ["./start.sh"]\n', SERVES, ""),
        (
            'ENTRYPOINT ["gunicorn", "pages.wsgi"]\n',
            SERVES,
            IGNORES.format('["gunicorn", "pages.wsgi"]'),
        ),
        (ENTRY, f"while ! nc -z db 5432; do sleep 1; done\n{PASSES}", "waits for the host db (start.sh:1)"),
        (ENTRY, f"./wait-for-it.sh postgres:5432\n{PASSES}", "waits for the host postgres (start.sh:1)"),
        (ENTRY, f"until pg_isready -q -h db; do sleep 1; done\n{PASSES}", "waits for the host db (start.sh:1)"),
        (ENTRY, f"dockerize -wait tcp://db:5432\n{PASSES}", "waits for the host db (start.sh:1)"),
        (ENTRY, f"# nc -z db 5432\nnc -z $DB_HOST 5432\nnc -z db.example.com 5432\n{PASSES}", ""),
        (ENTRY, f'if [ "$DATABASE" = postgres ]; then\n  nc -z db 5432\nfi\n{PASSES}', ""),
        (ENTRY, f"if true; then echo; fi\nnc -z db 5432\n{PASSES}", "waits for the host db (start.sh:2)"),
        ('CMD ["./start.sh"]\n', "python manage.py runserver\n", "starts Django's development server (start.sh:1)"),
        ('CMD ["./start.sh"]\n', f'[ "$DEBUG" ] && python manage.py runserver\n{SERVES}', ""),
        (
            'CMD ["./start.sh"]\n',
            "gunicorn pages.wsgi --bind :8000\n",
            "starts the site on port 8000, and fly.toml sends visitors to port 8080 (start.sh:1)",
        ),
        (
            'ARG LISTEN=8000\nENV SITE_PORT=$LISTEN HOST="0.0.0.0"\nCMD ["./start.sh"]\n',
            '# Start\necho \\\n  Start\ngunicorn pages.wsgi \\\n  --bind "$HOST:${SITE_PORT}"\n',
            "starts the site on port 8000, and fly.toml sends visitors to port 8080 (start.sh:4)",
        ),
        (
            'CMD ["./start.sh"]\n',
            "gunicorn pages.wsgi --bind :${SITE_PORT:-8000}\n",
            "starts the site on port 8000, and fly.toml sends visitors to port 8080 (start.sh:1)",
        ),
        ('ENV SITE_PORT 8080\nCMD ["./start.sh"]\n', "gunicorn pages.wsgi --bind :$SITE_PORT\n", ""),
        ('ENV PORT=8000\nCMD ["./start.sh"]\n', "gunicorn pages.wsgi --bind :${PORT:-8000}\n", ""),
        ('CMD ["./start.sh"]\n', "gunicorn pages.wsgi --bind :$SITE_PORT\n", ""),
        (
            'CMD ["./start.sh"]\n',
            "waitress-serve --port=8080 pages.wsgi:application\n",
            "starts waitress, which removes the header that says whether a visitor uses HTTPS (start.sh:1)",
        ),
        ('CMD ["./start.sh"]\n', "waitress-serve --trusted-proxy='*' --port=8080 pages.wsgi:application\n", ""),
        (ENTRY, PASSES.replace("\n", "\r\n"), "starts start.sh, which has Windows line endings"),
        (f"RUN sed -i 's/\\r$//' start.sh\n{ENTRY}", PASSES.replace("\n", "\r\n"), ""),
        ('ENTRYPOINT ["/elsewhere.sh"]\n', SERVES, ""),
        (f"COPY start.sh /usr/bin/site\n{SITE}", PASSES, ""),
        (f"COPY start.sh /usr/bin/site\n{SITE}", SERVES, IGNORES.format('["site"]')),
        (f"COPY --chmod=755 start.sh /usr/bin/site\n{SITE}", MANAGES, IGNORES.format('["site"]')),
        (f"COPY --from=other start.sh /usr/bin/site\n{SITE}", SERVES, ""),
        (f"COPY start.sh /usr/bin/\n{SITE}", SERVES, ""),
        (ENTRY, f'if [ "$1" = web ]; then gunicorn pages.wsgi --bind :8080 "$@"; fi\n{PASSES}', ""),
        (ENTRY, '#!/bin/sh\nexec gosu app "$@"\n', ""),
        (ENTRY, '#!/bin/sh\nexec gunicorn pages.wsgi --bind :8080 "$@"\n', IGNORES.format('["/app/start.sh"]')),
    ],
)
def test_why_a_script_does_not_serve_the_site(
    project: Callable[..., Project], dockerfile: str, script: str, said: str
) -> None:
    of = project(files={"start.sh": script.encode()})
    assert obstacle(of, dockerfile, "8080") == said


def test_scripts_are_found_by_the_end_of_their_path(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    for name in ("start.sh", "docker/entry.sh"):
        (tmp_path / name).write_text("", encoding="utf-8")
    for name, shell in (("docker/run", "#!/usr/bin/env bash\n"), ("docker/fill", "#!/usr/bin/env python\n")):
        (tmp_path / name).write_text(shell, encoding="utf-8")
    text = 'COPY ./docker/entry.sh /entry.sh\nENTRYPOINT ["/entry.sh"]\nCMD ["/app/start.sh", "../start.sh", "x.sh"]\n'
    text += "RUN /app/docker/run /app/docker/fill\n"
    assert list(scripts(tmp_path, text)) == ["docker/entry.sh", "start.sh", "docker/run"]


def test_a_script_that_is_not_executable_starts_nothing(project: Callable[..., Project]) -> None:
    made = project(files={"start.sh": PASSES.encode()})
    made = replace(made, git=replace(made.git, not_executable=frozenset({"start.sh"})))
    assert obstacle(made, ENTRY, "8080") == "starts start.sh, which Git does not have as an executable file"


# A text -> whether it starts start.sh itself.
COMMANDS = {
    "release: ./start.sh --all\n": True,
    "web: cd /tmp && ./start.sh\n": True,
    "web: exec ./start.sh\n": True,
    'CMD ["./start.sh"]\n': True,
    "RUN ./start.sh\n": True,
    "ENTRYPOINT /app/start.sh\n": True,
    "hooks:\n  build: |\n    set -e\n    ./start.sh\n": True,
    "commands:\n  - ./start.sh\n": True,
    "release: sh ./start.sh\n": False,
    "release: bash start.sh\n": False,
    "COPY ./start.sh /app/\n": False,
    'RUN chmod +x start.sh\nCMD ["./start.sh"]\n': False,
}


@pytest.mark.parametrize(("text", "starts"), COMMANDS.items())
def test_what_is_a_command_itself(tmp_path: Path, text: str, starts: bool) -> None:
    (tmp_path / "start.sh").write_text("", encoding="utf-8")
    assert list(started(tmp_path, text)) == (["start.sh"] if starts else [])


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('CMD ["gunicorn", "a.wsgi"]', "gunicorn a.wsgi"),
        ("CMD gunicorn a.wsgi \\\n  --bind :8080", "gunicorn a.wsgi --bind :8080"),
        ('CMD ["b"]\nENTRYPOINT ["/start.sh", "a b"]\nCMD ["gunicorn", "a.wsgi"]', "/start.sh 'a b' gunicorn a.wsgi"),
        ('CMD ["sh", "-c", "cd x && gunicorn a.wsgi"]', "sh -c 'cd x && gunicorn a.wsgi'"),
        ("CMD [gunicorn", "[gunicorn"),
        ("FROM python", ""),
    ],
)
def test_the_command_of_an_image(text: str, command: str) -> None:
    assert command_of(text) == command
