"""Measure a configuration-only run against `manage.py check`, and the stages of warm cells."""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .display import say
from .engine import package_managers, samples
from .record import results
from .record.provenance import REPOSITORY
from .sandbox import environments

CONFIGURE = ("manage.py", "simple_deploy", "--platform", "heroku")
CHECK = ("manage.py", "check")
# Targets: a configuration-only run relative to `manage.py check`, the seconds of a warm and a cold cell with pip, other
# cells relative to pip's, and the seconds of all everyday cells if none is known.
RATIO, CELL_SECONDS, COLD_SECONDS, CELL_RATIO, ALL_SECONDS = 1.0, 8.0, 25.0, 1.5, 240.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every figure. The exit status says only whether the runs worked: times are never a verdict."""
    parser = argparse.ArgumentParser(prog="python -m matrix.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="timed rounds of each command (default: 11)")
    parser.add_argument("--no-cells", action="store_true", help="skip the cells, which take the longest")
    parser.add_argument("--cold", action="store_true", help="also a cell with pip and an empty cache")
    parser.add_argument("--all", action="store_true", help="also all everyday cells, on every core")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        project = committed_project(Path(folder))
        report_times(interleaved(commands(project), options.rounds))
        report_imports(project)
        report_locks(Path(folder), options.rounds)
        if not options.no_cells:
            report_cells(Path(folder, "results"))
        if options.cold:
            report_cold_cell(Path(folder))
        if options.all:
            report_all_cells(Path(folder, "all"))
    return 0


def committed_project(folder: Path, package_manager: str = "pip") -> Path:
    """The nested sample project in a repository with one commit, its bytecode compiled."""
    root = samples.generate(folder / package_manager, layout="nested", package_manager=package_manager, django="5.2")
    git = ["git", "-c", "user.name=Bench", "-c", "user.email=bench@example.com"]
    for argv in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Start"]):
        subprocess.run([*git, *argv], cwd=root, check=True)
    (manage_py,) = root.glob("*/manage.py")
    run(manage_py.parent, CHECK)
    return root


def run(
    folder: Path, argv: Sequence[str], *interpreter_options: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, as users do: with bytecode. If it fails, show its output and raise CalledProcessError."""
    command = [sys.executable, *interpreter_options, *argv]
    env = {name: value for name, value in (env or os.environ).items() if name != "PYTHONDONTWRITEBYTECODE"}
    completed = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    if completed.returncode:
        sys.stderr.write(completed.stdout + completed.stderr)
        completed.check_returncode()
    return completed


def commands(project: Path) -> Mapping[str, Callable[[], float]]:
    """The timed commands: each works on a fresh copy, created outside the measured time, and returns its seconds."""

    def timed(argv: Sequence[str]) -> float:
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copytree(project, Path(folder, project.name))
            (manage_py,) = copy.glob("*/manage.py")
            started = time.perf_counter()
            run(manage_py.parent, argv)
            return time.perf_counter() - started

    return {
        "manage.py check": lambda: timed(CHECK),
        "configuration only, --dry-run": lambda: timed((*CONFIGURE, "--dry-run")),
        "configuration only, --no-trial": lambda: timed((*CONFIGURE, "--yes", "--no-trial")),
        "configuration only": lambda: timed((*CONFIGURE, "--yes")),
    }


