"""The summary page: its content, that it can be trusted, and that a platform cannot forget a part of it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from simple_deploy import platforms
from simple_deploy.masking.redact import Redactor
from simple_deploy.model import FileChange, Outcome, Plan, Secret
from simple_deploy.preview import diff
from simple_deploy.summary import closing, html, markdown
from simple_deploy.summary.content import compose
from simple_deploy.summary.page import Diff, Page, Section, Text, code, redacted, spans

if TYPE_CHECKING:
    from conftest import Checkout

NOW = datetime(2006, 11, 22, 12, 0)
HEADINGS = [
    "What to do next",
    "What changed in your project",
    "What these commands create on Heroku, and what it costs",
    "After your next change",
    "Everyday commands",
    "What Heroku does differently",
    "Going further",
    "Worth reading",
    "How to undo everything",
]


def strings(value: object) -> Iterator[str]:
    """Every string in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


def incomplete(value: object, name: str = "texts") -> list[str]:
    """The fields that are empty or contain an empty string or value."""
    if isinstance(value, str):
        return [] if value.strip() else [name]
    if isinstance(value, tuple):
        return [f for i, part in enumerate(value) for f in incomplete(part, f"{name}[{i}]")] if value else [name]
    if is_dataclass(value):
        return [f for field in fields(value) for f in incomplete(getattr(value, field.name), f"{name}.{field.name}")]
    return []


@pytest.mark.parametrize("name", platforms.installed())
def test_every_platform_has_all_texts(name: str) -> None:
    texts = platforms.load(name).guide
    assert incomplete(texts) == []
    assert texts.year and texts.year >= 2026
    addresses = [link.address for link in texts.reading]
    assert len(addresses) >= 11
    assert len(set(addresses)) == len(addresses)
    assert all(re.fullmatch(r"https://[a-z0-9.-]+/\S+", address) for address in addresses)
    assert all(link.why.endswith(".") and "\n" not in link.why for link in texts.reading)


@pytest.mark.parametrize("name", platforms.installed())
def test_every_placeholder_in_the_texts_is_filled(checkout: Checkout, name: str) -> None:
    ended = checkout.deployer("--platform", name)
    assert ended.returncode == 0, ended.stderr
    page = checkout.page(".md").partition("What changed")[0] + checkout.page(".md").partition("Everyday")[2]
    assert platforms.load(name).guide.logs.why[:20] in page
    assert re.findall(r"\{[a-z_]+\}", page) == []


def test_an_empty_part_is_found() -> None:
    texts = platforms.load("heroku").guide
    broken = redacted(texts, lambda text: "" if "pg:backups:capture" in text else text)  # type: ignore[arg-type]
    assert incomplete(broken) == ["texts.backup.commands[0]"]


def test_a_configured_project_gets_its_page_next_to_the_log(checkout: Checkout) -> None:
    ended = checkout.deployer("--json")
    outcome = json.loads(ended.stdout)
    assert outcome["page"] == outcome["log"].replace(".log", ".html")
    text = checkout.page(".md")
    # Both lists depend on what the `startproject` of the installed Django writes, such as mail that is only printed.
    broken = ["Does not work yet"] if outcome["not_working"] else []
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == [HEADINGS[0], *broken, *HEADINGS[1:]]
    for file in outcome["files"]:
        assert f"### `{file['path']}`" in text
        assert file["why"] in text
        assert file["diff"] in text
    for step in outcome["steps"]:
        assert step["title"] in text or step["id"] in ("release", "check-commit")
    assert "at most $5 a month" in text
    assert "heroku apps:destroy --app blog-" in text
    assert checkout.git("status", "--porcelain", "simple_deploy_logs") == ""
    words = ended.stderr[ended.stderr.index("Your project is configured") :].splitlines()
    # Each list has a blank line, a title, and a line for each entry.
    noted = sum(2 + len(texts) for texts in (outcome["not_working"], outcome["notes"]) if texts)
    assert len(words) - noted < 35
    assert words[-1].endswith(outcome["page"])


def test_both_files_have_the_same_content(checkout: Checkout) -> None:
    checkout.deployer()
    page, text = _text_of(checkout.page(".html")), re.sub(r"\\(.)", r"\1", checkout.page(".md"))
    for line in text.splitlines():
        for words in re.split(r"`+(?:sh|diff)?|[<>]|\]\(\S*\)|^- (?:\[ \] )?\[?|^#+ ", line):
            assert words.strip() in page, line


def _text_of(page: str) -> str:
    texts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = texts.append  # type: ignore[method-assign]
    parser.feed(page)
    return "".join(texts)


