"""Write docs/reference/messages.md: every message that a user can get, made by the code that makes it for users.

`python docs/messages.py` writes the page; with `--check` the exit status is 1 where it is stale.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "messages.md"

sys.path.insert(0, str(ROOT))

from simple_deploy.messages import errors, stops  # noqa: E402
from simple_deploy.messages.message import Message  # noqa: E402
from simple_deploy.model import Claim, Problem  # noqa: E402

# What stands in a message for what was really found: one example for each parameter of a constructor.
EXAMPLES: dict[str, object] = {
    "account": "you@example.com",
    "apps": ["blog"],
    "asked": "mysql",
    "port": "8000",
    "wanted": "8080",
    "python": "3.13",
    "app": "my-blog",
    "django": "5.2",
    "older": "runtime.txt",
    "version": "3.8",
    "allowed": ">=3.11",
    "below": "backend/poetry.lock",
    "chosen": "uv",
    "choices": "--package-manager pip or --package-manager poetry",
    "package": "gunicorn",
    "source": "acme-deploy 1.0",
    "specifier": "==19.9.0",
    "requirement": "blog @ file:///srv/blog",
    "line": "<<<<<<< HEAD",
    "oldest": "21.0",
    "backups": "simple_deploy_logs/backups",
    "backend": "setuptools.build_meta",
    "claim": Claim(app="my-blog", said_by="the Git remote heroku", forget="git remote remove heroku"),
    "command": "git status",
    "crashed": "",
    "done": ["Create the app my-blog"],
    "executable": "heroku",
    "file": "requirements.txt",
    "folder": "/srv/blog",
    "found": ["Poetry (pyproject.toml, poetry.lock)", "Pipenv (Pipfile)"],
    "hint": "The lines above show what failed in the build.",
    "included": "base.txt",
    "install": "the installer on the page below",
    "known": ["first", "second"],
    "last": "2026-01-02T03:04:05 app[web.1]: ModuleNotFoundError: No module named 'blog.wsgi'",
    "lines": ["modified: blog/views.py", "untracked: db.sqlite3"],
    "lock": "poetry.lock",
    "log": "simple_deploy_logs/simple_deploy_....log",
    "login": "heroku login",
    "logs": "heroku logs --app my-blog",
    "manifest": "pyproject.toml",
    "message": "what the program said",
    "missing": ["gunicorn>=22"],
    "module": "blog.settings",
    "name": "Heroku",
    "names": ["gunicorn"],
    "manual": "heroku apps:destroy --app my-blog",
    "owner": {"pid": 4711, "host": "laptop", "since": "2026-01-02 03:04:05"},
    "limits": ["second is open to existing customers only"],
    "other": ", remove runtime.txt (git rm runtime.txt)",
    "output": "what the command said last",
    "path": "blog/settings.py",
    "paths": ["Procfile"],
    "interpreter": "/usr/bin/python3",
    "program": "poetry",
    "reason": "the reason, in the words of whoever found it",
    "recorded": "0f9a2b7c",
    "remaining": [("blog/settings.py", "No space left on device")],
    "said": "what the program said",
    "said_by": "blog/settings.py",
    "seconds": 120,
    "see": "https://devcenter.heroku.com/articles/heroku-cli",
    "seen": "HTTP 503 Service Unavailable",
    "title": "Create the app my-blog",
    "tokens": ["HEROKU_API_KEY"],
    "url": "https://my-blog.example.com/",
    "where": stops.INTERRUPTED_BEFORE,
    "error": ValueError("anything"),
}
# Where the example above would not make sense.
SPECIAL: dict[str, dict[str, object]] = {
    "build_would_fail": {"platform": "Fly.io", "reason": "KeyError: 'build-only' (blog/settings.py:31)"},
    "trial_failed": {
        "part": "settings",
        "reason": "AttributeError: module 'os' has no attribute 'gentenv' (blog/settings.py:12)",
        "platform": "Heroku",
    },
    "checks_failed": {
        "found": ["postgres.E005: 'django.contrib.postgres' must be in INSTALLED_APPS (blog.Page.title)"],
        "platform": "Heroku",
    },
    "trial_untracked": {
        "path": "blog/local_settings.py",
        "reason": "ModuleNotFoundError: No module named 'blog.local_settings' (blog/settings.py:12)",
    },
    "folder_untracked": {
        "folder": "data",
        "keep": "data/.gitkeep",
        "reason": "FileNotFoundError: [Errno 2] No such file or directory (blog/settings.py:12)",
    },
    "translations_broken": {
        "found": ["locale/de/LC_MESSAGES/django.po:12: a format specification for argument 'name' doesn't exist"]
    },
    "other_settings": {"module": "blog.production", "loaded": "blog.settings", "platform": "Heroku"},
    "variables_missing": {
        "name": "Heroku",
        "variables": ["MAIL_KEY (blog/settings.py:12)", "STRIPE_KEY (blog/settings.py:13)"],
        "first": "MAIL_KEY",
    },
    "variables_unreadable": {"file": "production.env", "reason": "No such file or directory"},
    "variable_unset": {"name": "STRIPE_KEY"},
    "nothing_deployed": {"to": " to Heroku"},
    "deployed_to_several": {"names": ["fly_io", "heroku"]},
    "no_address": {"platform": "heroku", "reason": "Couldn't find that app"},
    "not_shown": {"what": "log"},
    "lock_missing": {"command": "poetry lock"},
    "lock_failed": {"command": "poetry lock"},
    "lock_stale": {"name": "Poetry"},
    "package_manager_missing": {"name": "Poetry", "install": "pipx install poetry"},
    "include_missing": {"path": "requirements.txt"},
    "manifest_closed": {"manifest": "requirements.txt", "reason": "its lines have hashes"},
    "platform_unknown": {"name": "third"},
    "platform_twice": {"name": "third", "sources": ["acme-deploy 1.0", "other-deploy 2.1"]},
    "platform_broken": {"name": "third", "reason": "ModuleNotFoundError: No module named 'acme'"},
    "django_too_old": {"found": "2.2"},
    "not_toml": {"path": "pyproject.toml"},
    "platforms_refuse": {"name": "conda", "file": "environment.yml", "remedy": "What to do instead."},
    "several_requirements_files": {
        "found": ["requirements/live.txt", "requirements/web.txt"],
        "first": "requirements/live.txt",
    },
    "cli_failed": {"command": "heroku config --app my-blog --json"},
    "settings_outside": {"path": "/srv/shared/settings.py"},
    "StepFailed": {"command": "git push heroku HEAD:refs/heads/main", "reason": "ended with exit status 1"},
    "backup_missing": {"reason": "simple_deploy_logs/backups/9d5a... is damaged"},
    "another_account": {"recorded": "me@example.com"},
    "another_app": {"path": "simple_deploy_logs/receipt.json", "found": "7d31c5e0"},
    "another_name": {
        "path": "simple_deploy_logs/receipt.json",
        "app_id": "abcdefghijkl2",
        "name": "Upsun",
        "found": "shop",
    },
    "claims_disagree": {"said": ["fly.toml names shop", "simple_deploy_logs/receipt.json names my-blog"]},
    "other_id": {"said_by": "simple_deploy_logs/receipt.json", "found": "7d31c5e0"},
    "unidentified_app": {"path": "simple_deploy_logs/receipt.json"},
    "no_created_app": {"path": "simple_deploy_logs/receipt.json"},
    "newer_deployed": {"platform": "Heroku", "commit": "0123456789abcdef"},
    "not_committed": {
        "files": ["blog/settings.py: it is marked skip-worktree"],
        "remedies": ["git update-index --no-skip-worktree -- blog/settings.py"],
    },
    "not_tried": {"reason": "No space left on device"},
    "unfinished": {"operation": "rebase", "finish": "git rebase --abort"},
    "nothing_to_undo": {"path": "simple_deploy_logs/receipt.json", "platform": None},
    "undo_later_first": {"later": "fly_io", "asked": "heroku", "paths": ["blog/settings.py"]},
    "other_branch": {"made_on": "main", "here": "topic"},
    "receipt_unreadable": {"path": "simple_deploy_logs/receipt.json"},
    "uncertain_app": {"path": "simple_deploy_logs/receipt.json"},
    "Busy": {
        "path": "simple_deploy_logs/running.json",
        "owner": "process 4242 on host, since 2006-01-02 03:04:05",
    },
    "receipt_foreign": {"path": "simple_deploy_logs/receipt.json"},
    "link": {"path": "requirements.txt", "reason": "leads out of the repository"},
    "written_twice": {"path": "config/env", "names": ".environment and .python-version"},
    "misplaced": {"path": "requirements.txt", "reason": "it is a link that leads outside the project"},
    "own_folder_foreign": {
        "path": "simple_deploy_logs",
        "what": "is a link",
        "instead": ".git/simple_deploy",
    },
    "ApplyFailed": {"reason": "No space left on device"},
}


class MissingExample(LookupError):
    """A parameter of a message for which EXAMPLES has no value."""


def example(name: str, message: Callable[..., object]) -> object:
    """The message for example values. Raises MissingExample."""
    special = SPECIAL.get(name, {})
    given = {}
    for field in message.names if isinstance(message, Message) else inspect.signature(message).parameters:
        if field not in special and field not in EXAMPLES:
            raise MissingExample(f"{name}: {field}")
        given[field] = special.get(field, EXAMPLES.get(field))
    return message(**given)


def problems() -> list[Problem]:
    """One of each problem that `errors` can make, in the order of its source."""
    made = []
    for name, message in vars(errors).items():
        answers = getattr(message, "__annotations__", {}).get("return") if inspect.isfunction(message) else None
        if isinstance(message, Message) or answers == "Problem":
            value = example(name, message)
            assert isinstance(value, Problem)
            made.append(value)
    return made


def endings() -> list[stops.Stop]:
    """One of each way in which a run can end early."""
    made = []
    for ending in stops.Stop.__subclasses__():
        if ending is not stops.Refused:
            value = example(ending.__name__, ending)
            assert isinstance(value, stops.Stop)
            made.append(value)
    return made


def platform_problems(folder: str) -> list[Problem]:
    """The problems of a platform's texts: what is filled in stands as <name>."""
    texts = vars(import_module(f"simple_deploy.platforms.{folder}.texts"))
    found = [message for message in texts.values() if isinstance(message, Message)]
    return [message(**{name: [f"<{name}>"] for name in message.names}) for message in found]


