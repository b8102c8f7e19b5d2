"""Deploy a copy of any local Django project to an emulated platform, and report what happened.

The original is only read. What is rehearsed is the project as it lies there: what Git tracks or would track, or
every file where the folder is no repository of its own.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from matrix import emulators, projects, stages, visitor
from matrix.originals import every_file, tracked_files
from matrix.results import StageResult
from matrix.run import Json, Log, Run, Stage, StageFailed, run_stages
from matrix.sandbox import environments
from matrix.sandbox.machine import Sandbox
from matrix.visitor import Sight

# What the .gitignore of a Django project usually says, for a project that has no repository yet.
NOT_COMMITTED = "__pycache__/\n*.py[cod]\n*.sqlite3\n.env\n"
ADMIN = "from django.urls import reverse; print('admin:', reverse('admin:index'))"


@dataclass(frozen=True, kw_only=True)
class Report:
    """How a rehearsal ended. `files` are the changes with their diffs, `sights` how the site answers."""

    project: str
    platform: str
    stages: tuple[StageResult, ...]
    url: str | None
    files: tuple[Json, ...]
    sights: tuple[Sight, ...]
    log: str

    @property
    def served(self) -> bool:
        """Whether the site was really served."""
        return any(stage.name == "look" and stage.status == "pass" for stage in self.stages)

    @property
    def passed(self) -> bool:
        """Whether every stage passed."""
        return all(stage.status == "pass" for stage in self.stages)

    def as_json(self) -> Json:
        """The report as data."""
        return {"served": self.served, "passed": self.passed, **asdict(self)}


def rehearse(
    original: Path,
    *,
    platform: str,
    log: Path,
    say: Callable[[str], None],
    on_stage: Callable[[StageResult], None],
    keep: bool = False,
    options: Sequence[str] = (),
) -> Report:
    """Run the whole chain on a copy of the project; `keep` leaves the site running until Ctrl-C."""
    log.unlink(missing_ok=True)
    with Sandbox.create() as box:
        run = Run(
            box=box,
            platform=platform,
            emulator=emulators.load(platform),
            log=Log(path=log),
            entry=("-m", "simple_deploy"),
            say=say,
            options=tuple(options),
            source=original.resolve(),
        )
        run, ran = run_stages(REHEARSAL_STAGES, run, on_stage)
        if keep:
            stages.hold(run)
        _, ended = run_stages((stages.TEARDOWN,), run, on_stage)
    return Report(
        project=str(original),
        platform=platform,
        stages=(*ran, *ended),
        url=run.outcome.get("url"),
        files=tuple(run.configured.get("files", ())),
        sights=run.sights,
        log=str(log),
    )


def copy(run: Run) -> Run:
    """Copy the project and commit everything, in a repository of the copy's own."""
    run.emulator.install(run.box)
    original = run.source
    target = run.box.work / "original" / original.name
    target.mkdir(parents=True)
    run.command(["git", "init", "--quiet"], cwd=target)
    paths = tracked_files(original)
    if paths is None:
        run.say(f"{original} is not a Git repository of its own: the copy becomes one.")
        (target / ".git" / "info" / "exclude").write_text(NOT_COMMITTED, encoding="utf-8", newline="\n")
        paths = list(every_file(original))
    else:
        run.say(f"What is not committed in {original} is rehearsed too, but for what Git ignores.")
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(original / path, target / path, follow_symlinks=False)
    projects.commit_all(run, target, "The project as it is")
    return replace(run, source=target)


def install(run: Run) -> Run:
    """Install the project's requirements and the deployer into an environment of the copy's own."""
    chosen = projects.package_manager(run.source)
    interpreter = interpreter_for(run.source)
    folder = run.box.root / "developer"
    folder.mkdir()
    projects.build_for_developer(run, folder, interpreter, run.source)
    # Last, so that the developer's own version of the tool is taken where there is one.
    tools = chosen.program_folders(interpreter)
    run.box.env["PATH"] = os.pathsep.join([run.box.env["PATH"], *tools])
    python = projects.python_in(folder)
    run.command([python, "manage.py", "check"], cwd=projects.manage_folder(run.source))
    return replace(run, interpreter=interpreter, python=python)


def look(run: Run) -> Run:
    """Look at the deployed site as anybody could: its first page, its admin, and the files they load."""
    sights = visitor.look(run.url, admin=admin_address(run), proxy=stages.router(run), ca=stages.authorities(run))
    run = replace(run, sights=sights)
    run.log.write("\n".join(map(sight_line, sights)))
    if bad := [sight_line(sight) for sight in sights if not sight.ok]:
        raise StageFailed("The site does not answer as it should:\n" + "\n".join(bad))
    return run


def sight_line(sight: Sight) -> str:
    """One line on one address."""
    note = f"  {sight.note}" if sight.note else ""
    return f"{'ok ' if sight.ok else 'BAD'}  {sight.status or '---'}  {sight.what}: {sight.url}{note}"


def admin_address(run: Run) -> str | None:
    """The address of Django's admin as the project's own URLs say, None if it has none."""
    folder = projects.manage_folder(run.source)
    said = run.command([run.python, "manage.py", "shell", "-c", ADMIN], cwd=folder, expect=None).stdout
    found = re.search(r"^admin: /(.*)$", said, re.MULTILINE)
    return found[1] if found else None


def interpreter_for(project: Path) -> Path:
    """The Python that the project asks for in `.python-version`, else the one that runs this."""
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    file = project / ".python-version"
    if file.is_file() and (found := re.search(r"^\s*(3\.\d+)", file.read_text(encoding="utf-8"), re.MULTILINE)):
        wanted = found[1]
    interpreter = environments.python(wanted)
    if interpreter is None:
        raise StageFailed(f"The project asks for Python {wanted}, which this machine does not have.")
    return interpreter


REHEARSAL_STAGES = (
    Stage(name="copy", function=copy),
    Stage(name="install", function=install),
    Stage(name="configure", function=stages.configure),
    Stage(name="deploy", function=stages.deploy),
    Stage(name="look", function=look),
    Stage(name="rerun", function=stages.rerun),
)
