"""Steps that read, prompt, stay silent, or get an argument late: run as for users."""

from __future__ import annotations

import os
import re
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.management.base import OutputWrapper
from django.core.management.color import no_style

from simple_deploy.deploy import Watcher, deploy, site_address
from simple_deploy.effects.log import Log
from simple_deploy.effects.terminal import Terminal
from simple_deploy.masking.redact import Redactor
from simple_deploy.messages.stops import SiteSilent, StepFailed
from simple_deploy.model import Deferred, Plan, Poll, Query, Secret, Step, Watch
from simple_deploy.verify import verify

SECRET = Secret("correct-horse-battery", prefix="KEY=", recipe="secrets.token_hex()")
HEAD = Deferred(query=Query(argv=(sys.executable, "-c", "print('abc123')"), read=str.strip), shown="HEAD")


def python(script: str, **given: object) -> Step:
    return Step(id="step", title="Try it", why="to see", argv=(sys.executable, "-c", script), **given)  # type: ignore[arg-type]


class StepRun:
    """One step run to its end; `log` is the complete log, `notes` the records of the step."""

    def __init__(self, folder: Path, step: Step) -> None:
        log = Log(Redactor([SECRET]))
        log.path = folder / "run.log"
        with (folder / "terminal.txt").open("w", encoding="utf-8") as out:
            terminal = Terminal(OutputWrapper(out), no_style(), log, 2)
            self.failure = ""
            self.notes: list[tuple[str, str | None]] = []
            plan = Plan(platform="p", platform_name="P", placeholders={"app": "a"}, changes=(), steps=(step,))
            try:
                deploy(plan, folder, terminal, log, lambda step, state, app_id: self.notes.append((state, app_id)))
            except StepFailed as failed:
                self.failure = str(failed)
        self.log = log.path.read_text(encoding="utf-8")
        self.shown = (folder / "terminal.txt").read_text(encoding="utf-8")


def test_a_step_is_recorded_at_its_start_and_end_with_the_id_of_its_app(tmp_path: Path) -> None:
    identity = Query(argv=(sys.executable, "-c", "print(42)"), read=str.strip)
    assert StepRun(tmp_path, python("", identity=identity)).notes == [("started", None), ("done", "42")]
    assert StepRun(tmp_path, python("")).notes == [("started", None), ("done", None)]
    failed = StepRun(tmp_path, python("raise SystemExit(1)", identity=identity))
    assert failed.notes == [("started", None), ("failed", None)]


def test_a_secret_is_read_and_never_shown(tmp_path: Path) -> None:
    step = python("import sys; open('got', 'w', encoding='utf-8').write(sys.stdin.read())", stdin=(SECRET, "DEBUG=1"))
    ran = StepRun(tmp_path, step)
    assert not ran.failure
    assert (tmp_path / "got").read_text(encoding="utf-8") == "KEY=correct-horse-battery\nDEBUG=1\n"
    assert SECRET.reveal() not in ran.log + ran.shown


def test_a_program_that_does_not_read_fails_with_its_own_message(tmp_path: Path) -> None:
    ran = StepRun(tmp_path, python("import sys; sys.exit('no login')", stdin=(SECRET,)))
    assert "ended with exit status 1" in ran.failure
    assert "no login" in ran.failure


def test_the_output_of_a_private_step_is_discarded(tmp_path: Path) -> None:
    script = "import sys; print('Password: hunt' + 'er2'); print('but why', file=sys.stderr); sys.exit(1)"
    ran = StepRun(tmp_path, python(script, private=True))
    assert "hunter2" not in ran.log + ran.shown + ran.failure
    assert "but why" in ran.failure


def test_a_deferred_argument_is_resolved_when_its_step_is_reached(tmp_path: Path) -> None:
    script = "import sys; open('got', 'w', encoding='utf-8').write(sys.argv[1])"
    step = Step(id="step", title="Try it", why="to see", argv=(sys.executable, "-c", script, HEAD))
    assert not StepRun(tmp_path, step).failure
    assert (tmp_path / "got").read_text(encoding="utf-8") == "abc123"
    assert str(step.argv[-1]) == "HEAD"


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "print('{}')"])
def test_an_unresolvable_deferred_argument_stops_the_step(tmp_path: Path, script: str) -> None:
    query = Query(argv=(sys.executable, "-c", script), read=lambda said: {"{}\n": {}}[said]["id"])
    ran = StepRun(tmp_path, Step(id="s", title="Try it", why="w", argv=("true", Deferred(query=query, shown="ID"))))
    assert "could not start" in ran.failure
    assert "did not report ID" in ran.failure


@pytest.mark.parametrize("telling", [True, False])
def test_the_output_of_a_failed_poll_is_shown_if_it_is_telling(tmp_path: Path, telling: bool) -> None:
    poll = Poll(verdict=lambda said: "said no", timeout=10, telling=telling)
    ran = StepRun(tmp_path, python("print('column posts.' + 'title exists')", poll=poll))
    assert "said no" in ran.failure
    assert ("column posts.title exists" in ran.failure) == telling


