"""Deployments to the emulated Fly.io with foreign apps, failures half-way, or requests in progress."""

from __future__ import annotations

import http.client
import json
import re
from contextlib import closing
from typing import TYPE_CHECKING

import psutil
import pytest

from matrix.emulators.fly_io import lifecycle
from matrix.sandbox.processes import Ran

if TYPE_CHECKING:
    from conftest import OnPlatform

SITE = "https://my-blog.fly.dev"
GO_ON = (
    "Fix the cause, then run the same command again: it continues where it stopped.\n"
    "Every command and its output are in LOG.\n"
)
CREATING = ("apps create", "postgres create", "postgres attach", "secrets import", "deploy")
URLS = """
import time
from django.http import HttpResponse
from django.urls import path

def slow(request):
    time.sleep(8)
    return HttpResponse("finished")

urlpatterns = [path("slow/", slow)]
"""
MIGRATION = """
from django.db import migrations
def stop(apps, schema_editor):
    raise RuntimeError("the data is not ready")
class Migration(migrations.Migration):
    operations = [migrations.RunPython(stop)]
"""


def said(ended: Ran) -> str:
    """The text on stderr, without the log's changing name."""
    return re.sub(r"simple_deploy_logs/simple_deploy_[0-9_-]+\.log", "LOG", ended.stderr)


def online(on_fly: OnPlatform, *options: str) -> dict[str, str]:
    """Deploy; the state of each step."""
    ended = on_fly.deploy("--json", *options)
    assert ended.returncode == 0, ended.stderr
    assert on_fly.get(f"{SITE}/healthz") == 200
    return {step["id"]: step["state"] for step in json.loads(ended.stdout)["steps"]}


def assert_everything_exists_once(on_fly: OnPlatform) -> None:
    apps = on_fly.state.read()["apps"]
    assert set(apps) == {"my-blog", "my-blog-db"}
    assert len(apps["my-blog"]["machines"]) == 1
    assert {"SECRET_KEY", "DATABASE_URL"} == set(apps["my-blog"]["secrets"])


def assert_nothing_is_left_to_do(on_fly: OnPlatform, *options: str) -> None:
    before = on_fly.emulator.inventory(on_fly.box.root)
    assert set(online(on_fly, *options).values()) == {"already done"}
    assert on_fly.emulator.inventory(on_fly.box.root) == before


def test_other_apps_on_the_account_are_unchanged(on_fly: OnPlatform) -> None:
    for name in ("shop", "wiki"):
        lifecycle.create_app(on_fly.state, name)
        lifecycle.create_app(on_fly.state, f"{name}-db", role="postgres")
        on_fly.box.run(["fly", "postgres", "attach", f"{name}-db", "--app", name, "--yes"])
    others = dict(on_fly.emulator.inventory(on_fly.box.root)["apps"])
    online(on_fly)
    assert_nothing_is_left_to_do(on_fly)
    apps = on_fly.emulator.inventory(on_fly.box.root)["apps"]
    assert {name: app for name, app in apps.items() if not name.startswith("my-blog")} == others


def test_manually_created_resources_are_found_and_used(on_fly: OnPlatform) -> None:
    box, root = on_fly.box, on_fly.checkout.root
    sizes = ("--initial-cluster-size", "1", "--vm-size", "shared-cpu-1x", "--volume-size", "1")
    box.run(["fly", "apps", "create", "my-blog", "--org", "personal"], cwd=root)
    box.run(["fly", "postgres", "create", "--name", "my-blog-db", "--region", "iad", "--org", "personal", *sizes])
    box.run(["fly", "secrets", "import", "--app", "my-blog", "--stage"], cwd=root, input="SECRET_KEY=mine\n")
    states = online(on_fly, "--adopt")
    assert [step for step, state in states.items() if state == "already done"] == [
        "create-app",
        "create-database",
        "secrets",
    ]
    assert on_fly.state.read()["apps"]["my-blog"]["secrets"]["SECRET_KEY"]["value"] == "mine"
    assert_everything_exists_once(on_fly)


def test_the_name_is_taken(on_fly: OnPlatform) -> None:
    lifecycle.create_app(on_fly.state, "my-blog", "stranger")
    ended = on_fly.deploy()
    assert said(ended) == (
        "Stopped: This step failed: Create the app my-blog\n"
        "  fly apps create my-blog --org personal\n"
        "It ended with exit status 1.\n\n"
        + "".join(f"  | {line}\n" for line in ended.stderr.split("  | ")[1].splitlines()[:1])
        + "\nNames are unique among all apps on Fly.io: if this one is taken, choose another with "
        "--deployed-project-name NAME.\n\n" + GO_ON
    )
    assert "Name has already been taken" in ended.stderr
    again = on_fly.checkout.deployer(
        *("--platform", "fly_io", "--automate-all", "--yes", "--no-open", "--deployed-project-name", "their-blog")
    )
    assert again.returncode == 0, again.stderr
    assert on_fly.get("https://their-blog.fly.dev/healthz") == 200
    assert "my-blog" not in on_fly.checkout.read("fly.toml")
    # From now on fly.toml has the name.
    planned = on_fly.checkout.deployer("--platform", "fly_io", "--automate-all", "--dry-run", "--json")
    assert {step["state"] for step in json.loads(planned.stdout)["steps"]} == {"already done"}


