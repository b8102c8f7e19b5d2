"""The matrix as a pytest run: filters for the axes, live progress, and a table of the cells at the end."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from . import display, walls
from .cells import AXIS_NAMES, Axes, AxesError, Cell, NothingLeft, Place, all_cells, left_out, load_axes, select
from .proving import evidence
from .record import provenance, results
from .sandbox import isolation

CELLS = pytest.StashKey[tuple[Cell, ...]]()
HALVES = pytest.StashKey[tuple[tuple[Cell, str], ...]]()
EXCLUDED = pytest.StashKey[str]()
HEADER = pytest.StashKey[list[str]]()


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """The options are a separate plug-in, which is already loaded when the conformance tests run."""
    pluginmanager.import_plugin(f"{__package__}.cell_options")


def pytest_configure(config: pytest.Config) -> None:
    """Select the cells that can work in this place; a filter for an unknown value is a usage error."""
    filters = {name: values for name in AXIS_NAMES if (values := config.getoption(name))}
    try:
        chosen, axes = isolation.choose(config.getoption("isolation")), load_axes()
        place = {"system": provenance.system(), "isolation": chosen}
        config.stash[HEADER], config.stash[HALVES] = [walls.described(chosen)], ()
        if listed := config.getoption("cells"):
            lines = [line.split() for line in listed.read_text(encoding="utf-8").splitlines()]
            config.stash[CELLS] = tuple(named(line[0], axes, place) for line in lines if len(line) == 1)
            halves = [(line[0], line[1]) for line in lines if len(line) == 2]
            config.stash[HALVES] = tuple((named(name, axes, {**place, "conditions": c}), c) for name, c in halves)
            return
        config.stash[CELLS] = select(axes, filters, place)
        config.stash[HEADER] += [f"Left out: {reason}" for reason in left_out(axes, filters, place)]
    except NothingLeft as error:
        config.stash[CELLS], config.stash[EXCLUDED] = (), str(error)
    except (AxesError, isolation.IsolationError) as error:
        raise pytest.UsageError(str(error)) from error
    for option in ("keep", "keep_failed"):
        if config.getoption(option) and config.getoption("numprocesses", None):
            raise pytest.UsageError(f"--{option.replace('_', '-')} holds one site after the other: leave out -n.")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """The workers of `-n auto`: two per processor, since a cell often waits, for the package index most of all."""
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else 2 * (os.cpu_count() or 1)


def named(name: str, axes: Axes, place: Place) -> Cell:
    """Return the cell with this ID; raises AxesError if none works in this place."""
    found = [cell for cell in all_cells(axes, place) if cell.id == name]
    if not found:
        raise AxesError(f"There is no cell {name} here.")
    return found[0]


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Report the isolation of this run, and what cannot work in it."""
    return config.stash[HEADER]


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep the lines of the stages free of file names and dots."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal and session.config.get_verbosity() == 0:
        terminal.showfspath = False


def pytest_report_teststatus(
    report: pytest.CollectReport | pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """A cell that passed has shown its stages already."""
    if report.when == "call" and report.passed and config.get_verbosity() == 0:
        return "passed", "", ""
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Create one item for each selected cell."""
    if "cell" in metafunc.fixturenames:
        if reason := metafunc.config.stash.get(EXCLUDED, ""):
            metafunc.parametrize("cell", [pytest.param(None, id="excluded", marks=pytest.mark.skip(reason=reason))])
            return
        cells = metafunc.config.stash[CELLS]
        metafunc.parametrize("cell", cells, ids=[cell.id for cell in cells])
    if "half" in metafunc.fixturenames:
        halves = metafunc.config.stash[HALVES]
        metafunc.parametrize("half", halves, ids=[f"{cell.id}.{conditions}" for cell, conditions in halves])
    if "hand_off" in metafunc.fixturenames:
        folders = metafunc.config.getoption("hand_off")
        metafunc.parametrize("hand_off", folders, ids=[folder.name for folder in folders])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run that proved nothing, unless axes.toml gives the reason."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if EXCLUDED in session.config.stash or session.config.option.collectonly:
        return
    if terminal and exitstatus == pytest.ExitCode.OK and not terminal.stats.get("passed"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Show a line immediately: a worker of pytest-xdist also has the terminal's standard error."""

    def write(text: str) -> None:
        with capsys.disabled():
            sys.stderr.write(text + "\n")
            sys.stderr.flush()

    return write


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show all cells in one table, then where to find the evidence for each failure."""
    reports = [report for group in terminalreporter.stats.values() for report in group]
    properties = [dict(report.user_properties) for report in reports if getattr(report, "when", "") == "call"]
    saved = {entry["result"]: entry["log"] for entry in properties if "result" in entry}
    if not saved:
        return
    cells = {path: results.from_json(Path(path).read_text(encoding="utf-8")) for path in sorted(saved)}
    terminalreporter.section("cells")
    for line in display.cell_table(cells.values()):
        terminalreporter.line(line)
    for path, result in cells.items():
        if result.status == "fail":
            terminalreporter.line(f"{result.cell.id} failed, see {evidence.folder_for(Path(saved[path]))}")
