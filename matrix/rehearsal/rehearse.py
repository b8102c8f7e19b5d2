"""Deploy a copy of any local Django project to an emulated platform, and report the result.

The original is only read. The working tree is rehearsed: what Git tracks or would track, or every file if the folder is
not a repository.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from simple_deploy.masking.known_secrets import variables
from simple_deploy.masking.redact import Redactor
from simple_deploy.masking.telling import secrets_in

from .. import emulators, walls
from ..engine import projects, stages
from ..engine.run import Log, Run, Stage, StageFailed, run_stages
from ..proving import evidence
from ..proving.holding import hold, open_shell
from ..record import again
from ..record.results import StageResult
from ..sandbox import isolation, screenshots
from ..sandbox.machine import Sandbox
from .looking import look
from .preparation import choose_python, copy, install
from .report import Report, Wanted

GREETING = """
This is a shell on a machine with {cli} on PATH and you logged in: no account is needed, and nothing costs anything.
You are in a copy of your project. Deploy it as the tutorial says, for example with
  python -m simple_deploy --platform {platform} --automate-all
`exit` ends it and removes everything."""


@dataclass(frozen=True, kw_only=True)
class _MaskedLog(Log):
    redact: Callable[[str], str]

    def write(self, text: str) -> None:
        """Append a line or more."""
        super().write(self.redact(text))


def masked_log(path: Path, wanted: Wanted) -> Log:
    """A log that people may pass on: the secrets that they gave are masked, as in the log of the run itself."""
    return _MaskedLog(path=path, redact=Redactor(secrets_in(_given(wanted))).masked)


def _given(wanted: Wanted) -> dict[str, str]:
    """The values of variables, also those among the options for simple_deploy."""
    found = {**wanted.offered, **wanted.variables}
    for option, word in pairwise(wanted.options):
        file = wanted.project / word
        if option == "--env":
            found |= [word.partition("=")[::2]]
        elif option == "--env-file" and file.is_file():
            found |= variables(file.read_text(encoding="utf-8-sig", errors="replace"))
    return found


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
            log=masked_log(log, wanted),
            entry=("-m", "simple_deploy"),
            say=say,
            options=wanted.options,
            variables=wanted.variables,
            offered=wanted.offered,
            source=wanted.project,
        )
        python = Stage(name="python", function=partial(choose_python, wanted=wanted))
        packages = Stage(name="install", function=partial(install, wanted=wanted))
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
    said = run.outcome or run.configured
    command = again.rehearsal_command(
        wanted.project,
        platform=wanted.platform,
        isolation=isolation.current(),
        python=wanted.python,
        names=wanted.variables,
        env_files=wanted.env_files,
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
        not_working=tuple(said.get("not_working", ())),
        notes=(*said.get("notes", ()), *said.get("not_done", ())),
        log=str(run.log.path),
        failure=evidence.keep(run, ran, command) if failed else "",
        evidence=str(evidence.folder_for(run.log.path)) if failed else None,
    )


def _greeting(run: Run) -> str:
    commands = sorted(path.name for path in run.box.bin.iterdir() if not path.name.startswith("."))
    return GREETING.format(cli=" and ".join(f"`{name}`" for name in commands), platform=run.platform)


def deploy(run: Run) -> Run:
    """Deploy the project, unless the platform would do what the emulation cannot."""
    if reason := run.emulator.not_emulated(run.box.root, run.box.work / "configure" / run.source.name):
        raise StageFailed(f"Nothing was deployed, because this project cannot be rehearsed here: {reason}.")
    return stages.deploy(run)


COPY = Stage(name="copy", function=copy)
DEPLOYMENT = (
    Stage(name="configure", function=stages.configure),
    Stage(name="deploy", function=deploy),
    Stage(name="look", function=look),
    Stage(name="rerun", function=stages.rerun),
)
