import os
import sys
from dataclasses import replace

import pytest

from matrix.record.results import StageResult
from matrix.rehearsal.looking import announced
from matrix.rehearsal.rehearsal_summary import markdown
from matrix.rehearsal.rehearse import masked_log
from matrix.rehearsal.report import Report, Wanted
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.screenshots import browser, take
from matrix.visitor import Sight

BROWSER = """\
#!{python}
import sys
from pathlib import Path
(picture,) = [word.partition("=")[2] for word in sys.argv if word.startswith("--screenshot=")]
if sys.argv[-1].endswith("/broken"):
    sys.exit(1)
Path(picture).write_text(" ".join(sys.argv[1:]), encoding="utf-8")
"""


def report(**changes):
    stages = (
        StageResult(name="deploy", status="pass", seconds=3.25),
        StageResult(name="look", status="pass", seconds=1),
    )
    fields = {
        "project": "mysite",
        "platform": "fly_io",
        "python": None,
        "python_source": "",
        "stages": stages,
        "url": "https://mysite.fly.dev",
        "files": ({"path": "fly.toml", "diff": "+app = 'mysite'\n+# ```\n"},),
        "sights": (Sight(what="first page", url="https://mysite.fly.dev/", status=200, ok=True),),
        "not_working": ("Mail is not delivered.",),
        "notes": ("Uploads are lost.",),
        "log": "rehearse.log",
    }
    return Report(**{**fields, **changes})


def test_the_summary_of_a_rehearsal_has_stages_answers_and_changes():
    text = markdown(report(screenshots=("a.png", "b.png")))
    assert text.startswith("## Rehearsed deployment to Fly.io: ✅ served\n")
    assert "| deploy | pass | 3.2 s |  |" in text
    assert "| first page | `https://mysite.fly.dev/` | 200 |  |" in text
    assert "<summary>fly.toml</summary>\n\n```diff\n+app = 'mysite'\n+# ` ` `\n```\n" in text
    assert "2 screenshots were taken." in text
    assert "\n- Uploads are lost.\n" in text
    assert "Does not work yet:\n\n- Mail is not delivered.\n" in text


def test_a_missing_file_that_was_announced_is_no_failure():
    said = ["base.html:17: css/custom.css"]
    absent = Sight(what="file", url="https://mysite.fly.dev/static/css/custom.css", status=404, ok=False)
    assert announced(absent, said).ok
    assert announced(replace(absent, url=f"{absent.url}/"), said).ok
    assert announced(absent, [f"{said[0]} (static/x.css is here, but Git does not have it)"]).ok
    assert not announced(absent, ["base.html:17: custom.js"]).ok
    assert not announced(absent, []).ok
    assert not announced(replace(absent, status=500), said).ok


def test_the_log_of_a_rehearsal_masks_every_secret_that_is_given(tmp_path):
    (tmp_path / "site.env").write_text("MAIL_PASSWORD='from-a-file-1'\n", encoding="utf-8")
    options = ("--env", "PAY_TOKEN=as-an-option-2", "--env", "TITLE=My site", "--env-file", "site.env")
    wanted = Wanted(project=tmp_path, platform="heroku", variables={"API_KEY": "of-the-harness-3"}, options=options)
    log = masked_log(tmp_path / "a.log", wanted)
    log.write("$ deploy as-an-option-2 of-the-harness-3 from-a-file-1 My site")
    assert log.path.read_text(encoding="utf-8") == "$ deploy ******** ******** ******** My site\n"


def test_a_failed_rehearsal_report_begins_with_the_failure():
    broken = (StageResult(name="deploy", status="fail", seconds=1, reason="The build failed.\nline 2"),)
    text = markdown(report(stages=broken, sights=(), files=(), failure="deploy failed:\nThe build failed."))
    assert text.startswith(
        "## Rehearsed deployment to Fly.io: ❌ failed\n\n```\ndeploy failed:\nThe build failed.\n```"
    )
    assert "| deploy | fail | 1.0 s | The build failed. |" in text


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "bin" / "google-chrome"
    path.parent.mkdir()
    path.write_text(BROWSER.format(python=sys.executable), encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.skipif(os.name == "nt", reason="the browser is a script")
def test_screenshots_are_taken_at_every_width_through_the_sandbox(program, tmp_path):
    pages = [("first-page", "https://mysite.fly.dev/"), ("admin", "https://mysite.fly.dev/broken")]
    with Sandbox.create() as box:
        taken = take(str(program), pages, tmp_path / "pictures", box=box, proxy="http://127.0.0.1:1")
    assert [path.name for path in taken] == ["first-page-desktop.png", "first-page-phone.png"]
    said = taken[1].read_text(encoding="utf-8")
    assert "--window-size=390,844" in said
    assert "--proxy-server=http://127.0.0.1:1" in said
    assert said.endswith("https://mysite.fly.dev/")


@pytest.mark.skipif(os.name == "nt", reason="the browser is a script")
def test_a_browser_is_found_by_any_of_its_names(program, tmp_path):
    assert browser(str(program.parent)) == str(program)
    assert browser(str(tmp_path)) is None
