"""Recordings of the real Heroku CLI, and the differences to ignore when the emulated one is compared with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RECORDINGS = Path(__file__).with_name("recordings")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A recorded command: its words after `heroku`, and its output."""

    argv: tuple[str, ...]
    stdout: str
    stderr: str
    status: int


def steps(name: str) -> list[Step]:
    """The commands of a recording, in order."""
    text = (RECORDINGS / name).read_text(encoding="utf-8")
    pattern = r"^\$ heroku (.*)\n--stdout\n((?:.*\n)*?)--stderr\n((?:.*\n)*?)--rc=(\d+)$"
    return [
        Step(argv=tuple(line.split()), stdout=stdout, stderr=stderr, status=int(status))
        for line, stdout, stderr, status in re.findall(pattern, text, re.MULTILINE)
    ]


def cases(name: str) -> Iterator[tuple[str, list[str], str]]:
    """Recorded runs of the buildpack: name, files in the project, text of the error."""
    text = (RECORDINGS / name).read_text(encoding="utf-8")
    for title, files, said in re.findall(
        r"^##### case: (\w+) \(touch ([^)]*)\)\n((?:.*\n)*?)(?=^\[build_data\]|^uv$)", text, re.MULTILINE
    ):
        yield title, files.split(), said


# Differences that are not the emulator's fault: (pattern, replacement in both, reason).
OVERLOOKED = (
    (r"[0-9a-f]{12}(?=\.herokuapp\.com)", "<hash>", "Heroku draws the host name's last part"),
    (r"127\.0\.0\.1:18080(?=/[\w-]+\.git)", "git.heroku.com", "the stand-in API was on another Git host"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", "times"),
    (r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \+0000 \(~ \d+[smh] ago\)", "<when>", "times"),
    (r'"id": "[^"]*"', '"id": "<id>"', "identifiers are random"),
    (r"\b[a-z]+-[a-z]+-\d{2,5}\b", "<drawn name>", "Heroku draws names of apps and add-ons"),
    (r'"current": \w+', '"current": <flag>', "the stand-in called three releases current"),
    (r"Remove DEBUG config vars   ", "Set DEBUG config vars      ", "the stand-in had one text for every change"),
    (r'"Remove DEBUG config vars"', '"Set DEBUG config vars"', "the stand-in had one text for every change"),
    (r'("release": \{\s*"id": "<id>",\s*"version": )\d+', r"\1<version>", "the stand-in's dyno had a fixed version"),
    (r'"doc_url": "[^"]*"', '"doc_url": "<url>"', "the stand-in had one address for every feature"),
    (r'"display_name": "[^"]*"', '"display_name": "<title>"', "the stand-in had one title for every feature"),
    (r'"feedback_email": "[^"]*"', '"feedback_email": "<address>"', "an unused address"),
)


def comparable(text: str) -> str:
    """`text` without what a comparison has to ignore."""
    for pattern, replacement, _ in OVERLOOKED:
        text = re.sub(pattern, replacement, text)
    return text
