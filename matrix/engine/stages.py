"""The stages of a cell, in order. Each raises to fail; `CELL_STAGES` at the end is the list."""

import os
import shlex
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from simple_deploy import platforms

from .. import grammar, visitor
from ..cells import Cell
from ..sandbox import environments
from . import deployer, package_managers, projects, samples, summary_page
from .deployer import expect_equal
from .run import Run, Stage, StageFailed, StageSkipped

# HSTS is left to the user: only the user knows whether every host of the domain supports https.
ALLOWED_WARNINGS = {"security.W004", "security.W005", "security.W021"}


def generate(run: Run) -> Run:
    """Create the project, on a machine that can also be the platform."""
    if run.cell and (reason := run.emulator.obstacle(run.cell.python)):
        raise StageSkipped(reason)
    return make_project(run)


def make_project(run: Run) -> Run:
    """Set the machine up, and create the sample project, its first commit and its developer's environment."""
    if run.cell is None:
        raise StageFailed("Only a cell says what to generate.")
    cell = run.cell
    run.emulator.install(run.box)
    run.box.postgres.prepare()
    interpreter = environments.python(cell.python)
    if interpreter is None:
        raise StageSkipped(f"There is no Python {cell.python} on this machine.")
    source = samples.generate(
        run.box.work / "generated",
        layout=cell.layout,
        package_manager=cell.package_manager,
        django=cell.django,
        python=cell.python,
        settings_style=cell.settings_style,
    )
    projects.share_downloads(run)
    projects.commit_all(run, source, "Start the project")
    python = projects.developer_environment(run, interpreter, source)
    use_package_manager(run, cell, interpreter)
    return replace(run, source=source, interpreter=interpreter, python=python)


def use_package_manager(run: Run, cell: Cell, interpreter: Path) -> None:
    """Put the cell's package manager on the developer's PATH."""
    folders = package_managers.NAMED[cell.package_manager].program_folders(interpreter)
    run.box.env["PATH"] = os.pathsep.join([*folders, run.box.env["PATH"]])


def configure(run: Run) -> Run:
    """Configure a fresh copy without asking the platform anything; a second run changes nothing."""
    folder = projects.fresh_copy(run, "configure")
    asked = len(calls(run))
    outcome = deployer.configure_only(run, folder, *_variables(run))
    written = deployer.reported_files(outcome)
    seen = sorted([*projects.git_status(run, folder), *projects.ignored(run, folder, written)])
    expect_equal("The files it says it wrote", written, "what Git sees", seen)
    expect_equal("The platform's commands called", len(calls(run)), "before", asked)
    first = projects.contents(folder)
    again = deployer.configure_only(run, folder, *_variables(run))
    expect_equal("Files of a second run", deployer.reported_files(again), "none", [])
    expect_equal("Files it changed", projects.difference(first, projects.contents(folder)), "none", [])
    return replace(run, configured=outcome)


def check(run: Run) -> Run:
    """`check --deploy` in production's environment finds only what is left to the user."""
    if not run.configured["files"]:
        raise StageFailed("The deployer wrote no file.")
    folder = projects.as_committed(run, run.box.work / "configure" / run.source.name, "check")
    variables = samples.production_variables(run.cell.settings_style) if run.cell else {}
    found = deployer.deployment_warnings(run, folder, variables)
    if unexpected := {name: text for name, text in found.items() if name not in ALLOWED_WARNINGS}:
        raise StageFailed("manage.py check --deploy:\n" + "\n".join(unexpected.values()))
    return run


def _variables(run: Run) -> tuple[str, ...]:
    """The options for the site's variables, and for the developer's file of them, which is not part of the project."""
    given = tuple(word for name, value in run.variables.items() for word in ("--env", f"{name}={value}"))
    if not run.offered:
        return given
    file = run.box.work / "development.env"
    quotes = {name: '"' if "'" in value else "'" for name, value in run.offered.items()}
    lines = (f"{name}={quotes[name]}{value}{quotes[name]}\n" for name, value in run.offered.items())
    file.write_text("".join(lines), encoding="utf-8", newline="\n")
    return (*given, "--env-file", str(file))


