"""Whether a file in the project is trusted: a receipt, a lock, a log folder that someone else has put there."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from typing import Any

from ..sandbox.processes import Ran
from .attack import DRY, Attack
from .scene import CANARY, INSTEAD, LOGS, Scene

ALWAYS = frozenset({0, 1})
EVIL = b"#!/bin/sh\ntouch pwned\n"
CONFIGURE = ("--verbosity", "1")
WAYS: dict[str, tuple[str, ...]] = {"a run": CONFIGURE, "--undo": ("--undo",)}


def attacks() -> Iterator[Attack]:
    """Every attack of this group."""
    yield from _paths()
    yield from _shapes()
    yield from _commands()
    yield from _folders()
    yield from _locks()
    yield from _planted()


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _plant(scene: Scene, path: str, *, state: str, before: bytes | None, after: bytes | None) -> None:
    """Plant a receipt of a run that wrote `path`, with the previous bytes in the backup."""
    logs = scene.folder / LOGS
    (logs / "backups").mkdir(parents=True, exist_ok=True)
    (logs / ".gitignore").write_text("*\n", encoding="utf-8")
    if before is not None:
        (logs / "backups" / _digest(before)).write_bytes(before)
    file = {"path": path, "before": before and _digest(before), "after": after and _digest(after)}
    run = {
        "id": "2001-01-01T00:00:00.000000+00:00", "kind": "deploy", "platform": scene.platform, "app": "blog",
        "files_state": state, "files": [file], "steps": [],
    }  # fmt: skip
    (logs / "receipt.json").write_text(json.dumps({"schema": 1, "runs": [run]}), encoding="utf-8")


def _hostile_path(scene: Scene, path: str, state: str, *, exists: bool) -> None:
    """Restoring the file would write content chosen by the receipt's author."""
    _plant(scene, path, state=state, before=EVIL, after=CANARY.encode() if exists else None)


def _paths() -> Iterator[Attack]:
    places = {
        "a file beside the project": ("../outside/canary", True),
        "a new file beside the project": ("../outside/new", False),
        "a Git hook": (".git/hooks/pre-commit", False),
        "Git's configuration": (".git/config", False),
        "a path with a folder that is gone up again": ("a/../../outside/canary", True),
        "a path with a drive": ("C:\\outside\\canary", False),
        "a path with backslashes": ("..\\outside\\canary", False),
        "a path that ends in a dot": (".git./hooks/pre-commit", False),
        "Git's folder in capital letters": (".GIT/hooks/pre-commit", False),
        "an empty path": ("", False),
        "the project itself": (".", False),
        "its own receipt": (f"{LOGS}/receipt.json", False),
        "a path with a NUL": ("a\0b", False),
        "a path with a newline": ("a\nb", False),
        "a very long path": ("a/" * 2000 + "b", False),
        "a file that no run would write": ("manage.py", False),
    }
    for title, (path, exists) in places.items():
        for state, options in (("writing", CONFIGURE), ("written", ("--undo",))):
            yield Attack(
                group="trust", name=f"a receipt ({state}) names {title}", statuses=ALWAYS, options=options,
                arrange=partial(_hostile_path, path=path, state=state, exists=exists), verify=_unharmed,
            )  # fmt: skip
    for state, options in (("writing", CONFIGURE), ("written", ("--undo",))):
        yield Attack(
            group="trust", name=f"a receipt ({state}) names an absolute path", statuses=ALWAYS, options=options,
            arrange=partial(_absolute, state=state),
        )  # fmt: skip
        yield Attack(
            group="trust", name=f"a receipt ({state}) names a file behind a link", statuses=ALWAYS, options=options,
            arrange=partial(_behind_a_link, state=state),
        )  # fmt: skip
        yield Attack(
            group="trust", name=f"a receipt ({state}) names a file that is a link", statuses=ALWAYS, options=options,
            arrange=partial(_a_link, state=state),
        )  # fmt: skip


def _unharmed(scene: Scene, ended: Ran) -> Iterator[str]:
    for place in (scene.folder / ".git" / "hooks" / "pre-commit", scene.folder / "manage.py"):
        if place.is_file() and place.read_bytes() == EVIL:
            yield f"{place.name} holds what the receipt wanted"
    if not (scene.folder / "manage.py").is_file():
        yield "manage.py is gone"


def _absolute(scene: Scene, state: str) -> None:
    _hostile_path(scene, str(scene.outside / "canary"), state, exists=True)


def _behind_a_link(scene: Scene, state: str) -> None:
    (scene.folder / "linked").symlink_to("../outside")
    scene.commit("Link")
    _hostile_path(scene, "linked/canary", state, exists=True)


def _a_link(scene: Scene, state: str) -> None:
    (scene.folder / "linked").symlink_to("../outside/canary")
    scene.commit("Link")
    _hostile_path(scene, "linked", state, exists=True)


