"""A container shows the app at /app and nothing of the user's disk; a plain folder at least has the paths."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from matrix.sandbox import environments, isolation, processes, variables
from matrix.sandbox.machine import Sandbox
from matrix.sandbox.namespace import Container, Mount, enter, python_mount
from matrix.sandbox.processes import Ran
from tests.matrix.sandbox_sites import PYTHON

needs_bubblewrap = pytest.mark.skipif(isolation.current() != "bubblewrap", reason="no working bubblewrap here")


@pytest.fixture(params=[pytest.param("bubblewrap", marks=needs_bubblewrap), "folder"])
def each(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The isolation, selected in the same way as for a run."""
    monkeypatch.setenv(isolation.VARIABLE, request.param)
    return str(request.param)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox.create(tmp_path) as box:
        (box.root / "app").mkdir()
        (box.root / "app" / "hello.txt").write_text("hello", encoding="utf-8")
        yield box


def inside(
    box: Sandbox,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    mounts: tuple[Mount, ...] = (),
    app_writable: bool = True,
    app_kept: bool = False,
    check: bool = True,
) -> Ran:
    container = Container(app=box.root / "app", mounts=mounts, app_writable=app_writable, app_kept=app_kept)
    command = enter(container, argv, dict(env or {}))
    return processes.run(command.argv, cwd=command.cwd, env=command.env, check=check)


def test_the_app_is_at_app(box: Sandbox, each: str) -> None:
    program = "import os, sys; print(open('/app/hello.txt').read(), open(sys.argv[1]).read(), os.environ['PLACE'])"
    place = "/app" if each == "bubblewrap" else str(box.root / "app")
    program = program if each == "bubblewrap" else program.replace("/app/hello.txt", "hello.txt")
    argv = [PYTHON, "-c", program, "/app/hello.txt"]
    shown = inside(box, argv, env={"PLACE": "/app/x:/app"})
    assert shown.stdout == f"hello hello {place}/x:{place}\n"


def test_only_a_namespace_hides_the_home_folder_and_the_disk(box: Sandbox, each: str) -> None:
    (box.home / "secret").touch()
    program = "import os, sys; print([os.path.exists(path) for path in sys.argv[1:]])"
    places = [str(box.home / "secret"), str(Path(__file__)), str(Path.home() / ".cache")]
    (Path.home() / ".cache").mkdir(exist_ok=True)
    shown = inside(box, [PYTHON, "-c", program, *places])
    assert shown.stdout == f"{[each == 'folder'] * 3}\n"


@needs_bubblewrap
def test_the_environment_is_exactly_what_is_given(box: Sandbox) -> None:
    command = enter(Container(app=box.root / "app"), ["/usr/bin/env"], {"ON_HEROKU": "1"})
    assert dict(command.env) == {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/app",
        "LANG": "C.UTF-8",
        "ON_HEROKU": "1",
    }


@needs_bubblewrap
def test_a_read_only_app_with_a_writable_mount(box: Sandbox) -> None:
    (box.root / "media").mkdir()
    mount = Mount(host=box.root / "media", inside="/app/media", writable=True)
    inside(box, ["sh", "-c", "echo hi > /app/media/x"], mounts=(mount,), app_writable=False)
    assert (box.root / "media" / "x").read_text(encoding="utf-8") == "hi\n"
    refused = inside(box, ["sh", "-c", "echo hi > /app/x"], mounts=(mount,), app_writable=False, check=False)
    assert "Read-only file system" in refused.stderr
    assert inside(box, ["sh", "-c", "echo hi > /app/x"]).returncode == 0


@pytest.mark.skipif(not isolation.discards_changes(), reason="no overlays here")
def test_changes_to_a_kept_app_are_lost(box: Sandbox) -> None:
    write = "echo changed > hello.txt && touch new && echo *"
    for _ in range(2):
        assert inside(box, ["sh", "-c", write], app_kept=True).stdout == "hello.txt new\n"
    assert (box.root / "app" / "hello.txt").read_text(encoding="utf-8") == "hello"
    assert [path.name for path in (box.root / "app").iterdir()] == ["hello.txt"]


@needs_bubblewrap
def test_system_folders_are_read_only_and_tmp_is_fresh(box: Sandbox) -> None:
    refused = inside(box, ["sh", "-c", "touch /usr/x; touch /x; touch /tmp/x; ls /tmp"], check=False)
    assert refused.stdout == "x\n"
    assert refused.stderr.count("Read-only file system") == 2


def test_an_environment_created_in_place_works(box: Sandbox) -> None:
    """As the buildpacks do: `venv` at /app/.heroku/python, an installation from the index, one of its scripts."""
    interpreter = environments.python(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert interpreter
    (box.root / "python").mkdir()
    place = Mount(host=box.root / "python", inside="/app/.heroku/python", writable=True)
    index = variables.package_index(box.env)
    uv = Mount(host=environments.uv(), inside="/tools/uv")
    mounts = (place, *python_mount(interpreter), uv, *index.mounts)
    inside(box, ["/tools/uv", "venv", "--quiet", "--python", str(interpreter), "/app/.heroku/python"], mounts=mounts)
    target = ["--python", "/app/.heroku/python/bin/python"]
    inside(box, ["/tools/uv", "pip", "install", "--quiet", *target, "sqlparse"], env=index.env, mounts=mounts)
    shown = inside(box, ["/app/.heroku/python/bin/sqlformat", "--version"], mounts=(place, *python_mount(interpreter)))
    assert shown.stdout.strip()
    script = (box.root / "python" / "bin" / "sqlformat").read_text(encoding="utf-8")
    python_there = "/app/.heroku/python" if isolation.current() == "bubblewrap" else str(box.root / "python")
    assert python_there in script


def test_only_complete_paths_are_translated(tmp_path: Path) -> None:
    app, python = tmp_path / "app", tmp_path / "python"
    container = Container(app=app, mounts=(Mount(host=python, inside="/app/.heroku/python"),))
    assert container.translate("/app/x:/app") == f"{app}/x:{app}"
    assert container.translate("PATH=/app/.heroku/python/bin") == f"PATH={python}/bin"
    assert container.translate("cd '/app' && ls") == f"cd '{app}' && ls"
    assert container.translate("/application /my/app https://x.example/app app") == (
        "/application /my/app https://x.example/app app"
    )
