"""The receipt is a hint from a file that anybody can write: what it may say, and what is read out of it."""

from __future__ import annotations

import copy
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from simple_deploy import receipt
from simple_deploy.errors import Refused
from simple_deploy.model import Created
from simple_deploy.place import misplaced, target
from simple_deploy.receipt import Run, Taken, standing

NOW = datetime(2006, 1, 2, 3, 4, 5)
DIGEST = "0" * 64
APP = Created(kind="app", name="blog")
GOOD: dict[str, Any] = {
    "schema": 1,
    "runs": [
        {
            "id": "2006-01-02T03:04:05",
            "kind": "deploy",
            "platform": "heroku",
            "app": "blog",
            "files_state": "written",
            "files": [{"path": "Procfile", "before": None, "after": DIGEST}],
            "steps": [
                {"id": "a", "argv": ["b"], "state": "done", "created": [{"kind": "app", "name": "blog"}]},
            ],
            "app_id": "6f4c2a0e",
            "account": "dev@example.com",
        }
    ],
}


def places(value: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside `value`."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *way) for key, below in inside for way in places(below))]


def with_value(way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    changed = copy.deepcopy(GOOD)
    place = changed
    for key in way[:-1]:
        place = place[key]
    place[way[-1]] = value
    return changed


def reason(root: Path, stored: object) -> str:
    """Why the receipt is not understood."""
    (root / receipt.NAME).parent.mkdir(exist_ok=True)
    (root / receipt.NAME).write_text(stored if isinstance(stored, str) else json.dumps(stored), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        receipt.load(root)
    (problem,) = refused.value.problems
    assert problem.code == "receipt-unreadable"
    head, _, tail = problem.found.partition(", cannot be understood: ")
    assert head == "simple_deploy_logs/receipt.json, which says what earlier runs did"
    assert "\n" not in tail
    return tail


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "simple_deploy_logs").mkdir()
    (tmp_path / receipt.NAME).write_text(json.dumps(GOOD), encoding="utf-8")
    runs = receipt.load(tmp_path)
    receipt.save(tmp_path, runs)
    assert json.loads((tmp_path / receipt.NAME).read_bytes()) == GOOD


@pytest.mark.parametrize("wrong", [7, True, [[]], {"a": 1}, "\x1b[2J", None], ids=repr)
@pytest.mark.parametrize("way", places(GOOD), ids=lambda way: ".".join(map(str, way)) or "all")
def test_a_wrong_value_anywhere_is_one_sentence(tmp_path: Path, way: tuple[Any, ...], wrong: Any) -> None:
    if wrong is None and way[-1:] in [("before",), ("after",), ("app_id",), ("account",)]:
        pytest.skip("null: there is no such file, or nobody knew it")
    if wrong == "\x1b[2J" and "argv" in way[:-1]:
        pytest.skip("a record that is never shown")
    assert "\x1b" not in reason(tmp_path, with_value(way, wrong))


@pytest.mark.parametrize("way", [way for way in places(GOOD) if isinstance(way[-1:] and way[-1], str)], ids=str)
def test_a_missing_field_is_named(tmp_path: Path, way: tuple[Any, ...]) -> None:
    stored = copy.deepcopy(GOOD)
    place: Any = stored
    for key in way[:-1]:
        place = place[key]
    del place[way[-1]]
    assert reason(tmp_path, stored).endswith(f" lacks field {way[-1]}.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * 100_000, "maximum recursion depth"),
        ('{"schema": 2, "runs": []}', "it has the form 2, and this version knows the form 1."),
        ('{"schema": 1, "runs": [], "more": 1}', "receipt has the unknown field."),
        ('{"schema": true, "runs": []}', "receipt.schema has the wrong form."),
        (json.dumps(with_value(("runs", 0, "kind"), "x")), "receipt.runs[0].kind is none of deploy, undo, destroy."),
        (json.dumps(with_value(("runs", 0, "files", 0, "before"), "../../x")), ".files[0].before has the wrong form."),
        (json.dumps(with_value(("runs", 0, "files", 0, "path"), "../x")), "'../x', and it is not a path inside the"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in reason(tmp_path, text)


OUTSIDE = [
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a/./b",
    "a//b",
    "",
    ".",
    "C:/x",
    "c:x",
    "//host/share/x",
    "\\\\host\\share\\x",
]
OF_GIT = [".git/hooks/pre-commit", ".GIT/config", ".git", ".git. /config", "git~1/config", "sub/.git/config"]
OF_OURS = ["simple_deploy_logs/receipt.json", "Simple_Deploy_Logs/x", "simple_deploy_logs"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        *((path, "it is not a path inside the project") for path in OUTSIDE),
        *((path, "it belongs to Git") for path in [*OF_GIT, ".g\u200cit/config"]),
        *((path, "it belongs to simple_deploy") for path in OF_OURS),
        *(
            (f"a{character}b", "it has characters that cannot be shown")
            for character in "\n\0\x1b\x7f\x9b\u2028\u202e\ud800"
        ),
    ],
    ids=ascii,
)
def test_a_path_that_no_run_may_write(path: str, why: str) -> None:
    assert misplaced(path, windows=False) == why


@pytest.mark.parametrize("path", ["nul", "a/CON.txt", "com1", "a.", "a ", "ab:c", "a\\b"])
def test_a_name_that_windows_does_not_have(path: str) -> None:
    assert misplaced(path, windows=True) == "Windows has no file of that name"
    assert misplaced(path, windows=False) is None


@pytest.mark.parametrize("path", ["Procfile", ".gitignore", ".github/x", "a/simple_deploy_logs/x", "é\u00a0x/a b"])
def test_a_path_that_a_run_may_write(tmp_path: Path, path: str) -> None:
    assert misplaced(path, windows=True) is None
    assert target(tmp_path, path) == tmp_path / path


def run(
    identity: str, state: Any, kind: Any = "deploy", *, app: str = "blog", created: tuple[Created, ...] = (APP,)
) -> Run:
    step = Taken(id="create-app", argv=(), state=state, created=created)
    return Run(id=identity, kind=kind, platform="heroku", app=app, steps=(step,))


@pytest.mark.parametrize(
    ("states", "certain"),
    [
        (["done"], True),
        (["started"], False),
        (["failed"], False),
        (["done", "started"], True),
        (["done", "failed"], True),
        (["failed", "done"], True),
        (["done", "failed", "failed"], True),
        (["started", "failed"], False),
    ],
)
def test_what_was_created_for_certain_stays_certain(states: list[str], certain: bool) -> None:
    (thing,) = standing(tuple(run(str(number), state) for number, state in enumerate(states)))
    assert (thing.certain, thing.created, thing.app, thing.platform) == (certain, APP, "blog", "heroku")


def test_what_was_destroyed_does_not_stand_and_is_uncertain_if_it_is_begun_again() -> None:
    gone = run("2", "done", "destroy", created=())
    first, other = run("1", "done"), run("1b", "done", app="other")
    assert [thing.app for thing in standing((first, other, gone))] == ["other"]
    assert [thing.app for thing in standing((first, run("2", "failed", "destroy", created=())))] == ["blog"]
    (again,) = standing((first, gone, run("3", "failed")))
    assert not again.certain


def test_a_step_that_is_taken_twice_in_one_run_is_recorded_once(tmp_path: Path) -> None:
    from simple_deploy.model import Step

    writer = receipt.Writer(tmp_path, receipt.begun("deploy", NOW, "heroku", "blog"))
    steps = [Step(id=name, title="", why="", argv=(name,), makes=(APP,)) for name in ("a", "b")]
    for step, state in ((steps[0], "started"), (steps[0], "done"), (steps[1], "started")):
        writer.step(step, state)  # type: ignore[arg-type]
    (saved,) = receipt.load(tmp_path)
    assert [(step.id, step.argv, step.state) for step in saved.steps] == [
        ("a", ("a",), "done"),
        ("b", ("b",), "started"),
    ]
    (thing,) = standing((saved,))
    assert thing.certain