WALK = (
    ("apps create", "Create the app my-blog"),
    ("postgres create", "Create the PostgreSQL database my-blog-db"),
    ("postgres attach", "Attach the database my-blog-db to the app"),
    ("secrets import", "Set the secret SECRET_KEY"),
    ("build", "Build the image and deploy it"),
    ("release", "Build the image and deploy it"),
    ("machine", "Build the image and deploy it"),
)


def test_every_step_may_fail_before_its_work_and_a_rerun_continues(on_fly: OnPlatform) -> None:
    for command, title in WALK:
        on_fly.state.add_fault({"command": command, "returncode": 1, "stderr": "connection lost"})
        ended = on_fly.deploy()
        assert ended.returncode == 1, (command, ended.stdout)
        assert f"This step failed: {title}\n" in ended.stderr
    online(on_fly)
    assert_everything_exists_once(on_fly)
    assert_nothing_is_left_to_do(on_fly)


def test_every_step_may_fail_after_its_work_and_nothing_is_created_twice(on_fly: OnPlatform) -> None:
    for command, title in (*WALK[:4], ("deploy", WALK[4][1])):
        on_fly.state.add_fault({"command": command, "after": True, "returncode": 1, "stderr": "connection lost"})
        ended = on_fly.deploy()
        assert ended.returncode == 1, (command, ended.stdout)
        assert f"This step failed: {title}\n" in ended.stderr
    assert_nothing_is_left_to_do(on_fly)
    assert_everything_exists_once(on_fly)
    assert [len(on_fly.calls(command)) for command in CREATING] == [0, 0, 0, 0, 0]


def test_a_failing_migration_keeps_the_old_version_online(on_fly: OnPlatform) -> None:
    checkout = on_fly.checkout
    online(on_fly)
    served = on_fly.box.sites.site("my-blog")
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + "INSTALLED_APPS += ['blog']\n")
    checkout.write("blog/migrations/__init__.py", "")
    checkout.write("blog/migrations/0001_stop.py", MIGRATION)
    checkout.commit_all("A migration that fails")
    ended = on_fly.deploy()
    assert ended.returncode == 1
    message = said(ended)
    assert message.startswith("Stopped: This step failed: Build the image and deploy it\n")
    assert "RuntimeError: the data is not ready" in message
    assert "The previous version, if any, keeps serving." in message
    assert on_fly.get(f"{SITE}/healthz") == 200
    assert on_fly.box.sites.site("my-blog")["pid"] == served["pid"]
    checkout.write("blog/migrations/0001_stop.py", MIGRATION.replace("raise", "return  #"))
    checkout.commit_all("Repaired")
    assert online(on_fly)["deploy"] == "done"


def test_a_version_that_crashes_is_deployed_again(on_fly: OnPlatform) -> None:
    checkout = on_fly.checkout
    wsgi = checkout.read("blog/wsgi.py")
    checkout.write("blog/wsgi.py", "raise RuntimeError('the site cannot start')\n" + wsgi)
    checkout.commit_all("A site that cannot start")
    for _ in range(2):
        ended = on_fly.deploy()
        assert ended.returncode == 1
        assert "This step failed: Build the image and deploy it" in ended.stderr
    assert len([call for call in on_fly.state.calls() if call["argv"][0] == "deploy"]) == 2
    checkout.write("blog/wsgi.py", wsgi)
    checkout.commit_all("Repaired")
    online(on_fly)


@pytest.mark.parametrize("patience", ["", "kill_timeout = '1s'"], ids=["ours", "too little"])
def test_a_request_is_finished_before_the_machine_is_replaced(on_fly: OnPlatform, patience: str) -> None:
    """With less time than it needs, it is not."""
    checkout = on_fly.checkout
    checkout.write("blog/urls.py", URLS)
    checkout.write("fly.toml", f"{patience}\n")
    checkout.commit_all("A page that takes its time")
    online(on_fly)
    before = on_fly.box.sites.site("my-blog")
    assert before
    with closing(asked(before["port"], "/slow/")) as connection:
        on_fly.box.run(["fly", "secrets", "set", "--app", "my-blog", "MOTTO=new"])
        after = on_fly.box.sites.site("my-blog")
        assert after
        assert after["pid"] != before["pid"]
        if not patience:
            assert answered(connection) == (200, "finished")
            return
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            answered(connection)


