"""What a configuration-only run costs beside `manage.py check`, and the stages of a warm cell."""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from matrix import results, samples
from matrix.provenance import REPOSITORY

CONFIGURE = ("manage.py", "simple_deploy", "--platform", "heroku")
CHECK = ("manage.py", "check")
# Targets: a configuration-only run to `manage.py check`, and the seconds of a warm cell.
RATIO, CELL_SECONDS = 1.15, 12.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every figure. The exit status tells only whether the runs worked: a time is never a verdict."""
    parser = argparse.ArgumentParser(prog="python -m matrix.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="timed rounds of each command (default: 11)")
    parser.add_argument("--no-cell", action="store_true", help="leave out the cell, which takes the longest")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        project = committed_project(Path(folder))
        report_times(interleaved(commands(project), options.rounds))
        report_imports(project)
        if not options.no_cell:
            report_cell(Path(folder, "results"))
    return 0


def committed_project(folder: Path) -> Path:
    """The nested sample project in a repository with one commit, its bytecode compiled."""
    root = samples.generate(folder, layout="nested", package_manager="pip", django="5.2")
    git = ["git", "-c", "user.name=Bench", "-c", "user.email=bench@example.com"]
    for argv in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Start"]):
        subprocess.run([*git, *argv], cwd=root, check=True)
    (manage_py,) = root.glob("*/manage.py")
    run(manage_py.parent, CHECK)
    return root


def run(folder: Path, argv: Sequence[str], *interpreter_options: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder; raises CalledProcessError, and shows what the command said, if it fails."""
    command = [sys.executable, *interpreter_options, *argv]
    completed = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if completed.returncode:
        sys.stderr.write(completed.stdout + completed.stderr)
        completed.check_returncode()
    return completed


def commands(project: Path) -> Mapping[str, Callable[[], float]]:
    """The timed commands: each works on a fresh copy, whose making is not timed, and returns its seconds."""

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
        "configuration only": lambda: timed((*CONFIGURE, "--yes")),
    }


def interleaved(timed: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Seconds per command. One of each per round, so that a busy minute of the machine slows all alike."""
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
    """Module → its own microseconds, from what `python -X importtime` writes."""
    found = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)$", report, re.MULTILINE)
    return {name: int(microseconds) for microseconds, name in found}


def report_cell(folder: Path) -> None:
    """The stages of one cell, run a second time so that every cache is warm."""
    argv = ("-m", "pytest", "matrix/test_cells.py", "--platform", "heroku", "--layout", "nested", "-n", "0")
    for _ in range(2):
        run(REPOSITORY, (*argv, "--results", str(folder)))
    for result in results.load(folder):
        total = sum(stage.seconds for stage in result.stages)
        say(f"\n{result.cell.id}, warm: {total:.1f} s (target: at most {CELL_SECONDS:.0f} s)")
        for stage in result.stages:
            say(f"  {stage.seconds:>6.2f} s  {stage.name}: {stage.status}")


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
