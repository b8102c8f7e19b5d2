"""A rehearsal as Markdown, for the summary of a CI job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..record.tables import PLATFORMS, markdown_table

if TYPE_CHECKING:
    from .report import Report


def markdown(report: Report) -> str:
    """How it ended, the stages, the site's responses, the changes, and the reason of a failure."""
    from simple_deploy.preview import NOT_WORKING

    name = PLATFORMS.get(report.platform, report.platform)
    verdict = "✅ served" if report.served and report.passed else "❌ failed" if report.failure else "❌ not served"
    stages = [[stage.name, stage.status, f"{stage.seconds:.1f} s", _first(stage.reason)] for stage in report.stages]
    sights = [[sight.what, f"`{sight.url}`", str(sight.status or "none"), sight.note] for sight in report.sights]
    parts = [f"## Rehearsed deployment to {name}: {verdict}\n"]
    if report.failure:
        parts.append(f"```\n{_fenced(report.failure)}\n```\n")
    parts.append(markdown_table(["Stage", "Status", "Took", ""], stages))
    if sights:
        parts.append(markdown_table(["What a visitor sees", "Address", "Status", ""], sights))
    for title, texts in ((NOT_WORKING, report.not_working), ("Notes of simple_deploy", report.notes)):
        if texts:
            parts.append("\n".join([f"{title}:\n", *(f"- {text}" for text in texts), ""]))
    for file in report.files:
        parts.append(
            f"<details><summary>{file['path']}</summary>\n\n```diff\n{_fenced(str(file['diff']))}\n```\n\n</details>\n"
        )
    if report.screenshots:
        parts.append(f"{len(report.screenshots)} screenshots were taken.\n")
    return "\n".join(parts)


def _first(text: str) -> str:
    return text.partition("\n")[0][:200]


def _fenced(text: str) -> str:
    """Text in which no line ends the fenced block around it."""
    return text.rstrip().replace("```", "` ` `")
