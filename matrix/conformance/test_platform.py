"""One deployment from beginning to end, and what must never happen in it; the cells cover the combinations."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import yaml

from simple_deploy import contract, platforms, receipt

from .. import emulators
from ..engine import projects
from ..engine.run import Json, Run
from ..faults import machine, outside
from ..faults.walk import Walk
from ..sandbox.processes import Ran

CANARY = "zq7Canary-41c0f36d"
DEPLOY = ("--automate-all",)
# How long a run may take to end after Ctrl-C: more than on an idle machine, because cells may run in parallel.
PATIENCE = 10.0  # seconds


@pytest.fixture(scope="module")
def platform(pytestconfig: pytest.Config) -> str:
    """The platform that --platform names."""
    named = list(pytestconfig.getoption("platform") or ())
    if len(named) != 1:
        pytest.skip("These tests are for one platform: --platform NAME")
    return str(named[0])


@pytest.fixture(scope="module")
def run(platform: str, pytestconfig: pytest.Config) -> Iterator[Run]:
    """A machine with the platform, and a committed project."""
    yield from _prepared(platform, pytestconfig)


@pytest.fixture
def another_run(platform: str, pytestconfig: pytest.Config) -> Iterator[Run]:
    """Another machine: what was created on the first one does not exist here."""
    yield from _prepared(platform, pytestconfig)


def _prepared(platform: str, config: pytest.Config) -> Iterator[Run]:
    log = Path(config.getoption("results")).resolve() / f"conformance-{platform}.log"
    with machine.prepared(platform, log, ("manage.py", "simple_deploy"), lambda line: None) as prepared:
        yield prepared


@pytest.fixture(scope="module")
def deployed(run: Run) -> tuple[Path, Ran]:
    """A deployment with a variable whose value must not appear anywhere."""
    project = projects.fresh_copy(run, "deployed")
    given = ("--env", f"API_TOKEN={CANARY}", "--env", "GREETING=hello")
    return project, machine.deploy(run, project, *DEPLOY, *given)


def test_the_contract_is_of_this_major_version(platform: str) -> None:
    made_for = platforms.load(platform).contract
    assert made_for.partition(".")[0] == contract.VERSION.partition(".")[0]


def test_the_emulator_is_complete(platform: str, run: Run) -> None:
    """Its CLI knows the command that tells who is logged in, and which of its commands change nothing."""
    emulator, cli = emulators.load(platform), platforms.load(platform).cli
    assert emulator.refusal(cli.whoami) is None
    assert emulator.command(cli.whoami[1:]) in emulator.READING
    assert emulator.refusal([cli.executable, "no-such-command-at-all"]) is not None
    assert emulator.ENVIRONMENT


def test_a_dry_run_changes_nothing(run: Run) -> None:
    project = projects.fresh_copy(run, "dry")
    before, inventory = projects.contents(project), run.emulator.inventory(run.box.root)
    ended = machine.deploy(run, project, *DEPLOY, "--dry-run")
    assert ended.returncode == 0, ended.stderr
    assert projects.difference(before, projects.contents(project)) == []
    assert run.emulator.inventory(run.box.root) == inventory


def test_a_deployment_is_online(deployed: tuple[Path, Ran]) -> None:
    ended = deployed[1]
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["status"] == "deployed"


def test_the_platform_has_the_variable(run: Run, deployed: tuple[Path, Ran]) -> None:
    assert CANARY in json.dumps(run.emulator.store(run.box.root).read())


def test_no_secret_is_seen(run: Run, deployed: tuple[Path, Ran]) -> None:
    """Neither on the terminal nor in a file: log, receipt, summary, settings; nor in Git."""
    project, ended = deployed
    secrets = [CANARY, *run.emulator.secrets(run.box.root)]
    assert len(secrets) > 1
    places = {"the terminal": ended.stdout + ended.stderr}
    for path in project.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            places[path.relative_to(project).as_posix()] = path.read_bytes().decode("utf-8", "replace")
    places["Git"] = run.command(["git", "log", "--patch", "--all"], cwd=project).stdout
    seen = [f"{place}: {line}" for place, text in places.items() for line in text.splitlines() if _any(secrets, line)]
    assert not seen, "\n".join(seen)


def _any(secrets: list[str], line: str) -> bool:
    return any(secret in line for secret in secrets)


def test_a_later_run_knows_what_was_set(platform: str, deployed: tuple[Path, Ran]) -> None:
    """The step that sets the user's variables says so (`Step.sets`): the receipt has them, without secrets."""
    project = deployed[0]
    known = receipt.known_values(receipt.load(project), platform, None)
    assert known["API_TOKEN"] is None
    assert known["GREETING"] == "hello"


def test_a_second_run_changes_nothing(run: Run, deployed: tuple[Path, Ran]) -> None:
    project = deployed[0]
    before, inventory = projects.contents(project), run.emulator.inventory(run.box.root)
    again = machine.deploy(run, project, *DEPLOY, "--env", f"API_TOKEN={CANARY}")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["files"] == []
    assert projects.difference(before, projects.contents(project)) == []
    assert run.emulator.inventory(run.box.root) == inventory


@pytest.mark.skipif(sys.platform == "win32", reason="the lines of the workflow are for bash")
def test_the_workflow_deploys(run: Run, deployed: tuple[Path, Ran]) -> None:
    """The output of `--ci`, without the folder's link to the app; then `status` shows the commit."""
    project = deployed[0]
    if platforms.load(run.platform).workflow is None:
        pytest.skip("The platform has no workflow for a CI service.")
    copy = shutil.copytree(project, project.parent / "ci" / project.name, symlinks=True)
    assert machine.deploy(run, copy, "--ci", "github").returncode == 0
    path = copy / ".github" / "workflows" / f"deploy-{run.platform.replace('_', '-')}.yml"
    step = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["deploy"]["steps"][-1]
    projects.commit_all(run, copy, "Deploy from CI")
    [variable] = [name for name, value in step["env"].items() if "vars." in value]
    shown = _status(run, copy)
    lines = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
    run.box.run(lines, cwd=copy, env={variable: shown["id"] if "PROJECT" in variable else shown["app"]}, timeout=600)
    assert (
        _status(run, copy)["commit"]["deployed"] == run.command(["git", "rev-parse", "HEAD"], cwd=copy).stdout.strip()
    )


def _status(run: Run, project: Path) -> Json:
    shown: Json = json.loads(run.box.run([run.python, *run.entry, "status", "--json"], cwd=project).stdout)
    return shown


def test_destroy_leaves_nothing_behind(run: Run, deployed: tuple[Path, Ran]) -> None:
    project = deployed[0]
    app = str(json.loads(deployed[1].stdout)["app"])
    ended = machine.deploy(run, project, "--destroy", "--deployed-project-name", app)
    assert ended.returncode == 0, ended.stderr
    assert not run.emulator.inventory(run.box.root)


def test_every_fault_is_survived(another_run: Run) -> None:
    """Each command of a run fails, answers nonsense, is interrupted or killed, or loses its network, once each."""
    walk = Walk(another_run, patience=PATIENCE)
    found = [*chain.from_iterable((*walk.runs(), *walk.again())), *outside.verdicts(walk), walk.nothing_left()]
    bad = [f"{one.kind}: {one.where}: {text}" for one in found for text in one.complaints]
    assert not bad, "\n".join(bad)