def test_a_step_is_logged_with_its_result(tmp_path: Path) -> None:
    lines = [line.split(" ", 1)[1] for line in StepRun(tmp_path, python("print('one')")).log.splitlines()]
    assert any(line.startswith("$ ") for line in lines)
    assert any(re.fullmatch(r"\[exit 0, \d+\.\d\d s\]", line) for line in lines)


def test_a_missing_program_is_reported(tmp_path: Path) -> None:
    ran = StepRun(tmp_path, Step(id="s", title="Try it", why="w", argv=("no-such-program-here",)))
    assert "It could not be started: command not found.\n" in ran.failure


def test_a_failure_shows_the_last_lines_and_what_explains_it(tmp_path: Path) -> None:
    explain = (sys.executable, "-c", "print('because')")
    ran = StepRun(tmp_path, python("print('one\\n\\ntwo'); raise SystemExit(3)", explain=explain))
    assert "It ended with exit status 3.\n\n  | one\n  | two\n" in ran.failure
    assert "  | because\n" in ran.failure
    assert "  | because\n" in ran.log


@pytest.mark.parametrize("first", ["Traceback (most recent call last):", "remote:        ERROR: no", "fatal: no"])
def test_a_failure_shows_the_output_from_the_first_error_on(tmp_path: Path, first: str) -> None:
    """What a build says after its error would hide it."""
    script = "print('before', *['fine'] * 40, ERROR, *['after'] * 50, sep='\\n'); raise SystemExit(1)"
    ran = StepRun(tmp_path, python(script.replace("ERROR", repr(first))))
    assert f"exit status 1.\n\n  | {first}\n" in ran.failure
    ran = StepRun(tmp_path, python(script.replace("ERROR", "'fine'")))
    assert ran.failure.count("| after") == 30 and "| fine" not in ran.failure


def test_a_poll_repeats_until_the_answer_is_final(tmp_path: Path) -> None:
    script = "with open('asked', 'a', encoding='utf-8') as file: print('x', file=file)\nprint('done')"
    ran = StepRun(tmp_path, python(script, poll=Poll(verdict=str.strip, timeout=10)))
    assert (ran.failure, ran.notes[-1]) == ("", ("done", None))
    poll = Poll(verdict=lambda said: "wait", timeout=0.3, interval=0.2)  # type: ignore[arg-type]
    assert "It was not finished after 0.3 seconds." in StepRun(tmp_path, python(script, poll=poll)).failure
    assert 2 <= len((tmp_path / "asked").read_text(encoding="utf-8").splitlines()) <= 4


CONVERSATION = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_deploy import StepRun, python
ask = "import sys; print('The price is 7. Go on? ', end='', file=sys.stderr, flush=True);"
ask += "answer = input(); print('project-id'); sys.exit(answer != 'y')"
ran = StepRun(Path("."), python(ask, interactive=True))
print(ran.shown, ran.failure, "END")
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize(("answer", "ending"), [("y\n", "done in"), ("n\n", "ended with exit status 1")])
def test_a_step_may_prompt_the_user(tmp_path: Path, answer: str, ending: str) -> None:
    from matrix.sandbox.terminals import converse

    argv = [sys.executable, "-c", CONVERSATION.format(tests=str(Path(__file__).parent))]
    # The step's question goes to the file that represents the terminal; the answer comes from the real one.
    status, shown = converse(argv, ("", answer), cwd=tmp_path, env={**os.environ, "PYTHONUTF8": "1"})
    assert (status, "END" in shown) == (0, True)
    assert "The price is 7. Go on?" in shown
    assert ending in shown
    assert "project-id" in (tmp_path / "run.log").read_text(encoding="utf-8")


def asking(script: str) -> Plan:
    query = Query(argv=(sys.executable, "-c", script), read=str.strip)
    return Plan(platform="p", platform_name="P", placeholders={"app": "a"}, changes=(), steps=(), address=query)


def test_the_site_address_comes_from_the_platform(tmp_path: Path) -> None:
    log = Log(Redactor([]))
    assert site_address(asking("print('https://a.example/')"), tmp_path, log) == "https://a.example/"


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "print()", "print('<html>Out of order</html>')"])
def test_a_site_without_an_address_is_not_reported_as_online(tmp_path: Path, script: str) -> None:
    with pytest.raises(StepFailed) as failed:
        site_address(asking(script), tmp_path, Log(Redactor([])))
    first, command, reason, *rest = str(failed.value).splitlines()
    assert first == "This step failed: Ask for the site's address"
    assert command.endswith(f'"{script}"') or script in command
    assert reason == "It did not report it, although the release succeeded."
    assert rest[-1].endswith("run the same command again: it continues where it stopped.")


