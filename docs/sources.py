"""Write docs/reference/sources.md: the source of each reply of the emulated platforms, according to their code.

`python docs/sources.py` writes the page; with `--check` the exit status is 1 if it is stale. A reply is a function or a
text of an emulator that names its source in brackets, or is marked as our own wording.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "sources.md"
EMULATORS = {"heroku": "Heroku", "fly_io": "Fly.io", "_upsun": "Upsun and Platform.sh", "_kit": "The CLIs' libraries"}
# The kinds, the strongest first, and the prefixes of their sources.
KINDS = {
    "recorded": ("recorded session",),
    "read in source": ("CLI source", "flyctl source", "buildpack", "fly-go source", "heroku-buildpack-python"),
    "documented": (
        *("docs", "Fly docs", "Dev Center", "Platform API", "Machines API", "Docker docs", "Dockerfile reference"),
        "Heroku's price list",
    ),
    "inferred": ("OWN WORDING", "from memory"),
    "limit": ("LIMIT of the emulation",),
}
_SOURCE = re.compile(r"\[([A-Za-z][^\]\n]{2,})\]|(OWN WORDING|from memory|LIMIT of the emulation)")
# A command of a table with its module and function.
_ROW = re.compile(r"(?m)^([a-z:-]+(?: [a-z]+)*).*? -> (\w+)\.(\w+)$")
RECORDED = "usage.txt"  # help printed by the vendor's program, including brackets


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply of an emulator, and its source."""

    platform: str
    place: str
    source: str
    kind: str


def kind_of(source: str) -> str | None:
    """The weakest kind of the sources that are named together; None if there is none."""
    found = [kind for kind, starts in KINDS.items() if any(start in source for start in starts)]
    return found[-1] if found else None


def replies(root: Path = ROOT) -> list[Reply]:
    """Every marked place of every emulator."""
    found = []
    for platform in EMULATORS:
        folder = root / "matrix" / "emulators" / platform
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.txt")]):
            if path.name != RECORDED:
                found += _replies(platform, path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
    return found


def _replies(platform: str, file: str, text: str) -> Iterator[Reply]:
    places = _places(text) if file.endswith(".py") else _headings(text)
    for number, line in enumerate(text.splitlines(), 1):
        for match in _SOURCE.finditer(line):
            source = match[1] or match[2]
            kind = kind_of(source)
            # The legend in which an emulator explains its marks.
            if kind and not (file == "__init__.py" and platform == "heroku"):
                yield Reply(platform=platform, place=f"{file}: {_place(places, number)}", source=source, kind=kind)


def _places(text: str) -> list[tuple[int, int, str]]:
    """First line, last line and name of every function, class and constant."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append((node.lineno, node.end_lineno or node.lineno, node.name))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and node.col_offset == 0:
                # With the comment above it.
                found.append((node.lineno - 3, node.end_lineno or node.lineno, target.id))
    return found


def _headings(text: str) -> list[tuple[int, int, str]]:
    """The same for the texts of a data file: each starts with a heading of its name and its source."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines, 1) if line.startswith("## ")]
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    names = [lines[start - 1].removeprefix("## ").partition(" [")[0] for start in starts]
    return list(zip(starts, ends, names, strict=True)) if starts else []


def _place(places: Sequence[tuple[int, int, str]], line: int) -> str:
    inside = [place for place in places if place[0] <= line <= place[1]]
    return min(inside, key=lambda place: place[1] - place[0])[2] if inside else "the module"


def commands(root: Path = ROOT) -> list[Reply]:
    """Every command of an emulated CLI, with the source that its function or its module names.

    Raises LookupError for a command without one.
    """
    return [reply for platform in EMULATORS for reply in _commands(platform, root)]


def _commands(platform: str, root: Path) -> Iterator[Reply]:
    folder = root / "matrix" / "emulators" / platform
    table = folder / "commands.txt"
    rows = _ROW.findall(table.read_text(encoding="utf-8")) if table.exists() else []
    for command, module, function in sorted(rows):
        source = _documented(folder / "commands" / f"{module}.py", function)
        kind = kind_of(source)
        if kind is None:
            raise LookupError(f"{platform}: {module}.{function} names no source")
        yield Reply(platform=platform, place=command, source=source, kind=kind)


def _documented(path: Path, function: str) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    for node in (own, tree):
        found = "; ".join(match[1] for match in _SOURCE.finditer(ast.get_docstring(node) or "") if match[1])
        if kind_of(found):
            return found
    return ""


def page(root: Path = ROOT) -> str:
    """The whole page."""
    return "\n".join(_page(replies(root), commands(root))) + "\n"


def _page(found: Sequence[Reply], of_commands: Sequence[Reply]) -> Iterator[str]:
    yield "# How true is this?"
    yield ""
    yield "<!-- Generated by `python docs/sources.py` from the emulators; its --check fails on an edit by hand. -->"
    yield ""
    yield "The platforms that deployments are tested on are imitations. This page says, for what they answer and do,"
    yield "where that was found:"
    yield ""
    yield "- **recorded**: the vendor's own program said it, and a test replays the recording"
    yield "- **read in source**: in the source of the vendor's program"
    yield "- **documented**: in the vendor's documentation"
    yield "- **inferred**: only the meaning is the vendor's; the wording is ours"
    yield "- **limit**: what the imitation cannot do, and refuses with a text of its own"
    yield ""
    yield from _shares(found)
    yield ""
    yield "Heroku's are checked from the other side, too: `nox -s real_cli` lets the real Heroku CLI drive the emulated"
    yield "Heroku and compares every answer. The command lines of the others are held against the vendors' references"
    yield "(`matrix/grammar/`)."
    for platform, name in EMULATORS.items():
        yield from _section(name, [r for r in of_commands if r.platform == platform], found, platform)


def _shares(found: Sequence[Reply]) -> Iterator[str]:
    yield f"| | {' | '.join(KINDS)} | replies |"
    yield f"| --- |{' --- |' * (len(KINDS) + 1)}"
    for platform, name in (*EMULATORS.items(), ("", "together")):
        counted = Counter(reply.kind for reply in found if platform in ("", reply.platform))
        total = sum(counted.values())
        cells = [f"{counted[kind]} ({round(100 * counted[kind] / total)} %)" for kind in KINDS]
        yield f"| {name} | {' | '.join(cells)} | {total} |"


def _section(name: str, of_commands: Sequence[Reply], found: Sequence[Reply], platform: str) -> Iterator[str]:
    yield ""
    yield f"## {name}"
    yield ""
    if of_commands:
        yield "| command | source | kind |"
        yield "| --- | --- | --- |"
        for reply in of_commands:
            yield f"| `{reply.place}` | {reply.source} | {reply.kind} |"
        yield ""
        yield "Everything else, by the place in the emulator's source:"
    else:
        yield "Shared by the emulators, by the place in the source:"
    yield ""
    for kind in KINDS:
        places = sorted({reply.place for reply in found if (reply.platform, reply.kind) == (platform, kind)})
        if places:
            yield f"- **{kind}**: {', '.join(f'`{place}`' for place in places)}"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check report whether it is stale."""
    if "--check" in arguments:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        if not fresh:
            sys.stderr.write("docs/reference/sources.md is stale: run python docs/sources.py\n")
        return 0 if fresh else 1
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
