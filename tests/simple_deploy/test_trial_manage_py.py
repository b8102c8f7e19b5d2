"""What the trial shows about manage.py, with which the build and the release run Django's commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_trial import ORDER, SEEN, make

from simple_deploy.trial import verdict
from simple_deploy.trial.case import Case

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

RUNS = "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"


def tried(checkout: Checkout, script: str) -> dict[str, Any]:
    checkout.write("manage.py", script)
    return checkout.tried("settings", "manage.py", withheld={"sortedcontainers": "sortedcontainers"})


@pytest.mark.parametrize(
    "before",
    [
        "",
        "try:\n    import sortedcontainers\nexcept ImportError:\n    pass\n",
        "assert sys.argv[1:] == ['migrate', '--noinput'] and __file__ == os.path.abspath('manage.py')\n",
        "import subprocess\ntry:\n    subprocess.run(['git', 'describe'])\nexcept OSError:\n    pass\n",
    ],
)
def test_a_script_that_comes_to_djangos_commands_passes(before: str, checkout: Checkout) -> None:
    answer = tried(checkout, f"import os\nimport sys\n{before}{RUNS}")
    assert (answer["manage_py"], answer["commands"], "manage.py" in answer["tried"]) == (None, "", True)


def test_a_package_that_only_the_script_imports_must_be_declared(checkout: Checkout, tmp_path: Path) -> None:
    answer = tried(checkout, f"import sys\nimport sortedcontainers\n{RUNS}")
    assert answer["manage_py"]["place"] == "manage.py:2"
    case = Case({**SEEN, "complete": True, "manage_py": answer["manage_py"]}, make(tmp_path), ORDER, "Heroku")
    _, (problem,) = verdict.read(case)
    assert problem.code == "module-undeclared" and "manage.py:2" in problem.found


def test_a_script_that_runs_no_command_stops_the_run(checkout: Checkout, tmp_path: Path) -> None:
    answer = tried(checkout, "print('Hi')\n")
    assert answer["commands"] == "not reached"
    _, (problem,) = verdict.read(Case({**SEEN, "commands": answer["commands"]}, make(tmp_path), ORDER, "Heroku"))
    assert problem.code == "no-commands"


@pytest.mark.parametrize(
    ("before", "noted"),
    [
        ("import subprocess\nsubprocess.check_call(['npm', 'install'])\n", "unknown"),
        ("import subprocess\nsubprocess.check_call([sys.executable, '-m', 'venv', 'x'])\nsys.exit(1)\n", "unknown"),
        ("import socket\nsocket.create_connection(('db.example.com', 5432))\n", "unknown"),
        ("import signal\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\n", ""),
        ("import time\ntime.sleep(20)\n", ""),
    ],
)
def test_what_a_trial_does_not_have_shows_nothing(before: str, noted: str, checkout: Checkout, tmp_path: Path) -> None:
    answer = tried(checkout, f"import sys\n{before}{RUNS}")
    assert (answer["manage_py"], answer["commands"], "manage.py" in answer["tried"]) == (None, noted, False)
    seen = {**SEEN, "commands": answer["commands"]}
    untried = verdict.read(Case(seen, make(tmp_path), ORDER, "Heroku"))[0].untried
    assert any(one.startswith("manage.py: it needs") for one in untried) == bool(noted)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("[sys.executable, '-m', 'pip', 'install', '-U', 'pip']", "-m pip install -U pip"),
        ("['uv', 'sync']", "uv sync"),
        ("'python -m venv .venv', shell=True", "python -m venv .venv"),
        ("['npm', 'install']", ""),
        ("['git', 'describe']", ""),
    ],
)
def test_a_script_that_installs_packages_stops_the_run(
    command: str, told: str, checkout: Checkout, tmp_path: Path
) -> None:
    answer = tried(checkout, f"import subprocess\nimport sys\nsubprocess.check_call({command})\n{RUNS}")
    assert bool(answer["installs"]) is bool(told) and told in answer["installs"]
    _, problems = verdict.read(Case({**SEEN, "installs": answer["installs"]}, make(tmp_path), ORDER, "Heroku"))
    assert [one.code for one in problems] == (["manage-py-installs"] if told else [])
