"""What stands on the page: Outcome and the platform's texts → Page. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ..model import Argument, FileChange, Outcome, Step
from ..platforms.contract import HowTo, Platform
from ..preview import SOURCES, diff, remaining, total
from ..shell import filled, pasted, quoted
from .page import Commands, Diff, Items, Links, Page, Section, Text, code


def compose(outcome: Outcome, platform: Platform, now: datetime) -> Page:
    """The page of a run that configured or deployed a project."""
    deployed = outcome.status == "deployed"
    app, name = outcome.plan.app, platform.name
    title = f"{app} is online on {name}" if deployed else f"Your project is configured for {name}"
    return Page(
        title=title,
        lead=f"Written by simple_deploy on {now:%Y-%m-%d} at {now:%H:%M}. Facts and prices: {platform.guide.year}.",
        sections=(
            _address(outcome, platform) if deployed else _next(outcome, platform),
            _changed(outcome),
            _created(outcome, platform),
            *_variables(outcome),
            _how_to("redeploy", "After your next change", platform.guide.redeploy, outcome),
            _everyday(outcome, platform),
            _differences(outcome, platform),
            _checklist(outcome, platform),
            _reading(platform),
            _undo(outcome, platform),
        ),
    )


def _filled(outcome: Outcome, text: str) -> str:
    """A sentence with the names of this project, as words of a command where it names one."""
    words = outcome.plan.placeholders
    return text.format(**{**words, "manage_py": quoted(words["manage_py"])})


def _command(outcome: Outcome, template: str | Sequence[Argument]) -> str:
    return filled(template, outcome.plan.placeholders)


def _address(outcome: Outcome, platform: Platform) -> Section:
    address = outcome.url or f"{platform.name} did not say where the app is."
    return Section(
        id="address",
        title="Your site",
        blocks=(
            Text(text=address),
            Text(text=f"It answered when this page was written; on {platform.name}, it is `{outcome.plan.app}`."),
        ),
    )


def _next(outcome: Outcome, platform: Platform) -> Section:
    lines = tuple(line.strip() for line in remaining(outcome.plan).splitlines())
    name = platform.cli.name
    return Section(
        id="next",
        title="What is left to do",
        blocks=(
            Text(
                text=f"You need an account, and the command line of {name} ({platform.cli.see}); log in with "
                f"`{platform.cli.login}`. Look at the changes below, then run these commands in their order:"
            ),
            Commands(label="Commands that bring the project online", lines=lines),
            Text(text="Or let simple_deploy do all of it: run it again with `--automate-all`."),
        ),
    )


def _changed(outcome: Outcome) -> Section:
    changes = outcome.plan.changes
    committed = outcome.status == "deployed" and changes
    lead = {
        (True, True): "These files were changed and committed, and nothing else in your project.",
        (True, False): "These files were changed; nothing is committed yet.",
    }.get((bool(changes), bool(committed)), "Everything was configured already: this run changed no file.")
    notes = tuple(_sentence(note) for note in outcome.plan.notes)
    return Section(
        id="changed",
        title="What was changed in your project",
        blocks=(
            Text(text=lead),
            *((Items(items=notes),) if notes else ()),
            *(_file(change, number) for number, change in enumerate(changes, start=1)),
        ),
    )


def _file(change: FileChange, number: int) -> Section:
    return Section(
        id=f"file-{number}",
        title=code(change.path),
        blocks=(
            Text(text=f"{'New' if change.kind == 'create' else 'Changed'}: {change.why}."),
            Diff(path=change.path, text=diff(change)),
        ),
    )


def _created(outcome: Outcome, platform: Platform) -> Section:
    plan, texts = outcome.plan, platform.guide
    items = tuple(_made(step, outcome) for step in plan.steps if step.creates or step.cost)
    deployed = outcome.status == "deployed"
    together = f"Together it costs {total(plan)}, for as long as it exists (prices of {texts.year})."
    return Section(
        id="created",
        title=f"What {'exists' if deployed else 'these commands create'} on {platform.name}, and what it costs",
        blocks=(
            Items(items=items),
            Text(text=together),
            Section(
                id="stop",
                title="How to stop paying",
                blocks=(
                    Commands(label="How to stop paying", lines=(_command(outcome, texts.destroy),)),
                    Text(text=_filled(outcome, texts.destroy_why)),
                ),
            ),
        ),
    )


def _variables(outcome: Outcome) -> Iterator[Section]:
    found = outcome.plan.variables
    items = tuple(f"`{v.name}`: {SOURCES[v.source]}{f' ({v.place})' if v.place else ''}" for v in found)
    if items:
        lead = Text(text="Found in your code, with where each gets its value from in production:")
        yield Section(id="variables", title="Variables that the settings read", blocks=(lead, Items(items=items)))


def _made(step: Step, outcome: Outcome) -> str:
    cost = f" - {step.cost.text}" if step.cost else ""
    state = " (created now)" if step.id in outcome.done else " (there already)" if step.already_done else ""
    return _sentence(f"{step.creates}{cost}{state}" if step.creates else f"{step.title}{cost}")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _how_to(identity: str, title: str, how: HowTo, outcome: Outcome) -> Section:
    lines = tuple(_command(outcome, template) for template in how.commands)
    why = Text(text=_filled(outcome, how.why))
    return Section(id=identity, title=title, blocks=(Commands(label=title, lines=lines), why))


def _everyday(outcome: Outcome, platform: Platform) -> Section:
    texts = platform.guide
    tasks = (
        ("logs", "See the logs", texts.logs),
        ("console", "Open a shell", texts.console),
        ("superuser", "Create an admin user", texts.superuser),
        ("variable", "Set a variable", texts.variable),
        ("domain", "Use a domain of your own", texts.domain),
        ("backup", "Back up the database", texts.backup),
    )
    return Section(id="everyday", title="Everyday commands", blocks=tuple(_how_to(*task, outcome) for task in tasks))


def _differences(outcome: Outcome, platform: Platform) -> Section:
    items = tuple(_filled(outcome, text) for text in platform.guide.differences)
    return Section(id="differences", title=f"What {platform.name} does differently", blocks=(Items(items=items),))


def _checklist(outcome: Outcome, platform: Platform) -> Section:
    items = tuple(_filled(outcome, text) for text in platform.guide.checklist)
    left = tuple(map(_sentence, outcome.plan.not_done))
    return Section(
        id="checklist",
        title="Going further",
        blocks=(
            Items(items=items, checklist=True),
            *((Text(text="This run left alone:"), Items(items=left)) if left else ()),
        ),
    )


def _reading(platform: Platform) -> Section:
    return Section(id="reading", title="Worth reading", blocks=(Links(links=platform.guide.reading),))


def _undo(outcome: Outcome, platform: Platform) -> Section:
    gone = _command(outcome, platform.guide.destroy)
    return Section(
        id="undo",
        title="How to undo all of this",
        blocks=(
            *_undo_files(outcome),
            Text(text=f"On {platform.name}: the command that stops the payments removes all of it, for good."),
            Commands(label=f"Remove the app from {platform.name}", lines=(gone,)),
            Text(text="Or run simple_deploy again, with `--undo` for the files or `--destroy` for what it created."),
        ),
    )


def _undo_files(outcome: Outcome) -> Iterator[Text | Commands]:
    changes = outcome.plan.changes
    if not changes:
        yield Text(text="This run changed no file. What an earlier one changed, `git log --stat` shows.")
    elif outcome.status == "deployed":
        yield Text(
            text="In your project: a new commit takes back the one that configured it. If you have committed since, "
            "write that one's id (`git log --oneline` shows it) instead of `HEAD`."
        )
        yield Commands(label="Take back the commit", lines=("git revert --no-edit HEAD",))
    else:
        yield Text(
            text="In your project, as long as these changes are neither staged nor committed: these commands bring "
            "back what was committed last, and remove the new files. Whatever else you have changed in the same files "
            "since your last commit is lost with it."
        )
        modified = [change.path for change in changes if change.kind == "modify"]
        created = [change.path for change in changes if change.kind == "create"]
        lines = (
            *((pasted(("git", "checkout", "HEAD", "--", *modified)),) if modified else ()),
            *((pasted(("git", "clean", "--force", "--", *created)),) if created else ()),
        )
        yield Commands(label="Take back the changes", lines=lines)
