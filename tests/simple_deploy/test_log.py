"""What gets into a log, and what does not."""

import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from test_claims import make, wanted

from simple_deploy.effects.log import Log
from simple_deploy.masking.redact import Redactor
from simple_deploy.masking.telling import secrets_in
from simple_deploy.model import Ran, Secret
from simple_deploy.platforms import load
from simple_deploy.survey import survey

KEY = Secret("k3y-V4lue", prefix="SECRET_KEY=")


@pytest.mark.parametrize("text", [str(KEY), repr(KEY), f"{KEY}", str([KEY]), str({"a": KEY})])
def test_a_secret_never_becomes_text_by_accident(text: str) -> None:
    assert "k3y-V4lue" not in text
    assert "SECRET_KEY=********" in text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("x k3y-V4lue y", "x ******** y"),
        ("postgres://me:pass%40@host:5432/db?a=b", "postgres://********@host:5432/db?a=b"),
        ("SECRET_KEY: other", "SECRET_KEY: ********"),
        ('"HEROKU_API_KEY": "abc"', '"HEROKU_API_KEY": ********'),
        ("MAILGUN_PASSWORD=abc, B=c", "MAILGUN_PASSWORD=********, B=c"),
        ("see https://example.com/a@b", "see https://example.com/a@b"),
        ("DEBUG: FALSE", "DEBUG: FALSE"),
    ],
)
def test_output_of_other_programs_is_masked(text: str, masked: str) -> None:
    assert Redactor([KEY]).output(text) == masked


def test_secrets_in_the_environment_are_masked_everywhere() -> None:
    kept = secrets_in({"HEROKU_API_KEY": "HRKU-0123456789", "PATH": "/usr/bin:/bin", "CI_TOKEN": "true"})
    assert Redactor(kept).output("true: HRKU-0123456789 in /usr/bin:/bin") == "true: ******** in /usr/bin:/bin"


def test_a_log_begins_with_the_lines_from_before_it_was_opened(tmp_path: Path) -> None:
    log = Log(Redactor([KEY]))
    log.write("early k3y-V4lue")
    log.open(tmp_path, datetime(2006, 1, 2, 3, 4, 5))
    log.ran(Ran(argv=("x", KEY), returncode=3, stdout="out\n", stderr="err\n", seconds=1.5))
    log.ran(Ran(argv=("y",), returncode=0, stdout="VALUE=1\n", stderr="", seconds=0), output=False)
    assert log.name == "simple_deploy_logs/simple_deploy_2006-01-02_03-04-05_000000.log"
    text = (tmp_path / log.name).read_text(encoding="utf-8")
    said = [line.split(" ", 1)[1] for line in text.splitlines()]
    assert said == [
        "early ********",
        "$ x SECRET_KEY=********  [exit 3, 1.50 s]",
        "  | out",
        "  | err",
        "$ y  [exit 0, 0.00 s]",
    ]
    assert (tmp_path / "simple_deploy_logs" / ".gitignore").read_text(encoding="utf-8").endswith("\n*\n")


def test_a_line_begins_with_its_time(tmp_path: Path) -> None:
    log = Log(Redactor([]))
    log.open(tmp_path, datetime(2006, 1, 2))
    log.write("first\nsecond")
    assert log.path
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}"
    assert re.fullmatch(f"{stamp} first\n{stamp} second\n", log.path.read_text(encoding="utf-8"))


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_link_at_the_path_of_the_log_is_not_followed(tmp_path: Path) -> None:
    log, victim = Log(Redactor([])), tmp_path / "victim"
    victim.write_bytes(b"theirs")
    log.open(tmp_path, datetime(2006, 1, 2))
    assert log.path
    log.path.unlink()
    log.path.symlink_to(victim)
    log.write("never")
    assert victim.read_bytes() == b"theirs"


def test_a_run_in_a_read_only_folder_has_no_log(tmp_path: Path) -> None:
    (tmp_path / "simple_deploy_logs").write_text("a file is in the way", encoding="utf-8")
    log = Log(Redactor([]))
    log.open(tmp_path, datetime(2006, 1, 2))
    log.write("nothing happens")
    assert log.name is None


def test_a_refused_run_removes_only_its_own_log(tmp_path: Path) -> None:
    log, folder = Log(Redactor([])), tmp_path / "simple_deploy_logs"
    log.open(tmp_path, datetime(2006, 1, 2))
    log.discard(tmp_path)
    assert (log.path, log.name, folder.exists()) == (None, None, False)
    log.open(tmp_path, datetime(2006, 1, 3))
    (folder / "other.log").write_bytes(b"")
    log.discard(tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == [".gitignore", "other.log"]


def test_a_file_next_to_the_log_has_its_name_and_no_secret(tmp_path: Path) -> None:
    log = Log(Redactor([KEY]))
    assert log.beside(".html", "x") is None
    log.open(tmp_path, datetime(2006, 1, 2))
    assert log.path
    page = log.beside(".html", "k3y-V4lue \ud800\n")
    assert page == log.path.with_suffix(".html")
    assert page.read_bytes() == b"******** \\ud800\n"
    log.path.with_suffix(".md").mkdir()
    assert log.beside(".md", "a folder is in the way") is None


def test_every_text_can_be_written(tmp_path: Path) -> None:
    log = Log(Redactor([]))
    log.write("early \ud800")
    log.open(tmp_path, datetime(2006, 1, 2))
    log.write("late \ud800")
    log.write("")
    log.ran(Ran(argv=("x",), returncode=0, stdout="a\0b\nc\n", stderr=" \n", seconds=0))
    assert log.path
    lines = [line.split(" ", 1)[1] for line in log.path.read_text(encoding="utf-8").splitlines()]
    assert lines == ["early \\ud800", "late \\ud800", "", "$ x  [exit 0, 0.00 s]", "  | a b", "  | c"]


HEROKU = """#!/bin/sh
case $1 in
config) echo '{"DATABASE_URL": "planted-value"}' ;;
labs) echo '{"note": "said aloud"}' ;;
*) echo '{"app": {"id": 1, "region": {"name": "eu"}}, "addons": []}' ;;
esac
"""


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_values_of_variables_read_by_a_survey_are_not_logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    double = tmp_path / "heroku"
    double.write_text(HEROKU, encoding="utf-8")
    double.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    log = Log(Redactor([]))
    options = wanted(app_name="blog")
    survey(load("heroku"), make(tmp_path), options, tmp_path, lambda *_: None, log.ran)
    log.open(tmp_path, datetime(2006, 1, 2))
    assert log.path
    said = log.path.read_text(encoding="utf-8")
    assert "$ heroku config --app blog --json  [exit 0" in said
    assert "said aloud" in said
    assert "planted-value" not in said
