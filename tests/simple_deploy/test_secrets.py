"""A canary in every secret of a run: the secrets of the platform and the environment appear nowhere else."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import psutil
import pytest

from matrix.sandbox import processes
from simple_deploy import platforms

if TYPE_CHECKING:
    from conftest import Checkout, OnPlatform

TOKEN = "canary-6f3d41c0-token"
# The variables for a token in each platform's CLI.
TOKENS = {platform.id: platform.cli.tokens for platform in platforms.usable()}
# Heroku's CLI takes values only as arguments: the documented exception in the list of processes.
IN_ARGUMENTS = {"config:set"}


def leaks(secrets: Mapping[str, str], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """Which secret is in which place."""
    return [(name, place) for name, value in secrets.items() for place, text in places.items() if value in text]


@contextlib.contextmanager
def watched_processes(pid: int) -> Iterator[list[list[str]]]:
    """The command lines of all processes started while the body runs."""
    seen: list[list[str]] = []
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(0.02):
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(pid).children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        line = child.cmdline()
                        if line not in seen:
                            seen.append(line)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        finished.set()
        thread.join()


def deploy(on: OnPlatform, *options: str) -> tuple[dict[str, str], list[list[str]]]:
    """One automated run with a token in the environment: its output, and the command lines it started."""
    argv = ["manage.py", "simple_deploy", "--platform", on.platform, "--automate-all", "--yes", "--no-open"]
    argv = [sys.executable, *argv, *on.emulator.UNATTENDED, *on.named, *options]
    env = {**on.checkout.env, TOKENS[on.platform][0]: TOKEN}
    # The platform's build and site do not count: they are started by the sandbox, not by this run.
    child = processes.start(argv, cwd=on.checkout.root, env=env, stdout=-1, stderr=-1)
    try:
        with watched_processes(child.pid) as lines:
            stdout, stderr = child.communicate(timeout=240)
    finally:
        processes.kill(child)
    return {"stdout": stdout, "stderr": stderr, "exit": str(child.returncode)}, lines


def give_token(on: OnPlatform) -> None:
    """Give the account the token."""
    with on.state.change() as platform:
        account = platform["account"]
        account["token"] = TOKEN


def first_change(on: OnPlatform) -> str:
    """The first command in the plan that changes something through the CLI."""
    options = ("--automate-all", "--dry-run", "--json", *on.emulator.UNATTENDED, *on.named)
    plan = json.loads(on.checkout.deployer("--platform", on.platform, *options).stdout)
    steps = [step["argv"] for step in plan["steps"] if on.emulator.refusal(step["argv"]) is None]
    return next(name for name in (on.emulator.command(argv[1:]) for argv in steps) if name not in on.emulator.READING)


def secrets_of(on: OnPlatform) -> dict[str, str]:
    """All secrets, from the platform's own state."""
    values = [*on.emulator.secrets(on.box.root), TOKEN]
    return {f"secret {number}": value for number, value in enumerate(values)}


def written(on: OnPlatform) -> Iterable[tuple[str, str]]:
    """The files of the project and of its logs, and Git's history."""
    root = on.checkout.root
    for path in root.rglob("*"):
        if path.is_file() and ".git" not in path.relative_to(root).parts:
            yield str(path.relative_to(root)), path.read_bytes().decode("utf-8", "replace")
    yield "history", on.checkout.git("log", "--all", "--patch", "--no-color")
    yield "config", (root / ".git" / "config").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="reads the command lines of other processes")
def test_no_secret_leaks_in_a_failed_run_a_deployment_or_a_rerun(on_any: OnPlatform) -> None:
    give_token(on_any)
    # The platform echoes its input and fails afterwards: the worst case for a message.
    echo = f"Error: token {TOKEN} of postgres://me:s3cret-pass@db.example.com/x\n"
    on_any.state.add_fault({"command": first_change(on_any), "after": True, "returncode": 1, "stderr": echo})
    failed, _ = deploy(on_any, "--json")
    outcome, lines = deploy(on_any, "-v", "2")
    again, _ = deploy(on_any, "--json")
    assert [failed["exit"], outcome["exit"], again["exit"]] == ["1", "0", "0"], outcome
    assert json.loads(again["stdout"])["status"] == "deployed"
    secrets = {**secrets_of(on_any), "echoed password": "s3cret-pass"}
    assert len(secrets) >= 4
    places = {f"{run} {name}": text for run, said in enumerate((failed, outcome, again)) for name, text in said.items()}
    places.update(written(on_any))
    assert any(place.endswith(".log") for place in places)
    assert leaks(secrets, places) == []
    others = [line for line in lines if not IN_ARGUMENTS & set(line)]
    assert any(on_any.platform.split("_")[0] in " ".join(line) for line in others)
    assert leaks(secrets, {" ".join(line): "\0".join(line) for line in others}) == []