def interleaved(timed: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Seconds per command. One of each per round, so that a busy moment of the machine slows all equally."""
    for command in timed.values():
        command()
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(rounds):
        for name, command in timed.items():
            seconds[name].append(command())
    return seconds


def report_times(seconds: Mapping[str, list[float]]) -> None:
    """Median, best, and the median of the ratios to the first command of the same round."""
    baseline = next(iter(seconds.values()))
    say(f"{'command':34}{'median':>10}{'best':>10}{'ratio':>8}   (target: at most {RATIO})")
    for name, values in seconds.items():
        ratio = statistics.median(a / b for a, b in zip(values, baseline, strict=True))
        say(f"{name:34}{statistics.median(values):>8.3f} s{min(values):>8.3f} s{ratio:>8.2f}")


def report_imports(project: Path) -> None:
    """The modules that a configuration-only run imports and `manage.py check` does not, slowest first."""
    (manage_py,) = project.glob("*/manage.py")
    folder = manage_py.parent
    known = imports(run(folder, CHECK, "-X", "importtime").stderr)
    extra = imports(run(folder, (*CONFIGURE, "--dry-run"), "-X", "importtime").stderr)
    for name in known:
        extra.pop(name, None)
    say(f"\n{len(extra)} modules more than manage.py check, {sum(extra.values()) / 1000:.1f} ms; the slowest:")
    for name, microseconds in sorted(extra.items(), key=lambda item: -item[1])[:12]:
        say(f"  {microseconds / 1000:>7.1f} ms  {name}")


def imports(report: str) -> dict[str, int]:
    """Module → its own microseconds, from the output of `python -X importtime`."""
    found = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)$", report, re.MULTILINE)
    return {name: int(microseconds) for microseconds, name in found}


def report_locks(folder: Path, rounds: int) -> None:
    """Report the time of a configuration-only run with each package manager, and of that manager's own lock command."""
    say(f"\n{'configuration only, median':28}{'all':>8}{'lock command':>14}")
    for name, chosen in package_managers.NAMED.items():
        project = committed_project(folder / "locks", name)
        python = environments.base_interpreter()
        path = os.pathsep.join([*chosen.program_folders(python), os.environ["PATH"]])
        env = {**os.environ, **package_managers.active(package_managers.empty_environment(python), path)}
        seconds = [configuration_and_lock(project, chosen.lock, chosen.files[-1], env) for _ in range(min(rounds, 3))]
        whole, lock = (statistics.median(column) for column in zip(*seconds, strict=True))
        say(f"  {name:26}{whole:>6.2f} s{lock:>12.2f} s")


def configuration_and_lock(
    project: Path, command: Sequence[str], lock: str, env: Mapping[str, str]
) -> tuple[float, float]:
    """The seconds to configure a copy, and those of the lock command after restoring only the lock."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(project, Path(folder, project.name))
        (manage_py,) = copy.glob("*/manage.py")
        started = time.perf_counter()
        run(manage_py.parent, (*CONFIGURE, "--yes"), env=env)
        configured = time.perf_counter()
        shutil.copyfile(project / lock, copy / lock)
        if command:
            program = shutil.which(command[0], path=env["PATH"]) or command[0]
            subprocess.run([program, *command[1:]], cwd=copy, env=env, capture_output=True, check=True)
        return configured - started, time.perf_counter() - configured


CELLS = ("-m", "pytest", "matrix/test_cells.py")
ONE = ("--platform", "heroku", "--layout", "nested")


def report_cells(folder: Path) -> None:
    """Report the stages of a cell of each package manager, on a second run so that every cache is warm."""
    argv = (*CELLS, *ONE, "-n", "0", "--results", str(folder))
    run(REPOSITORY, argv)
    processor = processor_seconds(lambda: run(REPOSITORY, argv))
    cells = {result.cell.package_manager: result for result in results.load(folder)}
    columns = [stage.name for stage in cells["pip"].stages]
    pip = cells["pip"].seconds
    say(f"\nwarm cells, seconds (targets: pip at most {CELL_SECONDS:.0f}, the others at most {CELL_RATIO} times pip)")
    say(f"{'':16}{''.join(f'{name:>10}' for name in columns)}{'total':>8}{'ratio':>7}")
    for name, result in cells.items():
        stages = "".join(f"{stage.seconds:>10.2f}" for stage in result.stages)
        say(f"{name:16}{stages}{result.seconds:>8.1f}{result.seconds / pip:>7.2f}")
    say(f"{'share of pip':16}{''.join(f'{share:>10.0%}' for share in shares(cells['pip']))}")
    say(f"{processor / len(cells):.1f} s of processor time a cell; pip takes {pip / CELL_SECONDS:.2f} of its target")


def shares(result: results.CellResult) -> list[float]:
    """The share of each stage in its cell."""
    return [stage.seconds / result.seconds for stage in result.stages]


def processor_seconds(work: Callable[[], object]) -> float:
    """The processor time of the programs that were started: on a busy machine, wall time is meaningless."""
    before = os.times()
    work()
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def report_cold_cell(folder: Path) -> None:
    """Report a cell with pip without cached environments, tools and database cluster, but with cached downloads."""
    env = {**os.environ, environments.CACHE_VARIABLE: str(folder / "cache")}
    argv = (*CELLS, *ONE, "--package-manager", "pip", "-n", "0", "--results", str(folder / "cold"))
    run(REPOSITORY, argv, env=env)
    (result,) = results.load(folder / "cold")
    said = f"{result.seconds:.1f} s, {result.seconds / COLD_SECONDS:.2f} of its target, {COLD_SECONDS:.0f} s"
    say(f"\ncold cell of pip: {said}")


def report_all_cells(folder: Path) -> None:
    """Report all everyday cells, with warm caches."""
    started = time.perf_counter()
    processor = processor_seconds(lambda: run(REPOSITORY, (*CELLS, "-n", "auto", "--results", str(folder))))
    seconds, count = time.perf_counter() - started, len(results.load(folder))
    said = f"{seconds:.0f} s, {seconds / ALL_SECONDS:.2f} of the target, {ALL_SECONDS:.0f} s"
    say(f"\n{count} cells on {os.cpu_count()} cores: {said}; {processor / count:.1f} s of processor time a cell")


if __name__ == "__main__":
    sys.exit(main())
