"""Verdicts for people and programs: text, Markdown for the summary of a job, and JUnit. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from xml.etree import ElementTree

from .judging import KINDS, MEANINGS, Judged, unproved
from .results import CellResult
from .tables import markdown_table

Command = Callable[[CellResult], str]


def text(judged: Sequence[Judged]) -> str:
    """A line for each cell that differs from the record, then the counts."""
    lines = [f"{one.kind:9}  {one.name}  {one.why}" for one in judged if one.kind != "same"]
    return "\n".join([*lines, counts(judged)])


def counts(judged: Sequence[Judged]) -> str:
    """How many of each kind, in one line."""
    found = Counter(one.kind for one in judged)
    return ", ".join(f"{found[kind]} {kind}" for kind in KINDS if found[kind]) or "no results"


def markdown(judged: Sequence[Judged], again: Command) -> str:
    """The counts with their meaning, every cell that differs from the record, and how to run what needs attention."""
    if not judged:
        return "## Cells of the matrix\n\nNo cell was to be run.\n"
    found = Counter(one.kind for one in judged)
    parts = [markdown_table(["Verdict", "Cells", ""], [[k, str(found[k]), MEANINGS[k]] for k in KINDS if found[k]])]
    if missing := unproved(judged):
        parts.append(f"**{missing}**\n")
    changed = [one for one in judged if one.kind != "same"]
    if changed:
        rows = [[one.kind, f"`{one.name}`", _cut(one.why)] for one in changed]
        parts.append(markdown_table(["Verdict", "Cell", "Why"], rows))
    commands = [again(one.result) for one in changed if one.kind in ("regressed", "flaky") and one.result]
    if commands:
        parts.append("Run again:\n\n```\n" + "\n".join(dict.fromkeys(commands)) + "\n```\n")
    return "## Cells of the matrix\n\n" + "\n".join(parts)


def _cut(why: str) -> str:
    return " ".join(why.split())[:300]


def junit(judged: Sequence[Judged]) -> str:
    """One test case per cell: a regression is a failure, a spurious or new failure is skipped, a flaky one marked."""
    suite = ElementTree.Element("testsuite", name="matrix", tests=str(len(judged)))
    for one in judged:
        seconds = one.result.seconds if one.result else 0.0
        case = ElementTree.SubElement(suite, "testcase", classname="matrix", name=one.name, time=f"{seconds:.2f}")
        if one.kind == "regressed":
            ElementTree.SubElement(case, "failure", message=one.kind).text = _printable(one.why)
        elif one.kind == "spurious" or (one.result and one.result.status != "pass" and one.kind != "flaky"):
            ElementTree.SubElement(case, "skipped", message=_printable(f"{one.kind}: {one.why}"))
        elif one.kind != "same":
            ElementTree.SubElement(case, "system-out").text = _printable(f"{one.kind}: {one.why}")
    suite.set("failures", str(sum(one.kind == "regressed" for one in judged)))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _printable(said: str) -> str:
    """XML does not allow control characters, and programs print some."""
    return "".join(letter for letter in said if letter.isprintable() or letter in "\n\t")