RUN: dict[str, Any] = {
    "id": "2001-01-01T00:00:00.000000+00:00", "kind": "deploy", "platform": "heroku", "app": "blog",
    "files_state": "written", "files": [], "steps": [],
}  # fmt: skip
WRONG: tuple[Any, ...] = (None, 7, "text", ["list"], {"an": "object"}, True)


def _shapes() -> Iterator[Attack]:
    """Receipts in every wrong form: their content is ignored, without a traceback."""
    texts: dict[str, str | bytes] = {
        "is empty": b"",
        "is not JSON": "{",
        "is a list": "[]",
        "is a number": "7",
        "has no runs": '{"schema": 1}',
        "is of a later schema": '{"schema": 99, "runs": []}',
        "has a schema in words": '{"schema": "1", "runs": []}',
        "is nested too deeply": "[" * 100_000,
        "is not UTF-8": b"\xff\xfe\x00",
        "begins with a byte order mark": b"\xef\xbb\xbf" + json.dumps({"schema": 1, "runs": []}).encode(),
        "has a number that is too large": '{"schema": 1e999, "runs": []}',
    }
    for key in RUN:
        for wrong in WRONG:
            if not (isinstance(wrong, type(RUN[key])) and isinstance(wrong, str)):
                stored = {"schema": 1, "runs": [{**RUN, key: wrong}]}
                texts[f"has {json.dumps(wrong)} as {key}"] = json.dumps(stored)
    for wrong in WRONG:
        texts[f"has {json.dumps(wrong)} as its runs"] = json.dumps({"schema": 1, "runs": wrong})
        texts[f"has {json.dumps(wrong)} as a run"] = json.dumps({"schema": 1, "runs": [wrong]})
        texts[f"has {json.dumps(wrong)} as a file"] = json.dumps({"schema": 1, "runs": [{**RUN, "files": [wrong]}]})
        texts[f"has {json.dumps(wrong)} as a step"] = json.dumps({"schema": 1, "runs": [{**RUN, "steps": [wrong]}]})
    for number, (title, text) in enumerate(texts.items()):
        way = list(WAYS)[number % len(WAYS)]
        yield Attack(
            group="trust", name=f"the receipt {title}, {way}", statuses=ALWAYS, options=WAYS[way],
            arrange=partial(_receipt, text=text),
        )  # fmt: skip


def _receipt(scene: Scene, text: str | bytes) -> None:
    scene.write(f"{LOGS}/.gitignore", "*\n")
    scene.write(f"{LOGS}/receipt.json", text)


HOSTILE = ["sh", "-c", "touch pwned"]


def _commands() -> Iterator[Attack]:
    """Commands in a receipt are never run, and never shown in a way that a reader would run them."""
    for title, options in {
        "a dry run": DRY, "--undo": ("--undo",), "--destroy": ("--destroy",),
        "--destroy of the app": ("--destroy", "--deployed-project-name", "blog"),
    }.items():  # fmt: skip
        yield Attack(
            group="trust", name=f"a receipt holds commands of someone else's, {title}", statuses=ALWAYS,
            options=options, arrange=_hostile_commands, verify=_not_run,
        )  # fmt: skip
    yield Attack(
        group="trust", name="a receipt holds escape characters, --undo", statuses=ALWAYS, options=("--undo",),
        arrange=_escapes,
    )  # fmt: skip


def _hostile_commands(scene: Scene) -> None:
    step = {
        "id": "create-app", "argv": HOSTILE, "state": "done",
        "created": [{"kind": "app", "name": "blog", "remove": HOSTILE}],
    }  # fmt: skip
    run = {**RUN, "platform": scene.platform, "steps": [step]}
    _receipt(scene, json.dumps({"schema": 1, "runs": [run]}))


def _not_run(scene: Scene, ended: Ran) -> Iterator[str]:
    if list(scene.folder.parent.rglob("pwned")):
        yield "a command of the receipt was run"
    if "touch pwned" in ended.stdout + ended.stderr:
        yield "a command of the receipt is shown as something to do"


def _escapes(scene: Scene) -> None:
    step = {
        "id": "create-app", "argv": ["x"], "state": "done",
        "created": [{"kind": "app\x1b]52;c;cGF3bmVk\x07", "name": "blog\x1b[2J", "remove": ["x\x1b[2J"]}],
    }  # fmt: skip
    _plant(scene, "requirements.txt\x1b[2J", state="written", before=b"a", after=None)
    path = scene.folder / LOGS / "receipt.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["runs"][0]["steps"] = [step]
    path.write_text(json.dumps(stored), encoding="utf-8")