def asked(port: int, path: str, host: str = "my-blog.fly.dev") -> http.client.HTTPConnection:
    """A request to the machine itself, without the router."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
    return connection


def answered(connection: http.client.HTTPConnection) -> tuple[int, str]:
    with connection.getresponse() as answer:
        return answer.status, answer.read().decode()


def status_and_body(port: int, path: str, host: str = "my-blog.fly.dev") -> tuple[int, str]:
    with closing(asked(port, path, host)) as connection:
        return answered(connection)


def test_foreign_hosts_are_rejected(on_fly: OnPlatform) -> None:
    online(on_fly)
    site = on_fly.box.sites.site("my-blog")
    assert site
    assert status_and_body(site["port"], "/", "evil.example")[0] == 400
    assert status_and_body(site["port"], "/healthz", "172.19.17.130:8080")[0] == 400
    assert status_and_body(site["port"], "/healthz") == (200, "ok")


def test_the_health_check_fails_without_its_headers(on_fly: OnPlatform) -> None:
    on_fly.checkout.deployer("--platform", "fly_io", *on_fly.named)
    toml = on_fly.checkout.read("fly.toml")
    on_fly.checkout.write("fly.toml", toml.replace("    Host = 'my-blog.fly.dev'\n", ""))
    on_fly.checkout.commit_all("Without the host")
    with on_fly.state.change() as platform:
        platform["limits"]["health"] = 2.0
    ended = on_fly.deploy()
    assert ended.returncode == 1
    assert "timeout reached waiting for health checks to pass" in ended.stderr


def test_a_managed_database_from_creation_to_removal(on_fly: OnPlatform) -> None:
    online(on_fly, "--database", "managed")
    # Found again without a given name.
    assert_nothing_is_left_to_do(on_fly)
    [cluster] = on_fly.state.read()["clusters"].values()
    assert (cluster["name"], cluster["attached"]) == ("my-blog-db", ["my-blog"])
    ended = on_fly.checkout.deployer("--platform", "fly_io", "--destroy", "--yes", *on_fly.named)
    assert ended.returncode == 0, ended.stderr
    state = on_fly.state.read()
    assert (state["apps"], state["clusters"]) == ({}, {})


def test_destroy_removes_only_what_was_created(on_fly: OnPlatform) -> None:
    lifecycle.create_app(on_fly.state, "shop")
    online(on_fly)
    # An old token may not list managed databases; the rest is still removed.
    on_fly.state.add_fault({"command": "mpg list", "returncode": 1, "stderr": "Error: older-style tokens"})
    ended = on_fly.checkout.deployer("--platform", "fly_io", "--destroy", "--yes", *on_fly.named)
    assert ended.returncode == 0, ended.stderr
    assert set(on_fly.state.read()["apps"]) == {"shop"}


def test_a_folder_with_uncommitted_changes_is_deployed_unchanged(on_fly: OnPlatform) -> None:
    online(on_fly)
    on_fly.checkout.write("blog/urls.py", URLS.replace("time.sleep(8)", "pass"))
    assert on_fly.deploy().returncode == 1
    assert online(on_fly, "--ignore-unclean-git")["deploy"] == "done"
    assert on_fly.get(f"{SITE}/slow/") == 200
    [machine] = on_fly.state.read()["apps"]["my-blog"]["machines"]
    assert machine["image"].startswith("uncommitted-")
    # That is not mistaken for the commit.
    on_fly.checkout.git("checkout", "--quiet", "blog/urls.py")
    assert online(on_fly)["deploy"] == "done"


def test_a_real_image_builder_accepts_the_dockerfile(on_fly: OnPlatform) -> None:
    from matrix.emulators.fly_io.image import real_builders

    builder = next((name for name in real_builders.NAMES if real_builders.works(name)), None)
    if builder is None:
        pytest.skip("no image builder works on this machine")
    with on_fly.state.change() as platform:
        platform["builder"] = builder
    online(on_fly)
    assert on_fly.emulator.builder(on_fly.box.root).startswith(builder)  # type: ignore[attr-defined]
    site = on_fly.box.sites.site("my-blog")
    assert site
    inside = psutil.Process(site["pid"]).children(recursive=True)
    gunicorn = [child for child in inside if "gunicorn" in " ".join(child.cmdline())]
    # An ordinary user's sandbox cannot run a program as another user.
    here = psutil.Process().uids().real
    assert {child.uids().real for child in gunicorn[-2:]} == {here or 999}
