"""What is kept of a failure, and what is shown of it; the site is a platform's own page."""

import ssl
from pathlib import Path

import httpx
import pytest

from matrix import emulators
from matrix.engine.run import Log, Run
from matrix.proving import evidence
from matrix.record.results import StageResult
from matrix.sandbox.machine import Sandbox
from simple_deploy.model import MASK

RAISED = 'Traceback (most recent call last):\n  File "/app/wsgi.py", line 1\n    broken\nRuntimeError: cannot start\n'
SECRET = "a-secret-of-the-project-0123456789"


def failed(reason: str) -> StageResult:
    return StageResult(name="deploy", status="fail", seconds=1.0, reason=reason)


@pytest.fixture
def run(tmp_path):
    with Sandbox.create(tmp_path) as box:
        emulator = emulators.load("heroku")
        emulator.install(box)
        yield Run(
            box=box,
            platform="heroku",
            emulator=emulator,
            log=Log(path=tmp_path / "results" / "blog-django5.2.log"),
            entry=(),
            say=lambda text: None,
            variables={"KEY": SECRET, "DEBUG": "1"},
        )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def kept(run: Run) -> dict[str, str]:
    folder = evidence.folder_for(run.log.path)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_logs_pages_and_the_last_bad_answer_are_kept_and_secrets_are_masked(run):
    run.log.write(f"the harness ran; KEY is {SECRET}")
    run.box.run(["heroku", "auth:whoami"])
    write(run.emulator.store(run.box.root).app_folder("blog") / "logs" / "web.1-v3.log", RAISED)
    for name in ("x.log", "x.html", "x.receipt.json"):
        write(run.box.work / "deploy" / "blog" / "simple_deploy_logs" / name, "said by the deployer")
    trusted = ssl.create_default_context(cafile=run.box.env["SSL_CERT_FILE"])
    with httpx.Client(proxy=run.box.env["HTTPS_PROXY"], verify=trusted, trust_env=False) as client:
        client.get("https://blog.herokuapp.com/nothing?x=1")

    text = evidence.keep(run, [failed("It failed.\nThat is all.")], "  cd here\n  run it")

    files = kept(run)
    assert sorted(files) == [
        "answers.txt",
        "deployer/deploy/x.html",
        "deployer/deploy/x.log",
        "failure.txt",
        "harness.log",
        "platform/apps/blog/logs/web.1-v3.log",
        "platform/calls.jsonl",
    ]
    assert files["harness.log"] == f"the harness ran; KEY is {MASK}\n"
    assert "auth:whoami" in files["platform/calls.jsonl"]
    assert files["answers.txt"].startswith("404  GET https://blog.herokuapp.com/nothing?x=1\n")
    assert "HTTP 404" in files["answers.txt"]
    assert "no such app" in files["answers.txt"].lower()
    assert SECRET not in "".join(files.values())
    assert files["failure.txt"] == text
    assert text.splitlines() == [
        "deploy failed:",
        "It failed.",
        "That is all.",
        "The log of the site:",
        '  File "/app/wsgi.py", line 1',
        "    broken",
        "RuntimeError: cannot start",
        "",
        f"Everything that was kept: {evidence.folder_for(run.log.path)}",
        "To run it again:",
        "  cd here",
        "  run it",
    ]


def test_a_run_that_never_reached_the_platform_keeps_its_log(tmp_path):
    with Sandbox.create(tmp_path) as box:
        log = Log(path=tmp_path / "results" / "x.log")
        run = Run(box=box, platform="upsun", emulator=emulators.load("upsun"), log=log, entry=(), say=print)
        log.write("stopped early")
        evidence.keep(run, [failed("Too early.")], "again")
        assert sorted(kept(run)) == ["failure.txt", "harness.log"]


def test_a_failed_step_is_shown_with_all_its_lines():
    lines = ["cause", "This step failed: Push your code", *(f"  | {number}" for number in range(20))]
    assert evidence.telling("\n".join(lines), [RAISED]) == lines


def test_a_run_removes_the_evidence_of_the_previous_one(run):
    run.log.write("x")
    evidence.keep(run, [failed("It failed.")], "again")
    evidence.forget(run.log.path)
    assert not run.log.path.exists()
    assert not evidence.folder_for(run.log.path).exists()


@pytest.mark.parametrize(
    ("reason", "logs", "expected"),
    [
        ("cause\n\nmore", [], ["cause", "more"]),
        ("\n".join(map(str, range(20))), [], ["0", "1", *map(str, range(12, 20))]),
        ("raised: RuntimeError: cannot start", [RAISED], ["raised: RuntimeError: cannot start"]),
        (
            "\n".join(["cause", "log:", "| RuntimeError: cannot start", *map(str, range(20))]),
            [RAISED],
            ["cause", "log:", "16", "17", "18", "19", "The log of the site:"],
        ),
        ("seen", [RAISED, "quiet"], ["seen", "The log of the site:", '  File "/app/wsgi.py", line 1', "    broken"]),
    ],
)
def test_at_most_ten_distinct_lines_are_shown(reason, logs, expected):
    shown = evidence.telling(reason, logs)
    assert shown[: len(expected)] == expected
    assert len(shown) <= evidence.LINES
