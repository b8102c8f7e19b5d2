"""The command that repeats a run selects exactly the same cell."""

import os
import shlex
from pathlib import Path

import pytest
from results_samples import result

from matrix.cells import AXIS_NAMES, all_cells, load_axes, select
from matrix.record.again import cell_command, rehearsal_command, result_command
from matrix.record.provenance import REPOSITORY

pytestmark = pytest.mark.skipif(os.name == "nt", reason="quoted for another shell")


def words(command):
    """The words of the two lines, as a shell splits them."""
    folder, session = map(shlex.split, command.splitlines())
    assert folder == ["cd", str(REPOSITORY)]
    cut = session.index("--")
    assert session[:3] == ["python3", "noxfile.py", "-s"]
    return session[3], session[cut + 1 :]


def test_every_cell_can_be_repeated_alone():
    axes = load_axes()
    for cell in all_cells(axes):
        session, options = words(cell_command(cell, "folder"))
        given = dict(zip(options[::2], options[1::2], strict=True))
        filters = {name: [given[f"--{name.replace('_', '-')}"]] for name in AXIS_NAMES}
        assert (session, len(given), select(axes, filters)) == ("integration", len(AXIS_NAMES) + 1, (cell,))
        assert given["--isolation"] == "folder"


def test_a_cell_in_halves_is_repeated_under_its_conditions():
    session = shlex.split(result_command(result(conditions="autocrlf")))
    assert session[:4] == ["python3", "noxfile.py", "-s", "matrix"]
    assert session[session.index("--conditions") + 1] == "autocrlf"
    assert "--halves" not in shlex.split(result_command(result()))


def test_a_cell_that_was_finished_is_repeated_with_both_halves():
    one = result(system="Windows", isolation="folder", conditions="autocrlf", finished_on="Linux")
    first, second = result_command(one).splitlines()
    assert "--halves" in first
    assert second == f"python3 noxfile.py -s matrix -- finish results/{one.cell.id}.windows.autocrlf.hand-off"


def test_a_rehearsal_is_repeated_without_the_values_of_its_variables():
    options = ("--settings", "a b.settings")
    command = rehearsal_command(
        Path("/a folder/it's"),
        platform="heroku",
        isolation="folder",
        python="3.12",
        names=["KEY", "TOKEN"],
        env_files=[Path("/a folder/.env")],
        options=options,
    )
    session, given = words(command)
    assert session == "rehearse"
    assert given == [
        *("/a folder/it's", "--platform", "heroku", "--isolation", "folder", "--python", "3.12"),
        *("--env", "KEY", "--env", "TOKEN", "--env-file", str(Path("/a folder/.env"))),
        *("--", *options),
    ]
