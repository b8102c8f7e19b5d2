"""What the start commands in a user's own files load, as the platform's server would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_claims import make
from test_trial import ORDER, SEEN, failed

from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

OTHER = """
import os
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blog.settings")
app = get_wsgi_application()
"""
OTHER_SETTINGS = OTHER.replace("blog.settings", "blog.production")


def tried(checkout: Checkout, procfile: str) -> tuple[list[str], str]:
    """The codes of the problems, and what the user reads, in one line."""
    checkout.write("Procfile", procfile)
    checkout.commit_all("A start command of my own")
    ended = checkout.deployer("--dry-run", "--json", trial=True)
    outcome = json.loads(ended.stdout)
    return (outcome.get("error") or {}).get("problems", []), " ".join(ended.stderr.split())


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("gunicorn website.wsgi", "ModuleNotFoundError: No module named 'website'"),
        ("gunicorn blog.wsg", "ModuleNotFoundError: No module named 'blog.wsg'"),
        ("gunicorn blog.wsgi:app", "AttributeError: module 'blog.wsgi' has no attribute 'app'"),
        ("gunicorn --chdir source blog.wsgi", "there is no folder source"),
        ("gunicorn blog.other:app", "ModuleNotFoundError: No module named 'blog.production'"),
    ],
)
def test_a_start_command_that_names_what_does_not_exist_stops_the_run(
    command: str, said: str, checkout: Checkout
) -> None:
    checkout.write("blog/other.py", OTHER_SETTINGS)
    codes, text = tried(checkout, f"# blog.wsgi\nweb: {command}\n")
    assert codes == ["start-fails"], text
    assert said in text and "Procfile:2 starts" in text and "gunicorn blog.wsgi" in text


def test_a_start_command_with_other_settings_stops_the_run(checkout: Checkout) -> None:
    checkout.write("blog/other.py", OTHER_SETTINGS)
    checkout.write("blog/production.py", checkout.read("blog/settings.py"))
    codes, text = tried(checkout, "web: gunicorn blog.other:app\n")
    assert codes == ["other-settings"] and "would load the settings blog.production instead" in text


@pytest.mark.parametrize(
    "command",
    ["gunicorn blog.wsgi", "gunicorn blog.other:app", "cd blog && gunicorn wsgi", "bash start.sh", "gunicorn -c x a.b"],
)
def test_a_start_command_that_works(command: str, checkout: Checkout) -> None:
    checkout.write("blog/other.py", OTHER)
    checkout.write("a/__init__.py", "")
    checkout.write("a/b.py", OTHER.replace("app =", "application ="))
    codes, text = tried(checkout, f"web: {command}\n")
    assert not codes, text


def test_a_folder_that_a_start_command_does_not_name(nested: Checkout) -> None:
    folder = nested.manage_dir.relative_to(nested.root).as_posix()
    codes, text = tried(nested, "web: gunicorn blog.wsgi\n")
    assert codes == ["start-fails"]
    assert f"No module named 'blog'. blog is in the folder {folder}" in text


@pytest.mark.parametrize("script", [".profile", ".profile.d/path.sh"])
def test_a_script_that_runs_first_may_name_that_folder(script: str, nested: Checkout) -> None:
    folder = nested.manage_dir.relative_to(nested.root).as_posix()
    nested.write(script, f'export PYTHONPATH="$HOME/{folder}:$PYTHONPATH"\n')
    codes, text = tried(nested, "web: gunicorn blog.wsgi\n")
    assert not codes, text
    codes, text = tried(nested, "web: gunicorn website.wsgi\n")
    assert codes == ["start-fails"] and "No module named 'website'" in text
    assert f"gunicorn --chdir {folder} blog.wsgi" in text
    assert not tried(nested, f"web: cd {folder} && gunicorn blog.wsgi\n")[0]
    assert not tried(nested, f"web: gunicorn --chdir {folder} blog.wsgi:application\n")[0]
    # The project may be installed as a package.
    nested.write("setup.py", "")
    assert not tried(nested, "web: gunicorn blog.wsgi\n")[0]


def started(failed: dict[str, Any] | None, **of: Any) -> dict[str, Any]:
    one = {
        **{
            "place": "Procfile:1",
            "application": "blog.wsgi:application",
            "gone": "",
            "instead": "blog.wsgi",
            "settings": "",
            "in_effect": True,
        },
        **{"failed": failed, "own": "", "elsewhere": "", **of},
    }
    return {**SEEN, "starts": [one]}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (started(None), ""),
        # Perhaps a package that is not here brings it.
        (started(failed("ModuleNotFoundError", missing="blog")["failed"]), ""),
        ({**started(failed("ModuleNotFoundError", missing="blog")["failed"]), "complete": True}, "start-fails"),
        (started(failed("ModuleNotFoundError", missing="blog.wsgi")["failed"], own="."), "start-fails"),
        (started(failed("OperationalError", place="blog/wsgi.py:1")["failed"]), ""),
        (started(failed("NameError", place="blog/wsgi.py:1")["failed"]), "start-fails"),
    ],
)
def test_only_certain_failures_of_a_start_stop_the_run(answer: dict[str, Any], code: str, tmp_path: Path) -> None:
    _, problems = verdict.read(Case(answer, make(tmp_path), ORDER, "Heroku"))
    assert [one.code for one in problems] == ([code] if code else [])
