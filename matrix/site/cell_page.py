"""The page of one cell: its result, its stages, its logs, and the command that repeats it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..record import again
from ..record.results import CellResult
from ..record.tables import PLATFORMS, Seen, seen_on, told_status
from . import html


def page(seen: Seen, result: CellResult, logs: Sequence[str]) -> str:
    """The whole page; `logs` are addresses."""
    status = told_status(seen, result)
    parts = [
        f"<nav>{html.link('../index.html', 'Support matrix')}</nav>",
        f"<h1>{escape(result.cell.id)}</h1>",
        f'<p class="{html.kind(seen, result)}"><b>{escape(status)}</b></p>',
        _facts(seen, result),
        f"<h2>Stages</h2>\n{_stages(result)}",
        *(_failure(stage.name, stage.reason) for stage in result.stages if stage.reason),
        f"<h2>Run it again</h2>\n{html.block(command(result))}",
        f"<h2>Logs</h2>\n{_logs(logs)}",
        f"<h2>Earlier results</h2>\n{_history(result)}",
    ]
    return html.document(result.cell.id, "\n".join(parts), root="../")


def command(result: CellResult) -> str:
    """The command, from the root of a clone at the commit of the result."""
    return f"git checkout {result.commit.removesuffix('+')}\n{again.result_command(result)}"


def _facts(seen: Seen, result: CellResult) -> str:
    facts = {
        "Platform": PLATFORMS.get(result.cell.platform, result.cell.platform),
        "Layout": result.cell.layout,
        "Package manager": result.cell.package_manager,
        "System": seen_on(result),
        "Conditions": result.conditions,
        "Evidence": f"{result.evidence}, isolation {result.isolation}",
        "Versions": ", ".join(f"{name} {version}" for name, version in sorted(result.versions.items())),
        "When": f"{result.when} at {result.commit}",
        "Fingerprint": result.fingerprint,
        "Stale": seen.published.stale(result),
    }
    rows = [[f"<th scope=row>{escape(name)}</th>", html.field(value)] for name, value in facts.items() if value]
    return html.table(["What", "Value"], rows)


def _stages(result: CellResult) -> str:
    longest = max((stage.seconds for stage in result.stages), default=0) or 1
    rows = [
        [
            html.field(stage.name),
            html.field(stage.status, stage.status),
            html.field(f"{stage.seconds:.2f} s", "number"),
            f'<td><span class=bar><span style="width:{100 * stage.seconds / longest:.0f}%"></span></span></td>',
        ]
        for stage in result.stages
    ]
    return html.table(["Stage", "Status", "Took", ""], rows, kind="stages")


def _failure(stage: str, reason: str) -> str:
    return f"<h3>{escape(stage)}</h3>\n{html.block(reason)}"


def _logs(logs: Sequence[str]) -> str:
    if not logs:
        return "<p class=note>No log was published with this result.</p>"
    return "<ul>" + "".join(f"<li>{html.link(address, address.rpartition('/')[2])}</li>" for address in logs) + "</ul>"


def _history(result: CellResult) -> str:
    if not result.history:
        return "<p class=note>None.</p>"
    rows = [
        [
            html.field(verdict.when),
            html.field(verdict.commit),
            html.field(", ".join(filter(None, (verdict.status, verdict.spurious, verdict.why))), verdict.status),
            html.field("the same" if verdict.fingerprint == result.fingerprint else "others"),
        ]
        for verdict in reversed(result.history)
    ]
    return html.table(["When", "Commit", "Status", "Sources and versions"], rows)
