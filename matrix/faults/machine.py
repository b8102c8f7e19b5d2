"""The machine for fault tests: one sandbox, one small project, and the deployer started on copies of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from simple_deploy import receipt

from .. import emulators
from ..cells import Cell
from ..engine import projects, stages
from ..engine.run import Json, Log, Run
from ..engine.samples import RUNNING
from ..sandbox import processes
from ..sandbox.machine import Sandbox
from ..sandbox.processes import Ran
from .verdict import KILLED

DEADLINE = 600.0  # seconds for one run of the deployer
LOCKS = ("simple_deploy_logs/running.json", ".git/index.lock")


@dataclass(frozen=True, kw_only=True)
class Started:
    """A run of the deployer in a project; `said` is the folder of its output."""

    child: subprocess.Popen[str]
    project: Path
    said: Path


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The possible states of a project after a fault: its previous state, or everything that the preview promised."""

    before: dict[str, bytes]
    promised: dict[str, bytes]


@contextmanager
def prepared(platform: str, log: Path, entry: tuple[str, ...], say: Callable[[str], None]) -> Iterator[Run]:
    """A sandbox with the platform and one committed project; `entry` is how Python starts the deployer."""
    log.unlink(missing_ok=True)
    cell = Cell(platform=platform, layout="flat", package_manager="pip", django="5.2", python=RUNNING)
    with Sandbox.create() as box:
        emulator = emulators.load(platform)
        run = Run(box=box, platform=platform, emulator=emulator, log=Log(path=log), entry=entry, say=say, cell=cell)
        yield stages.generate(run)


def start(
    run: Run,
    project: Path,
    *options: str,
    before: Sequence[str | Path] = (),
    as_user: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> Started:
    """Start the deployer in a project; `before` are words for Python in front of it, `as_user` those before Python.

    Its output goes into files: a program whose pipe is not read would block.
    """
    said = Path(tempfile.mkdtemp(prefix="said-", dir=run.box.root))
    usual = ("--json", "--yes", "--no-open", *run.emulator.UNATTENDED)
    words = [*run.entry, "--platform", run.platform, *usual, *options]
    with (said / "stdout").open("wb") as stdout, (said / "stderr").open("wb") as stderr:
        child = processes.start(
            [*as_user, run.python, *before, *words],
            cwd=project,
            env={**run.box.env, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
    return Started(child=child, project=project, said=said)


def ended(run: Run, started: Started, since: float) -> Ran:
    """Wait for it to exit, log it, and end the programs that it left running."""
    child, project = started.child, started.project
    try:
        child.wait(DEADLINE)
    except subprocess.TimeoutExpired:
        processes.kill(child)
    seconds = time.monotonic() - since
    processes.wait_until(lambda: not _working_in(project), 1.0)
    left = tuple(_working_in(project))
    processes.kill(child)
    stdout, stderr = ((started.said / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
    run.log.write(f"[{child.returncode} after {seconds:.2f} s]\n{stderr}")
    argv = tuple(map(str, child.args)) if isinstance(child.args, list) else ()
    return Ran(argv=argv, returncode=child.returncode, stdout=stdout, stderr=stderr, seconds=seconds, left=left)


def deploy(run: Run, project: Path, *options: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run the deployer from beginning to end."""
    since = time.monotonic()
    return ended(run, start(run, project, *options, env=env), since)


def shape(run: Run, project: Path, outcome: Json) -> Shape:
    """The states of a project; the second is the first with the diffs of a preview applied."""
    copy = Path(
        shutil.copytree(project, run.box.work / f"promised-{project.parent.name}" / project.name, symlinks=True)
    )
    diffs = "".join(file["diff"] for file in outcome["files"])
    run.box.run(["git", "apply", "-"], cwd=copy, input=diffs)
    return Shape(before=contents(run, project), promised=contents(run, copy))


def contents(run: Run, project: Path) -> dict[str, bytes]:
    """Every file with its bytes, except those that Git ignores: CLIs keep their own notes there."""
    argv = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = filter(None, run.box.run(argv, cwd=project).stdout.split("\0"))
    return {name: (project / name).read_bytes() for name in names if (project / name).is_file()}


def preview(run: Run, project: Path, *options: str) -> Json:
    """What a run would do. Raises ValueError if it does not report that."""
    said: Json = json.loads(deploy(run, project, "--dry-run", *options).stdout)
    return said


def damage(run: Run, project: Path, allowed: Shape) -> tuple[str, ...]:
    """What in the project is in neither of the two states, in the folder and in Git's view."""
    now = contents(run, project)
    changed = set(projects.difference(allowed.before, allowed.promised))
    if now not in (allowed.before, allowed.promised):
        wrong = [
            path for path in projects.difference(allowed.before, now) if allowed.promised.get(path) != now.get(path)
        ]
        return tuple(f"{path} is wrong" for path in wrong) or ("half of the files are written",)
    dirty = set(projects.git_status(run, project))
    return () if dirty in (set(), changed) else (f"Git sees changes in {', '.join(sorted(dirty))} only",)


def left_behind(project: Path, ended: Ran) -> tuple[str, ...]:
    """Programs that a run left running, and locks that would stop the next run; a killed run keeps its locks."""
    locks = [lock for lock in LOCKS if ended.returncode != KILLED and (project / lock).exists()]
    return (*ended.left, *locks)


def _working_in(project: Path) -> list[str]:
    found = []
    for child in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if Path(child.cwd()).is_relative_to(project):
                found.append(" ".join(child.cmdline())[:200])
    return found


def created_twice(run: Run, project: Path) -> tuple[str, ...]:
    """Commands that created something more often than the receipt has steps for it."""
    steps = {step.id: step.argv for made in receipt.load(project) for step in made.steps if step.created}
    wanted = Counter(run.emulator.command(argv[1:]) for argv in steps.values() if argv[0] != "git")
    calls = run.emulator.store(run.box.root).calls()
    made = Counter(run.emulator.command(call["argv"]) for call in calls if call["returncode"] == 0)
    return tuple(f"{name} ({made[name]} times)" for name in wanted if made[name] > wanted[name])
