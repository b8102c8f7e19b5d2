"""A deployed app on the emulated Fly.io: release command, checks, secrets, signals, failures."""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest
from fly_project import APP, HOST, Project

from matrix.emulators.fly_io import EMULATOR as fly_io
from matrix.emulators.fly_io import addresses, app_config, validation
from matrix.emulators.fly_io.app_config import AppConfig
from matrix.emulators.fly_io.image.base_images import machine_obstacle as obstacle
from matrix.sandbox import layers
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.processes import interrupt, wait_until
from simple_deploy import platforms

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(obstacle(VERSION)), reason=obstacle(VERSION)),
]


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A deployed project; tests leave it deployed."""
    with Sandbox.create(tmp_path_factory.mktemp("deployed")) as box:
        fly_io.install(box)
        project = Project(box)
        done = project.deploy("--image-label", "commit-1")
        (box.root / "said.out").write_text(done.stdout, encoding="utf-8")
        (box.root / "said.err").write_text(done.stderr, encoding="utf-8")
        yield project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Sandbox.create(tmp_path) as box:
        fly_io.install(box)
        yield Project(box)


def test_a_first_deployment_prints_its_steps(deployed: Project) -> None:
    folder, machine = deployed.folder, deployed.found["machines"][0]["id"]
    own = deployed.found["addresses"][0]
    assert own.startswith("2a09:8280:1::")
    assert (deployed.box.root / "said.out").read_text(encoding="utf-8") == (
        f"\nWatch your deployment at https://fly.io/apps/{APP}/monitoring\n\n"
        f"Provisioning ips for {APP}\n  Dedicated ipv6: {own}\n  Shared ipv4: 66.241.124.101\n"
        "  Add a dedicated ipv4 with: fly ips allocate-v4\n\n"
        f"\nVisit your newly deployed app at https://{HOST}/\n"
    )
    said = (deployed.box.root / "said.err").read_text(encoding="utf-8").splitlines()
    assert said[:5] == [
        "==> Verifying app config",
        f"Validating {folder / 'fly.toml'}",
        "✓ Configuration is valid",
        "--> Verified app config",
        "==> Building image",
    ]
    release = deployed.state.read()["apps"][APP]["releases"][0]
    assert (release["status"], release["image"]) == ("complete", "commit-1")
    rest = said[said.index("--> Building image done") :]
    assert rest[3].startswith("release_command ") and rest[3].endswith(" completed successfully")
    assert [*rest[:3], *rest[4:]] == [
        "--> Building image done",
        f"image: registry.fly.io/{APP}:commit-1",
        f"Running {APP} release_command: python manage.py migrate --noinput",
        "This deployment will:",
        ' * create 1 "app" machine',
        "",
        "No machines in group app, launching a new machine",
        "Finished launching new machines",
        f"Checking DNS configuration for {HOST}",
        "✓ DNS configuration verified",
    ]
    assert machine not in rest[3]


def test_the_site_runs_as_the_image_user_with_secrets_and_a_database(deployed: Project) -> None:
    seen = deployed.seen()
    assert (seen["uid"], seen["writable"], seen["folder"], seen["scheme"]) == (
        999,
        not layers.has_owners(),
        "/app",
        "https",
    )
    env = seen["env"]
    assert (env["FLY_APP_NAME"], env["SECRET_KEY"], env["FLY_PROCESS_GROUP"]) == (APP, "very-secret", "app")
    assert f"@{APP}-db.flycast:" in env["DATABASE_URL"]
    assert env["FLY_MACHINE_ID"] == deployed.found["machines"][0]["id"]
    assert "RELEASE_COMMAND" not in env
    assert deployed.seen()["visits"] > seen["visits"]


def test_a_build_has_neither_secrets_nor_the_app_environment(deployed: Project) -> None:
    built = deployed.seen()["built"]
    assert "'SECRET_KEY': 'build'" in built
    for absent in ("very-secret", "DATABASE_URL", "8080", "FLY_APP_NAME"):
        assert absent not in built


def test_plain_requests_are_redirected_to_https_and_django_rejects_other_hosts(deployed: Project) -> None:
    answer = deployed.get("/?a=b", scheme="http")
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{HOST}/?a=b")
    port = deployed.box.sites.port(APP)
    asked = httpx.get(f"http://127.0.0.1:{port}/healthz/", headers={"Host": "evil.example.com"}, trust_env=False)
    assert asked.status_code == 400
    assert deployed.get(host="nobody.fly.dev").status_code == 503


def test_status_logs_and_console(deployed: Project) -> None:
    status = deployed.status()
    assert list(status) == sorted(status)
    assert (status["Status"], status["Deployed"], status["Hostname"]) == ("deployed", True, HOST)
    (machine,) = status["Machines"]
    assert (machine["state"], machine["region"], machine["image_ref"]["tag"]) == ("started", "iad", "commit-1")
    assert [check["status"] for check in machine["checks"]] == ["passing"]
    logs = deployed.fly("logs", "--app", APP, "--no-tail").stdout
    assert f"app[{machine['id']}] iad [info]" in logs
    assert "Applying visits.0001_initial... OK" in logs
    script = "import os; print(os.environ['FLY_APP_NAME'], os.getuid())"
    assert deployed.fly("ssh", "console", "--app", APP, "-C", f'python -c "{script}"').stdout == f"{APP} 0\n"
    assert deployed.fly("config", "validate").stderr.endswith("✓ Configuration is valid\n")
    assert fly_io.builder(deployed.box.root) == ("bubblewrap" if layers.has_owners() else "bubblewrap, one owner")


def test_a_machine_without_visitors_sleeps_and_has_no_console_until_it_is_started(deployed: Project) -> None:
    with deployed.state.change() as platform:
        platform["apps"][APP]["machines"][0]["settings"]["auto_stop"] = True
    console = ("ssh", "console", "--app", APP, "-C", "python -c 1")
    try:
        deployed.limit(idle=0)
        refused = deployed.fly(*console, check=False)
        assert (refused.returncode, refused.stderr) == (
            1,
            f"Error: app {APP} has no started VMs.\nIt may be unhealthy or not have been deployed yet.\n"
            "Try the following command to verify:\n\nfly status\n",
        )
        deployed.limit(idle=300)
        (machine,) = deployed.status()["Machines"]
        assert machine["state"] == "stopped", "it sleeps until someone wakes it"
        assert machine["events"][0]["request"]["exit_event"] == {"requested_stop": True}
        asked = deployed.fly("machine", "start", "--app", APP, check=False)
        assert "prompt: non interactive" in asked.stderr
        assert (
            deployed.fly("machine", "start", machine["id"], "--app", APP).stdout
            == f"{machine['id']} has been started\n"
        )
        assert deployed.fly(*console).returncode == 0
        deployed.limit(idle=0)
        assert deployed.status()["Machines"][0]["state"] == "stopped"
        deployed.limit(idle=300)
        assert deployed.get().status_code == 200
        assert deployed.status()["Machines"][0]["state"] == "started", "a visitor wakes it, too"
    finally:
        with deployed.state.change() as platform:
            platform["apps"][APP]["machines"][0] |= {"asleep": 0.0}
            platform["apps"][APP]["machines"][0]["settings"]["auto_stop"] = False
        deployed.limit(idle=300)


def test_a_failing_release_command_keeps_the_old_version(deployed: Project) -> None:
    machines = deployed.found["machines"]
    # No shell splits it: to Django this is an app to migrate.
    deployed.change("fly.toml", "migrate --noinput", "migrate && true")
    done = deployed.deploy(check=False)
    deployed.change("fly.toml", "migrate && true", "migrate --noinput")
    assert done.returncode == 1
    assert "Error release_command failed running on machine " in done.stderr
    assert "No installed app with label '&&'" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Error: release command failed - aborting deployment. machine ")
    assert done.stderr.endswith("exited with non-zero status of 1\n")
    assert deployed.found["releases"][-1]["status"] == "failed"
    assert deployed.found["machines"] == machines
    assert deployed.seen()["text"] == "first"


def test_a_request_in_progress_survives_the_replacement_of_its_machine(deployed: Project) -> None:
    deployed.fly("secrets", "set", "TAGLINE=new", "--stage", "--app", APP)
    assert [row["status"] for row in deployed.found["secrets"].values()].count("Staged") == 1
    assert "TAGLINE" not in deployed.seen()["env"]
    # No longer staged: the machine is restarted with all secrets, without a build and a release command.
    assert deployed.visit_while_restarting().text == "finished"
    assert deployed.seen()["env"]["TAGLINE"] == "new"
    assert deployed.found["secrets"]["TAGLINE"]["status"] == "Deployed"
    assert "Handling signal: term" in deployed.fly("logs", "--app", APP, "-n").stdout


def test_django_rejects_a_health_check_without_host(deployed: Project) -> None:
    """The last of those that share a site: afterwards it is down."""
    deployed.limit(health=1)
    deployed.change("fly.toml", f"Host = '{HOST}'", "X-Nothing = 'x'")
    error = deployed.refused()
    machine = deployed.found["machines"][0]
    assert error == f"timeout reached waiting for health checks to pass for machine {machine['id']}"
    assert [check["output"] for check in machine["checks"]] == ["400 Bad Request"]
    assert deployed.get().status_code == 503
    assert deployed.found["releases"][-1]["status"] == "failed"


def test_a_health_check_that_redirects_fails(project: Project) -> None:
    project.limit(health=1)
    project.change("fly.toml", "'/healthz/'", "'/redirects/'")
    assert project.refused().startswith("timeout reached waiting for health checks to pass for machine ")
    assert [check["output"] for check in project.found["machines"][0]["checks"]] == ["302 Found"]


def test_faults_at_build_release_and_machine(project: Project) -> None:
    project.state.add_fault({"command": "build", "stderr": "builder is out of reach"})
    assert project.refused() == "failed to fetch an image or build from source: the build was stopped"
    assert project.found["releases"] == []
    project.state.add_fault({"command": "release", "returncode": 7})
    assert project.refused().endswith("exited with non-zero status of 7")
    assert project.found["machines"] == []
    project.state.add_fault({"command": "machine"})
    assert project.refused().startswith("smoke checks for ")
    project.state.add_fault({"command": "deploy", "after": True, "stderr": "Error: context deadline exceeded"})
    assert project.refused() == "context deadline exceeded"
    assert project.seen()["text"] == "first"
    assert [release["status"] for release in project.found["releases"]] == ["failed", "failed", "complete"]


def test_a_program_that_exits_fails_and_one_on_another_port_is_unreachable(project: Project) -> None:
    project.change("Dockerfile", '"web"]', '"nothing"]')
    assert project.refused().startswith("smoke checks for ")
    status = project.status()
    (machine,) = status["Machines"]
    assert machine["state"] == "stopped"
    assert machine["events"][0]["request"]["exit_event"]["exit_code"] == 1
    crashed = platforms.load("fly_io").watch(APP).crashed
    assert crashed
    assert crashed.read(json.dumps(status)) == f"machine {machine['id']}"
    project.limit(health=1)
    project.change("Dockerfile", '"nothing"]', '"--bind", "127.0.0.1:8080", "web"]')
    done = project.deploy(check=False)
    assert "WARNING The app is not listening on the expected address" in done.stderr
    assert "It listens on 127.0.0.1:8080 instead." in done.stderr
    assert done.returncode == 1
    project.change("Dockerfile", '"127.0.0.1:8080"', '"0.0.0.0:8080"')
    project.deploy()
    assert project.seen()["uid"] == 999


def test_sigint_is_the_default_and_does_not_wait(project: Project) -> None:
    """It does not wait for a request in a gunicorn worker without threads; these finish within its kill timeout."""
    project.change("Dockerfile", '"--threads", "4", ', "")
    project.change("fly.toml", "kill_signal = 'SIGTERM'\nkill_timeout = '25s'\n", "")
    project.deploy()
    assert project.visit_while_restarting().status_code in (500, 503)
    assert "Handling signal: int" in project.fly("logs", "--app", APP, "-n").stdout


def runs(pid: int, name: str) -> bool:
    """Whether a program of that name runs below the process."""
    with suppress(psutil.Error):
        return any(member.name() == name for member in psutil.Process(pid).children(recursive=True))
    return False


def test_an_interrupted_deployment_does_not_count_and_can_be_repeated(project: Project) -> None:
    project.change("fly.toml", "python manage.py migrate --noinput", "sleep 60")
    child = project.box.popen(["fly", "deploy", "--app", APP, "--ha=false"], cwd=project.folder)
    assert wait_until(lambda: runs(child.pid, "sleep"), 300)
    interrupt(child)
    assert child.wait(30) == 127
    assert project.found["releases"][0]["status"] == "interrupted"
    assert project.found["machines"] == []
    project.change("fly.toml", "sleep 60", "python manage.py migrate --noinput")
    project.deploy()
    assert project.seen()["text"] == "first"


def test_a_managed_database_serves_and_two_machines_are_counted(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as box:
        fly_io.install(box)
        project = Project(box, database=False)
        project.fly("mpg", "create", "--name", f"{APP}-db", "--org", "personal", "--region", "iad", "--plan", "basic")
        (cluster,) = project.state.read()["clusters"].values()
        project.fly("mpg", "attach", cluster["id"], "--app", APP)
        done = project.fly("deploy", "--app", APP)
        assert ' * create 2 "app" machines' in done.stderr
        assert 'To disable this, set "min_machines_running = 0" in your fly.toml.' in done.stderr
        assert len(project.found["machines"]) == 2
        assert f"@pgbouncer.{cluster['id']}.flympg.net:" in project.seen()["env"]["DATABASE_URL"]
        assert project.fly("apps", "destroy", APP, "--yes").returncode == 0
        assert project.get().status_code == 503


def config(text: str) -> AppConfig:
    return AppConfig(content=app_config.tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("aap = 'x'", "unknown key aap"),
        ("[http_service]\ninternal_prot = 1", "unknown key http_service.internal_prot"),
        ("[[http_service.checks]]\nheader = 1", "unknown key http_service.checks.header"),
        ("[http_service]\nchecks = 'x'", "http_service.checks is not a section"),
        ("[mounts]\nsource = 'x'", "mounts exists, but this emulation ignores it"),
        ("[env]\nFLY_X = '1'", "[env] may not contain FLY_ variables: FLY_X"),
        ("primary_region = 'xyz'", "primary_region xyz is not a region"),
        ("kill_signal = 'TERM'", "kill_signal TERM is not one of SIGINT, "),
        ("kill_timeout = 'soon'", "kill_timeout = 'soon' is not a duration"),
        ("[http_service]\ninternal_port = '8080'", "internal_port = '8080' is not a port"),
        ("[http_service]\nprocesses = ['web']", "http_service.processes names web, which is no process group"),
        ("[[vm]]\nmemory = 'much'", "memory = 'much' is not a size"),
        ("[[http_service.checks]]\ntimeout = 'long'", "timeout = 'long' is not a duration"),
        ("app = 'x'", "without [http_service] nothing is served"),
    ],
)
def test_a_wrong_configuration_is_rejected(text: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in validation.problems(config(text)))


def test_a_shells_command_stays_one_word() -> None:
    line = "exec waitress-serve --port=$PORT web"
    program = addresses.moved(["sh", "-c", line], {"PORT": "8080"}, "", 8080, 9)
    assert program.argv == ["sh", "-c", "exec waitress-serve --port=9 --host 127.0.0.1 web"]


def test_a_deployable_configuration_has_no_problems() -> None:
    from fly_project import FLY_TOML

    assert validation.problems(config(FLY_TOML)) == []
    assert validation.warnings(config("[env]\nAPI_KEY = 'x'\nPORT = '1'"))[0].startswith("WARN API_KEY may be a ")
    assert [app_config.seconds(value) for value in ("30s", "1m30s", "500ms", 5, "5")] == [30, 90, 0.5, 5, 5]


@pytest.mark.parametrize(
    ("line", "env", "settings", "expected"),
    [
        ("gunicorn web", {"PORT": "8080"}, "", "gunicorn web"),
        ("gunicorn --bind :8080 web", {}, "", "gunicorn --bind 127.0.0.1:9 web"),
        ("gunicorn --bind=[::]:8080 web:app", {}, "", "gunicorn --bind=127.0.0.1:9 web:app"),
        ("python manage.py runserver 0.0.0.0:8080", {}, "", "python manage.py runserver 127.0.0.1:9"),
        ("gunicorn -b 0.0.0.0:$PORT web", {"PORT": "8080"}, "", "gunicorn -b 127.0.0.1:9 web"),
        ("gunicorn web", {}, 'bind = "[::]:8080"', "gunicorn web"),
        ("gunicorn web", {}, "", "127.0.0.1:8000"),
        ("uvicorn --host 0.0.0.0 --port 8080 web", {}, "", "uvicorn --host 127.0.0.1 --port 9 web"),
        ("daphne -b 0.0.0.0 -p $PORT web", {"PORT": "8080"}, "", "daphne -b 127.0.0.1 -p 9 web"),
        ("waitress-serve --port=8080 web", {}, "", "waitress-serve --port=9 --host 127.0.0.1 web"),
        ("uvicorn --port 8080 web", {"PORT": "8080"}, "", "127.0.0.1:8080"),
        ("uvicorn --host 0.0.0.0 --port 8000 web", {"PORT": "8080"}, "", "0.0.0.0:8000"),
        ("gunicorn web", {"PORT": "8000"}, "", "0.0.0.0:8000"),
        ("gunicorn --bind :8000 web", {"PORT": "8080"}, "", "0.0.0.0:8000"),
        ("gunicorn --bind localhost:8080 web", {}, "", "localhost:8080"),
    ],
)
def test_where_a_program_would_listen(line: str, env: dict[str, str], settings: str, expected: str) -> None:
    try:
        program = addresses.moved(line.split(), env, settings, 8080, 9)
    except addresses.NotReachable as where:
        assert str(where) == expected
        return
    assert " ".join(program.argv) == expected
    in_command = "127.0.0.1" in expected
    assert program.env.get("GUNICORN_CMD_ARGS") == (None if in_command else "--bind 127.0.0.1:9")
