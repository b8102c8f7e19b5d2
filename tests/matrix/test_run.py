"""The engine of the stages, with test stages, in a real sandbox where commands are run."""

import sys

import pytest

from matrix.engine.run import Log, Run, Stage, StageFailed, StageSkipped, run_stages
from matrix.sandbox.machine import Sandbox


@pytest.fixture
def run(tmp_path):
    with Sandbox.create(tmp_path) as box:
        yield Run(
            box=box,
            platform="nowhere",
            emulator=None,
            log=Log(path=tmp_path / "log" / "run.log"),
            entry=(),
            say=lambda text: None,
        )


def stage(name, *, raises=None, always=False):
    def function(run):
        if raises:
            raise raises
        return run

    return Stage(name=name, function=function, always=always)


def outcome(run, *stages):
    seen = []
    _, results = run_stages(stages, run, seen.append)
    assert tuple(seen) == results
    return [(each.name, each.status, each.reason) for each in results]


def test_every_stage_runs_if_none_fails(run):
    assert outcome(run, stage("one"), stage("two")) == [("one", "pass", ""), ("two", "pass", "")]


def test_after_a_failure_only_always_stages_run(run):
    broken = stage("two", raises=StageFailed("It is broken."))
    assert outcome(run, stage("one"), broken, stage("three"), stage("end", always=True)) == [
        ("one", "pass", ""),
        ("two", "fail", "It is broken."),
        ("three", "skip", "two failed"),
        ("end", "pass", ""),
    ]


def test_a_stage_that_cannot_run_here_is_skipped_with_its_reason(run):
    lacking = stage("one", raises=StageSkipped("There is no Python 2.7 on this machine."))
    assert outcome(run, lacking, stage("two")) == [
        ("one", "skip", "There is no Python 2.7 on this machine."),
        ("two", "skip", "one was skipped"),
    ]


def test_an_unexpected_exception_fails_the_stage_and_leaves_its_traceback_in_the_log(run):
    assert outcome(run, stage("one", raises=ZeroDivisionError("by what?"))) == [
        ("one", "fail", "ZeroDivisionError: by what?")
    ]
    assert "Traceback" in run.log.path.read_text(encoding="utf-8")


def test_a_failing_command_fails_the_stage_with_its_output_and_is_logged(run):
    program = "import sys; print('\\n'.join(map(str, range(100)))); sys.exit('no such luck')"

    def breaks(run):
        run.command([sys.executable, "-c", program], cwd=run.box.work)

    ((_, status, reason),) = outcome(run, Stage(name="one", function=breaks))
    assert status == "fail"
    assert "ended with 1" in reason
    assert "no such luck" in reason
    log = run.log.path.read_text(encoding="utf-8")
    assert "\n42\n" in log
    assert "[1 after " in log


def test_a_command_that_hangs_fails_the_stage(run):
    def waits(run):
        program = "import threading; threading.Event().wait()"
        run.command([sys.executable, "-c", program], cwd=run.box.work, timeout=0.5)

    ((_, status, reason),) = outcome(run, Stage(name="one", function=waits))
    assert status == "fail"
    assert reason.endswith("took longer than 0.5 s")
