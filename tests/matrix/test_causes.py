"""The line of a long output that gives the reason."""

import pytest

from matrix.engine.causes import cause, last_traceback
from matrix.engine.run import last_words
from simple_deploy.model import Ran

UV = """\
Using Python 3.11.7 environment at: venv
  × No solution found when resolving dependencies:
  ╰─▶ Because the current Python version (3.11.7) does not satisfy Python>=3.12
      and django==6.1 depends on Python>=3.12, we can conclude that django==6.1
      cannot be used.

      hint: something else
"""
POETRY = """\
Installing dependencies from lock file

pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.
"""
DJANGO = """\
Traceback (most recent call last):
  File "manage.py", line 22, in <module>
    main()
  File "mysite/urls.py", line 3, in <module>
    import nothing
ModuleNotFoundError: No module named 'nothing'
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            UV,
            "Because the current Python version (3.11.7) does not satisfy Python>=3.12 and django==6.1 depends on "
            "Python>=3.12, we can conclude that django==6.1 cannot be used.",
        ),
        (DJANGO, "ModuleNotFoundError: No module named 'nothing'"),
        ("remote: done\nfatal: the platform is closed\n", "fatal: the platform is closed"),
        ("CommandError: One thing.\nAnd its remedy.\n", "CommandError: One thing."),
        ("a/b.py:3: DeprecationWarning: old\nDeprecationWarning: old\n", ""),
        (
            "django.core.exceptions.ImproperlyConfigured: SITE_NAME\n",
            "django.core.exceptions.ImproperlyConfigured: SITE_NAME",
        ),
        (POETRY, ""),
        ("", ""),
    ],
)
def test_the_cause_is_one_line_of_the_output(said, expected):
    assert cause(said) == expected


def test_place_and_message_of_the_last_traceback_are_shown():
    echo = DJANGO.replace("ModuleNotFoundError", "gunicorn.errors.HaltServer")
    log = f"ready\n{DJANGO.replace('nothing', 'first')}more\n{DJANGO}[INFO] Worker exiting\n{echo}"
    assert last_traceback(log) == [
        '  File "mysite/urls.py", line 3, in <module>',
        "    import nothing",
        "ModuleNotFoundError: No module named 'nothing'",
    ]
    assert last_traceback("all is well\n") == []


@pytest.mark.parametrize(
    ("stdout", "stderr", "first"),
    [
        ("    | KeyError: '__version__'\nNote: x", "a.py:1: RuntimeWarning: skipped\n", "KeyError: '__version__'"),
        ("Done", "error: no\n", "error: no"),
        ("ValueError: on the wrong output", "error: no\n", "error: no"),
        ("Building", "x.py failed", "make ended with 2"),
        ("", "", "make ended with 2"),
    ],
)
def test_the_cause_is_found_on_either_output(stdout: str, stderr: str, first: str) -> None:
    said = last_words(Ran(argv=("make",), returncode=2, stdout=stdout, stderr=stderr, seconds=1)).splitlines()
    assert said[0].lstrip("| ") == first


def test_a_refusal_is_shown_with_all_its_problems() -> None:
    problems = [f"{number}. something" for number in range(30)]
    stderr = "\n".join(["Loading", "Nothing was changed. Fix these 30 problems first:", *problems])
    said = last_words(Ran(argv=("make",), returncode=1, stdout="", stderr=stderr, seconds=1)).splitlines()
    assert said[-31:] == ["Nothing was changed. Fix these 30 problems first:", *problems] and "Loading" not in said
