# /// script
# requires-python = ">=3.10"
# dependencies = ["nox[uv]>=2025.2.9"]
# ///
"""Every task of this repository, as one session each: `python3 noxfile.py --list`.

`python3 noxfile.py ...` needs only Python: the first run installs nox into `.nox/bootstrap`. If nox is installed, `nox
...` does the same.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NOX = ("nox[uv]>=2025.2.9",)


@contextmanager
def interrupts_left_to_the_child() -> Iterator[None]:
    """Leave Ctrl-C to the child program, and wait until it exits."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run_nox_of_our_own(arguments: list[str]) -> int:
    """Run nox from a private environment, which is created unless a complete one exists; return its exit status."""
    home = ROOT / ".nox" / "bootstrap"
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    complete = home / "complete.txt"
    wanted = " ".join((sys.version, *NOX))
    if not complete.exists() or complete.read_text(encoding="utf-8") != wanted:
        print(f"Installing nox into {home} (once)", file=sys.stderr)  # noqa: T201
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NOX], check=True)
        complete.write_text(wanted, encoding="utf-8")
    with interrupts_left_to_the_child():
        return subprocess.run([python, "-m", "nox", "--noxfile", __file__, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(run_nox_of_our_own(sys.argv[1:]))

import nox  # noqa: E402

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = True
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "lint", "types"]

# Sessions start hundreds of Python processes. Where writing bytecode is turned off, as on many CI machines and in many
# containers, each of them would compile Django again.
COMPILED = {"UV_COMPILE_BYTECODE": "1"}
# There, each worker of pytest would also rewrite the asserts of every test again, which takes half of its start.
WRITTEN = {"PYTHONDONTWRITEBYTECODE": ""}
# Text files are read as UTF-8 on every machine: an `open` without an encoding is an error.
STRICT = {"PYTHONWARNDEFAULTENCODING": "1"}
INTERRUPTED = 130


def install(session: nox.Session, group: str, *, plug_ins: bool = False) -> None:
    """Install the product and a group of dependencies; with the platforms in plugins/, which need the harness."""
    pyproject = nox.project.load_toml(ROOT / "pyproject.toml")
    others = ["packages/simple_deploy_matrix", *sorted(map(str, ROOT.glob("plugins/[a-z]*")))] if plug_ins else []
    editable = [word for folder in (".", *others) for word in ("--editable", folder)]
    session.install(*editable, *nox.project.dependency_groups(pyproject, group), env=COMPILED)


@nox.session
def tests(session: nox.Session) -> None:
    """The tests of the product and of the harness, in under three minutes (-P 3.12: with that Python)."""
    install(session, "test")
    run_pytest(session, "not long")


@nox.session
def other_days(session: nox.Session) -> None:
    """The tests with the clock a month and a year ahead, in child processes and containers too (Linux only)."""
    if sys.platform != "linux":
        session.error("libfaketime sets the clock of every program on Linux only.")
    install(session, "clock")
    folder = session.run("python", "-c", "import libfaketime; print(*libfaketime.__path__)", silent=True)
    library = Path(str(folder).strip(), "vendor", "libfaketime", "src", "libfaketime.so.1")
    # In a year the certificate of today's package index has expired: the first run caches what uv needs.
    run_pytest(session, "not long")
    clock = {"LD_PRELOAD": str(library), "DONT_FAKE_MONOTONIC": "1", "UV_OFFLINE": "1"}
    read_clock = ("python", "-c", "import time; print(int(time.time() / 86400))")
    read = session.run(*read_clock, silent=True)
    if read is None:  # with --install-only
        return
    today = int(str(read))
    for days in (30, 365):
        ahead = clock | {"FAKETIME": f"+{days}d"}
        if not library.is_file() or int(str(session.run(*read_clock, env=ahead, silent=True))) < today + days:
            session.error(
                f"{library} does not set the clock. Install a C compiler and make, run `uv cache clean libfaketime`, "
                "delete .nox/other_days, and try again: the library is then built here."
            )
        session.log(f"The clock is {days} days ahead")
        run_pytest(session, "not long", **ahead)


@nox.session
def long_tests(session: nox.Session) -> None:
    """The tests that take longer: with a real package manager, a deployment, or a site that is loaded."""
    install(session, "test")
    run_pytest(session, "long")


def run_pytest(session: nox.Session, marked: str, **env: str) -> None:
    """The tests on every core."""
    session.run("python", "-m", "pytest", "-n", "auto", "-m", marked, *session.posargs, env=STRICT | WRITTEN | env)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, formatting, import rules, and the CI workflow with its scripts (all offline)."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")
    session.run("zizmor", "--offline", "--no-progress", ".github/workflows", "action.yml")
    written = ROOT / "tests" / "simple_deploy" / "workflows"  # what --ci writes
    session.run("zizmor", "--offline", "--no-progress", *map(str, sorted(written.glob("*.yml"))))
    folders = (ROOT / ".github" / "workflows", written)
    workflows = sorted(str(path) for folder in folders for path in folder.glob("*.yml"))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")
    session.run("shellcheck", *map(str, sorted((ROOT / ".ci").iterdir())))


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict on the product, the harness, this file and the plug-ins."""
    install(session, "types")
    session.run("mypy", *session.posargs)
    # A plug-in imports the harness under its installed name.
    installed = Path(session.create_tmp(), "simple_deploy_matrix")
    shutil.rmtree(installed, ignore_errors=True)
    shutil.copytree(ROOT / "matrix", installed, ignore=shutil.ignore_patterns("results", "__pycache__"))
    plug_ins = sorted(map(str, ROOT.glob("plugins/[a-z]*")))
    session.run("mypy", *session.posargs, *plug_ins, env={"MYPYPATH": str(installed.parent)})


@nox.session
def integration(session: nox.Session) -> None:
    """Deploy generated projects to the emulated platforms, e.g. -- --platform heroku; --live: to a real one."""
    install(session, "harness", plug_ins=True)
    if {"--live", "--sweep"} & set(session.posargs):
        run_interruptibly(session, "matrix.live", *session.posargs)
        return
    # Sites that are kept are held one after the other; otherwise cells run in parallel.
    workers = () if {"--keep", "--keep-failed"} & set(session.posargs) else ("-n", "auto")
    run_interruptibly(session, "pytest", "matrix/test_cells.py", *workers, *session.posargs)


@nox.session
def conformance(session: nox.Session) -> None:
    """Test a platform as its author does: -- --platform scalingo --layout flat --package-manager pip."""
    if "--platform" not in session.posargs:
        session.error("Name the platform: -- --platform scalingo")
    install(session, "harness", plug_ins=True)
    for own in sorted(ROOT.glob("plugins/[a-z]*/tests")):
        session.run("python", "-m", "pytest", "-q", str(own), env=STRICT)
    session.run("python", "-m", "pytest", "-p", "matrix.conformance", *session.posargs, env=STRICT)


@nox.session
def matrix(session: nox.Session) -> None:
    """The cells by verbs: -- plan, -- run --shard 1/4, -- merge, -- judge, -- publish OUT."""
    install(session, "harness", plug_ins=True)
    run_interruptibly(session, "matrix", *session.posargs)


@nox.session
def real_cli(session: nox.Session) -> None:
    """Drive the emulated Heroku with the real, pinned Heroku CLI from npm: compare every answer, deploy two cells."""
    install(session, "real_cli")
    session.run("python", "-m", "matrix.real_cli", *session.posargs, env=STRICT)


@nox.session
def real_images(session: nox.Session) -> None:
    """Deploy to the emulated Fly.io with images that docker, podman or buildah builds, one cell per package manager."""
    install(session, "harness")
    session.run("python", "-m", "matrix.real_images", *session.posargs, env=STRICT)


@nox.session
def rehearse(session: nox.Session) -> None:
    """Deploy a copy of any local project to an emulated platform: -- PATH --platform heroku --keep."""
    install(session, "harness", plug_ins=True)
    with session.chdir(session.invoked_from):
        run_interruptibly(session, "matrix", "rehearse", *session.posargs)


def run_interruptibly(session: nox.Session, module: str, *arguments: str) -> None:
    """Run a module that needs time to exit after Ctrl-C, with the environment in which nox was started."""
    env = {**STRICT, "VIRTUAL_ENV": os.environ.get("VIRTUAL_ENV", "")}
    with interrupts_left_to_the_child():
        try:
            session.run("python", "-m", module, *arguments, env=env)
        except nox.command.CommandFailed as error:
            if str(error).endswith(f" {INTERRUPTED}"):
                raise KeyboardInterrupt from None  # nox also exits with 130
            raise


@nox.session
def faults(session: nox.Session) -> None:
    """Cause every fault once on the emulated platforms; -- --platform heroku, -- --record stores the figures."""
    install(session, "harness", plug_ins=True)
    session.run("python", "-m", "matrix.faults", *session.posargs, env=STRICT)


@nox.session
def attack(session: nox.Session) -> None:
    """Try wrong apps, hostile files and broken input on the emulated platforms; -- --record stores the figures."""
    install(session, "harness", plug_ins=True)
    session.run("python", "-m", "matrix.attacks", *session.posargs, env=STRICT)


@nox.session
def shapes(session: nox.Session) -> None:
    """Deploy small projects with one difficulty each; -- --configure-only is fast, -- --record writes the page."""
    install(session, "harness")
    session.run("python", "-m", "matrix.shapes", *session.posargs, env=STRICT)


@nox.session
def support_matrix(session: nox.Session) -> None:
    """Merge results and regenerate docs/support_matrix.md; -- --check fails if the page is stale."""
    install(session, "harness", plug_ins=True)
    session.run("python", "-m", "matrix", "tables", *session.posargs, env=STRICT)


@nox.session
def facts(session: nox.Session) -> None:
    """List prices, versions, regions and plans with date and source; -- --check fails if one is over a year old."""
    install(session, "harness", plug_ins=True)
    session.run("python", "-m", "matrix", "facts", *session.posargs, env=STRICT)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into site/, with warnings as errors; -- serve shows it; -- versions OUT: all releases."""
    install(session, "docs")
    if session.posargs[:1] == ["versions"]:
        session.run("python", "docs/versions.py", *session.posargs[1:])
        return
    session.run("python", "docs/messages.py", "--check")
    session.run("python", "-m", "matrix.shapes", "--check", env=STRICT)
    session.run("python", "docs/sources.py", "--check")
    session.run("python", "docs/comparison.py", "--check")
    session.run("python", "docs/first_pages.py", "--check")
    session.run("mkdocs", *(session.posargs or ("build", "--strict")))


@nox.session
def bench(session: nox.Session) -> None:
    """Time a configuration-only run against `manage.py check`, and the stages of a warm cell."""
    install(session, "harness")
    session.run("python", "-m", "matrix.bench", *session.posargs)
