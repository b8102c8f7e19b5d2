"""The remote half of a cell, on Linux: the handed-off project is built, served, used and deployed again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ..engine import deployer, projects, stages
from ..engine.deployer import expect_equal
from ..engine.run import Run, Stage, StageFailed, StageSkipped, run_stages
from ..proving import evidence
from ..proving.prove import run_of
from ..record import again, provenance, spurious
from ..record.provenance import REPOSITORY
from ..record.results import CellResult, StageResult, overall
from ..sandbox import environments, isolation
from ..sandbox.machine import Sandbox
from . import conditions as machines
from . import hand_off
from .hand_off import HandOff, HandOffError


def finish(
    folder: Path, *, log: Path, on_stage: Callable[[StageResult], None], say: Callable[[str], None]
) -> CellResult:
    """Continue from a hand-off, and return the result of both halves. Raises HandOffError for any other folder."""
    given, account = hand_off.read(folder)
    cell = given.result.cell
    evidence.forget(log)
    with Sandbox.create() as box:
        run = run_of(cell, box, log=log, say=say)
        receiving = Stage(name="receive", function=partial(receive, given=given, folder=folder, account=account))
        deploying = Stage(name="deploy", function=partial(deploy, given=given))
        run, ran = run_stages((receiving, deploying, *REST), run, on_stage)
        if overall(ran) == "fail":
            evidence.keep(run, ran, again.finish_command(folder))
        evidence.mask(run)
        _, ended = run_stages((stages.TEARDOWN,), run, on_stage)
    whole = (*given.result.stages, *ran, *ended)
    return replace(
        given.result,
        stages=whole,
        status=overall(whole),
        spurious=spurious.reason(whole),
        finished_on=provenance.system(),
        versions={**given.result.versions, "finished in isolation": isolation.current()},
        when=provenance.now(),
    )


def receive(run: Run, *, given: HandOff, folder: Path, account: bytes) -> Run:
    """Unpack the project and the account; Git sees exactly what was sent."""
    cell = given.result.cell
    if reason := run.emulator.obstacle(cell.python):
        raise StageSkipped(reason)
    interpreter = environments.python(cell.python)
    if interpreter is None:
        raise StageSkipped(f"There is no Python {cell.python} on this machine.")
    run.emulator.install(run.box)
    machines.same_git(run.box, given.git)
    project = _project(run, given, folder)
    _account(run, given, account)
    python = projects.developer_environment(run, interpreter, project)
    stages.use_package_manager(run, cell, interpreter)
    return replace(run, source=project, deployed=project, interpreter=interpreter, python=python)


def _project(run: Run, given: HandOff, folder: Path) -> Path:
    """The files as they were sent, over the repository from the bundle."""
    project = run.box.work / "deploy" / given.project
    run.command(["git", "clone", "--quiet", "--no-checkout", folder / hand_off.BUNDLE, project], cwd=run.box.work)
    run.command(["git", "remote", "remove", "origin"], cwd=project)
    hand_off.unpack((folder / hand_off.FOLDER).read_bytes(), project)
    run.command(["git", "reset", "--quiet"], cwd=project)
    exclude = project / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text(given.exclude, encoding="utf-8", newline="\n")
    for name, url in given.remotes.items():
        run.command(["git", "remote", "add", name, url], cwd=project)
    expect_equal("The commit", projects.head(run, project), "the one that was sent", given.head)
    expect_equal("What Git sees", projects.git_status(run, project), "nothing", [])
    packed = hand_off.pack(project, without=(".git",))
    if packed != (folder / hand_off.FOLDER).read_bytes():
        raise StageFailed("The files are not those that were sent, byte for byte.")
    return project


def _account(run: Run, given: HandOff, account: bytes) -> None:
    """The platform's state, with the paths and databases of this machine in place of those of the other one."""
    store = run.emulator.store(run.box.root).folder
    hand_off.unpack(account, store)
    here = {"root": str(run.box.root), "sources": str(REPOSITORY), "python": sys.executable}
    texts = dict(_both_forms({given.origin[name]: here[name] for name in here}))
    for name, url in given.databases.items():
        texts |= _database(url, run.box.postgres.create_database(name))
    for path in (path for path in store.rglob("*") if path.is_file() and path.suffix != ".pack"):
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        path.write_bytes(_replaced(text, texts).encode("utf-8"))


def _both_forms(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Unchanged, and as JSON and Python write it: paths of Windows have backslashes."""
    for old, new in sorted(texts.items(), key=lambda pair: -len(pair[0])):
        yield old.replace("\\", "\\\\"), new
        yield old, new


def _database(old: str, new: str) -> dict[str, str]:
    """Name, password and port, since platforms give databases host names of their own."""
    before, after = urlsplit(old), urlsplit(new)
    return {
        str(before.password): str(after.password),
        str(before.username): str(after.username),
        f":{before.port}/": f":{after.port}/",
    }


def _replaced(text: str, texts: Mapping[str, str]) -> str:
    for old, new in texts.items():
        text = text.replace(old, new)
    return text


def deploy(run: Run, *, given: HandOff) -> Run:
    """Continue the deployment: nothing is written or committed, and the platform gets what was handed off."""
    before = projects.contents(run.deployed)
    completed = deployer.start_deployer(run, run.deployed, "--automate-all")
    outcome = deployer.parse(completed.stdout, "deployed")
    expect_equal("The commit", projects.head(run, run.deployed), "the one that was sent", given.head)
    expect_equal("Files it changed", projects.difference(before, projects.contents(run.deployed)), "none", [])
    expect_equal("What Git sees after the deployment", projects.git_status(run, run.deployed), "nothing", [])
    run = replace(run, outcome=outcome, summary=completed.stderr)
    if run.url not in run.summary:
        raise StageFailed(f"The summary does not name {run.url}.")
    return run


REST = tuple(stage for stage in stages.CELL_STAGES if stage.name in ("use", "summary", "redeploy", "rerun"))
__all__ = ["HandOffError", "deploy", "finish", "receive"]
