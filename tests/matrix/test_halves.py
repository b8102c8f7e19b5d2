import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from results_samples import FLAT, result

from matrix.cells import load_axes
from matrix.halves import conditions, hand_off, remote
from matrix.halves.hand_off import KEY_VARIABLE, HandOff, HandOffError, pack, read, unpack, write
from matrix.record.results import STAGES, load
from matrix.sandbox import isolation
from matrix.verbs import finish

ROOT = Path(__file__).resolve().parents[2]
URL = "postgres://blog_1a2b:0123456789abcdef@127.0.0.1:21000/blog_1a2b"
# A remote half takes the Python of its cell: the one that every machine has is the one that runs this.
CELL = replace(FLAT, python=f"{sys.version_info.major}.{sys.version_info.minor}")
LOCAL = replace(result(CELL, isolation="folder", conditions="autocrlf", system="Windows"), stages=())


@pytest.fixture
def packed(tmp_path, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, "the same on both machines")
    folder = tmp_path / "cell.hand-off"
    folder.mkdir()
    for name in (hand_off.BUNDLE, hand_off.FOLDER, hand_off.PLAN):
        (folder / name).write_bytes(name.encode())
    given = HandOff(
        result=replace(LOCAL, status="skip"),
        head="0" * 40,
        project="blog",
        remotes={"heroku": "https://git.example.com/blog.git"},
        exclude="/.upsun/local\n",
        git={"core.autocrlf": "true"},
        databases={"blog": URL},
        origin={"root": "C:\\box", "sources": "C:\\clone", "python": "C:\\python.exe"},
        digests={},
    )
    write(folder, given, account=b"SECRET_KEY=not-to-be-seen")
    return folder, given


def test_a_hand_off_survives_writing_and_reading(packed):
    folder, given = packed
    read_again, account = read(folder)
    assert replace(read_again, digests={}) == given
    assert account == b"SECRET_KEY=not-to-be-seen"


def test_handed_off_files_contain_no_readable_secret(packed):
    folder, _ = packed
    written = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"not-to-be-seen" not in written
    assert b"0123456789abcdef" not in written


@pytest.mark.parametrize("name", [hand_off.BUNDLE, hand_off.FOLDER, hand_off.PLAN, hand_off.ACCOUNT])
def test_a_hand_off_with_a_changed_byte_is_rejected(packed, name):
    folder, _ = packed
    path = folder / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(HandOffError, match=f"was changed since it was packed: {name}"):
        read(folder)


def test_a_wrong_key_and_an_invalid_folder_are_rejected_with_the_remedy(packed, monkeypatch, tmp_path):
    folder, _ = packed
    monkeypatch.setenv(KEY_VARIABLE, "another")
    with pytest.raises(HandOffError, match=f"Set {KEY_VARIABLE} to the same value on both machines"):
        read(folder)
    with pytest.raises(HandOffError, match="is no hand-off of a local half"):
        read(tmp_path)


def test_packing_is_exact_and_deterministic(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "deep").mkdir(parents=True)
    (first / "deep/windows.txt").write_bytes(b"a\r\nb\r\n")
    (first / ".git").mkdir()
    (first / ".git/config").touch()
    second.mkdir()
    unpack(pack(first, without=(".git",)), second)
    assert (second / "deep/windows.txt").read_bytes() == b"a\r\nb\r\n"
    assert not (second / ".git").exists()
    assert pack(second) == pack(first, without=(".git",))
    (second / "deep/windows.txt").write_bytes(b"a\nb\n")
    assert pack(second) != pack(first, without=(".git",))


def test_texts_that_name_the_first_machine_are_replaced_even_escaped_in_json():
    new = "postgres://blog_9f:fedcba@127.0.0.1:30000/blog_9f"
    texts = dict(remote._both_forms({"C:\\box": "/tmp/box"})) | remote._database(URL, new)
    account = json.dumps({"url": URL.replace("127.0.0.1", "db.flycast"), "folder": "C:\\box/apps"})
    replaced = json.loads(remote._replaced(account, texts))
    assert replaced == {"url": new.replace("127.0.0.1", "db.flycast"), "folder": "/tmp/box/apps"}


def test_every_condition_in_axes_toml_can_be_set_up():
    assert load_axes().conditions == conditions.KNOWN


def test_a_machine_with_other_newlines_or_spaces_is_set_up():
    with conditions.machine("autocrlf") as box:
        assert conditions.developers_git(box) == {"core.autocrlf": "true"}
    with conditions.machine("spaces") as box:
        assert " " in str(box.work)
        assert " " in box.env["PATH"].partition(":")[0]


def test_hand_offs_are_found_in_any_artifact_folder(tmp_path):
    (tmp_path / "shard1" / "a.hand-off").mkdir(parents=True)
    (tmp_path / "shard2" / "b.hand-off").mkdir(parents=True)
    named = [path.name for path in finish.found([tmp_path, tmp_path / "shard1" / "a.hand-off"])]
    assert named == ["a.hand-off", "b.hand-off", "a.hand-off"]


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="a remote half needs Linux")
def test_a_half_that_fails_is_run_once_more(packed, tmp_path):
    argv = [sys.executable, "-m", "matrix", "finish", str(packed[0]), "--results", str(tmp_path), "--", "-n", "0"]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert len(re.findall(r"receive +fail +\d", ended.stderr)) == 2
    assert [one.status for one in load(tmp_path)] == ["fail"]


@pytest.mark.long
@pytest.mark.skipif(isolation.bubblewrap() is None, reason="the remote half of Fly.io needs walls")
@pytest.mark.parametrize("platform", load_axes().values["platform"].default)
def test_the_local_half_of_every_platform_is_finished_in_another_folder(tmp_path, platform):
    def run(*arguments):
        argv = [sys.executable, "-m", "matrix", *arguments]
        return subprocess.run(argv, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)

    first, second = tmp_path / "first", tmp_path / "second"
    one = ("--platform", platform, "--layout", "nested", "--package-manager", "pip")
    local = run("run", "--halves", "--conditions", "plain", "--fresh", *one, "--results", str(first), "--", "-n", "0")
    assert local.returncode == 0, local.stdout + local.stderr
    (moved,) = [folder.rename(tmp_path / folder.name) for folder in first.glob("*.hand-off")]
    assert load(first) == ()
    finished = run("finish", str(moved), "--results", str(second), "--", "-n", "0")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    (both,) = load(second)
    assert (both.status, both.conditions, both.finished_on) == ("pass", "plain", "Linux")
    assert {stage.name for stage in both.stages} == {*STAGES, "send", "receive"}