def deploy(run: Run) -> Run:
    """Deploy a fresh copy with one command; everything it reports is committed, and nothing else is left behind."""
    folder = projects.fresh_copy(run, "deploy")
    before = projects.head(run, folder)
    completed = deployer.start_deployer(run, folder, "--automate-all", *_variables(run))
    outcome = deployer.parse(completed.stdout, "deployed")
    expect_equal("What Git sees after the deployment", projects.git_status(run, folder), "nothing", [])
    committed, named = projects.committed_files(run, folder, before), deployer.reported_files(outcome)
    expect_equal("The files committed", committed, "the files it names", named)
    run = replace(run, deployed=folder, outcome=outcome, summary=completed.stderr)
    if run.url not in run.summary:
        raise StageFailed(f"The summary does not name {run.url}.")
    return run


def use(run: Run) -> Run:
    """Use the site as its visitors would."""
    backend = run.box.sites.port(site(run))
    findings = visitor.visit(run.url, proxy=router(run), ca=authorities(run), backend=backend)
    run.log.write("\n".join(findings.passed))
    return replace(run, findings=findings)


def summary(run: Run) -> Run:
    """Read the summary page: it describes this deployment completely and correctly, and reveals no secret."""
    summary_page.expect_no_secret(run, summary_page.verified(run))
    return run


def redeploy(run: Run) -> Run:
    """Change a template and deploy it as the summary says: the change is visible, the data is still there."""
    tagline = samples.change_home_page(run.deployed)
    for argv in deployer.redeploy_commands(run.summary):
        run.command(deployer.in_a_shell(argv), cwd=run.deployed, timeout=600)
    if run.findings is None:
        raise StageFailed("The site has not been used yet.")
    visitor.returning(run.url, before=run.findings, expect_text=tagline, proxy=router(run), ca=authorities(run))
    return run


def rerun(run: Run) -> Run:
    """Deploy again: no file changes, nothing is created, and the platform is only queried, never changed."""
    before = projects.contents(run.deployed)
    inventory, called = run.emulator.inventory(run.box.root), len(calls(run))
    outcome = deployer.parse(deployer.start_deployer(run, run.deployed, "--automate-all").stdout, "deployed")
    expect_equal("Files of a second deployment", deployer.reported_files(outcome), "none", [])
    expect_equal("Files it changed", projects.difference(before, projects.contents(run.deployed)), "none", [])
    expect_equal("What Git sees", projects.git_status(run, run.deployed), "nothing", [])
    expect_equal("The account", run.emulator.inventory(run.box.root), "before", inventory)
    reading, command = run.emulator.READING, run.emulator.command
    telling = [shlex.join(argv) for argv in calls(run)[called:] if command(argv) not in reading]
    expect_equal("Commands that change the account", telling, "none", [])
    program = platforms.load(run.platform).cli.executable
    unknown = [reason for argv in calls(run) if (reason := grammar.refusal([program, *argv]))]
    expect_equal("Commands that the vendor's reference does not know", unknown, "none", [])
    return run


def teardown(run: Run) -> Run:
    """End the sandbox: no process of it is left."""
    served = run.box.sites.site(site(run)) if run.outcome else None
    run.box.close()
    survivors = [child.pid for child in psutil.process_iter() if _belongs(child, run.box.root)]
    if served and psutil.pid_exists(served["pid"]):
        survivors.append(served["pid"])
    expect_equal("Processes that survive the sandbox", survivors, "none", [])
    return run


def _belongs(child: psutil.Process, root: Path) -> bool:
    try:
        return any(str(root) in argument for argument in child.cmdline())
    except psutil.Error:
        return False


def calls(run: Run) -> list[list[str]]:
    """The arguments of every call of the platform's CLI so far, oldest first."""
    return [call["argv"] for call in run.emulator.store(run.box.root).calls()]


def site(run: Run) -> str:
    """The name of the web process in the sandbox; raises StageFailed if the address leads to none."""
    name = run.box.sites.serving(urlsplit(run.url).hostname or "")
    if name is None:
        raise StageFailed(f"No process serves {run.url}.")
    return name


def router(run: Run) -> str:
    """The proxy to the sandbox's sites."""
    return run.box.env["HTTPS_PROXY"]


def authorities(run: Run) -> Path:
    """The certificates that the sandbox trusts."""
    return Path(run.box.env["SSL_CERT_FILE"])


TEARDOWN = Stage(name="teardown", function=teardown, always=True)
CELL_STAGES = (
    Stage(name="generate", function=generate),
    Stage(name="configure", function=configure),
    Stage(name="check", function=check),
    Stage(name="deploy", function=deploy),
    Stage(name="use", function=use),
    Stage(name="summary", function=summary),
    Stage(name="redeploy", function=redeploy),
    Stage(name="rerun", function=rerun),
    TEARDOWN,
)
