"""The line that explains why a command failed, found in its output. Pure."""

import re

# How uv, pip, Poetry, Pipenv, Git, the platforms' CLIs, Django and Python begin the line with the error.
_TELLING = re.compile(
    r"^\W*("
    r"(error|fatal|commanderror|no solution found)\b"
    r"|(?!(Deprecat|Future|User|Runtime|Syntax)\w*Warning)([\w.]+\.)?[A-Z]\w*(Error|Exception|NotFound|Configured)\b"
    r"|because )",
    re.IGNORECASE,
)
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)+?(?=\S)(\S.*)", re.MULTILINE)
# What a server prints after the site has failed to start.
_ECHOES = ("gunicorn.errors.HaltServer",)
_FRAME = "  File "


def cause(said: str) -> str:
    """The sentence of `said` with the cause, in one line; empty if no line looks like one."""
    lines = said.splitlines()
    telling = [number for number, line in enumerate(lines) if _TELLING.match(line)]
    return _sentence(lines, telling[-1]) if telling else ""


def last_traceback(text: str) -> list[str]:
    """The end of the last traceback in a log: its last frame and the exception; empty if there is none."""
    found = [match for match in _TRACEBACK.finditer(text) if not match[1].startswith(_ECHOES)]
    if not found:
        return []
    lines = [line for line in found[-1].group().splitlines() if line.strip(" ^~")]
    frames = [number for number, line in enumerate(lines) if line.startswith(_FRAME)]
    return lines[frames[-1] :] if frames else lines[-1:]


def _sentence(lines: list[str], first: int) -> str:
    """A line with its continuation lines: uv and Poetry indent them, and end the paragraph with an empty line."""
    indent = len(lines[first]) - len(lines[first].lstrip())
    words = [lines[first]]
    for line in lines[first + 1 :]:
        if len(line) - len(line.lstrip()) <= indent or not line.strip():
            break
        words.append(line)
    return " ".join(re.sub(r"^[\s×╰─▶]+", "", word).strip() for word in words)
