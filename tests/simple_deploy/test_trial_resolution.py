"""The requirements as uv resolves them for production: conflicts, and packages without a wheel."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import make

from simple_deploy.model import Project, Ran, Tried
from simple_deploy.package_managers import detect, locked, requirements_file
from simple_deploy.package_managers.files import Known
from simple_deploy.package_managers.unbuildable import Unbuildable
from simple_deploy.production.native import native
from simple_deploy.trial import conflicts, verdict
from simple_deploy.trial.resolution import Resolution, _sources, resolving

if sys.platform == "win32":
    pytest.skip("the double of uv is a POSIX script", allow_module_level=True)

PLANNED = {"requirements.txt": b"Django==5.2\n"}
WHEELS = 'wheels = [{ url = "x.whl" }]'
LOCK = f"""
[[packages]]
name = "django"
version = "5.2"
{WHEELS}

[[packages]]
name = "pillow"
version = "8.0.0"

[[packages]]
name = "django-crontab"
version = "0.7.1"
"""
ANYWHERE = f"""
[[packages]]
name = "pillow"
version = "8.0.0"
{WHEELS}

[[packages]]
name = "django-crontab"
version = "0.7.1"
"""
CONFLICT = """error: No solution found when resolving dependencies
  cause: Because django==5.2 depends on asgiref>=3.8.1 and you require
         django==5.2, we can conclude that your requirements are unsatisfiable.
"""
UNBUILDABLE = """error: Failed to build `django-allauth==0.41.0`
  cause: The build backend returned an error
  cause: Call to `setuptools.build_meta:__legacy__.get_requires_for_build_wheel` failed (exit status: 1)

         [stderr]
         Traceback (most recent call last):
           File "<string>", line 8, in <module>
         {}

hint: Build failures usually indicate a problem with the package or the build environment
"""


def nothing(ran: Ran, shown: bool) -> None:
    """Records nothing."""


def uv(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, said: str = "", status: int = 0, at: str = "", lock: str = LOCK
) -> Path:
    """`uv` on PATH that returns this lock, or fails with its message, for the file `at` only if it is given.

    Its arguments are in the file that is returned.
    """
    double, heard = folder / "bin" / "uv", folder / "heard"
    double.parent.mkdir(exist_ok=True)
    script = f"""#!{sys.executable}
import sys
with open({str(heard)!r}, "a", encoding="utf-8") as file:
    print(*sys.argv[1:], file=file)
universal = "--universal" in sys.argv
if {status} and (not {at!r} or {at!r} in sys.argv and not universal):
    sys.stderr.write({said!r})
    sys.exit({status})
