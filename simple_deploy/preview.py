"""Plan → text and data, before any change. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from .masking.telling import named
from .model import FileChange, Json, Line, Outcome, Plan, Role, Step, VariableSource, VariableState
from .text.shell import comment, pasted_step, shown
from .text.text_file import decode

# The meaning of the first character of a line in a unified diff.
_ROLES: dict[str, Role] = {"+": "new", "-": "old", "@": "place"}


NOT_WORKING = "Does not work yet"
# A diff with more lines is shown up to this one.
_MOST, _SHOWN = 150, 40
# A longer preview repeats its overview at the end, so that it is on the screen with the prompt.
_LONG = 40


def preview(plan: Plan, *, brief: bool = False) -> list[Line]:
    """The overview, then each file, each step, the cost, and what will not be done; `brief` omits diffs and reasons."""
    overview = list(_overview(plan))
    lines = [
        *(*overview, *_files(plan, brief), *_kept(plan, brief), *_steps(plan, brief), *_cost_of_all(plan)),
        *(*_variables(plan), *_notes(plan)),
    ]
    return [*lines, Line(), *overview] if len(lines) > _LONG else lines


def remaining(plan: Plan) -> str:
    """The commands that a configuration-only run leaves to the user, ready to paste."""
    lines = []
    for step in plan.pending:
        if step.poll:
            continue
        lines += [f"  {comment(step.title + _cost(step))}", f"  {pasted_step(step)}"]
    return "\n".join(lines)


def dollars(cents: int) -> str:
    """US cents as people write them: $5, $7.50."""
    return f"${cents // 100}" if cents % 100 == 0 else f"${cents / 100:.2f}"


def _overview(plan: Plan) -> Iterator[Line]:
    yield Line(text=f"Deployment to {plan.platform_name}", role="heading")
    yield _fact("App", plan.app)
    if plan.account:
        yield _fact("Account", plan.account)
    new = sum(change.before is None for change in plan.changes)
    yield _fact("Files", f"{new} new, {len(plan.changes) - new} changed" if plan.changes else "already configured")
    done = len(plan.steps) - len(plan.pending)
    yield _fact("Steps", f"{len(plan.pending)} to {'run' if plan.automated else 'do'}, {done} already done")
    yield _fact("Cost", total(plan))


def _fact(name: str, text: str) -> Line:
    return Line(text=f"  {name + ':':<9}{text}", hang=11)


def total(plan: Plan) -> str:
    """The cost of everything in the plan, in words that continue "It costs"."""
    if not any(step.cost for step in plan.steps):
        return "an amount unknown to simple_deploy"
    known = f"about {dollars(plan.monthly_cents)} a month" if plan.monthly_cents else ""
    if not plan.priced:
        asked = f"a price that {plan.platform_name} shows before it creates anything"
        return f"{known}, and {asked}" if known else asked
    return known or "nothing"


def _files(plan: Plan, brief: bool) -> Iterator[Line]:
    if brief and plan.changes:
        yield Line()
    for number, change in enumerate(plan.changes, 1):
        if brief:
            yield Line(text=f"{change.kind} {change.path}: {change.why}", hang=2)
            continue
        yield Line()
        yield Line(text=f"File {number} of {len(plan.changes)}: {change.kind} {change.path}", role="heading")
        yield Line(text=f"  {change.why}", hang=2)
        yield from _diff(change)


def _kept(plan: Plan, brief: bool) -> Iterator[Line]:
    for change in plan.kept:
        if brief:
            yield Line(text=f"keep {change.path}: your own file; --replace-files overwrites it", hang=2)
            continue
        yield Line()
        yield Line(text=f"File kept: {change.path}", role="heading")
        yield Line(text="  Your own file is kept. With --replace-files, it would change as follows:", hang=2)
        yield from _diff(change)


def _diff(change: FileChange) -> Iterator[Line]:
    for place, line in enumerate(shown_diff(diff(change).splitlines())):
        yield Line(text=line, role="file" if place < 2 else _ROLES.get(line[:1], "code"))


def shown_diff(lines: Sequence[str]) -> Sequence[str]:
    """The lines that people read: the beginning of a long diff, such as that of a lock file, and how many follow."""
    rest = len(lines) - _SHOWN
    return lines if len(lines) <= _MOST else [*lines[:_SHOWN], f"... {rest} more lines; --json has all of them"]


def _steps(plan: Plan, brief: bool) -> Iterator[Line]:
    yield Line()
    yield Line(text="Steps" if plan.automated else "Steps for you to run (or use --automate-all)", role="heading")
    for number, step in enumerate(plan.steps, 1):
        yield from _step(f"{number:>3}. ", step, brief)


def _step(number: str, step: Step, brief: bool) -> Iterator[Line]:
    if step.already_done:
        yield Line(text=f"{number}{step.title}{_cost(step)} (already done: {step.already_done})", role="faint", hang=5)
        return
    yield Line(text=f"{number}{step.title}{_cost(step) if brief else ''}", hang=5)
    if brief:
        return
    yield Line(text=f"     Why: {step.why}", role="faint", hang=10)
    if step.creates:
        yield Line(text=f"     Creates: {step.creates}", role="faint", hang=14)
    if step.cost:
        yield Line(text=f"     Costs: {step.cost.text}", role="faint", hang=12)
    yield Line(text=f"     {shown(step.argv)}", role="command")
    if step.stdin:
        yield Line(text=f"     Standard input: {', '.join(map(str, step.stdin))}", role="faint", hang=15)


def _cost_of_all(plan: Plan) -> Iterator[Line]:
    yield Line()
    yield Line(text=f"Total cost: {total(plan)}, for as long as the app exists.")


# Where the value of a variable comes from, as people read it.
_SOURCES: dict[VariableSource, str] = {
    "given": "your value",
    "set": "already set on the platform",
    "platform": "set by the platform or by this run",
    "block": "a placeholder; the settings block sets the real value",
    "default": "the default in your code",
    "unset": "not set, and without a default in your code",
    "missing": "required, but not set",
    "perhaps": "not set; required, but not always",
}


def origin(variable: VariableState) -> str:
    """Where its value comes from; a default does not count where the settings block sets the same setting."""
    if variable.gets_a_key:
        return "a new key that this run generates"
    if variable.source == "unset" and variable.place and ":" not in variable.place:
        # An example file has no line, and may name what a package reads, or what nothing reads any more.
        return "not set; the settings do not read it by this name"
    block = f", but the settings block sets {variable.replaced}" if variable.replaced else ""
    # It takes these from the variables of the platform, and keeps the user's hosts.
    unused = variable.replaced in ("SECRET_KEY", "DATABASES") and variable.name not in ("SECRET_KEY", "DATABASE_URL")
    told = variable.source in ("default", "unset") or (variable.source == "given" and unused)
    return f"{_SOURCES[variable.source]}{block if told else ''}"


def _variables(plan: Plan) -> Iterator[Line]:
    if plan.variables:
        yield Line()
        yield Line(text="Variables that the settings read", role="heading")
    for variable in plan.variables:
        place = f" ({variable.place})" if variable.place else ""
        yield Line(text=f"  {variable.name}{place}: {origin(variable)}", hang=4)


def told(plan: Plan) -> tuple[tuple[str, Sequence[str]], ...]:
    """What the user should know about the site, by heading."""
    return (NOT_WORKING, plan.not_working), ("Notes", plan.notes), ("Not done by this run", plan.not_done)


def _notes(plan: Plan) -> Iterator[Line]:
    for heading, texts in told(plan):
        if texts:
            yield Line()
            yield Line(text=heading, role="heading")
            yield from (Line(text=f"  - {text}", hang=4) for text in texts)


def _cost(step: Step) -> str:
    return f" - {step.cost.text}" if step.cost else ""


def diff(change: FileChange) -> str:
    """A unified diff of one file, without values next to names that indicate a secret."""
    python = change.path.endswith(".py")
    before = _text(change.before, python) if change.before is not None else ""
    after = _text(change.after, python)
    lines = difflib.unified_diff(
        before.splitlines(),
        after.splitlines(),
        f"a/{change.path}" if change.before is not None else "/dev/null",
        f"b/{change.path}",
        lineterm="",
    )
    # In code and in our own files, a value without quotes is an expression.
    return "".join(f"{named(line, literals_only=python or line.startswith('+'))}\n" for line in lines)


def _text(raw: bytes, python: bool) -> str:
    """The text of a file. A kept file of the user's may not be text at all: undecodable bytes are marked."""
    try:
        return decode(raw, python=python)[0]
    except ValueError:
        return raw.decode("utf-8", errors="replace")