def _folders() -> Iterator[Attack]:
    arrangements: dict[str, Callable[[Scene], object]] = {
        "the log folder is a link to a folder outside": lambda s: (s.folder / LOGS).symlink_to("../outside"),
        "the log folder is a link to Git's folder": lambda s: (s.folder / LOGS).symlink_to(".git"),
        "the log folder is a link that leads nowhere": lambda s: (s.folder / LOGS).symlink_to("../nowhere"),
        "the log folder is a file": lambda s: s.write_and_commit(LOGS, "text\n"),
        "the log folder is tracked by Git": _tracked,
        "the receipt is a link to a file outside": partial(_log_link, name="receipt.json"),
        "the receipt's temporary name is a link to a file outside": partial(_log_link, name="receipt.json.new"),
        "the backups are a link to a folder outside": _backups_link,
        "the lock is a link to a file outside": partial(_log_link, name="running.json"),
        "the folder's .gitignore is a link to a file outside": partial(_log_link, name=".gitignore"),
        "the receipt is a folder": lambda s: s.write(f"{LOGS}/receipt.json/x", ""),
        "the lock is a folder": lambda s: s.write(f"{LOGS}/running.json/x", ""),
        "the backups are a file": lambda s: s.write(f"{LOGS}/backups", ""),
    }
    if os.name != "nt":
        arrangements["the receipt is a pipe"] = _pipe
    for title, arrange in arrangements.items():
        brought = not title.endswith((" is a folder", " is a pipe", " are a file"))
        yield Attack(
            group="trust", name=f"{title}, a run", options=CONFIGURE, arrange=arrange,
            statuses=frozenset({"are a file" in title}), verify=_in_its_place if brought else _unharmed,
        )  # fmt: skip
        yield Attack(group="trust", name=f"{title}, --undo", options=("--undo",), arrange=arrange, verify=_unharmed)


def _in_its_place(scene: Scene, ended: Ran) -> Iterator[str]:
    """The run continued, kept its record where no repository can put one, and reported the place."""
    yield from _unharmed(scene, ended)
    if not (scene.folder / INSTEAD / "receipt.json").is_file():
        yield f"{INSTEAD} has no receipt"
    if ended.stderr.count(f"is ignored; {INSTEAD} is used instead.") != 1:
        yield "no sentence tells what was ignored, and what is used"


def _tracked(scene: Scene) -> None:
    _plant(scene, "manage.py", state="writing", before=EVIL, after=(scene.folder / "manage.py").read_bytes())
    scene.git("add", "--force", LOGS)
    scene.git("commit", "--quiet", "--message", "Ship a log folder")


def _log_link(scene: Scene, name: str) -> None:
    (scene.folder / LOGS).mkdir()
    if name != ".gitignore":
        scene.write(f"{LOGS}/.gitignore", "*\n")
    (scene.folder / LOGS / name).symlink_to("../../outside/canary")


def _backups_link(scene: Scene) -> None:
    scene.write(f"{LOGS}/.gitignore", "*\n")
    (scene.folder / LOGS / "backups").symlink_to("../../outside")


def _pipe(scene: Scene) -> None:
    scene.write(f"{LOGS}/.gitignore", "*\n")
    scene.run.box.run(["mkfifo", scene.folder / LOGS / "receipt.json"])


def _lock(scene: Scene, text: str | bytes) -> None:
    scene.write(f"{LOGS}/.gitignore", "*\n")
    scene.write(f"{LOGS}/running.json", text)


def _locks() -> Iterator[Attack]:
    """Only a running process can hold the lock: whatever the file contains, the run continues."""
    texts: dict[str, str | bytes] = {
        "is empty": "",
        "names a process that runs, but is no run of ours": json.dumps({"pid": 1, "host": "", "since": "now"}),
        "names this very process's parent": json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": ""})
        if os.name != "nt"
        else "",
        "names another machine": json.dumps({"pid": 1, "host": "elsewhere", "since": "2001-01-01 00:00:00"}),
        "is not JSON": "{",
        "holds a list": "[]",
        "holds a process in words": json.dumps({"pid": "one", "host": 7, "since": []}),
        "holds escape characters": json.dumps({"pid": 1, "host": "\x1b[2J", "since": "\x1b[2J"}),
        "is not text": b"\xff\x00",
    }
    for title, text in texts.items():
        yield Attack(
            group="trust", name=f"a lock that a killed run has left {title}", statuses=frozenset({0}),
            options=CONFIGURE, arrange=partial(_lock, text=text),
        )  # fmt: skip


def _planted() -> Iterator[Attack]:
    """A link at the path of a file that is about to be created."""
    for name in ("Procfile", "requirements.txt", "fly.toml", "Dockerfile"):
        yield Attack(
            group="trust", name=f"links wait at the temporary names of {name}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_beside, name=name),
        )  # fmt: skip


def _beside(scene: Scene, name: str) -> None:
    for suffix in (".simple_deploy-new", ".new", ".tmp", "~"):
        (scene.folder / f".{name}{suffix}").symlink_to("../outside/canary")
    scene.append(scene.folder / ".git" / "info" / "exclude", ".*\n")
