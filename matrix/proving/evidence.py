"""Evidence for a failure, kept in one folder before the sandbox is removed: logs, pages, and the last answers.

Its `failure.txt` is what is displayed: the relevant lines, and the command that repeats the run.
"""

import gzip
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from simple_deploy.effects.own_folder import FOLDER as DEPLOYER_LOGS
from simple_deploy.masking.redact import Redactor
from simple_deploy.model import Secret

from ..engine.causes import last_traceback
from ..engine.run import Run
from ..record.results import StageResult
from ..sandbox.http_server import Request, Response

FAILURE = "failure.txt"
LINES = 10
# How messages begin that are shown as a whole: the second one has the lines of a build.
_WHOLE = ("Nothing was changed.", "This step failed:")
_DEPLOYER_FILES = (".log", ".html", ".md")
# A shorter value is not a secret, and masking it would make ordinary words unreadable.
_SHORTEST_SECRET = 8


def folder_for(log: Path) -> Path:
    """The folder next to a log, with its name."""
    return log.with_suffix("")


def forget(log: Path) -> None:
    """Remove the evidence of an earlier run."""
    log.unlink(missing_ok=True)
    shutil.rmtree(folder_for(log), ignore_errors=True)


def mask(run: Run) -> None:
    """Mask the account's secrets in the run's log, which may be published."""
    path = run.log.path
    if path.is_file():
        _write(path, Redactor(_secrets(run))(path.read_text(encoding="utf-8", errors="replace")))


def keep(run: Run, stages: Sequence[StageResult], again: str) -> str:
    """Fill the folder next to the run's log and return the text of `failure.txt`; `again` repeats the run."""
    folder, masked = folder_for(run.log.path), Redactor(_secrets(run))
    for name, text in _texts(run):
        _write(folder / name, masked(text))
    logs = [path.read_text(encoding="utf-8", errors="replace") for path in _platform_logs(run).values()]
    text = masked(failure(stages, logs, folder, again))
    _write(folder / FAILURE, text)
    return text


def failure(stages: Iterable[StageResult], logs: Iterable[str], folder: Path, again: str) -> str:
    """The failed stage with the relevant lines, where everything is kept, and how to repeat the run."""
    broken = [stage for stage in stages if stage.status == "fail"]
    told = "\n\n".join(f"{stage.name} failed:\n" + "\n".join(telling(stage.reason, logs)) for stage in broken)
    return f"{told}\n\nEverything that was kept: {folder}\nTo run it again:\n{again}\n"


def telling(reason: str, logs: Iterable[str]) -> list[str]:
    """At most ten lines: the stage's message, and the last traceback in the site's logs; of a refusal or a failed step,
    every line.
    """
    said = [line for line in reason.splitlines() if line.strip()]
    if any(line.startswith(_WHOLE) for line in said):
        return said
    raised = next(filter(None, map(last_traceback, reversed(list(logs)))), [])
    shown = _shortened(said, LINES)
    if not raised or any(raised[-1] in line for line in shown):
        return shown
    raised = ["The log of the site:", *_shortened(raised, LINES // 2 - 1)]
    return [*_shortened(said, LINES - len(raised)), *raised]


def _shortened(lines: list[str], room: int) -> list[str]:
    """The first two lines, and as many of the last ones as fit."""
    return lines if len(lines) <= room else [*lines[:2], *lines[2 - room :]]


def _texts(run: Run) -> Iterator[tuple[str, str]]:
    """The names of the files in the folder, with their texts."""
    files = {"harness.log": run.log.path, **_platform_logs(run), **_deployer_files(run)}
    for name, path in files.items():
        if path.is_file():
            yield name, path.read_text(encoding="utf-8", errors="replace")
    if answers := run.box.sites.answers():
        yield "answers.txt", "\n".join(_told(answers))


def _platform_logs(run: Run) -> dict[str, Path]:
    store = run.emulator.store(run.box.root)
    return {f"platform/{path.relative_to(store.folder).as_posix()}": path for path in store.logs()}


def _deployer_files(run: Run) -> dict[str, Path]:
    """Logs and pages of every copy, by the purpose of the copy. Receipts contain files, so they are left out."""
    found = run.box.work.glob(f"*/*/{DEPLOYER_LOGS}/*")
    return {f"deployer/{path.parts[-4]}/{path.name}": path for path in found if path.suffix in _DEPLOYER_FILES}


def _told(answers: Sequence[tuple[Request, Response]]) -> Iterator[str]:
    """A line for each answer, then the whole of the last one that was an error, or else of the last one."""
    yield from (f"{response.status}  {request.method} {_address(request)}" for request, response in answers)
    errors = [pair for pair in answers if pair[1].status >= 400]
    request, response = (errors or answers)[-1]
    yield f"\n{request.method} {_address(request)}\nHTTP {response.status}"
    yield from (f"{name}: {value}" for name, value in response.headers)
    yield f"\n{_body(response)}"


def _address(request: Request) -> str:
    return f"{'https' if request.connect_host else 'http'}://{request.header('Host')}{request.target}"


def _body(response: Response) -> str:
    headers = {name.lower(): value for name, value in response.headers}
    body = response.body
    if headers.get("content-encoding") == "gzip" and body:
        body = gzip.decompress(body)
    if not headers.get("content-type", "text/").startswith(("text/", "application/json")):
        return f"({len(body)} bytes)"
    return body.decode("utf-8", "replace")


def _secrets(run: Run) -> list[Secret]:
    """The account's secrets, and the values given for the project's variables."""
    known = run.emulator.secrets(run.box.root) if run.emulator.store(run.box.root).path.exists() else ()
    return [Secret(value) for value in (*known, *run.variables.values()) if len(value) >= _SHORTEST_SECRET]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
