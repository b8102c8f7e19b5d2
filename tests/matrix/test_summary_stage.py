"""The stage `summary` fails for a page that is missing, incomplete, wrong or leaks a secret."""

from pathlib import Path

import pytest

from matrix.emulators.heroku import EMULATOR as heroku
from matrix.emulators.heroku.state import State
from matrix.engine import stages
from matrix.engine.run import Log, Run, StageFailed
from matrix.engine.summary_page import SECTIONS
from matrix.sandbox.machine import Sandbox

SECRET = "canary-of-a-secret-key"
URL = "https://my-blog-0123456789ab.herokuapp.com/"
TERMINAL = "After your next change:\n  git push heroku HEAD:main\nUseful:\nThe page: logs/page.html\n"


def page(**sections):
    said = dict.fromkeys(SECTIONS, "five words stand in here")
    said["address"] += f' <a href="{URL}">{URL}</a> my-blog'
    said["changed"] += " Procfile <pre>+web: gunicorn</pre>"
    said["redeploy"] += ' <pre class="commands"># Push\ngit push heroku HEAD:main\nheroku logs --app my-blog</pre>'
    return "".join(f'<section id="{name}">{text}</section>' for name, text in {**said, **sections}.items())


@pytest.fixture
def run(tmp_path):
    with Sandbox.create() as box:
        heroku.install(box)
        box.run(["heroku", "apps:create", "my-blog"])
        box.run(["heroku", "config:set", "--app", "my-blog", f"SECRET_KEY={SECRET}"])
        assert SECRET in State(box.root).path.read_text(encoding="utf-8")
        files = [{"path": "Procfile", "diff": "+++ b/Procfile\n+web: gunicorn\n"}]
        outcome = {"app": "my-blog", "url": URL, "page": "logs/page.html", "files": files}
        yield Run(
            box=box,
            platform="heroku",
            emulator=heroku,
            log=Log(path=tmp_path / "log"),
            entry=(),
            say=print,
            deployed=tmp_path,
            outcome=outcome,
            summary=TERMINAL,
        )


def write(run, html, markdown=None):
    for name, text in (("page.html", html), ("page.md", html if markdown is None else markdown)):
        path: Path = run.deployed / "logs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


COMMANDS = '<pre class="commands">git push heroku HEAD:main\n{}</pre> five words stand in here'


def test_the_stage_rejects_incorrect_pages(run):
    write(run, page())
    stages.summary(run)
    for html, reason in (
        (page(backup=""), "says nothing under: backup"),
        (page(address="here is nothing to see"), f"lacks: {URL} (under address), my-blog (under address)"),
        (page(changed="Procfile was changed a little bit"), r"lacks: +web: gunicorn (under changed)"),
        (page(redeploy=COMMANDS.format("heroku logs")), "heroku logs: Missing required flag app"),
        (page(redeploy=COMMANDS.format("heroku nonsense --app x")), "Run heroku help for a list"),
        (page(redeploy=COMMANDS.format("rm -r /")), "would not run:\nrm -r /"),
        (page(redeploy="five words stand in here"), "other commands for the next change"),
        (page(logs=f"the key is {SECRET} by the way"), "1 of the app's secrets"),
    ):
        write(run, html)
        with pytest.raises(StageFailed) as failed:
            stages.summary(run)
        assert reason in str(failed.value)
    write(run, page(), markdown="nothing")
    with pytest.raises(StageFailed, match="The Markdown file lacks"):
        stages.summary(run)
    (run.deployed / "logs" / "page.md").unlink()
    with pytest.raises(StageFailed, match=r"There is no page\.md in logs"):
        stages.summary(run)