def page() -> str:
    """The whole page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Messages"
    yield ""
    yield "Every message that can end a run: its code (as `--json` gives it), what was found, and what to do."
    yield "This page is made from the program itself, with examples for what differs from run to run."
    yield ""
    yield "## Problems found before anything is changed"
    yield ""
    yield "All that are found are reported together, numbered; the exit status is 1."
    for problem in problems():
        yield from _entry(problem)
    for folder in sorted((ROOT / "simple_deploy" / "platforms").glob("*/texts.py")):
        yield ""
        yield f"## {folder.parent.name.strip('_').replace('_', '.').capitalize()}"
        for problem in platform_problems(folder.parent.name):
            yield from _entry(problem)
    yield ""
    yield "## Ways in which a run can end early"
    for ending in endings():
        yield ""
        yield f"### {ending.code}"
        yield ""
        yield f"{inspect.getdoc(type(ending))} Exit status {ending.exit_status}."
        yield ""
        yield from _quoted(str(ending))


def _entry(problem: Problem) -> Iterator[str]:
    yield ""
    yield f"### {problem.code}"
    yield ""
    yield from _quoted(problem.found + "\n-> " + problem.remedy + (f"\nSee {problem.see}" if problem.see else ""))


def _quoted(text: str) -> Iterator[str]:
    yield "```text"
    yield from text.splitlines()
    yield "```"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is stale."""
    if "--check" in arguments:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        if not fresh:
            sys.stderr.write("docs/reference/messages.md is stale: run python docs/messages.py\n")
        return 0 if fresh else 1
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