def test_an_invalid_address_is_reported_without_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    assert verify("nowhere", seconds=0, report=lambda line: None) == "unknown url type: 'nowhere'"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("status", [200, 302, 401, 404, 499, 400, 500, 503])
def test_a_site_is_healthy_unless_django_refuses_the_host_or_fails(status: int) -> None:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(status)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.handle_request).start()
        seen = verify(f"http://127.0.0.1:{server.server_port}/", seconds=0, report=lambda line: None)
    assert (seen or "").startswith(f"HTTP {status} ") == (status in (400, 500, 503))


@pytest.mark.parametrize(("answers", "seen"), [([500, 200], "HTTP 500 Internal Server Error"), ([503, 200], None)])
def test_only_a_proxys_error_is_waited_for(answers: list[int], seen: str | None) -> None:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(answers.pop(0))

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        try:
            assert verify(address, seconds=60, report=lambda line: None, patience=0) == seen
        finally:
            server.shutdown()


def watcher(folder: Path, script: str, crashed: str = "") -> Watcher:
    """A watcher with this output from the platform."""
    state = Query(argv=(sys.executable, "-c", crashed), read=str.strip)
    watch = Watch(log=(sys.executable, "-c", script), crashed=state)
    return Watcher(watch, folder, Log(Redactor([SECRET])))


def test_the_last_lines_of_a_log_are_shortened_masked_and_printable(tmp_path: Path) -> None:
    script = (
        "for n in range(500): print(f'line {n}')\n"
        "print('\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07bell\\x07 back\\b\\r')\n"
        f"print('{SECRET.reveal()} API_TOKEN=abc postgres://user:word@host/db')\n"
        "print('x' * 100_000)"
    )
    lines = watcher(tmp_path, script).last_lines().splitlines()
    assert len(lines) == 60
    assert lines[0] == "line 443"
    assert lines[-3:-1] == ["red bell back", "******** API_TOKEN=******** postgres://********@host/db"]
    assert lines[-1] == "x" * 500


@pytest.mark.parametrize("prefix", ["", "12:00:00 app[web.1]: ", "[info] web.1 | "])
def test_an_exception_above_the_last_lines_of_a_log_is_shown(prefix: str, tmp_path: Path) -> None:
    raised = f"{prefix}blog.errors.MissingError: no entry"
    script = f"for n in range(300): print({raised!r} if n == 100 else f'{prefix}line {{n}}')"
    lines = watcher(tmp_path, script).last_lines().splitlines()
    assert (lines[0], lines[-1], len(lines)) == (f"{prefix}line 41", raised, 60)


def test_the_reason_is_shown_for_a_log_that_cannot_be_read(tmp_path: Path) -> None:
    last = watcher(tmp_path, "import sys; print('half'); sys.exit('no such app')").last_lines()
    assert last == "no such app\n(the command ended with exit status 1)"
    stopped = str(SiteSilent("https://blog.example/", "HTTP 503", 9, "heroku logs", None, last=last))
    assert stopped.startswith(
        "The release was deployed, but https://blog.example/ did not respond within 9 s: HTTP 503.\n"
    )
    assert "  | no such app\n" in stopped


def test_an_error_of_the_application_is_reported_as_its_answer() -> None:
    stopped = str(SiteSilent("https://blog.example/", "HTTP 500 Internal Server Error", 9, "heroku logs", None))
    assert stopped.startswith(
        "The release was deployed, but https://blog.example/ answers with an error: HTTP 500 Internal Server Error.\n"
    )


@pytest.mark.parametrize("script", ["import sys; sys.exit(1)", "print()"])
def test_the_run_waits_if_the_platform_reports_no_crash(script: str, tmp_path: Path) -> None:
    assert not watcher(tmp_path, "", script).has_crashed()


def test_nothing_is_asked_if_the_platform_cannot_be_watched(tmp_path: Path) -> None:
    unwatched = Watcher(None, tmp_path, Log(Redactor([])))
    silent = Watcher(Watch(log=("no-such-program",)), tmp_path, Log(Redactor([])))
    assert (unwatched.has_crashed(), unwatched.last_lines(), silent.has_crashed()) == (False, "", False)


@pytest.mark.long
def test_waiting_ends_when_the_platform_reports_a_crash_twice(tmp_path: Path) -> None:
    answers = iter([True, False, True, True, False])
    refused = "http://127.0.0.1:9/"
    assert verify(refused, seconds=60, report=lambda line: None, has_crashed=lambda: next(answers))
    assert list(answers) == [False]


def test_a_step_that_fails_shows_what_explains_it(tmp_path: Path) -> None:
    explain = (sys.executable, "-c", "print('ValueError: no host')")
    ran = StepRun(tmp_path, python("import sys; sys.exit('unhealthy')", explain=explain))
    assert ran.failure.index("  | unhealthy\n") < ran.failure.index("  | ValueError: no host\n")