sys.stdout.write({ANYWHERE!r} if universal else {lock!r})
"""
    double.write_text(script, encoding="utf-8")
    double.chmod(0o755)
    monkeypatch.setenv("PATH", str(double.parent))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return heard


def resolved(project: Project, *, fetches: bool = True) -> Resolution:
    with resolving(project, PLANNED, "3.13", nothing, fetches=fetches) as resolution:
        return resolution()


def test_uv_runs_while_the_site_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = uv(tmp_path, monkeypatch)
    deadline = time.monotonic() + 60
    with resolving(make(tmp_path), PLANNED, "3.13", nothing, fetches=True) as resolution:
        while not heard.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert heard.exists()
        assert resolution().compiled == ("pillow==8.0.0",)


def test_a_package_whose_wheels_are_for_other_pythons_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = uv(tmp_path, monkeypatch)
    for _ in range(2):
        installed = ("django==5.2", "pillow==8.0.0", "django-crontab==0.7.1")
        sources = installed[1:]
        found = Resolution(compiled=("pillow==8.0.0",), installed=installed, sources=sources)
        assert resolved(make(tmp_path)) == found
    first, second = heard.read_text(encoding="utf-8").splitlines()
    assert "requirements.txt --python-version 3.13.99 --python-platform x86_64-manylinux_2_28" in first
    assert "sources.txt --universal" in second


def test_a_lock_that_the_plan_changes_is_tried_with_what_the_plan_adds(tmp_path: Path) -> None:
    package = '[[package]]\nname = "{}"\nversion = "1"\n'
    manifest = '[tool.poetry.dependencies]\npython = "^3.10"\ndjango = "*"\n'
    before = {"pyproject.toml": manifest.encode(), "poetry.lock": package.format("django").encode()}
    dependencies, problems = detect(Known(before))
    assert dependencies and not problems
    project = replace(make(tmp_path), dependencies=dependencies, files=before)
    lock = "".join(map(package.format, ("django", "gunicorn")))
    read, files = _sources(project, {**before, "poetry.lock": lock.encode()})
    assert files[read] == b"django==1\ngunicorn==1\n"


def test_a_conflict_is_reported_with_the_resolvers_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv(tmp_path, monkeypatch, said=CONFLICT, status=1)
    project = make(tmp_path)
    _, (problem,) = verdict.resolved(Tried(), (), resolved(project), project, "3.13")
    assert problem.found == (
        "Production cannot install what requirements.txt asks for, with Python 3.13: Because django==5.2 depends on "
        "asgiref>=3.8.1 and you require django==5.2, we can conclude that your requirements are unsatisfiable."
    )


def test_a_conflict_is_told_without_what_was_asked_of_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        "error: No solution found when resolving dependencies\n"
        "  cause: Because the requested Python version (>=3.13.99) does not satisfy Python>=3.14 and x==1.99.0\n"
        "         depends on Python>=3.14, we can conclude that x==1.99.0 cannot be used.\n\n"
        "hint: The `--python-version` value (>=3.13.99) includes Python versions that x does not support.\n"
    )
    uv(tmp_path, monkeypatch, said=said, status=1)
    assert resolved(make(tmp_path)).conflict == (
        "Because the requested Python version (>=3.13) does not satisfy Python>=3.14 and x==1.99.0 depends on "
        "Python>=3.14, we can conclude that x==1.99.0 cannot be used."
    )


def test_a_requirement_whose_build_script_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = "ImportError: cannot import name 'convert_path' from 'setuptools' (/tmp/x/setuptools/__init__.py)"
    uv(tmp_path, monkeypatch, said=UNBUILDABLE.format(error), status=1)
    project = make(tmp_path)
    _, (problem,) = verdict.resolved(Tried(), (), resolved(project), project, "3.13")
    assert problem.code == "requirement-unbuildable"
    assert problem.found == (
        "Production cannot install django-allauth==0.41.0, which requirements.txt asks for. It is built from source, "
        "and its build\nfails with the setuptools of today: ImportError: cannot import name 'convert_path' from "
        "'setuptools'"
    )


@pytest.mark.parametrize(
    ("reason", "code", "remedy"),
    [
        (
            "Because pkg-resources was not found in the package registry and you require pkg-resources==0.0.0, we can "
            "conclude that your requirements are unsatisfiable.",
            "requirement-not-found",
            "pkg-resources, which is no package of its own",
        ),
        (
            "Because there is no version of django==9.9 and you require django==9.9, we can conclude that your "
            "requirements are unsatisfiable.",
            "requirement-not-found",
            "Correct the name or version",
        ),
        (
            "Because pywin32==306 has no wheels with a matching platform tag (e.g., `manylinux_2_28_x86_64`) and you "
            "require pywin32==306, we can conclude that your requirements are unsatisfiable. hint: Wheels are "
            "available for `pywin32` (v306) on the following platforms: `win32`, `win_amd64`, `win_arm64`",
            "requirement-other-system",
            "pywin32==306; sys_platform == 'win32'",
        ),
        (
            "Because x==1 has no wheels with a matching platform tag (e.g., `manylinux_2_28_x86_64`) and you "
            "require x==1, we can conclude that your requirements are unsatisfiable. hint: Wheels are available "
            "for `x` (v1) on the following platforms: `win_amd64`, `macosx_11_0_arm64`",
            "requirements-conflict",
            "Change the versions",
        ),
    ],
)
def test_a_single_requirement_that_cannot_be_installed_is_named(reason: str, code: str, remedy: str) -> None:
    problem = conflicts.problem(reason, manifest="requirements.txt", python="3.13")
    assert (problem.code, remedy in problem.remedy) == (code, True)


@pytest.mark.parametrize(
    "said",
    [
        "error: Failed to fetch",
        CONFLICT + "hint: Pre-releases are available",
        UNBUILDABLE.format("FileNotFoundError: [Errno 2] No such file or directory: 'pg_config'"),
    ],
)
def test_an_uncertain_conflict_is_reported_as_untried(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv(tmp_path, monkeypatch, said=said, status=2)
    found = resolved(make(tmp_path))
    assert found.untried.startswith("the versions of the requirements: error: ") and not found.conflict
    tried, problems = verdict.resolved(Tried(), (), found, make(tmp_path), "3.13")
    assert (tried.untried, problems) == ((found.untried,), ())


def test_a_lock_needs_no_resolution_and_a_configuring_run_asks_no_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = uv(tmp_path, monkeypatch)
    project = make(tmp_path)
    assert resolved(project, fetches=False) == Resolution()
    locked = replace(project, dependencies=replace(project.dependencies, lock="uv.lock"))
    assert resolved(locked) == Resolution()
    assert not heard.exists()
    found = resolved(project)
    assert found.compiled and resolved(project, fetches=False) == found


UV_LOCK = """
version = 1

[[package]]
name = "blog"
version = "0.1.0"
source = { virtual = "." }

