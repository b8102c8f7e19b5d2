"""The requirements for the page that the deployer writes about a deployment."""

import shlex
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from simple_deploy.platforms import load

from .. import grammar
from .deployer import redeploy_commands, started
from .run import Run, StageFailed

# The addresses of the page's sections, with what people should find there.
SECTIONS = (
    *("address", "changed", "created", "stop", "redeploy", "everyday", "logs", "console", "superuser"),
    *("variable", "domain", "backup", "differences", "checklist", "reading", "undo"),
)


class Page(HTMLParser):
    """Both files; for the HTML, the text below each section's address, the commands, and the targets of links."""

    def __init__(self, html: str, markdown: str) -> None:
        super().__init__()
        self.html, self.markdown = html, markdown
        self.text: dict[str, str] = {}
        self.commands: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self._in_commands = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter a section or a block of commands; note a link."""
        named = dict(attrs)
        if tag == "section":
            self._open.append(named.get("id") or "")
            self.text[self._open[-1]] = ""
        elif tag == "pre" and named.get("class") == "commands":
            self.commands.append("")
            self._in_commands = True
        elif tag == "a":
            self.links.append(named.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        if tag == "section":
            self._open.pop()
        elif tag == "pre":
            self._in_commands = False

    def handle_data(self, text: str) -> None:
        """Text belongs to all sections around it."""
        for section in self._open:
            self.text[section] += text
        if self._in_commands:
            self.commands[-1] += text


def read(run: Run) -> Page:
    """The page of the deployment; StageFailed if one of its files is missing."""
    if not run.outcome.get("page"):
        raise StageFailed("The deployer's JSON names no summary page.")
    html = run.deployed / str(run.outcome["page"])
    return Page(_read(html), _read(html.with_suffix(".md")))


def verified(run: Run) -> Page:
    """The page, which describes this deployment completely and correctly; raises StageFailed otherwise."""
    page = read(run)
    expect_facts(run, page)
    expect_known_commands(run, page)
    return page


def _read(path: Path) -> str:
    if not path.is_file():
        raise StageFailed(f"There is no {path.name} in {path.parent.name}.")
    return path.read_text(encoding="utf-8")


def expect_facts(run: Run, page: Page) -> None:
    """Every section has content; the address, the app and every changed file are in the right sections."""
    missing = [name for name in SECTIONS if len(page.text.get(name, "").split()) < 5]
    if missing:
        raise StageFailed(f"The summary page says nothing under: {', '.join(missing)}")
    wanted = [("address", run.url), ("address", run.app)]
    wanted += [("changed", line) for file in run.outcome["files"] for line in (file["path"], *_added(file["diff"]))]
    absent = [f"{fact} (under {section})" for section, fact in wanted if fact not in page.text[section]]
    if absent or run.url not in page.links:
        raise StageFailed(f"The summary page lacks: {', '.join(absent) or f'a link to {run.url}'}")
    if run.summary.count(str(run.outcome["page"])) != 1:
        raise StageFailed("The terminal's summary does not name the page.")
    if unwritten := [fact for _, fact in wanted if fact not in page.markdown]:
        raise StageFailed(f"The Markdown file lacks: {', '.join(unwritten)}")


def _added(diff: str) -> Iterator[str]:
    return (line for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++"))


def expect_known_commands(run: Run, page: Page) -> None:
    """The platform's CLI accepts each of its commands; those for the next change match the terminal's."""
    program = load(run.platform).cli.executable
    lines = [line for block in page.commands for line in block.splitlines() if not line.startswith("#")]
    argvs = [shlex.split(line) for line in lines]
    ours = [started(argv) for argv in argvs]
    refused = [
        f"{shlex.join(argv)}: {reason}"
        for argv in ours
        if argv[0] == program and (reason := run.emulator.refusal(argv) or grammar.refusal(argv))
    ]
    strange = [shlex.join(argv) for argv in ours if argv[0] not in (program, "git")]
    if refused or strange:
        raise StageFailed("Commands on the summary page that would not run:\n" + "\n".join([*refused, *strange]))
    if not all(argv in argvs for argv in redeploy_commands(run.summary)):
        raise StageFailed("The summary page gives other commands for the next change than the terminal.")


def expect_no_secret(run: Run, page: Page) -> None:
    """No secret of the platform is in either file."""
    secrets = run.emulator.secrets(run.box.root)
    if not secrets:
        raise StageFailed("The platform keeps no secret of this app, so that nothing can be said of the page.")
    if found := [secret for secret in secrets if secret in page.html or secret in page.markdown]:
        raise StageFailed(f"{len(found)} of the app's secrets are on the summary page.")
