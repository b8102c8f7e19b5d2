"""Web processes are started, replaced without downtime, and stopped; from this and from other processes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from matrix.sandbox import isolation, processes
from matrix.sandbox.control import Control, ControlError, SiteDidNotStart
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.site import Site
from tests.matrix.sandbox_sites import HOST, PYTHON, echo_app, start_echo

ROOT = Path(__file__).parents[2]


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox.create(tmp_path) as box:
        yield box


def version(box: Sandbox) -> str:
    answer = httpx.get(f"http://127.0.0.1:{box.sites.port('blog')}/", trust_env=False).json()
    return str(answer["version"])


def start_broken(box: Sandbox, program: str, *, boot_timeout: float = 20) -> None:
    box.sites.start_site(
        Site(
            name="blog",
            hosts=[HOST],
            container=echo_app(box),
            argv=[PYTHON, "-c", program],
            env={},
            log=box.root / "broken.log",
            boot_timeout=boot_timeout,
        )
    )


def test_a_site_is_replaced_and_the_old_one_stops_gracefully(box: Sandbox) -> None:
    start_echo(box, version="1")
    old = box.sites.site("blog")
    assert old
    start_echo(box, version="2")
    assert version(box) == "2"
    assert not psutil.pid_exists(old["pid"])
    assert "stopped in peace" in (box.root / "web.log").read_text(encoding="utf-8")
    assert not processes.accepts_connections(old["port"])


def test_a_site_that_exits_is_reported_with_its_output_and_the_old_one_stays(box: Sandbox) -> None:
    start_echo(box)
    with pytest.raises(SiteDidNotStart) as caught:
        start_broken(box, "import sys; sys.exit('no SECRET_KEY')")
    assert caught.value.reason == "the process ended with status 1"
    assert caught.value.log_tail == "no SECRET_KEY\n"
    assert version(box) == "1"


def test_a_site_that_does_not_bind_is_killed(box: Sandbox) -> None:
    with pytest.raises(SiteDidNotStart) as caught:
        start_broken(box, "import time; print('waiting', flush=True); time.sleep(300)", boot_timeout=0.7)
    assert caught.value.reason.startswith("nothing listened on port ")
    assert box.sites.site("blog") is None
    assert not [child for child in psutil.Process().children(recursive=True) if "time.sleep" in str(child.cmdline())]


def test_a_stopped_site_is_removed_and_a_crashed_one_reported(box: Sandbox) -> None:
    start_echo(box)
    state = box.sites.site("blog")
    assert state
    assert (state["state"], state["hosts"]) == ("up", [HOST])
    psutil.Process(state["pid"]).kill()
    assert processes.wait_until(lambda: (box.sites.site("blog") or state)["state"] == "crashed", 10)
    box.sites.stop_site("blog")
    assert box.sites.site("blog") is None
    box.sites.stop_site("blog")


@pytest.mark.skipif(isolation.current() != "bubblewrap", reason="nothing to die with outside a namespace")
def test_a_site_outlives_the_thread_that_started_it(box: Sandbox) -> None:
    start_echo(box, Control.connect(box.root))
    assert version(box) == "1"
    state = box.sites.site("blog")
    assert state
    assert state["state"] == "up"


ANOTHER_PROCESS = """
import json, sys
from pathlib import Path
from matrix.sandbox.control import Control, ControlError, SiteDidNotStart
from matrix.sandbox.namespace import Container, Mount
from matrix.sandbox.site import Site

root = Path(sys.argv[1])
control = Control.connect(root)
mount = Mount(host=root / "shown.txt", inside="/shown.txt")
site = {"hosts": ["x"], "container": Container(app=root / "app", mounts=(mount,)), "env": {"VERSION": "9"}}
control.start_site(Site(name="blog", argv=[sys.argv[2], "/app/echo_site.py"], log=root / "log", **site))
try:
    ends = [sys.argv[2], "-c", "raise SystemExit('no')"]
    control.start_site(Site(name="blog", argv=ends, log=root / "log2", **site))
except SiteDidNotStart as failure:
    reason = [failure.reason, failure.log_tail]
try:
    control.drop_database("unknown")
except ControlError as error:
    unknown = str(error)
print(json.dumps([control.site("blog"), control.site("none"), control.create_database("app"), reason, unknown]))
"""


def test_another_process_controls_the_sandbox(box: Sandbox) -> None:
    echo_app(box)
    (box.root / "shown.txt").touch()
    argv = [sys.executable, "-c", ANOTHER_PROCESS, box.root, PYTHON]
    shown = box.run(argv, cwd=ROOT)
    site, none, url, reason, unknown = json.loads(shown.stdout)
    here = box.sites.site("blog")
    assert site.keys() == here.keys()
    assert [site[name] for name in site if name != "quiet"] == [here[name] for name in here if name != "quiet"]
    assert version(box) == "9"
    assert none is None
    assert url.startswith("postgres://app_")
    assert reason == ["the process ended with status 1", "no\n"]
    assert unknown == "KeyError: 'unknown'"
    Control.connect(box.root).stop_site("blog")
    assert box.sites.site("blog") is None


def test_control_needs_the_token_and_a_running_sandbox(box: Sandbox, tmp_path: Path) -> None:
    settings = json.loads((box.root / "control.json").read_text(encoding="utf-8"))
    assert (box.root / "control.json").stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    with pytest.raises(ControlError, match="wrong token"):
        Control(settings["port"], "guessed").site("blog")
    with pytest.raises(ControlError, match="no sandbox runs in"):
        Control.connect(tmp_path)
    box.close()
    with pytest.raises(ControlError, match="does not answer"):
        Control(**settings).site("blog")


def test_importing_control_is_cheap() -> None:
    """Every emulated command imports it."""
    program = "import sys, matrix.sandbox.control; print({'psycopg', 'trustme', 'cryptography'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    assert shown.stdout.strip() == b"set()"