[[package]]
name = "pillow"
version = "8.0.0"
source = { registry = "https://index.example/simple" }
"""
POETRY_LOCK = """
[[package]]
name = "Pillow"
version = "8.0.0"
groups = ["main"]

[[package]]
name = "own"
version = "1.0"

[package.source]
type = "directory"
url = "../own"
"""
PIPFILE_LOCK = '{"default": {"pillow": {"version": "==8.0.0"}, "own": {"path": "."}}}'


@pytest.mark.parametrize("text", [UV_LOCK, POETRY_LOCK, PIPFILE_LOCK])
def test_wheels_of_locked_packages_are_also_checked(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = uv(tmp_path, monkeypatch)
    project = make(tmp_path, files={"x.lock": text.encode()})
    project = replace(project, dependencies=replace(project.dependencies, lock="x.lock"))
    assert locked.published(text.encode()) == ["pillow==8.0.0"]
    assert resolved(project).compiled == ("pillow==8.0.0",)
    assert "locked.txt --python-version 3.13" in heard.read_text(encoding="utf-8")
    uv(tmp_path, monkeypatch, said=CONFLICT, status=1)
    with resolving(project, {}, "3.12", nothing, fetches=True) as resolution:
        assert not resolution().conflict


def test_a_locked_package_that_production_does_not_install_is_not_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock has the groups for development and documentation too."""
    heard = uv(tmp_path, monkeypatch)
    project = make(tmp_path, files={"x.lock": UV_LOCK.encode()})
    of_production = {"django": "==5.2"}
    project = replace(project, dependencies=replace(project.dependencies, lock="x.lock", versions=of_production))
    assert resolved(project) == Resolution()
    assert not heard.exists()


@pytest.mark.parametrize("own", ["", 'no-build-isolation-package = ["pillow"]', "[tool.uv.extra-build-dependencies]"])
def test_a_locked_package_whose_build_script_fails_is_named(
    own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv(tmp_path, monkeypatch, said=UNBUILDABLE.format("NameError: x"), status=1, at="sources.txt")
    files = {"x.lock": UV_LOCK.encode(), "pyproject.toml": f"[tool.uv]\n{own}\n".encode()}
    project = make(tmp_path, files=files)
    project = replace(project, dependencies=replace(project.dependencies, lock="x.lock"))
    failed = None if own else Unbuildable("django-allauth==0.41.0", "NameError: x")
    # The second time from the cache.
    assert [resolved(project).unbuildable for _ in range(2)] == [failed, failed]


def wheel(name: str, *sizes: int) -> str:
    listed = ", ".join(f'{{ url = "x.whl", upload-time = 2006-01-02T03:04:05Z, size = {size} }}' for size in sizes)
    return f'[[packages]]\nname = "{name}"\nversion = "1"\nwheels = [{listed}]\n\n'


def test_large_wheels_are_known_also_in_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = wheel("a", 1_000) + wheel("b", 11_000_000) + wheel("c", 700_000_000, 600_000_000)
    uv(tmp_path, monkeypatch, lock=lock)
    for _ in range(2):
        assert resolved(make(tmp_path)).large == (("c==1", 600_000_000), ("b==1", 11_000_000))


def test_an_image_has_the_compiler_for_packages_without_a_wheel(tmp_path: Path) -> None:
    project = make(tmp_path)
    assert native(project).build == ()
    found = native(replace(project, tried=Tried(compiled=("pillow==8.0.0", "odd==1"))))
    assert [*found.why] == ["pillow", "odd"]
    assert {"build-essential", "libjpeg-dev"} <= set(found.build) and "libjpeg62-turbo" in found.run
    # Without it, lxml compiles on Debian 13 and fails to link.
    assert "zlib1g-dev" in native(replace(project, tried=Tried(compiled=("lxml==5.0.0",)))).build


@pytest.mark.parametrize(
    "text, names",
    [
        ("--no-binary cffi\ncffi\nDjango\n", {"cffi"}),
        ("--no-binary=Pillow,some_thing\nDjango\n", {"pillow", "some-thing"}),
        ("--no-binary :all:\ncffi\nDjango\n", {":all:"}),
        ("--no-binary :none:\ncffi\nDjango\n", set()),
        ("cffi\nDjango\n", set()),
    ],
)
def test_an_image_has_the_compiler_for_packages_whose_wheels_are_rejected(
    text: str, names: set[str], tmp_path: Path
) -> None:
    found = requirements_file.read("requirements.txt", Known({"requirements.txt": text.encode()}))
    assert found.from_source == names
    project = make(tmp_path)
    project = replace(project, dependencies=replace(project.dependencies, from_source=found.from_source))
    project = replace(project, dependencies=replace(project.dependencies, declared=found.declared))
    assert ("libffi-dev" in native(project).build) is bool({"cffi", ":all:"} & names)
