"""Deployments to both products from a local project to a site: how they fail, and that a rerun continues."""

from __future__ import annotations

import json
import re
import shutil
import ssl
from typing import TYPE_CHECKING

import httpx

from matrix.sandbox.processes import Ran

if TYPE_CHECKING:
    from conftest import Machine  # type: ignore[attr-defined]

GO_ON = (
    "Fix the cause, then run the same command again: it continues where it stopped.\n"
    "Every command and its output are in LOG.\n"
)
MIGRATION = """
from django.db import migrations
def work(apps, schema_editor):
    import os
    from pathlib import Path
    {work}
class Migration(migrations.Migration):
    operations = [migrations.RunPython(work)]
"""
STATIC = "STATICFILES_DIRS = [BASE_DIR / 'static']\n"
HASHED = "STORAGES = {'staticfiles': {'BACKEND': 'blog.storage.Hashed'}}\n"
STORAGE = """from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class Hashed(ManifestStaticFilesStorage):
    pass
"""


def said(ended: Ran) -> str:
    """The text on stderr, without the log's changing name."""
    text = re.sub(r"simple_deploy_logs/simple_deploy_[0-9_-]+\.log", "LOG", ended.stderr)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def visit(machine: Machine, url: str) -> httpx.Response:
    bundle = ssl.create_default_context(cafile=machine.box.env["SSL_CERT_FILE"])
    with httpx.Client(proxy=machine.box.env["HTTPS_PROXY"], verify=bundle, trust_env=False) as client:
        return client.get(url)


def online(machine: Machine, ended: Ran) -> str:
    """The address of the site, which responds: a new project has no page at /, so the 404 comes from Django itself."""
    assert ended.returncode == 0, ended.stderr
    url = str(json.loads(ended.stdout)["url"])
    assert visit(machine, url).status_code == 404
    return url


def states(ended: Ran) -> dict[str, str]:
    return {step["id"]: step["state"] for step in json.loads(ended.stdout)["steps"]}


def with_migration(machine: Machine, work: str) -> None:
    settings = machine.read("blog/settings.py").replace("'simple_deploy',", "'simple_deploy',\n    'blog',")
    machine.write("blog/settings.py", settings)
    machine.write("blog/migrations/__init__.py", "")
    machine.write("blog/migrations/0001_work.py", MIGRATION.format(work=work))
    machine.commit_all("A migration of our own")


def test_two_projects_of_one_account_from_a_folder_to_a_site_and_removal(either: Machine) -> None:
    settings = either.read("blog/settings.py")
    either.write("blog/settings.py", settings + STATIC)
    either.write("static/site.css", "body { color: black }\n")
    either.commit_all("A style sheet")
    shop = either.box.work / "shop"
    shutil.copytree(either.root, shop)
    first = either.deploy("--json")
    second = either.deploy("--json", root=shop)
    urls = [online(either, first), online(either, second)]
    assert urls[0] != urls[1]
    assert sorted(project["title"] for project in either.projects) == ["blog", "shop"]
    assert either.git("status", "--porcelain") + either.git("status", "--porcelain", root=shop) == ""
    _assert_static(either, urls[0])
    _assert_nothing_is_left_to_do(either)
    _assert_no_secret_appears(either, first.stdout + first.stderr)
    ended = either.deployer("--destroy", "--yes", "--deployed-project-name", "shop", root=shop)
    assert ended.returncode == 0, ended.stderr
    assert [project["title"] for project in either.projects] == ["blog"]
    assert either.git("remote", root=shop) == ""
    online(either, either.deploy("--json"))


def _assert_static(machine: Machine, url: str) -> None:
    """The platform's own server has the file under its hashed name, with a long cache lifetime."""
    manifest = machine.box.root / "manifest"
    argv = [machine.cli, "ssh", "--environment", ".", "--", "cat", "staticfiles/staticfiles.json"]
    manifest.write_text(machine.box.run(argv, cwd=machine.root).stdout, encoding="utf-8")
    hashed = json.loads(manifest.read_text(encoding="utf-8"))["paths"]["site.css"]
    answer = visit(machine, f"{url}static/{hashed}")
    assert (answer.status_code, answer.text) == (200, "body { color: black }\n")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visit(machine, f"{url}static/nothing.css").status_code == 404


def _assert_nothing_is_left_to_do(machine: Machine) -> None:
    before, called = machine.emulator.inventory(machine.box.root), len(machine.state.calls())
    again = machine.deploy("--json")
    assert set(states(again).values()) == {"already done"}
    assert json.loads(again.stdout)["files"] == []
    assert machine.emulator.inventory(machine.box.root) == before
    later = [machine.emulator.command(call["argv"]) for call in machine.state.calls()[called:]]
    assert set(later) <= machine.emulator.READING


def _assert_no_secret_appears(machine: Machine, output: str) -> None:
    secrets = machine.emulator.secrets(machine.box.root)
    history = machine.git("log", "--all", "--patch", "--no-color")
    pages = "".join(path.read_text("utf-8") for path in (machine.root / "simple_deploy_logs").glob("*.html"))
    assert len(secrets) > 3
    assert not [secret for secret in secrets if secret in output + history + machine.logs() + pages]


