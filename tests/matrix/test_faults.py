"""Faults and their verdicts: each check fails a deployer that violates it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import pytest

from matrix import emulators
from matrix.engine.run import Log, Run
from matrix.faults import figures, machine
from matrix.faults.__main__ import main
from matrix.faults.figures import Figure, Figures
from matrix.faults.session import ENTRY
from matrix.faults.trap import KINDS, Trap
from matrix.faults.verdict import KILLED, Aftermath, Finding, judge
from matrix.faults.walk import Walk
from matrix.faults.writing import Writing
from matrix.sandbox.machine import Sandbox
from simple_deploy import receipt
from simple_deploy.model import Created

posix = pytest.mark.skipif(os.name == "nt", reason="needs signals of POSIX")

MESSAGE = "This step failed: Create it\n  cli create it\nIt ended.\n\nRun the same command again."
GOOD = Aftermath(
    statuses=frozenset({1}),
    names=("cli create",),
    returncode=1,
    stdout=json.dumps({"status": "failed", "error": {"code": "step-failed", "message": MESSAGE}}),
    stderr=f"> Create it\nStopped: {MESSAGE}\n",
    seconds=1.9,
)


FINE = replace(
    GOOD,
    statuses=frozenset({0, 1}),
    returncode=0,
    stdout='{"status": "deployed", "url": "https://a.example"}',
    stderr="> Create it\n",
)


def test_a_correct_run_has_survived() -> None:
    assert judge("fails", "cli create", GOOD) == Finding(kind="fails", where="cli create", complaints=(), seconds=1.9)
    assert judge("fails", "cli", GOOD).survived
    killed = replace(GOOD, statuses=frozenset({KILLED}), returncode=KILLED, stdout="", stderr="", seconds=None)
    assert judge("killed", "cli create", killed).survived
    assert judge("fails", "cli list", FINE).survived
    assert judge("fails", "cli list", replace(FINE, stdout='{"status": "configured", "url": null}')).survived


@pytest.mark.parametrize(
    ("stdout", "complaint"),
    [
        ("", "standard output is not the JSON of a success: ''"),
        ('{"status": "deployed", "url": null}', "a success that does not say where the site is"),
    ],
)
def test_a_false_success_is_found(stdout: str, complaint: str) -> None:
    assert judge("fails", "cli list", replace(FINE, stdout=stdout)).complaints == (complaint,)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"returncode": 2}, "exit status 2 instead of 1"),
        ({"returncode": 0}, "exit status 0 instead of 1"),
        ({"stderr": "> Create it\n"}, "0 messages: > Create it\n"),
        ({"stderr": GOOD.stderr + "Stopped: again\n"}, "2 messages: "),
        ({"stderr": "Traceback (most recent call last):\n  boom\n" + GOOD.stderr}, "a traceback: "),
        ({"names": ("cli delete",)}, "the message names none of cli delete: "),
        ({"stderr": GOOD.stderr.replace("Run the same command", "Try")}, "the message does not say what to do: "),
        ({"stderr": "Stopped: simple_deploy hit an unexpected error: KeyError.\n"}, "an unexpected error:"),
        ({"stdout": "> Create it"}, "standard output is not the JSON of a failure: '> Create it'"),
        ({"stdout": '{"error": {"message": "something else"}}'}, "JSON and message say different things"),
        ({"seconds": 2.0}, "ended 2.0 s after Ctrl-C"),
        ({"seconds": 2.5, "patience": 2.4}, "ended 2.5 s after Ctrl-C"),
        ({"project": ("a is wrong",)}, "the project: a is wrong"),
        ({"left": ("python",)}, "left behind: python"),
        ({"twice": ("apps:create (2 times)",)}, "created twice: apps:create (2 times)"),
    ],
)
def test_every_violation_is_found(wrong: dict[str, object], complaint: str) -> None:
    found = judge("fails", "cli create", replace(GOOD, **wrong)).complaints  # type: ignore[arg-type]
    assert any(text.startswith(complaint) for text in found), found


KEPT = Figures(
    platform="heroku",
    figures=(Figure(kind="fails", injected=3, survived=3), Figure(kind="killed", injected=2, survived=2)),
    slowest=1.25,
    seconds=60,
    system="Linux",
    versions={"git": "2.39.5"},
    commit="0123456789ab",
    when="2006-01-02T03:04:05Z",
    fingerprint="f",
)
EMPTY_PAGE = "# Faults\n<!-- figures: nox -s faults -- --record -->\n<!-- end of figures -->\nWords.\n"


def test_verdicts_are_counted_by_kind_in_the_order_of_the_tables() -> None:
    met = [("killed", ()), ("fails", ()), ("fails", ("a traceback",))]
    seen = [Finding(kind=kind, where="cli", complaints=complaints) for kind, complaints in met]
    assert figures.counted(seen) == (
        Figure(kind="fails", injected=2, survived=1),
        Figure(kind="killed", injected=1, survived=1),
    )
    assert set(KINDS) <= set(figures.FAULTS.kinds)


def test_figures_are_kept_and_count_a_fault_that_was_not_survived(tmp_path: Path) -> None:
    assert KEPT.survived
    assert not replace(KEPT, figures=()).survived
    assert not replace(KEPT, figures=(Figure(kind="fails", injected=3, survived=2),)).survived
    assert figures.save(KEPT, tmp_path).name == "heroku.linux.json"
    assert figures.load(tmp_path) == (KEPT,)


def test_the_page_is_made_from_the_figures() -> None:
    page = figures.page(EMPTY_PAGE, [KEPT])
    assert "| what goes wrong | Heroku |\n" in page
    assert f"| {figures.FAULTS.kinds['fails']} | 3 of 3 |\n" in page
    assert "| all of them | 5 of 5 |\n| slowest end after Ctrl-C | 1.2 s |\n" in page
    assert "- Heroku: 2006-01-02T03:04:05Z at 0123456789ab, Linux, *emulated*, git 2.39.5\n" in page
    assert page.startswith("# Faults\n")
    assert page.endswith("Words.\n")
    assert figures.page(page, [KEPT]) == page
    with pytest.raises(ValueError, match="no place for figures"):
        figures.page("# Faults\n", [KEPT])


def test_the_docs_page_shows_the_recorded_figures() -> None:
    kept = figures.load()
    text = figures.FAULTS.page.read_text(encoding="utf-8")
    assert kept
    assert all(result.survived for result in kept)
    assert figures.page(text, kept) == text
    assert figures.page(text, [replace(kept[0], slowest=99.0), *kept[1:]]) != text


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox.create() as box:
        emulators.load("heroku").install(box)
        yield box


def test_each_call_meets_each_kind_once_and_each_run_has_one_faulty_question(box: Sandbox) -> None:
    trap = Trap(box.root)
    trap.begin("heroku", {"heroku": "heroku", "git": "git"}, ["heroku releases"])

    def met(program: str, *argv: str) -> str | None:
        call = trap.recognise(program, argv)
        kind = trap.next_kind(call)
        return kind if kind and trap.note(call, kind) else None

    trap.open_run()
    assert met("git", "status", "-z") == "fails"
    assert met("heroku", "apps:info", "--json") is None  # it runs in parallel with the other
    assert met("heroku", "apps:create", "blog", "--region", "eu") == "fails"
    assert met("heroku", "releases", "--json") == "fails"  # asked again until the answer is final
    assert met("heroku", "releases", "--json") == "fails"  # the first one is another call: here nothing was asked yet
    seen = []
    for _ in range(6):
        trap.open_run()
        seen.append(met("heroku", "apps:create", "blog"))
    assert seen == ["interrupted", "killed", "network gone", "answer lost", None, None]
    trap.open_run()
    assert met("heroku", "config", "--json") == "fails"
    trap.start_over(("nonsense",))
    trap.open_run()
    assert met("heroku", "apps:create", "blog") is None
    assert met("git", "status") is None
    assert met("heroku", "config", "--json") == "nonsense"


def test_the_network_stays_gone_for_remote_calls(box: Sandbox) -> None:
    trap = Trap(box.root)
    trap.begin("heroku", {}, [])
    trap.open_run()
    call = trap.recognise("heroku", ["config"])
    assert not trap.is_offline(call)
    assert trap.note(call, "network gone")
    assert trap.is_offline(trap.recognise("git", ["push", "heroku"]))
    assert not trap.is_offline(trap.recognise("git", ["status"]))
    trap.open_run()
    assert not trap.is_offline(call)


def run_on(box: Sandbox, folder: Path) -> Run:
    return Run(
        box=box,
        platform="heroku",
        emulator=emulators.load("heroku"),
        log=Log(path=folder / "log"),
        entry=(),
        say=lambda text: None,
    )


def test_a_second_app_is_found(box: Sandbox, tmp_path: Path) -> None:
    app = Created(kind="app", name="blog-a")
    step = receipt.Taken(id="create-app", argv=("heroku", "apps:create", "blog-a"), state="failed", created=(app,))
    begun = receipt.Run(id="1", kind="deploy", platform="heroku", app="blog-a", branch="main", steps=(step,))
    (tmp_path / ".git").mkdir()
    receipt.save(tmp_path, (begun, replace(begun, id="2")))
    run = run_on(box, tmp_path)
    box.run(["heroku", "apps:create", "blog-a"])
    box.run(["heroku", "apps:create", "blog-a"], check=False)
    assert machine.created_twice(run, tmp_path) == ()
    box.run(["heroku", "apps:create", "blog-b"])
    assert machine.created_twice(run, tmp_path) == ("apps:create (2 times)",)


def test_partial_files_and_a_partial_commit_are_found(box: Sandbox, tmp_path: Path) -> None:
    project = box.work / "blog"
    project.mkdir()
    box.run(["git", "init", "--quiet"], cwd=project)
    for name in ("a", "b"):
        (project / name).write_bytes(b"old")
    box.run(["git", "add", "."], cwd=project)
    box.run(["git", "commit", "--quiet", "-m", "Start"], cwd=project)
    allowed = machine.Shape(before={"a": b"old", "b": b"old"}, promised={"a": b"new", "b": b"new"})
    run = run_on(box, tmp_path)
    assert machine.damage(run, project, allowed) == ()
    (project / "a").write_bytes(b"new")
    assert machine.damage(run, project, allowed) == ("half of the files are written",)
    (project / "b").write_bytes(b"ne")
    assert machine.damage(run, project, allowed) == ("b is wrong",)
    (project / "b").write_bytes(b"new")
    assert machine.damage(run, project, allowed) == ()
    box.run(["git", "commit", "--quiet", "-m", "Half", "a"], cwd=project)
    assert machine.damage(run, project, allowed) == ("Git sees changes in b only",)
    box.run(["git", "commit", "--quiet", "--all", "-m", "Whole"], cwd=project)
    assert machine.damage(run, project, allowed) == ()


# The real deployer, and errors after it has stopped. They share the process, so that a kill hits both.
WRONG = """
import runpy, signal, subprocess, sys, time
from pathlib import Path

