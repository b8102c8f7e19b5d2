"""How a user's own Dockerfile starts the site: its last CMD and ENTRYPOINT, and the scripts that they name."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from simple_deploy.contract import Project, fixed_port, hides_https, is_for_a_shell, named_scripts

from .instructions import instructions
from .own_values import filled, values

# Programs that start nothing else. Another one may be a script of the project.
SERVER = re.compile(r"\b(?:daphne|gunicorn|hypercorn|uvicorn|uwsgi|waitress-serve)\b")
_START = re.compile(r"(CMD|ENTRYPOINT)\b", re.IGNORECASE)
# A line that runs its arguments: as they are, or through a program such as gosu. Python and servers run code of theirs.
_RUNS_ARGUMENTS = re.compile(
    rf"^(?!.*(?:manage\.py|\bpython[\d.]*\b|{SERVER.pattern}).*\$\{{?[@*]).*\$\{{?[@*]", re.MULTILINE
)
_COPY = re.compile(r"(?:COPY|ADD)\s+(?:--(?!from)\S+\s+)*([^\s\[-]\S*)\s+(\S+)$", re.IGNORECASE)
# A host without a dot is one of Docker Compose, or this machine.
_WAITS = re.compile(
    r"\b(?:nc|ncat)\s+(?:-\w+\s+)*([a-z][\w-]*)\s+\d+|\bpg_isready\b.*(?:-h|--host)[ =]([a-z][\w-]*)(?![\w.-])"
    r"|\bwait-for(?:-it)?(?:\.sh)?\s+([a-z][\w-]*):\d+|\btcp://([a-z][\w-]*):\d+"
)


def starts(dockerfile: str) -> dict[str, str]:
    """The last CMD and the last ENTRYPOINT, in the order of the file."""
    found: dict[str, str] = {}
    for line in instructions(dockerfile):
        if name := _START.match(line):
            found.pop(name[1].upper(), None)
            found[name[1].upper()] = re.sub(r"\s+", " ", line)
    return found


def command_of(dockerfile: str) -> str:
    """The command that the image runs: its ENTRYPOINT, which gets CMD as arguments, or CMD alone."""
    last = starts(dockerfile)
    return " ".join(_shell_form(last[name]) for name in ("ENTRYPOINT", "CMD") if name in last)


def _shell_form(line: str) -> str:
    words = line.partition(" ")[2].strip()
    try:
        listed = json.loads(words) if words.startswith("[") else None
    except ValueError:
        # Docker gives this to a shell.
        listed = None
    return shlex.join(map(str, listed)) if isinstance(listed, list) else words


def obstacle(project: Project, dockerfile: str, port: str) -> str:
    """Why a script prevents the start on that port, after "your Dockerfile"; "" if none does."""
    last, known = starts(dockerfile), values(project, dockerfile)
    in_project = {name: _with_sources(line, dockerfile) for name, line in last.items()}
    for path, text in (each for line in in_project.values() for each in _scripts(project, line)):
        if text.partition("\n")[0].endswith("\r") and not re.search(r"dos2unix|\\r", dockerfile):
            return f"starts {path}, which has Windows line endings"
        if path in project.git.not_executable:
            return f"starts {path}, which Git does not have as an executable file"
        if reason := _in_script(path, text, port, known):
            return reason
    if _passes_on(project, in_project.get("ENTRYPOINT", "")):
        return ""
    return f"has an ENTRYPOINT that does not run a command given to it ({last['ENTRYPOINT']})"


def _with_sources(line: str, dockerfile: str) -> str:
    """The line, with files of the image under the names that they have in the project: COPY may give them another."""
    pairs = (_COPY.match(one) for one in instructions(dockerfile))
    sources = {PurePosixPath(pair[2]).name: pair[1] for pair in pairs if pair and not pair[2].endswith("/")}
    return re.sub(r"[\w./-]+", lambda word: sources.get(PurePosixPath(word[0]).name, word[0]), line)


def runs_a_script(project: Project, text: str) -> bool:
    """Whether a script, which may be made by the image, or make does what no instruction of a Dockerfile shows."""
    return bool(named_scripts(text) or re.search(r"\bmake\b", text) or any(_scripts(project, text)))


def _scripts(project: Project, line: str) -> Iterator[tuple[str, str]]:
    """The scripts that the line names and the project has; in the image they may be in another folder."""
    names = {PurePosixPath(name).name for name in named_scripts(line)}
    words = set(re.findall(r"[\w./-]+", line))
    for path, raw in project.files.items():
        if raw is not None and (PurePosixPath(path).name in names or (is_for_a_shell(raw) and _is_named(path, words))):
            yield path, raw.decode("utf-8", "replace")


def _is_named(path: str, words: Iterable[str]) -> bool:
    """Whether a word is this path in the project, or in the folder of the image where the project is."""
    return any(word.removeprefix("./") == path or word.endswith(f"/{path}") for word in words)


def _in_script(path: str, text: str, port: str, known: Mapping[str, str]) -> str:
    lines = dict(_commands(text))
    serves = any(SERVER.search(line) for line in lines.values())
    conditions = 0
    for number, line in lines.items():
        conditions += len(re.findall(r"^\s*if\b", line)) - len(re.findall(r"(?:^|;)\s*fi\b", line))
        waits = _WAITS.search(line)
        if waits and not conditions:
            return f"waits for the host {next(filter(None, waits.groups()))} ({path}:{number})"
        if "runserver" in line and not serves:
            return f"starts Django's development server ({path}:{number})"
        if hides_https(line):
            return f"starts waitress, which removes the header that says whether a visitor uses HTTPS ({path}:{number})"
        fixed = fixed_port(filled(line, known)) if SERVER.search(line) else ""
        if fixed and fixed != port:
            return f"starts the site on port {fixed}, and fly.toml sends visitors to port {port} ({path}:{number})"
    return ""


def _commands(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a script without comments, those that a backslash joins as one, and the number of the first."""
    number = 1
    for line in re.sub(r"\\\r?\n", "\0", text).splitlines():
        if not line.lstrip().startswith("#"):
            yield number, line.replace("\0", " ")
        number += 1 + line.count("\0")


def _passes_on(project: Project, entry: str) -> bool:
    """Whether the ENTRYPOINT runs the release command, which Fly.io gives to it as arguments [flyctl source]."""
    if not entry:
        return True
    if not entry.partition(" ")[2].lstrip().startswith("[") or SERVER.search(entry) or "manage.py" in entry:
        return False
    return all(_RUNS_ARGUMENTS.search(text) for _, text in _scripts(project, entry))
