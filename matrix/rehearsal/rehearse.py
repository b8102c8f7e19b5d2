"""Deploy a copy of any local Django project to an emulated platform, and report the result.

The original is only read. The working tree is rehearsed: what Git tracks or would track, or every file if the folder is
not a repository.
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from .. import emulators, visitor, walls
from ..engine import projects, stages
from ..engine.run import Json, Log, Run, Stage, StageFailed, run_stages
from ..proving import evidence
from ..proving.holding import Keep, hold, open_shell
from ..record import again
from ..record.results import StageResult
from ..sandbox import isolation, screenshots
from ..sandbox.machine import Sandbox
from ..visitor import Sight
from . import interpreters
from .originals import NOT_COMMITTED, every_file, last_tag, tracked_files

GREETING = """
This is a shell on a machine with {cli} on PATH and you logged in: no account is needed, and nothing costs anything.
You are in a copy of your project. Deploy it as the tutorial says, for example with
  python -m simple_deploy --platform {platform} --automate-all
`exit` ends it and removes everything."""
# The meaning of the status of a first page where it is not an error.
NO_ERROR = {401: "asks for a login", 403: "is not for everybody", 404: "the project has no page at this address"}
ADMIN = "from django.urls import reverse; print('admin:', reverse('admin:index'))"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is rehearsed and how: `variables` are the deployed project's, `options` go to simple_deploy.

    `offered` are those of a development file; simple_deploy decides which are used. `by_hand` deploys nothing: a person
    gets a shell in the prepared copy instead. `packages` are those that the developer has besides the declared ones.
    """

    project: Path
    platform: str
    python: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    keep: Keep = field(default_factory=Keep)
    by_hand: bool = False
    screenshots: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The result of a rehearsal. `files` are the changes with their diffs, `sights` the site's responses.

    `python` is the interpreter's path and `python_source` what asked for it; `failure` is the text about a failure, and
    `evidence` the folder with everything that explains it.
    """

    project: str
    platform: str
    python: str | None
    python_source: str
    stages: tuple[StageResult, ...]
    url: str | None
    files: tuple[Json, ...]
    sights: tuple[Sight, ...]
    log: str
    failure: str = ""
    evidence: str | None = None
    screenshots: tuple[str, ...] = ()

    @property
    def served(self) -> bool:
        """Whether the site was actually served."""
        return any(stage.name == "look" and stage.status == "pass" for stage in self.stages)

    @property
    def passed(self) -> bool:
        """Whether every stage passed."""
        return all(stage.status == "pass" for stage in self.stages)

    def as_json(self) -> Json:
        """The report as data."""
        return {"served": self.served, "passed": self.passed, **asdict(self)}


def rehearse(
    wanted: Wanted,
    *,
    log: Path,
    say: Callable[[str], None],
    on_stage: Callable[[StageResult], None],
    on_report: Callable[[Report], None],
) -> Report:
    """Run the whole chain on a copy of the project. `on_report` is called with the report before the site is held."""
    evidence.forget(log)
    say(walls.described(isolation.current()))
    with Sandbox.create() as box:
        run = Run(
            box=box,
            platform=wanted.platform,
            emulator=emulators.load(wanted.platform),
            log=Log(path=log),
            entry=("-m", "simple_deploy"),
            say=say,
            options=wanted.options,
            variables=wanted.variables,
            offered=wanted.offered,
            source=wanted.project,
        )
        python = Stage(name="python", function=partial(choose_python, wanted=wanted))
        packages = Stage(name="install", function=partial(install, packages=wanted.packages))
        run, ran = run_stages((COPY, python, packages, *(() if wanted.by_hand else DEPLOYMENT)), run, on_stage)
        report = replace(_report(wanted, run, ran), screenshots=_screenshots(wanted, run))
        on_report(report)
        if wanted.by_hand and report.passed:
            open_shell(run, projects.fresh_copy(run, "shell"), _greeting(run))
        elif wanted.keep.asked_for(ran):
            hold(run)
        _, ended = run_stages((stages.TEARDOWN,), run, on_stage)
    return replace(report, stages=(*ran, *ended))


def _screenshots(wanted: Wanted, run: Run) -> tuple[str, ...]:
    """Screenshots of the pages that a visitor saw, if requested and a browser can take them."""
    if not wanted.screenshots or not run.sights:
        return ()
    program = screenshots.browser()
    if program is None:
        run.say(
            f"No screenshots: there is no browser here. One of these takes them: {', '.join(screenshots.PROGRAMS)}."
        )
        return ()
    pages = [(sight.what.replace(" ", "-"), sight.url) for sight in run.sights if "file of" not in sight.what]
    taken = screenshots.take(program, pages, wanted.screenshots, box=run.box, proxy=stages.router(run))
    return tuple(map(str, taken))


def _report(wanted: Wanted, run: Run, ran: tuple[StageResult, ...]) -> Report:
    """The report so far; the evidence of a failure is kept."""
    failed = any(stage.status == "fail" for stage in ran)
    command = again.rehearsal_command(
        wanted.project,
        platform=wanted.platform,
        isolation=isolation.current(),
        python=wanted.python,
        names={**wanted.offered, **wanted.variables},
        options=wanted.options,
        packages=wanted.packages,
    )
    return Report(
        project=str(wanted.project),
        platform=wanted.platform,
        python=str(run.interpreter) if run.interpreter_source else None,
        python_source=run.interpreter_source,
        stages=ran,
        url=run.outcome.get("url"),
        files=tuple(run.configured.get("files", ())),
        sights=run.sights,
        log=str(run.log.path),
        failure=evidence.keep(run, ran, command) if failed else "",
        evidence=str(evidence.folder_for(run.log.path)) if failed else None,
    )


def _greeting(run: Run) -> str:
    commands = sorted(path.name for path in run.box.bin.iterdir() if not path.name.startswith("."))
    return GREETING.format(cli=" and ".join(f"`{name}`" for name in commands), platform=run.platform)


def copy(run: Run) -> Run:
    """Copy the project and commit everything, in the copy's own repository."""
    run.emulator.install(run.box)
    # A project must not change what the sandbox itself needs.
    given = {**run.offered, **run.variables}
    run.box.env |= {name: value for name, value in given.items() if name not in run.box.env}
    original = run.source
    target = run.box.work / "original" / original.name
    target.mkdir(parents=True)
    run.command(["git", "init", "--quiet"], cwd=target)
    (target / ".git" / "info" / "exclude").write_text("\n".join([*NOT_COMMITTED, ""]), "utf-8", newline="\n")
    paths = tracked_files(original)
    if paths is None:
        run.say(f"{original} is not a Git repository of its own: the copy becomes one.")
    else:
        run.say(f"What is not committed in {original} is rehearsed too, but not what Git ignores.")
        if (original / ".env").is_file() and not given:
            run.say("The copy has no .env: give its variables with --env-file.")
    for path in paths or every_file(original):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(original / path, target / path, follow_symlinks=False)
    if paths is not None:  # including those that are tracked although ignored
        run.command(["git", "add", "--all", "--force"], cwd=target)
    projects.commit_all(run, target, "The project as it is")
    if tag := last_tag(original):  # from which some packages read their version
        run.command(["git", "tag", tag], cwd=target)
    return replace(run, source=target)


