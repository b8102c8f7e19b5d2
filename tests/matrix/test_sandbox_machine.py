"""The developer's terminal in a sandbox."""

import sys
from pathlib import Path

import psutil
import pytest

from matrix.sandbox import processes, variables
from matrix.sandbox.machine import CommandFailed, CommandTimedOut, Sandbox

SECRETS = {
    "HEROKU_API_KEY": "1",
    "DATABASE_URL": "2",
    "DJANGO_SETTINGS_MODULE": "3",
    "PYTHONPATH": "4",
    "GIT_DIR": "5",
    "VIRTUAL_ENV": "6",
    "AWS_SECRET_ACCESS_KEY": "7",
    "UV_PUBLISH_TOKEN": "8",
    "POETRY_PYPI_TOKEN_PYPI": "9",
    "XDG_CONFIG_HOME": "10",
}


def test_the_terminal_has_nothing_from_the_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (SECRETS | {"PIP_INDEX_URL": "https://index.example/simple"}).items():
        monkeypatch.setenv(name, value)
    with Sandbox.create(tmp_path) as box:
        shown = box.run([sys.executable, "-c", "import os; print(*os.environ, sep='\\n')"]).stdout.split()
        assert not set(shown) & set(SECRETS)
        assert {"PATH", "HOME", "PIP_INDEX_URL", "PIP_CACHE_DIR", "SSL_CERT_FILE", "HTTPS_PROXY"} <= set(shown)
        assert box.env["HOME"] == str(box.home)
        assert str(Path.home()) not in {box.env[name] for name in ("HOME", "USERPROFILE", "APPDATA")}


def test_git_knows_the_developer_and_the_branch_is_main(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as box:
        box.run(["git", "init"])
        box.run(["git", "commit", "--allow-empty", "-m", "First"])
        assert box.run(["git", "log", "--format=%ae %D"]).stdout == "dev@example.com HEAD -> main\n"


def test_everything_is_inside_the_root_and_removed_with_it(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as box:
        assert {path.is_relative_to(box.root) for path in (box.home, box.bin, box.work)} == {True}
        assert box.root.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_kept_sandbox_leaves_its_folder(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path, keep=True) as box:
        pass
    assert (box.root / "home" / ".gitconfig").exists()


def test_two_sandboxes_can_exist_at_once(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as one, Sandbox.create(tmp_path) as two:
        assert one.run(["git", "config", "--global", "x.y", "1"]).returncode == 0
        assert two.run(["git", "config", "--global", "x.y"], check=False).returncode == 1
        assert one.sites.router_url != two.sites.router_url


@pytest.mark.beyond_ascii
def test_output_input_and_status_of_a_command(tmp_path: Path) -> None:
    program = "import sys; text = sys.stdin.read(); print(text.upper()); print('ü', file=sys.stderr); sys.exit(3)"
    with Sandbox.create(tmp_path) as box:
        argv = [sys.executable, "-X", "utf8", "-c", program]
        completed = box.run(argv, input="größe", check=False)
        assert (completed.returncode, completed.stdout, completed.stderr) == (3, "GRÖSSE\n", "ü\n")
        with pytest.raises(CommandFailed, match="ended with status 3\nGRÖSSE\nü"):
            box.run(argv, input="größe")


@pytest.mark.long
def test_a_command_is_killed_with_its_children_at_its_timeout(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)'])\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    with Sandbox.create(tmp_path) as box:
        with pytest.raises(CommandTimedOut, match="did not end within 2 seconds") as caught:
            box.run([sys.executable, "-c", program], timeout=2, check=False)
        child = int(caught.value.completed.stdout)
        assert processes.wait_until(lambda: not psutil.pid_exists(child), 10)


@pytest.mark.beyond_ascii
def test_an_installed_command_is_first_on_the_path_and_finds_its_sandbox(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path) as box:
        box.install_command("git", "tests.matrix.sample_command")
        completed = box.run(["git", "a b", "ü"], check=False)
        assert (completed.returncode, completed.stdout) == (5, f"{box.root} ['a b', 'ü']\n")


def test_an_installer_in_a_container_gets_the_paths_in_its_variables(tmp_path: Path) -> None:
    wheels, cache, certificates = tmp_path / "wheels", tmp_path / "cache", tmp_path / "ca.pem"
    wheels.mkdir()
    certificates.write_bytes(b"")
    environ = {
        "PIP_FIND_LINKS": f"{wheels} {tmp_path / 'missing'}",
        "PIP_CACHE_DIR": str(cache),
        "SSL_CERT_FILE": str(certificates),
        "HTTPS_PROXY": "http://127.0.0.1:1",
        "HEROKU_API_KEY": "secret",
    }
    index = variables.package_index(environ)
    assert {mount.inside: mount.writable for mount in index.mounts if mount.host.is_relative_to(tmp_path)} == {
        str(wheels): False,
        str(cache): True,
        str(certificates): False,
    }
    assert index.env["HTTPS_PROXY"] == "http://127.0.0.1:1"
    assert "secret" not in index.env.values()


def test_the_allow_list_keeps_the_locale() -> None:
    assert variables.terminal({"LC_ALL": "C.UTF-8", "LD_PRELOAD": "x"}).get("LC_ALL") == "C.UTF-8"
    assert "LD_PRELOAD" not in variables.terminal({"LD_PRELOAD": "x"})
