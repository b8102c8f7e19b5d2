"""A push to the emulated Upsun builds, deploys and serves, as strictly as the real one."""

import base64
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from upsun_project import BUILD, ROUTES, SERVICES, VERSION, WEB, Pushed, configuration

from matrix.emulators import load
from matrix.emulators._upsun.flavour import FIXED, FLAVOURS, FLEX
from matrix.sandbox import environments, isolation
from matrix.sandbox.machine import Sandbox

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="hooks are scripts for a POSIX shell"),
]
HIDDEN = ("--visible-build", "false")
READ_ONLY = pytest.mark.skipif(isolation.current() == "folder", reason="only a container can make a folder read-only")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox.create(tmp_path) as box:
        for flavour in FLAVOURS.values():
            load(flavour.name).install(box)
        yield box


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pushed]:
    """A deployed project, for tests that only read."""
    with Sandbox.create(tmp_path_factory.mktemp("upsun")) as box:
        load("upsun").install(box)
        project = Pushed(box)
        for name, level, visible in (("BUILT", "project", ()), ("RUN", "project", HIDDEN), ("OWN", "environment", ())):
            words = ("--level", level, "--prefix", "env", "--name", name, "--value", "x", *visible, "--no-interaction")
            project.cli("variable:create", *words)
        project.said = project.pushed()
        yield project


def decoded(text: str) -> Any:
    return json.loads(base64.b64decode(text))


def built_with(blog: Pushed) -> dict[str, str]:
    """The environment of the build hook."""
    lines = blog.get("/static/build.txt").text.splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_a_push_prints_every_step(blog: Pushed) -> None:
    kind, host = f"python:{VERSION}", f"main-bvxea6i-{blog.id}.eu-5.platformsh.site"
    deployment = blog.found["environment"]["deployment"]
    assert deployment
    tree = deployment["tree"][:7]
    log = [
        "Found 1 new commit",
        "",
        "Configuring resources",
        "  Using default resources",
        "    Setting 'app' resources to 0.5 CPU, 224MB RAM.",
        "    Setting 'db' resources to 0.5 CPU, 224MB RAM.",
        "",
        f"Building application 'app' (runtime type: {kind}, tree: {tree})",
        *([f"  W: The runtime {kind} is deprecated."] if VERSION < "3.13" else []),
        "  Generating runtime configuration.",
        "",
        "  Executing build hook...",
        "",
        "  Compressing application.",
        "  Beaming package to its final destination.",
        "",
        "Provisioning certificates",
        "  Certificates",
        f"  - certificate 57594b5: expiring on 2099-01-01 00:00:00+00:00, covering {host}, www.{host}",
        "",
        "Creating environment main",
        "  Starting environment",
        "  Opening application app and its relationships",
        "  Executing deploy hook for application app",
        "    The hook ran.",
        "    W: A warning.",
        "",
        "  Opening environment",
        "  Environment configuration",
        f"    app (type: {kind}, cpu: 0.5, memory: 224, disk: 512)",
        "    db (type: postgresql:17, cpu: 0.5, memory: 224, disk: 512)",
        "",
        "  Environment routes",
        f"    http://{host}/ redirects to https://{host}/",
        f"    http://www.{host}/ redirects to https://www.{host}/",
        f"    https://{host}/ is served by application `app`",
        f"    https://www.{host}/ redirects to https://{host}/",
        "",
    ]
    before = ["", "Validating submodules", "", "Validating configuration files", ""]
    before += ["Processing activity: Dev Eloper pushed to Main"]
    # The hook writes to two streams, whose order is undefined.
    assert sorted(blog.said) == sorted([*before, *(f"    {line}".rstrip() for line in log)])
    assert sorted(blog.log()) == sorted(log[:-1])
    assert blog.cli("url", "--primary", "--pipe").stdout == f"https://{host}/\n"
    assert (blog.activity["state"], blog.activity["result"]) == ("complete", "success")


def test_a_build_has_the_project_but_no_environment(blog: Pushed) -> None:
    env = built_with(blog)
    assert env["CI"] == "true"
    assert env["FROM_CONFIGURATION"] == "yes"
    assert env["PLATFORM_PROJECT_ENTROPY"] == blog.found["entropy"]
    assert (env["PLATFORM_APPLICATION_NAME"], env["PLATFORM_APP_DIR"]) == ("app", env["PWD"])
    assert env["PWD"] == "/app" or isolation.current() == "folder"
    running = blog.seen()["env"]
    only_running = {"PLATFORM_BRANCH", "PLATFORM_ENVIRONMENT", "PLATFORM_RELATIONSHIPS", "PLATFORM_ROUTES", "PORT"}
    assert only_running <= set(running)
    assert not [name for name in env if name in only_running or name.startswith("DATABASE_")]
    assert not {"CI", "PLATFORM_CACHE_DIR", "PLATFORM_SOURCE_DIR"} & set(running)
    # A build has those of the project, unless they are hidden from it.
    given = {"BUILT", "RUN", "OWN"}
    assert (given & set(env), given & set(running)) == ({"BUILT"}, given)


