"""Each platform's reports on its processes, and which of them are crashes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simple_deploy import platforms


def heroku(state: str, version: int, kind: str = "web") -> dict[str, Any]:
    return {"name": f"{kind}.1", "state": state, "type": kind, "release": {"version": version}}


def fly(state: str, **exit_event: Any) -> dict[str, Any]:
    start = {"type": "start", "status": "started", "timestamp": 2}
    end = {"type": "exit", "status": "stopped", "timestamp": 3, "request": {"exit_event": exit_event}}
    before = {"type": "exit", "status": "stopped", "timestamp": 1, "request": {"exit_event": {"exit_code": 9}}}
    return {"id": "148e", "state": state, "events": [*([end] if exit_event else []), start, before]}


ASKED_TO_STOP = fly("stopped", exit_code=0, requested_stop=True)

SAID = [
    ("heroku", [heroku("crashed", 5)], "web.1"),
    ("heroku", [heroku("crashed", 5), heroku("up", 5, "worker")], "web.1"),
    ("heroku", [heroku("up", 5), heroku("crashed", 5, "worker")], ""),
    ("heroku", [heroku("crashed", 4), heroku("starting", 5)], ""),
    ("heroku", [heroku("up", 4), heroku("crashed", 5)], "web.1"),
    ("heroku", [], ""),
    ("fly_io", {"Machines": [fly("stopped", exit_code=3)]}, "machine 148e"),
    ("fly_io", {"Machines": [fly("stopped", oom_killed=True)]}, "machine 148e"),
    ("fly_io", {"Machines": [fly("failed")]}, "machine 148e"),
    ("fly_io", {"Machines": [fly("started")]}, ""),
    ("fly_io", {"Machines": [ASKED_TO_STOP]}, ""),
    ("fly_io", {"Machines": [fly("stopped", exit_code=3), ASKED_TO_STOP]}, ""),
    ("fly_io", {"Machines": [{"id": "1", "state": "stopped"}]}, ""),
    ("fly_io", {"Machines": None}, ""),
]


@pytest.mark.parametrize(("platform", "said", "crashed"), SAID)
def test_a_crash_is_distinguished_from_everything_else(platform: str, said: Any, crashed: str) -> None:
    question = platforms.load(platform).watch("my-blog").crashed
    assert question
    assert question.read(json.dumps(said)) == crashed


@pytest.mark.parametrize("platform", platforms.installed())
def test_a_log_is_read_without_following_it(platform: str) -> None:
    log = platforms.load(platform).watch("my-blog").log
    assert not {"--tail", "-t", "--follow"} & set(log)
    assert {"--num", "--no-tail", "--lines"} & set(log)