def test_the_undo_command_on_the_page_works(checkout: Checkout) -> None:
    before = checkout.contents()
    checkout.deployer()
    assert checkout.contents() != before
    section = checkout.page(".md").partition("## How to undo everything")[2]
    commands = [shlex.split(line) for line in section.splitlines() if line.startswith("git ")]
    assert len(commands) == 2
    for _, *arguments in commands:
        checkout.git(*arguments)
    assert checkout.contents() == before


def test_a_second_run_reports_no_changes(checkout: Checkout) -> None:
    checkout.deployer()
    checkout.commit_all()
    checkout.deployer()
    text = checkout.page(".md")
    assert "Everything was already configured: this run changed no files." in text
    assert "git checkout" not in text


@pytest.mark.parametrize("option", ["--no-logging", "--dry-run"])
def test_without_a_log_there_is_no_page(checkout: Checkout, option: str) -> None:
    ended = checkout.deployer(option, "--json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["page"] is None
    assert not [path for suffix in ("log", "html", "md") for path in checkout.root.rglob(f"simple_deploy_*.{suffix}")]


def test_the_projects_secrets_stay_hidden(checkout: Checkout) -> None:
    hidden = ("canary-of a token", "canary-password", "canary-in-requirements")
    settings = checkout.read("blog/settings.py")
    settings += f'API_TOKEN = "{hidden[0]}"\nCACHE = "redis://user:{hidden[1]}@cache.example.com"\n'
    checkout.write("blog/settings.py", settings)
    checkout.write("requirements.txt", f"# https://user:{hidden[2]}@index.example.com/\nDjango\n")
    checkout.commit_all()
    assert checkout.deployer().returncode == 0
    for text in (checkout.page(".html"), checkout.page(".md")):
        assert "API_TOKEN = ********" in text
        assert "redis://********@cache.example.com" in text
        assert not [secret for secret in hidden if secret in text]


def nasty_page() -> Page:
    text = 'a <b> & "c" *d* _e_ [f](g) `<h>` https://example.com/?a=1&b=2.'
    diff = Diff(path='<x>"y', text="+</code></pre><script>alert(1)</script>\n-```\n SECRET_KEY = 'old one'")
    return Page(title="<i>", lead="x", sections=(Section(id="s", title=code("a`b"), blocks=(Text(text=text), diff)),))


def test_html_is_escaped() -> None:
    page = html.render(nasty_page())
    assert "<script" not in page
    text = _text_of(page)
    assert 'a <b> & "c" *d* _e_ [f](g) <h> https://example.com/?a=1&b=2.' in text
    assert "+</code></pre><script>alert(1)</script>" in text
    assert 'href="https://example.com/?a=1&amp;b=2"' in page
    assert 'aria-label="Changes to &lt;x&gt;&quot;y"' in page
    assert "<code>a`b</code>" in page


def test_markdown_is_escaped() -> None:
    text = markdown.render(nasty_page())
    assert r'a \<b> & "c" \*d\* \_e\_ \[f\](g) `<h>` <https://example.com/?a=1&b=2>.' in text
    assert "## `` a`b ``" in text
    assert "````diff\n" in text  # a fence longer than the one in the diff


def test_every_string_is_redacted() -> None:
    page = redacted(nasty_page(), Redactor([Secret("alert(1)")]))
    assert not [text for text in strings(page) if "alert(1)" in text]
    before = b"SECRET_KEY = 'old one'\n"
    change = FileChange(path="a/settings.py", before=before, after=before + b"API_KEY = 'new'\nX = 1\n", why="w")
    assert diff(change).splitlines()[3:] == [" SECRET_KEY = ********", "+API_KEY = ********", "+X = 1"]


def test_code_survives_its_fence() -> None:
    for text in ("a", "a`b", "``", "`a`", "a``b`c"):
        assert list(spans(f"x {code(text)} y")) == [("text", "x "), ("code", text), ("text", " y")]


def test_a_deployment_without_an_address_or_a_change_still_has_a_page() -> None:
    heroku = platforms.load("heroku")
    placeholders = {"app": "my-blog", "git_remote": "heroku", "manage_py": "manage.py"}
    plan = Plan(platform="heroku", platform_name="Heroku", placeholders=placeholders, changes=(), steps=())
    text = markdown.render(compose(Outcome(status="deployed", plan=plan), heroku, NOW))
    assert "Heroku did not report the app's address." in text
    assert "This run changed no files." in text
    assert "Generated by simple_deploy on 2006-11-22 at 12:00. Facts and prices as of 2026." in text


REHEARSE = ("uvx", "simple-deploy-matrix", "rehearse")


def test_a_configured_project_gets_notes_and_the_requirements_of_the_next_step() -> None:
    heroku = platforms.load("heroku")
    placeholders = {"app": "my-blog", "git_remote": "heroku", "manage_py": "manage.py"}
    change = FileChange(path="Procfile", before=None, after=b"", why="x")
    plan = Plan(
        **{
            "platform": "heroku",
            "platform_name": "Heroku",
            "placeholders": placeholders,
            "changes": (change,),
            "steps": (),
        },
        **{"notes": ("your own Dockerfile is kept.",), "not_done": ("No domain is connected.",)},
        not_working=("uploads are lost.",),
    )
    lines = [line.text for line in closing(Outcome(status="configured", plan=plan), heroku, REHEARSE)]
    for line in (
        "Your project is configured for Heroku: Procfile.",
        "Does not work yet:",
        "  - uploads are lost.",
        "  - your own Dockerfile is kept.",
        "  - No domain is connected.",
        "They need the Heroku CLI (https://devcenter.heroku.com/articles/heroku-cli), logged in with heroku login",
        "To revert the changes: the same command with --undo",
    ):
        assert line in lines
    rehearse = "  uvx simple-deploy-matrix rehearse {} --platform heroku --keep"
    assert rehearse.format(".") in lines
    nested = replace(plan, placeholders={**placeholders, "manage_py": "code/blog/manage.py"})
    assert rehearse.format("../..") in [
        line.text for line in closing(Outcome(status="configured", plan=nested), heroku, REHEARSE)
    ]
    foreign = replace(plan, platform="acme")
    assert "rehearse" not in str(closing(Outcome(status="configured", plan=foreign), heroku, REHEARSE))
    page = markdown.render(compose(Outcome(status="configured", plan=plan), heroku, NOW))
    assert "Does not work yet" in page and "Uploads are lost." in page
    unchanged = replace(plan, changes=(), notes=(), not_done=(), not_working=())
    shown = "\n".join(line.text for line in closing(Outcome(status="configured", plan=unchanged), heroku, ()))
    assert "--undo" not in shown and "Notes" not in shown and "rehearse" not in shown and "yet" not in shown


def test_the_terminal_stays_short_after_a_deployment() -> None:
    heroku = platforms.load("heroku")
    placeholders = {"app": "my-blog", "git_remote": "heroku", "manage_py": "manage.py"}
    change = FileChange(path="Procfile", before=None, after=b"", why="x")
    plan = Plan(platform="heroku", platform_name="Heroku", placeholders=placeholders, changes=(change,), steps=())
    outcome = Outcome(status="deployed", plan=plan, url="https://x.example.com/", log="a.log", page="a.html")
    lines = [line.text for line in closing(outcome, heroku, REHEARSE)]
    assert "Does not work yet:" not in lines
    broken = replace(outcome, plan=replace(plan, not_working=("uploads are lost.",)))
    assert "  - uploads are lost." in [line.text for line in closing(broken, heroku, REHEARSE)]
    assert len(lines) < 22  # three more lines list what was created
    assert lines[-1] == "Summary page with all of this and more: a.html"


@pytest.mark.parametrize("has_users", [True, False])
def test_a_site_without_users_has_no_admin_user(has_users: bool) -> None:
    heroku = platforms.load("heroku")
    placeholders = {"app": "my-blog", "git_remote": "heroku", "manage_py": "manage.py"}
    plan = Plan(platform="heroku", platform_name="Heroku", placeholders=placeholders, changes=(), steps=())
    outcome = Outcome(status="deployed", plan=replace(plan, has_users=has_users), url="https://x.example.com/")
    lines = str([line.text for line in closing(outcome, heroku, REHEARSE)])
    page = markdown.render(compose(outcome, heroku, NOW))
    assert ("createsuperuser" in lines, "Create an admin user" in page) == (has_users, has_users)


@pytest.mark.parametrize(
    ("has_admin", "first"), [(True, "Visit the site and log in to the admin."), (False, "Visit the site.")]
)
def test_only_a_site_with_the_admin_is_said_to_have_one(has_admin: bool, first: str) -> None:
    placeholders = {"app": "my-blog", "git_remote": "heroku", "manage_py": "manage.py"}
    plan = Plan(
        platform="heroku", platform_name="Heroku", placeholders=placeholders, changes=(), steps=(), has_admin=has_admin
    )
    outcome = Outcome(status="deployed", plan=plan, url="https://x.example.com/")
    assert f"[ ] {first}\n" in markdown.render(compose(outcome, platforms.load("heroku"), NOW))