def test_a_failing_build_hook(machine: Machine) -> None:
    machine.write("blog/settings.py", machine.read("blog/settings.py") + STATIC + HASHED)
    machine.write("blog/storage.py", STORAGE)
    machine.write("static/site.css", "body { background: url(missing.png) }\n")
    machine.commit_all("A style sheet with a mistake")
    ended = machine.deploy()
    assert ended.returncode == 1
    message = said(ended)
    assert message.startswith(
        "Stopped: This step failed: Push your code; the platform builds and deploys it\n"
        "  upsun push --target main --wait --yes\n"
        "It ended with exit status 87.\n\n"
    )
    assert "missing.png" in message
    again = machine.plan("--json")
    assert states(again) | {"redeploy": "", "deploy-hook": ""} == {
        **{"create-project": "already done", "link": "already done"},
        **{"redeploy": "", "deploy-hook": ""},
    }
    assert machine.deploy().returncode == 1
    machine.write("static/site.css", "body { background: white }\n")
    machine.commit_all("Repaired")
    online(machine, machine.deploy("--json"))


def test_a_failing_deploy_hook_is_detected_although_the_push_succeeds(either: Machine) -> None:
    # SQLite does not have the lock, so the trial cannot tell.
    with_migration(either, 'schema_editor.execute("select 1 from preparation for share")')
    ended = either.deploy()
    assert ended.returncode == 1
    message = said(ended)
    types = "--type environment.push --type environment.redeploy"
    assert message.startswith(
        "Stopped: This step failed: Check the log for the end of the deploy hook\n"
        f"  {either.cli} activity:log {types} --environment .\n"
        "It failed: one of the deploy hook's commands ended with an error, so the hook stopped there.\n\n"
    )
    assert 'relation "preparation" does not exist' in message
    assert message.endswith("\n\nFix the cause, commit, and run the same command again.\n\n" + GO_ON)
    assert len(either.calls("environment:push")) == 1
    again = either.deploy()
    assert "This step failed: Migrate the database\n" in again.stderr
    code = "from django.db import connection; connection.cursor().execute('create table preparation ()')"
    inside = [".venv/bin/python", "manage.py", "shell", "-c", code]
    either.box.run([either.cli, "ssh", "--environment", ".", "--", *inside], cwd=either.root)
    online(either, either.deploy("--json"))
    assert set(states(either.plan("--json")).values()) == {"already done"}
    assert len(either.calls("environment:push")) == 1


def test_code_that_writes_below_app(machine: Machine) -> None:
    with_migration(machine, 'Path("report.txt").write_text("x", encoding="utf-8")')
    ended = machine.deploy()
    assert ended.returncode == 1
    assert "It failed: your code writes to a file below /app, which is read-only at run time." in ended.stderr
    assert "Write to /tmp, or add the folder under `mounts`" in ended.stderr
    assert "Read-only file system: 'report.txt'" in ended.stderr
    machine.write("blog/migrations/0001_work.py", MIGRATION.format(work='Path("/tmp/report.txt").write_text("x")'))
    writes = "def home(request):\n    open('/app/visits', 'a').close()\n"
    page = f"from django.urls import path\n{writes}urlpatterns = [path('', home)]\n"
    machine.write("blog/urls.py", page)
    machine.commit_all("A page that writes")
    ended = machine.deploy("--wait", "15")
    assert "answers with an error: HTTP 500 Internal Server Error." in ended.stderr, ended.stderr
    message = ended.stderr
    assert "application log (upsun logs app --environment main):\n\n  | " in message
    assert re.search(r"\n  \| .*Read-only file system: '/app/visits'", message)


# A fault at the command, and the step that the user sees meanwhile.
WALK = {
    "project:create": "Create the project blog",
    "environment:push": "Push your code; the platform builds and deploys it",
}


def test_any_step_may_fail_once_and_reruns_create_nothing_twice(machine: Machine) -> None:
    before = {path.name for path in machine.root.rglob("*")}
    for command in ("auth:info", "project:list"):
        machine.state.add_fault({"command": command, "returncode": 1, "stderr": "The network is down\n"})
        assert machine.deploy().returncode == 1
        assert {path.name for path in machine.root.rglob("*")} - {"simple_deploy_logs"} >= before
        assert machine.git("status", "--porcelain") == ""
    for command, title in WALK.items():
        # Done on the platform's side, but reported as failed: the worst case for a rerun.
        machine.state.add_fault({"command": command, "after": True, "returncode": 1, "stderr": "connection lost\n"})
        ended = machine.deploy()
        assert ended.returncode == 1, ended.stdout
        assert f"This step failed: {title}\n" in ended.stderr
    online(machine, machine.deploy("--json"))
    _assert_nothing_is_left_to_do(machine)
    assert len(machine.projects) == 1


def test_the_users_own_file_is_kept_and_shown(machine: Machine) -> None:
    own = "applications: {app: {type: 'python:3.13'}}\n"
    machine.write(".upsun/config.yaml", own)
    machine.commit_all("My own")
    planned = machine.deployer("--dry-run")
    assert "your own .upsun/config.yaml is kept" in planned.stdout
    assert "+applications:\n" not in planned.stdout or own.strip() in planned.stdout
    ended = machine.deployer()
    assert ended.returncode == 0
    assert machine.read(".upsun/config.yaml") == own
    assert machine.deployer("--replace-files", "--ignore-unclean-git").returncode == 0
    assert "postgresql:17" in machine.read(".upsun/config.yaml")
