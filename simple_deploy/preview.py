"""Plan → text and data, before anything happens. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from .log import pasted, shown
from .model import FileChange, Json, Outcome, Plan, Step
from .text_file import decode


def overview(plan: Plan) -> str:
    """The files with their differences, the steps with reasons and costs, and what else is worth knowing."""
    return "\n".join([*_files(plan), *_steps(plan), *_notes(plan)])


def remaining(plan: Plan) -> str:
    """The commands that a configuration-only run leaves to the user, ready to paste."""
    lines = []
    for step in plan.pending:
        if step.poll:
            continue
        lines += [f"  # {step.title}{_cost(step)}", f"  {pasted(step.argv)}"]
    return "\n".join(lines)


def dollars(cents: int) -> str:
    """US cents as people write them: $5, $7.50."""
    return f"${cents // 100}" if cents % 100 == 0 else f"${cents / 100:.2f}"


def _files(plan: Plan) -> Iterator[str]:
    if not plan.changes:
        yield "Files: everything is already configured; no file changes."
        return
    yield "Files:"
    for change in plan.changes:
        yield f"  {change.kind} {change.path}: {change.why}"
    for change in plan.changes:
        yield ""
        yield diff(change).rstrip("\n")


def _steps(plan: Plan) -> Iterator[str]:
    yield ""
    yield "Steps:"
    for step in plan.steps:
        state = f"already done: {step.already_done}" if step.already_done else step.why
        yield f"  {'=' if step.already_done else '>'} {step.title}{_cost(step)} ({state})"
        if not step.already_done:
            yield f"      {shown(step.argv)}"
    total = f"about {dollars(plan.monthly_cents)} a month" if plan.monthly_cents else "nothing"
    yield ""
    yield f"Together this costs {total}, for as long as the app exists."


def _notes(plan: Plan) -> Iterator[str]:
    for note in plan.notes:
        yield ""
        yield f"Note: {note}"


def _cost(step: Step) -> str:
    return f" - {step.cost.text}" if step.cost else ""


def diff(change: FileChange) -> str:
    """A unified diff of one file."""
    python = change.path.endswith(".py")
    before = decode(change.before, python=python)[0] if change.before is not None else ""
    after = decode(change.after, python=python)[0]
    lines = difflib.unified_diff(
        before.splitlines(),
        after.splitlines(),
        f"a/{change.path}" if change.before is not None else "/dev/null",
        f"b/{change.path}",
        lineterm="",
    )
    return "".join(f"{line}\n" for line in lines)


def as_json(outcome: Outcome) -> Json:
    """The plan, or what became of it, for programs."""
    plan = outcome.plan
    return {
        "status": outcome.status,
        "platform": plan.platform,
        "app": plan.app,
        "url": outcome.url,
        "log": outcome.log,
        "page": outcome.page,
        "files": [{"path": c.path, "change": c.kind, "why": c.why, "diff": diff(c)} for c in plan.changes],
        "steps": [_step_json(step, outcome.done) for step in plan.steps],
        "monthly_cost_cents": plan.monthly_cents,
        "notes": list(plan.notes),
        "error": None,
    }


def _step_json(step: Step, done: tuple[str, ...]) -> Json:
    state = "already done" if step.already_done else "done" if step.id in done else "planned"
    return {
        "id": step.id,
        "title": step.title,
        "why": step.already_done or step.why,
        "argv": [str(argument) for argument in step.argv],
        "state": state,
        "cost": step.cost.text if step.cost else None,
    }