def test_the_site_gets_its_services_and_routes(blog: Pushed) -> None:
    env = blog.seen()["env"]
    (database,) = decoded(env["PLATFORM_RELATIONSHIPS"])["database"]
    assert (database["scheme"], database["rel"], database["type"]) == ("pgsql", "postgresql", "postgresql:17")
    assert env["DATABASE_URL"] == ("pgsql://{username}:{password}@{host}:{port}/{path}".format(**database))
    with psycopg.connect(
        host=database["ip"],
        port=database["port"],
        user=database["username"],
        password=database["password"],
        dbname=database["path"],
    ) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    routes = decoded(env["PLATFORM_ROUTES"])
    host = f"main-bvxea6i-{blog.id}.eu-5.platformsh.site"
    assert {url: (route["type"], route["primary"]) for url, route in routes.items()} == {
        f"https://{host}/": ("upstream", True),
        f"https://www.{host}/": ("redirect", False),
        f"http://{host}/": ("redirect", False),
        f"http://www.{host}/": ("redirect", False),
    }
    assert routes[f"https://{host}/"]["original_url"] == "https://{default}/"


@READ_ONLY
def test_a_service_is_reachable_under_the_name_in_the_variables(blog: Pushed) -> None:
    script = "import socket; print(socket.gethostbyname('database.internal'))"
    assert blog.cli("ssh", "--", f'python -c "{script}"').stdout == "127.0.0.1\n"


@READ_ONLY
def test_only_mounts_and_tmp_are_writable(blog: Pushed) -> None:
    seen = blog.seen()
    assert seen["app"] == "Read-only file system"
    assert set(seen["mount"]) == set(seen["tmp"]) == {"x"}
    touched = blog.cli("ssh", "--", "touch", "/app/x", check=False)
    assert (touched.returncode, touched.stdout) == (1, "")
    assert touched.stderr == "touch: cannot touch '/app/x': Read-only file system\n"


def test_a_command_in_the_container_returns_its_own_status(blog: Pushed) -> None:
    assert blog.cli("ssh", "--", "exit 7", check=False).returncode == 7
    assert blog.cli("ssh", 'echo "$PLATFORM_ENVIRONMENT"').stdout == "main-bvxea6i\n"


def test_routes_redirect(blog: Pushed) -> None:
    secure = f"https://main-bvxea6i-{blog.id}.eu-5.platformsh.site"
    for answer in (blog.get("/a?b=c", scheme="http"), blog.get("/a?b=c", prefix="www.")):
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{secure}/a?b=c")
    assert blog.seen()["scheme"] == "https"
    assert blog.get(prefix="nobody.").status_code == 404


def test_the_platform_serves_static_files_itself(blog: Pushed) -> None:
    answer = blog.get("/static/build.txt")
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("text/plain", "max-age=3600")
    for outside in ("/static/none.txt", "/static/", "/static/%2e%2e/web.py"):
        assert blog.get(outside).status_code == 404


def test_a_failing_build_hook_accepts_the_push_but_the_cli_exits_with_87(box: Sandbox) -> None:
    wanted = configuration(hooks={"build": 'set -eu\necho "$PLATFORM_RELATIONSHIPS"\necho unreached\n'})
    project = Pushed(box, files=wanted)
    done = project.cli("push", "--yes", check=False)
    assert done.returncode == 87
    assert 'The push completed but there was a deployment error ("Error building project").' in done.stderr
    said = [line.strip() for line in project.log()]
    assert "E: Error building project: Step failed with status code 2." in said
    assert said[-1] == "E: Error: Unable to build application, aborting."
    assert next(line for line in said if "PLATFORM_RELATIONSHIPS" in line).startswith("W: ")
    assert "unreached" not in said
    assert project.activity["result"] == "failure"
    # The commit has been accepted, so that a second push has nothing to do.
    again = project.cli("push", "--yes")
    assert "is already up to date with the source ref, HEAD." in again.stderr
    assert project.cli("environment:redeploy", "--yes", check=False).returncode == 1
    assert project.cli("url", check=False).returncode == 1