def choose_python(run: Run, *, wanted: Wanted) -> Run:
    """Choose the interpreter. The project itself is inspected, since its environment is not copied."""
    python = interpreters.choose(wanted.project, wanted.python)
    run.say(f"Python {python.version} ({python.source})")
    return replace(run, interpreter=python.path, interpreter_source=python.source)


def install(run: Run, *, packages: Sequence[str] = ()) -> Run:
    """Install the project's requirements, these packages and the deployer into the copy's own environment."""
    chosen = projects.package_manager(run.source, packages)
    expect_self_contained(run.source)
    python = projects.build_in_place(run, run.interpreter, packages)
    # Last, so that the developer's own version of the tool is used if there is one.
    tools = chosen.program_folders(run.interpreter)
    run.box.env["PATH"] = os.pathsep.join([run.box.env["PATH"], *tools])
    return replace(run, python=python)


def expect_self_contained(project: Path) -> None:
    """Raise StageFailed if the requirements name a folder outside the project: no platform gets it."""
    file = project / "requirements.txt"
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    if found := re.search(r"^\s*(?:(?:-e|--editable)[ =]*)?(?:file:)?\.\.(?:[/\\].*)?$", text, re.MULTILINE):
        raise StageFailed(
            f"requirements.txt asks for a folder outside the project: {found[0].strip()}\n"
            "Only the project itself is pushed, so no platform can install that. Name a release instead, or rehearse "
            "the folder that holds both."
        )


def announced(sight: Sight, missing: Sequence[str]) -> Sight:
    """The sight; a file that the project lacks is no failure of the deployment if simple_deploy has named it."""
    names = tuple(f"/{place_and_name.rpartition(': ')[2]}" for place_and_name in missing)
    if sight.status != 404 or not sight.url.endswith(names):
        return sight
    return replace(sight, ok=True, note="the project has no such file, as simple_deploy said")


def look(run: Run) -> Run:
    """Look at the deployed site as anyone could: its first page, its admin, and the files they load."""
    sights = visitor.look(run.url, admin=admin_address(run), proxy=stages.router(run), ca=stages.authorities(run))
    missing = (run.outcome.get("trial") or {}).get("missing_static", [])
    run = replace(run, sights=tuple(announced(sight, missing) for sight in sights))
    run.log.write("\n".join(map(sight_line, sights)))
    if bad := [sight_line(sight) for sight in run.sights if not sight.ok]:
        raise StageFailed("The site does not answer as it should:\n" + "\n".join(bad))
    return run


def sight_line(sight: Sight) -> str:
    """One line on one address."""
    note = sight.note or (NO_ERROR.get(sight.status, "") if sight.ok and sight.status else "")
    line = f"{'ok ' if sight.ok else 'BAD'}  {sight.status or '---'}  {sight.what}: {sight.url}"
    return f"{line}  {note}" if note else line


def admin_address(run: Run) -> str | None:
    """The address of Django's admin according to the project's URLs, None if it has none."""
    folder = projects.manage_folder(run.source)
    said = run.command([run.python, "manage.py", "shell", "-c", ADMIN], cwd=folder, expect=None).stdout
    found = re.search(r"^admin: /(.*)$", said, re.MULTILINE)
    return found[1] if found else None


COPY = Stage(name="copy", function=copy)
DEPLOYMENT = (
    Stage(name="configure", function=stages.configure),
    Stage(name="deploy", function=stages.deploy),
    Stage(name="look", function=look),
    Stage(name="rerun", function=stages.rerun),
)