def as_json(outcome: Outcome) -> Json:
    """The plan, or its result, for programs."""
    plan = outcome.plan
    return {
        "status": outcome.status,
        "platform": plan.platform,
        "app": plan.app,
        "account": plan.account,
        "url": outcome.url,
        "log": outcome.log,
        "page": outcome.page,
        "files": [{"path": c.path, "change": c.kind, "why": c.why, "diff": diff(c)} for c in plan.changes],
        "kept": [{"path": c.path, "diff": diff(c)} for c in plan.kept],
        "steps": [_step_json(step, outcome.done) for step in plan.steps],
        "trial": {
            "tried": list(plan.tried.tried),
            "not_tried": list(plan.tried.untried),
            "missing_static": list(plan.tried.missing_static),
            "unmigrated": list(plan.tried.unmigrated),
        },
        "variables": [{"name": v.name, "place": v.place or None, "source": v.source} for v in plan.variables],
        "monthly_cost_cents": plan.monthly_cents if plan.priced else None,
        "not_working": list(plan.not_working),
        "notes": list(plan.notes),
        "not_done": list(plan.still_to_do(outcome.host)),
        "error": None,
    }


def _step_json(step: Step, done: tuple[str, ...]) -> Json:
    state = "already done" if step.already_done else "done" if step.id in done else "planned"
    return {
        "id": step.id,
        "title": step.title,
        "why": step.already_done or step.why,
        "argv": [str(argument) for argument in step.argv],
        "stdin": [str(line) for line in step.stdin],
        "state": state,
        "creates": step.creates or None,
        "cost": step.cost.text if step.cost else None,
    }