def test_without_set_e_only_the_last_command_matters(box: Sandbox) -> None:
    project = Pushed(box, files=configuration(hooks={"build": f"false\n{BUILD}"}))
    project.pushed()
    assert project.seen()["text"] == "first"


def test_a_failing_deploy_hook_is_visible_only_in_the_log(box: Sandbox) -> None:
    hook = "set -e\necho Migrating.\ntouch /app/x\necho unreached\n"
    project = Pushed(box, files=configuration(hooks={"deploy": hook, "post_deploy": "echo After it."}))
    assert project.cli("push", "--yes").returncode == 0
    said = [line.strip() for line in project.log()]
    assert {"Migrating.", "After it."} <= set(said)
    assert "unreached" not in said or isolation.current() == "folder"
    assert project.activity["result"] == "success"
    assert project.seen()["text"] == "first"
    # A redeployment of a deployed commit runs no deploy hook.
    project.cli("redeploy", "--yes")
    said = [line.strip() for line in project.log()]
    assert ("After it." in said, "Migrating." in said) == (True, False)


def test_a_second_push_deploys_the_change_and_keeps_the_mount(box: Sandbox) -> None:
    project = Pushed(box)
    project.pushed()
    visits = project.seen()["mount"]
    project.write({"web.py": WEB.replace("first", "second")})
    assert "    Redeploying environment main" in project.pushed()
    seen = project.seen()
    assert (seen["text"], seen["mount"]) == ("second", visits + "x")
    activities = len(project.found["activities"])
    assert project.push().returncode == 0
    assert len(project.found["activities"]) == activities
    project.write({})
    assert "      Reusing existing build for this tree ID" in project.pushed()


def test_a_wrong_configuration_is_rejected_before_the_build(box: Sandbox) -> None:
    files = configuration(web={"commands": {"start": "x"}, "location": {}}, type="python:3.9")
    project = Pushed(box, files=files)
    refused = project.push()
    assert refused.returncode == 1
    assert " ! [remote rejected] HEAD -> main (pre-receive hook declined)" in refused.stderr
    assert project.cli("push", "--yes", check=False).returncode == 1
    assert project.found["activities"] == []
    assert project.found["environment"]["head"] is None


@pytest.mark.parametrize("family", ["tcp", "unix"])
def test_the_site_must_listen_on_the_expected_port(box: Sandbox, family: str) -> None:
    web = {"upstream": {"socket_family": family}, "commands": {"start": "python server.py"}}
    project = Pushed(box, files=configuration(web=web))
    project.pushed()
    assert ("SOCKET" in project.seen()["env"]) == (family == "unix")
    web["commands"] = {"start": "env -u SOCKET PORT=1 python server.py || sleep 60"}
    with project.state.change() as platform:
        platform["limits"]["boot"] = 1
    project.write(configuration(web=web))
    assert project.cli("push", "--yes").returncode == 0
    assert project.get().status_code == 502


def test_a_site_that_exits_is_restarted(box: Sandbox) -> None:
    project = Pushed(box)
    project.pushed()
    assert project.get("/quit").status_code == 502
    deadline = time.monotonic() + 20
    while project.get().status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert project.seen()["text"] == "first"
    assert "The start command ended with 3 and is started again." in project.cli("logs").stdout


def test_a_project_in_a_folder_and_its_environment_file_on_the_fixed_flavour(box: Sandbox) -> None:
    files = configuration(FIXED)
    inner = {f"inner/{name}": text for name, text in files.items() if "/" not in name}
    outer = {name: text for name, text in files.items() if "/" in name}
    environment = {"inner/.environment": 'export FROM_FILE="read by $SHELL"\n', "inner/web.py": WEB}
    project = Pushed(box, FIXED, files={**inner, **outer, **environment})
    project.write({"inner/server.py": (project.folder / "server.py").read_text(encoding="utf-8")})
    project.pushed()
    env = project.seen()["env"]
    assert env["FROM_FILE"] == f"read by {env['SHELL']}"
    assert "PLATFORM_RELATIONSHIPS" in env
    assert not [name for name in env if name.startswith("DATABASE_")]
    written = {"__pycache__", "x"} if isolation.current() == "folder" else set()
    found = set(project.cli("ssh", "ls").stdout.split())
    assert found == {"built", "media", "server.py", "static", "web.py"} | written