PLANTED = {
    "the settings, beside the block": "s3ttings-canary",
    "nested settings": "n3sted-canary",
    "an address in the settings": "addr3ss-canary",
    "a default in the settings": "d3fault-canary",
    "an ordinary word in the settings": "sunflower",
    ".env": "d0tenv-canary",
    "the environment": "3nvironment-canary",
    "another file": "f1le-canary",
}
SETTINGS = """
CACHES = {"default": {"BACKEND": "x", "LOCATION": "redis://:addr3ss-canary@cache:6379/1"}}
SERVICES = [{"name": "mail", "api_key": "n3sted-canary"}]
OTHER_TOKEN = os.environ.get("OTHER_TOKEN", "d3fault-canary")
FLOWER_PASSWORD = "sunflower"
LOGGED = ["d0tenv-canary", "3nvironment-canary"]
SMTP_PASSWORD = "s3ttings-canary"
"""


def test_planted_secrets_leak_into_no_output(checkout: Checkout) -> None:
    settings = checkout.read("blog/settings.py")
    checkout.write("blog/settings.py", f"import os\n{settings}{SETTINGS}")
    checkout.write(".env", "PAYMENT_KEY='d0tenv-canary'\n")
    checkout.write("Procfile", "worker: env QUEUE_TOKEN=f1le-canary python work.py\n")
    checkout.write(".gitignore", "__pycache__/\n*.sqlite3\n.env\n")
    checkout.commit_all("Plant secrets")
    env = {"DEPLOY_TOKEN": "3nvironment-canary"}
    runs = [
        checkout.deployer("--dry-run", **env),
        checkout.deployer("--dry-run", "--json", **env),
        checkout.deployer(**env),
        checkout.deployer("--undo", "--dry-run", **env),
        checkout.deployer("--undo", "--json", **env),
    ]
    assert [run.returncode for run in runs] == [0] * len(runs), runs[0].stderr
    places = {f"run {number}": run.stdout + run.stderr for number, run in enumerate(runs)}
    places |= {"log": checkout.logs(), "html": checkout.page(".html"), "markdown": checkout.page(".md")}
    assert leaks(PLANTED, places) == []
    # The lines next to the block are shown, masked: the search has looked at the right lines.
    for place in ("run 0", "run 1", "run 3", "html", "markdown"):
        assert "SMTP_PASSWORD = ********" in places[place], place
        assert "QUEUE_TOKEN=********" in places[place], place


def test_secrets_in_errors_from_settings_are_masked(checkout: Checkout) -> None:
    raising = "\nraise ValueError('bad: ' + os.environ['PAYMENT_KEY'] + ' \\x1b[2J API_TOKEN=\"b\"')\n"
    checkout.write("blog/settings.py", f"import os\n{raising}")
    ended = checkout.python("-m", "simple_deploy", "--platform", "heroku", PAYMENT_KEY="p4yment-canary")
    assert ended.returncode == 1
    assert "bad: ******** " in ended.stderr
    assert "API_TOKEN=********" in ended.stderr
    assert "\x1b" not in ended.stderr


def test_the_search_finds_a_leaked_secret(on_heroku: OnPlatform) -> None:
    box, root = on_heroku.box, on_heroku.checkout.root
    box.run(["heroku", "apps:create", "my-blog"], cwd=root)
    box.run(["heroku", "config:set", "--app", "my-blog", "SECRET_KEY=canary-value"], cwd=root)
    on_heroku.checkout.write("notes.txt", "my key is canary-value\n")
    on_heroku.checkout.commit_all("A mistake")
    places = [place for _, place in leaks(secrets_of(on_heroku), dict(written(on_heroku)))]
    assert places == ["notes.txt", "history"]