def sleeping(seconds):
    subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({{seconds}})"])

sys.path.insert(0, ".")
sys.argv = ["manage.py", "simple_deploy", *sys.argv[1:]]
try:
    runpy.run_path("manage.py", run_name="__main__")
except SystemExit as ended:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    {after}
    raise
"""


@posix
@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "after", "complaint"),
    [
        ("fails", "pass", ""),
        ("interrupted", "pass", ""),
        ("killed", "pass", ""),
        ("fails", "Path('requirements.txt').write_bytes(b'')", "the project: requirements.txt is wrong"),
        ("fails", "sys.exit(0)", "1 messages: "),
        ("fails", "sleeping('30')", "left behind: "),
        ("fails", "Path('.git/index.lock').touch()", "left behind: .git/index.lock"),
        ("fails", "print('Stopped: and once more', file=sys.stderr)", "2 messages: "),
        ("interrupted", "time.sleep(10)", "ended "),
    ],
)
def test_a_faulty_deployer_does_not_survive(tmp_path: Path, kind: str, after: str, complaint: str) -> None:
    script = tmp_path / "wrong.py"
    script.write_text(WRONG.format(after=after), encoding="utf-8")
    with machine.prepared("heroku", tmp_path / "log", ENTRY, lambda text: None) as run:
        walk = Walk(run, [kind], patience=10)
        walk.run = replace(run, entry=(str(script),))
        seen = next(walk.runs())
    found = [text for verdict in seen for text in verdict.complaints]
    assert {verdict.kind for verdict in seen} == {kind}
    assert any(text.startswith(complaint) for text in found) if complaint else not found, found


@posix
@pytest.mark.long
def test_a_deployer_that_writes_in_place_does_not_survive_a_kill(tmp_path: Path) -> None:
    script = tmp_path / "wrong.py"
    script.write_text(
        "from pathlib import Path\n"
        "for name in ('requirements.txt', 'blog/settings.py'):\n"
        "    Path(name).resolve().write_text('configured', encoding='utf-8')\n",
        encoding="utf-8",
    )
    with machine.prepared("heroku", tmp_path / "log", ENTRY, lambda text: None) as run:
        writing = Writing(run)
        writing.run = replace(run, entry=(str(script),))
        _, second = islice(writing.verdicts(), 2)
    assert (second.kind, second.survived) == ("killed while writing", False)
    assert "the next run: the project: requirements.txt is wrong" in second.complaints


@posix
@pytest.mark.long
def test_a_deployment_is_completed_even_if_every_answer_is_lost_once(tmp_path: Path) -> None:
    with machine.prepared("heroku", tmp_path / "log", ENTRY, lambda text: None) as run:
        walk = Walk(run, ["answer lost"])
        seen = [*chain.from_iterable(walk.runs()), walk.nothing_left()]
        apps = run.emulator.inventory(run.box.root)
    assert [verdict for verdict in seen if not verdict.survived] == []
    lost, rest = seen[:-2], seen[-2:]
    assert len(lost) >= 7
    assert {verdict.kind for verdict in lost} == {"answer lost"}
    assert [verdict.kind for verdict in rest] == ["no fault", "no fault"]
    assert len(apps) == 1


@posix
@pytest.mark.long
def test_some_disk_faults_of_the_real_deployer(tmp_path: Path) -> None:
    with machine.prepared("heroku", tmp_path / "log", ENTRY, lambda text: None) as run:
        seen = list(Writing(run).verdicts(every=9))
    assert [verdict for verdict in seen if not verdict.survived] == []
    assert len({verdict.kind for verdict in seen}) == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--record", "--every", "2"], "what is kept must be whole: leave out --every and --patience"),
        (["--platform", "nowhere"], "invalid choice: 'nowhere'"),
    ],
)
def test_meaningless_options_are_a_usage_error(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