def test_projects_with_the_same_title_can_run_at_once(box: Sandbox) -> None:
    first, second = Pushed(box), Pushed(box, folder="second")
    first.pushed()
    second.write({"web.py": WEB.replace("first", "second")})
    second.pushed()
    assert (first.seen()["text"], second.seen()["text"]) == ("first", "second")
    first.cli("project:delete", "--yes")
    assert second.seen()["text"] == "second"
    assert list(load("upsun").inventory(box.root)) == [second.id]
    values = load("upsun").secrets(box.root)
    assert second.found["entropy"] in values
    assert second.found["databases"]["db"] in values


def test_a_python_that_this_machine_lacks_is_named(box: Sandbox) -> None:
    missing = next((version for version in ("3.14", "3.13", "3.10") if environments.python(version) is None), None)
    if missing is None:
        pytest.skip("this machine has every Python")
    project = Pushed(box, files=configuration(type=f"python:{missing}"))
    assert project.cli("push", "--yes", check=False).returncode == 87
    assert any(f"There is no Python {missing} on this machine" in line for line in project.log())


@pytest.mark.parametrize("part", ["build", "deploy hook", "activity", "git push"])
def test_faults_in_the_platforms_own_work(box: Sandbox, part: str) -> None:
    project = Pushed(box)
    project.state.add_fault({"command": part, "stderr": "It broke.", "returncode": 1})
    status = {"build": 87, "deploy hook": 0, "activity": 0, "git push": 128}[part]
    done = project.cli("push", "--yes", check=False)
    assert (done.returncode, "It broke." in done.stderr) == (status, True)
    results = [activity["result"] for activity in project.found["activities"]]
    assert results == {"deploy hook": ["success"], "git push": []}.get(part, ["failure"])


def test_an_error_of_the_emulation_itself_fails_the_push(box: Sandbox) -> None:
    project = Pushed(box)
    logs = project.state.app_folder(project.id) / "logs"
    logs.parent.mkdir(parents=True, exist_ok=True)
    logs.touch()  # a file where a folder has to be
    assert project.cli("push", "--yes", check=False).returncode == 87
    assert any("E: Environment redeployment failed: the emulation ended with " in line for line in project.log())


def test_django_is_built_with_a_tool_and_served_read_only(box: Sandbox) -> None:
    hooks = {
        "build": "set -eux\nuv venv .venv\nuv pip install -q --python .venv/bin/python "
        "'django==5.2.*' 'psycopg[binary]' dj-database-url gunicorn\n"
        ".venv/bin/python manage.py collectstatic --noinput\n",
        "deploy": "set -eux\n.venv/bin/python manage.py migrate --noinput\n",
    }
    web = {
        "commands": {"start": ".venv/bin/gunicorn --bind 127.0.0.1:$PORT --no-control-socket wsgi"},
        "locations": {"/static": {"root": "static", "passthru": True}},
    }
    settings = """
import os
import dj_database_url
SECRET_KEY = os.environ["PLATFORM_PROJECT_ENTROPY"]
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "wsgi"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "pages"]
DATABASES = {"default": dj_database_url.config(default="sqlite:///none")}
STATIC_URL, STATIC_ROOT = "static/", "static"
"""
    wsgi = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
def view(request):
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    return HttpResponse(f"{connection.vendor} {ContentType.objects.count()}")
urlpatterns = [path("", view)]
application = get_wsgi_application()
"""
    manage = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
    files = configuration(hooks=hooks, web=web, dependencies={"python3": {"uv": "*"}}, mounts={})
    django = {"settings.py": settings, "wsgi.py": wsgi, "manage.py": manage, "pages/__init__.py": ""}
    project = Pushed(box, files={**files, **django, "pages/static/page.css": "body {}\n"})
    project.pushed()
    assert project.get().text == "postgresql 1"
    assert project.get("/static/page.css").text == "body {}\n"


def test_a_build_with_project_values_is_not_shared(box: Sandbox) -> None:
    """The build of the other tests writes its environment, including the secret, into a file."""
    first, second = Pushed(box), Pushed(box, folder="second")
    first.pushed()
    said = second.pushed()
    assert "      Reusing existing build for this tree ID" not in said
    assert second.found["entropy"] in second.get("/static/build.txt").text
    plain = configuration(hooks={"build": "mkdir static; date +%s%N > static/when.txt"})
    plain["unique.txt"] = first.id
    for project in (first, second):
        project.write(plain)
        (project.folder / "unique.txt").unlink()
        project.write({})
        project.pushed()
    assert first.get("/static/when.txt").text == second.get("/static/when.txt").text


def test_both_flavours_have_equivalent_configurations() -> None:
    assert json.loads(configuration(FLEX)[".upsun/config.yaml"])["routes"] == ROUTES
    assert set(json.loads(configuration(FIXED)[".platform/services.yaml"])) == set(SERVICES)
