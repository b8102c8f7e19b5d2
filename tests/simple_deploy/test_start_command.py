"""What a start command loads, and where the web server looks for it."""

from __future__ import annotations

import pytest

from simple_deploy.trial.start_command import named

# Command -> the application, and the folders where the server looks (None: not known).
COMMANDS = {
    "gunicorn blog.wsgi --log-file -": ("blog.wsgi:application", (".",)),
    "gunicorn --preload --bind=0.0.0.0:$PORT -w4 -k gthread blog.wsgi": ("blog.wsgi:application", (".",)),
    "gunicorn \\\n  -w 3 \\\n  blog.wsgi:app": ("blog.wsgi:app", (".",)),
    "python manage.py migrate --noinput\nexec gunicorn blog.wsgi": ("blog.wsgi:application", (".",)),
    "cd back && python manage.py migrate && gunicorn blog.wsgi": ("blog.wsgi:application", ("back",)),
    "gunicorn --chdir src/site --pythonpath ..,lib blog.wsgi": (
        *("blog.wsgi:application", ("src/site", "src", "src/site/lib")),
    ),
    "sh -c 'cd back && gunicorn --pythonpath ../lib blog.wsgi'": ("blog.wsgi:application", ("back", "lib")),
    "uvicorn --app-dir src blog.asgi:application --no-access-log": ("blog.asgi:application", ("src",)),
    "daphne -b 0.0.0.0 -p $PORT blog.asgi:application -v2": ("blog.asgi:application", (".",)),
    "hypercorn asgi:blog.asgi:app --bind 0.0.0.0:$PORT": ("blog.asgi:app", (".",)),
    "waitress-serve --port=$PORT --call blog.wsgi:make": ("blog.wsgi:make", (".",)),
    "poetry run python -m gunicorn blog.wsgi": ("blog.wsgi:application", (".",)),
    # Another folder, or another path, cannot be ruled out.
    "gunicorn 'blog.wsgi:make()'": ("blog.wsgi:make()", None),
    "/entrypoint.sh gunicorn blog.wsgi": ("blog.wsgi:application", None),
    "uv run --with gunicorn gunicorn blog.wsgi": ("blog.wsgi:application", None),
    "PYTHONPATH=src gunicorn blog.wsgi": ("blog.wsgi:application", None),
    "gunicorn -c gunicorn.py blog.wsgi": ("blog.wsgi:application", None),
    "cd /srv/blog && gunicorn blog.wsgi": ("blog.wsgi:application", None),
    "cd $HOME/back; gunicorn blog.wsgi": ("blog.wsgi:application", None),
    "gunicorn --chdir .. blog.wsgi": ("blog.wsgi:application", None),
    ". ./start.env; gunicorn blog.wsgi": ("blog.wsgi:application", None),
}
NOTHING = (
    *("bash start.sh", "python manage.py runserver", "gunicorn $APP", "gunicorn -c gunicorn.py", "gunicorn 'blog.wsgi"),
    *("gunicorn --new-option blog.wsgi", "(cd back; gunicorn blog.wsgi)", "uvicorn blog.asgi", "", "sh -c"),
    *(
        "gunicorn -e DJANGO_SETTINGS_MODULE=blog.other blog.wsgi",
        "gunicorn 'blog.wsgi:make(1)'",
        "uvicorn src/a.py:app",
    ),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_starts(command: str) -> None:
    found = named(command)
    assert found and (found.application, found.folders) == COMMANDS[command]


@pytest.mark.parametrize("command", NOTHING)
def test_a_command_that_names_no_application(command: str) -> None:
    assert named(command) is None


def test_variables_of_a_command() -> None:
    found = named("A=1 env DJANGO_SETTINGS_MODULE=blog.other gunicorn blog.wsgi B=2 2>&1")
    assert found is None
    found = named("A=1 env DJANGO_SETTINGS_MODULE=blog.other gunicorn blog.wsgi")
    assert found and found.variables == {"A": "1", "DJANGO_SETTINGS_MODULE": "blog.other"}
    assert found.folders == (".",)
