"""The receipt is an untrusted file: its valid contents, and what is read from it."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simple_deploy import receipt
from simple_deploy.effects.own_folder import FOLDER, own_folder
from simple_deploy.effects.place import Misplaced, misplaced, target
from simple_deploy.effects.run_lock import run_lock
from simple_deploy.effects.seal import seal, slow_seal
from simple_deploy.model import Created, FileChange
from simple_deploy.receipt import Run, Taken, Touched, Writer, standing

posix = pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")

NOW = datetime(2006, 1, 2, 3, 4, 5)
DIGEST = "0" * 64
APP = Created(kind="app", name="blog")
GOOD: dict[str, Any] = {
    "schema": 1,
    "seal": DIGEST,
    "runs": [
        {
            "id": "2006-01-02T03:04:05",
            "kind": "deploy",
            "platform": "heroku",
            "app": "blog",
            "branch": "main",
            "files_state": "written",
            "files": [{"path": "Procfile", "before": None, "after": DIGEST}],
            "steps": [
                {
                    **{"id": "a", "argv": ["b"], "state": "done", "created": [{"kind": "app", "name": "blog"}]},
                    "sets": [{"name": "KEY", "digest": "0" * 64}],
                },
            ],
            "app_id": "6f4c2a0e",
            "account": "dev@example.com",
            "complete": True,
        }
    ],
}


def places(value: Any) -> list[tuple[Any, ...]]:
    """The path to every value inside `value`."""
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
    """Why the receipt is invalid."""
    (root / receipt.name(root)).parent.mkdir(exist_ok=True)
    (root / receipt.name(root)).write_text(stored if isinstance(stored, str) else json.dumps(stored), encoding="utf-8")
    problem = receipt.distrusted(root)
    assert problem
    assert problem.code == "receipt-unreadable"
    assert receipt.load(root) == ()
    head, _, tail = problem.found.partition(" is ignored because it could not be read: ")
    assert head == "simple_deploy_logs/receipt.json, the record of earlier runs,"
    assert "\n" not in tail
    return tail


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    files = (Touched(path="Procfile", before=None, after=DIGEST),)
    runs = (replace(run("1", "done"), files=files, files_state="written"), run("2", "failed"))
    receipt.save(tmp_path, runs)
    assert [asdict(loaded) for loaded in receipt.load(tmp_path)] == [asdict(saved) for saved in runs]


def foreign(root: Path) -> str:
    problem = receipt.distrusted(root)
    assert problem
    assert receipt.load(root) == ()
    return problem.code


def test_a_receipt_from_another_repository_is_not_trusted(tmp_path: Path) -> None:
    receipt.save(tmp_path, (run("1", "done"),))
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(tmp_path / "simple_deploy_logs", elsewhere / "simple_deploy_logs")
    (elsewhere / ".git").mkdir()
    assert foreign(elsewhere) == "receipt-foreign"
    text = (elsewhere / receipt.name(elsewhere)).read_bytes()
    receipt.save(elsewhere, (*receipt.load(elsewhere), run("2", "done")))
    assert [known.id for known in receipt.load(elsewhere)] == ["2"]
    assert (elsewhere / FOLDER / receipt.IGNORED).read_bytes() == text


def test_a_receipt_is_trusted_because_of_the_repository_key(tmp_path: Path) -> None:
    receipt.save(tmp_path, (run("1", "done"),))
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(tmp_path / "simple_deploy_logs", elsewhere / "simple_deploy_logs")
    (elsewhere / ".git").mkdir()
    shutil.copy(tmp_path / ".git" / "simple_deploy.key", elsewhere / ".git")
    assert len(receipt.load(elsewhere)) == 1


@pytest.mark.parametrize("place", ["app", "steps", "files_state"])
def test_an_edited_receipt_is_not_trusted(tmp_path: Path, place: str) -> None:
    receipt.save(tmp_path, (run("1", "done"),))
    stored = json.loads((tmp_path / receipt.name(tmp_path)).read_bytes())
    stored["runs"][0][place] = {"app": "other", "steps": [], "files_state": "writing"}[place]
    (tmp_path / receipt.name(tmp_path)).write_text(json.dumps(stored), encoding="utf-8")
    assert foreign(tmp_path) == "receipt-foreign"


def test_the_key_is_private_and_kept_where_a_linked_work_tree_has_its_own(tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    (tmp_path / ".git" / "worktrees" / "linked").mkdir(parents=True)
    (linked / ".git").write_text("gitdir: ../.git/worktrees/linked\n", encoding="utf-8")
    receipt.save(linked, (run("1", "done"),))
    key = tmp_path / ".git" / "worktrees" / "linked" / "simple_deploy.key"
    assert re.fullmatch(rb"[0-9a-f]{64}", key.read_bytes())
    assert os.name == "nt" or key.stat().st_mode & 0o777 == 0o600
    assert len(receipt.load(linked)) == 1
    key.write_bytes(b"cut off")
    assert foreign(linked) == "receipt-foreign"


@posix
def test_our_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    name = receipt.keep(tmp_path, b"a secret of the user's")
    receipt.save(tmp_path, ())
    for path in (receipt.backup(tmp_path, name), receipt.name(tmp_path)):
        assert (tmp_path / path).stat().st_mode & 0o777 == 0o600
    (tmp_path / receipt.backup(tmp_path, name)).write_bytes(b"planted")
    assert receipt.keep(tmp_path, b"a secret of the user's") == name
    assert receipt.kept(tmp_path, name) == b"a secret of the user's"


@posix
@pytest.mark.parametrize(
    ("place", "write"),
    [
        ("simple_deploy_logs", lambda root: receipt.save(root, ())),
        ("simple_deploy_logs/backups", lambda root: receipt.keep(root, b"x")),
    ],
)
def test_a_linked_folder_is_not_written_to(tmp_path: Path, place: str, write: Callable[[Path], object]) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).symlink_to(victim)
    with pytest.raises(OSError, match="is a link"):
        write(tmp_path)
    assert list(victim.iterdir()) == []


@posix
def test_a_link_at_the_path_of_a_file_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"kept")
    folder = own_folder(tmp_path, "backups")
    digest = receipt.digest(b"x")
    for name in ("receipt.json", "receipt.json.new", f"backups/{digest}", f"backups/{digest}.new"):
        (folder.parent / name).symlink_to(victim)
    receipt.save(tmp_path, ())
    receipt.keep(tmp_path, b"x")
    assert victim.read_bytes() == b"kept"
    assert receipt.load(tmp_path) == ()
    assert receipt.kept(tmp_path, digest or "") == b"x"
    (folder / (digest or "")).unlink()
    (folder / (digest or "")).symlink_to(victim)
    with pytest.raises(OSError, match="is a link"):
        receipt.kept(tmp_path, digest or "")


@posix
def test_a_receipt_that_is_a_link_or_a_pipe_gets_a_one_sentence_message(tmp_path: Path) -> None:
    own_folder(tmp_path)
    (tmp_path / receipt.name(tmp_path)).symlink_to(tmp_path / "anything")
    assert foreign(tmp_path) == "receipt-unreadable"
    (tmp_path / receipt.name(tmp_path)).unlink()
    subprocess.run(["mkfifo", tmp_path / receipt.name(tmp_path)], check=True)
    assert foreign(tmp_path) == "receipt-unreadable"


@posix
@pytest.mark.parametrize("path", ["link/x", "link", "to-git/x", "to-logs/x"])
def test_a_link_does_not_lead_a_run_out_of_the_project(tmp_path: Path, path: str) -> None:
    root = tmp_path / "blog"
    (root / ".git").mkdir(parents=True)
    for name, place in (("link", ".."), ("to-git", ".git"), ("to-logs", "simple_deploy_logs")):
        (root / name).symlink_to(place)
    with pytest.raises(Misplaced):
        target(root, path)
    (root / "inside").symlink_to("other/file")
    assert target(root, "inside") == root / "other" / "file"


@posix
def test_files_created_by_root_belong_to_the_project_owner(tmp_path: Path) -> None:
    try:
        shutil.chown(tmp_path, 65534, 65534)
        shutil.chown(tmp_path / ".git", 65534, 65534)
    except PermissionError:
        pytest.skip("only the superuser can give a file away")
    with run_lock(tmp_path, NOW, pytest.fail):
        receipt.keep(tmp_path, b"x")
        receipt.save(tmp_path, ())
        made = [path for path in tmp_path.rglob("*") if path.name != ".git"]
        assert {path.name for path in made} > {FOLDER, ".gitignore", "running.json", "receipt.json", "backups"}
        assert [path.name for path in made if path.stat().st_uid != 65534] == []


def test_previous_contents_are_kept_before_files_are_replaced(tmp_path: Path) -> None:
    changes = [
        FileChange(path=path, before=before, after=b"new", why="")
        for path, before in (("a", b"old"), ("b", b""), ("c", None))
    ]
    Writer(tmp_path, run("1", "done")).begin(changes)
    (begun,) = receipt.load(tmp_path)
    assert begun.files_state == "writing"
    assert [(file.path, file.before) for file in begun.files] == [
        ("a", receipt.digest(b"old")),
        ("b", receipt.digest(b"")),
        ("c", None),
    ]
    kept = {path.name for path in (tmp_path / FOLDER / "backups").iterdir()}
    assert kept == {receipt.digest(b"old"), receipt.digest(b"")}


def test_a_receipt_from_before_our_folder_moved_is_read(tmp_path: Path) -> None:
    named = receipt.keep(tmp_path, b"previous")
    receipt.save(tmp_path, (run("1", "done"),))
    (tmp_path / ".git" / "simple_deploy").mkdir()
    assert receipt.name(tmp_path) == ".git/simple_deploy/receipt.json"
    assert [known.id for known in receipt.load(tmp_path)] == ["1"]
    assert receipt.kept(tmp_path, named) == b"previous"
    left = (tmp_path / FOLDER / "receipt.json").read_bytes()
    Writer(tmp_path, run("2", "done")).files("none")
    assert [known.id for known in receipt.load(tmp_path)] == ["1", "2"]
    assert (tmp_path / FOLDER / "receipt.json").read_bytes() == left
    (tmp_path / ".git" / "simple_deploy" / "receipt.json").write_bytes(b"damaged")
    assert foreign(tmp_path) == "receipt-unreadable"


def test_an_old_receipt_that_is_not_ours_is_not_mentioned(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "receipt.json").write_bytes(b"{}")
    assert foreign(tmp_path) == "receipt-unreadable"
    (tmp_path / ".git" / "simple_deploy").mkdir()
    assert (receipt.load(tmp_path), receipt.distrusted(tmp_path)) == ((), None)


@posix
def test_a_receipt_in_a_linked_folder_is_not_read(tmp_path: Path) -> None:
    receipt.save(tmp_path, (run("1", "done"),))
    (tmp_path / FOLDER).rename(tmp_path / "elsewhere")
    (tmp_path / FOLDER).symlink_to("elsewhere")
    assert (receipt.load(tmp_path), receipt.distrusted(tmp_path)) == ((), None)


def test_the_folder_in_git_of_a_linked_work_tree_is_its_own(tmp_path: Path) -> None:
    own = tmp_path.joinpath(".git", "worktrees", "linked", "simple_deploy")
    own.mkdir(parents=True)
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").write_text(f"gitdir: {own.parent}\n", encoding="utf-8")
    assert receipt.name(linked) == str(own / "receipt.json")


def test_our_folder_always_ignores_itself(tmp_path: Path) -> None:
    ours = (own_folder(tmp_path) / ".gitignore").read_bytes()
    (tmp_path / FOLDER / ".gitignore").write_bytes(b"!*\n")
    own_folder(tmp_path)
    assert (tmp_path / FOLDER / ".gitignore").read_bytes() == ours


@pytest.mark.parametrize("wrong", [7, True, [[]], {"a": 1}, "\x1b[2J", None], ids=repr)
@pytest.mark.parametrize("way", places(GOOD), ids=lambda way: ".".join(map(str, way)) or "all")
def test_any_wrong_value_gets_a_one_sentence_message(tmp_path: Path, way: tuple[Any, ...], wrong: Any) -> None:
    if wrong is None and way[-1:] in [("before",), ("after",), ("branch",), ("app_id",), ("account",)]:
        pytest.skip("null: there is no such file, or it was not known")
    if (wrong == "\x1b[2J" and "argv" in way[:-1]) or (wrong is True and way[-1:] == ("complete",)):
        pytest.skip("a record that is never shown, or a valid value")
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
        ('{"schema": 2, "runs": []}', "it has format 2, and this version reads format 1."),
        (json.dumps({**GOOD, "more": 1}), "receipt has the unknown field."),
        (json.dumps({**GOOD, "schema": True}), "receipt.schema has the wrong form."),
        (json.dumps(with_value(("runs", 0, "kind"), "x")), "receipt.runs[0].kind is none of deploy, undo, destroy."),
        (json.dumps(with_value(("runs", 0, "files", 0, "before"), "../../x")), ".files[0].before has the wrong form."),
        (json.dumps(with_value(("runs", 0, "files", 0, "path"), "../x")), "'../x', and it is not a path inside the"),
    ],
    ids=lambda text: text[:40],
)
def test_errors_in_a_receipt_are_described(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in reason(tmp_path, text)


OUTSIDE = [
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a/./b",
    "a//b",
    "",
    ".",
    "//host/share/x",
]
DRIVES = ["C:/x", "c:x", "C:\\x", "a: b/x", "\\\\host\\share\\x"]
OF_GIT = [".git/hooks/pre-commit", ".GIT/config", ".git", ".git. /config", "git~1/config", "sub/.git/config"]
OF_OURS = ["simple_deploy_logs/receipt.json", "Simple_Deploy_Logs/x", "simple_deploy_logs"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        *((path, "it is not a path inside the project") for path in OUTSIDE),
        *((path, "it belongs to Git") for path in [*OF_GIT, ".g\u200cit/config"]),
        *((path, "it belongs to simple_deploy") for path in OF_OURS),
        *(
            (f"a{character}b", "it has characters that cannot be displayed")
            for character in "\n\0\x1b\x7f\x9b\u2028\u202e\ud800"
        ),
    ],
    ids=ascii,
)
def test_paths_that_no_run_may_write(path: str, why: str) -> None:
    assert misplaced(path, windows=False) == why


@pytest.mark.parametrize("path", DRIVES)
def test_a_drive_is_outside_of_the_project_on_windows_and_a_plain_name_elsewhere(path: str) -> None:
    assert misplaced(path, windows=True) == "it is not a path inside the project"
    assert misplaced(path, windows=False) is None


@pytest.mark.parametrize("path", ["nul", "a/CON.txt", "com1", "a.", "a ", "ab:c", "a\\b"])
def test_names_that_are_invalid_on_windows(path: str) -> None:
    assert misplaced(path, windows=True) == "Windows does not allow this file name"
    assert misplaced(path, windows=False) is None


@pytest.mark.parametrize("path", ["Procfile", ".gitignore", ".github/x", "a/simple_deploy_logs/x", "é\u00a0x/a b"])
def test_paths_that_a_run_may_write(tmp_path: Path, path: str) -> None:
    assert misplaced(path, windows=True) is None
    assert target(tmp_path, path) == tmp_path / path


def run(
    identity: str, state: Any, kind: Any = "deploy", *, app: str = "blog", created: tuple[Created, ...] = (APP,)
) -> Run:
    step = Taken(id="create-app", argv=(), state=state, created=created)
    return Run(id=identity, kind=kind, platform="heroku", app=app, branch="main", steps=(step,))


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
def test_a_certain_creation_stays_certain(states: list[str], certain: bool) -> None:
    (thing,) = standing(tuple(run(str(number), state) for number, state in enumerate(states)))
    assert (thing.certain, thing.created, thing.app, thing.platform) == (certain, APP, "blog", "heroku")


def test_a_destroyed_app_is_gone_and_uncertain_when_begun_again() -> None:
    gone = run("2", "done", "destroy", created=())
    first, other = run("1", "done"), run("1b", "done", app="other")
    assert [thing.app for thing in standing((first, other, gone))] == ["other"]
    assert [thing.app for thing in standing((first, run("2", "failed", "destroy", created=())))] == ["blog"]
    (again,) = standing((first, gone, run("3", "failed")))
    assert not again.certain


def test_a_step_that_runs_twice_is_recorded_once(tmp_path: Path) -> None:
    from simple_deploy.model import Step

    writer = receipt.Writer(tmp_path, receipt.begun("deploy", NOW, "heroku", "blog", None))
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


def test_a_value_is_recognised_only_if_it_was_set_last_and_by_a_complete_run(tmp_path: Path) -> None:
    from simple_deploy.model import Secret, Step

    def ran(number: int, value: str, *, complete: bool = True, platform: str = "fly_io") -> None:
        when = NOW + timedelta(minutes=number)
        writer = receipt.Writer(tmp_path, receipt.begun("deploy", when, platform, "blog", None, app_id="42"))
        step = Step(id="secrets", title="", why="", argv=(), sets={"KEY": Secret(value)})
        writer.step(step, "started")
        writer.step(step, "done")
        if complete:
            writer.completed()

    def known(value: str, app: str = "blog", app_id: str = "42", name: str = "KEY") -> bool:
        return name in receipt.unchanged(tmp_path, "fly_io", app, app_id, {name: Secret(value)})

    assert not known("value-1")
    ran(1, "value-1")
    assert known("value-1") and not known("value-2")
    assert not known("value-1", "other") and not known("value-1", app_id="7") and not known("value-1", name="OTHER")
    ran(2, "value-2", platform="heroku")
    assert known("value-1")
    ran(3, "value-2", complete=False)
    assert (known("value-1"), known("value-2")) == (False, False)
    ran(4, "")
    assert known("")
    text = (tmp_path / FOLDER / "receipt.json").read_text(encoding="utf-8")
    assert "value-" not in text
    (tmp_path / ".git" / "simple_deploy.key").unlink()
    assert not known("")


def test_variables_are_known_once_a_step_has_set_them(tmp_path: Path) -> None:
    from simple_deploy.model import Step

    writer = receipt.Writer(tmp_path, receipt.begun("deploy", NOW, "fly_io", "blog", None))
    step = Step(id="secrets", title="", why="", argv=(), sets={"KEY": "1"})
    known = []
    for state in ("started", "done"):
        writer.step(step, state)  # type: ignore[arg-type]
        known.append(receipt.known_values(receipt.load(tmp_path), "fly_io", "blog"))
    assert known == [{}, {"KEY": "1"}]
    assert not receipt.known_values(receipt.load(tmp_path), "fly_io", "other")


def test_values_that_are_no_secrets_are_known_to_later_runs(tmp_path: Path) -> None:
    from simple_deploy.model import Secret, Step

    def ran(number: int, app: str, **values: str | Secret) -> None:
        when = NOW + timedelta(minutes=number)
        writer = receipt.Writer(tmp_path, receipt.begun("deploy", when, "fly_io", app, None))
        writer.step(Step(id="secrets", title="", why="", argv=(), sets=values), "done")

    def known(platform: str = "fly_io", app: str | None = None) -> dict[str, str | None]:
        return receipt.known_values(receipt.load(tmp_path), platform, app)

    assert known() == {}
    ran(1, "blog", MODE="test", KEY=Secret("k"))
    ran(2, "blog", MODE="production")
    assert known() == {"MODE": "production", "KEY": None}
    ran(3, "shop", MODE="other")
    assert (known(), known(app="blog")) == ({"MODE": "other"}, {"MODE": "production", "KEY": None})
    assert known("heroku") == {}
    gone = replace(receipt.begun("destroy", NOW + timedelta(minutes=4), "fly_io", "shop", None), steps=())
    receipt.save(tmp_path, (*receipt.load(tmp_path), gone))
    assert known() == {"MODE": "production", "KEY": None}


def test_a_receipt_without_values_is_still_read(tmp_path: Path) -> None:
    """Earlier versions recorded only the digest."""
    path = tmp_path / FOLDER / "receipt.json"
    path.parent.mkdir()
    content = json.dumps(GOOD["runs"], sort_keys=True).encode()
    path.write_text(json.dumps({**GOOD, "seal": seal(tmp_path, content)}), encoding="utf-8")
    assert receipt.known_values(receipt.load(tmp_path), "heroku", "blog") == {"KEY": None}


def test_equal_values_have_different_digests(tmp_path: Path) -> None:
    """So the digests do not show that two variables have the same value."""
    places = [(tmp_path, "fly_io A"), (tmp_path, "fly_io B"), (tmp_path, "upsun A")]
    assert len({slow_seal(root, place, "value") for root, place in places}) == 3
    assert slow_seal(tmp_path, "fly_io A", "value") == slow_seal(tmp_path, "fly_io A", "value")
