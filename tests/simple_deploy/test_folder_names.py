"""Folders whose names shells and file formats could misread, in every file and command of a plan."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from sample_settings import SETTINGS

from matrix.emulators.fly_io.image import dockerignore as docker
from matrix.emulators.fly_io.image.dockerfile import list_form, parse
from simple_deploy import package_managers, platforms
from simple_deploy.commit import commit_steps
from simple_deploy.contract import Remote, Site
from simple_deploy.model import Git, Options, Project, Secret
from simple_deploy.package_managers import Known
from simple_deploy.platforms.fly_io.fly_toml import loads

NAMES = [
    "my site", "it's", 'say "hi"', "$HOME", "$(id)", "`id`", "100%", "a!b", "a;b", "#1", "a*b", "a?b", "[ab]", "{wsgi}",
    "a: b", "a\\b", "a&b", "a|b", "<a>", "~", "-x", "@media", "site@static", "é", ":(glob)x", "a\\", "!a",
]  # fmt: skip
posix = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell reads the commands")
SPECIAL_IN_COPY = set("$'\"\\[*?")


def project_in(folder: str, requirements: str = "requirements.txt") -> Project:
    files = {"requirements.txt": b"Django\n"}
    if requirements != "requirements.txt":
        files = {"requirements.txt": f"-r {requirements}\n".encode(), requirements: b"Django\n"}
    dependencies, problems = package_managers.detect(Known(files))
    assert dependencies and not problems
    settings = replace(
        SETTINGS,
        path=f"{folder}/blog/settings.py",
        installed_apps=("django.contrib.staticfiles",),
        middleware=(),
        media_root=f"/srv/blog/{folder}/media",
        sqlite_files=(f"{folder}/data.db",),
    )
    git = Git(head="1" * 40, branch="main", first_commit="1" * 40)
    root = Path("/srv/blog")
    return Project(
        root=root, manage_dir=folder, git=git, settings=settings, dependencies=dependencies, files=dict(files)
    )


def options() -> Options:
    now = datetime(2006, 1, 2, tzinfo=timezone.utc)
    secret = Secret("s3cret-s3cret")
    return Options(
        manage_py=Path("manage.py"), settings_module="blog.settings", secret_key=secret, now=now, python=(3, 13)
    )


def written(platform: str, project: Project) -> dict[str, str]:
    file_edits = platforms.load(platform).files(Site(project=project, options=options(), remote=Remote(app="blog")))
    return {file_edit.path: file_edit.edit(None) for file_edit in file_edits}


def words(command: str) -> list[str]:
    """The words of a command, as the shell itself splits them."""
    argv = ["sh", "-c", f"printf '%s\\0' {command}"]
    shown = subprocess.run(argv, check=True, capture_output=True, encoding="utf-8", env={"HOME": "/expanded"}).stdout
    return shown.split("\0")[:-1]


def commands(platform: str, files: dict[str, str]) -> Iterator[str]:
    """Every shell command in the files that names the folder."""
    if platform == "heroku":
        yield from (line.partition(": ")[2] for line in files["Procfile"].splitlines())
    elif platform == "fly_io":
        document = loads(files["fly.toml"])
        yield from (document["console_command"], document["deploy"]["release_command"])
        steps = [step for stage in parse(files["Dockerfile"], {}) for step in stage.instructions]
        yield from (step.rest for step in steps if step.name == "RUN" and "collectstatic" in step.rest)
    else:
        documents: dict[str, Any] = {path: yaml.safe_load(text) for path, text in files.items() if "yaml" in path}
        app = documents.get(".platform.app.yaml") or documents[".upsun/config.yaml"]["applications"]["app"]
        hooks = (app["hooks"]["build"] + app["hooks"]["deploy"]).splitlines()
        yield from (line for line in hooks if "manage.py" in line)
        yield app["web"]["commands"]["start"]


@posix
@pytest.mark.parametrize("platform", platforms.installed())
@pytest.mark.parametrize("name", NAMES)
def test_a_shell_reads_the_folder_name_literally(platform: str, name: str) -> None:
    found = list(commands(platform, written(platform, project_in(name))))
    assert len(found) >= 2
    for command in found:
        read = words(command)
        assert f"{name}/manage.py" in read or name in read, command


@pytest.mark.parametrize("name", NAMES)
def test_the_image_starts_in_the_folder_and_excludes_the_right_files(name: str) -> None:
    files = written("fly_io", project_in(name))
    (start,) = [step.rest for step in parse(files["Dockerfile"], {})[-1].instructions if step.name == "CMD"]
    assert list_form(start)[1:3] == ["--chdir", name]
    patterns = docker.parse(files[".dockerignore"])
    for path in ("venv/x", "env/x", "data.db", "data.db-wal", "media/x"):
        assert docker.ignored(f"{name}/{path}", patterns), path
    for path in (f"{name}/manage.py", "aXb/media/x", "a/media/x"):
        assert not docker.ignored(path, patterns), path


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_a_dockerfile_cannot_copy_by_its_name_is_refused(name: str) -> None:
    if set(name) & set(" #"):
        pytest.skip("requirements files have no such includes")
    project = project_in("site", f"{name}/base.txt")
    found = platforms.load("fly_io").check(Site(project=project, options=options(), remote=Remote(app="blog")))
    assert ("fly-copy" in [problem.code for problem in found]) == bool(SPECIAL_IN_COPY & set(name))


@posix
@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("~", "-x")])
def test_git_stages_only_the_file(tmp_path: Path, name: str, nested: bool) -> None:
    path = f"{name}/settings.py"
    for folder in (name, "aXb", "a", "b"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "settings.py").write_text("", encoding="utf-8")
    add, *_ = commit_steps(project_in(name if nested else "."), "Heroku", {path: b""}, force=False, folder=False)
    for argv in (["git", "init", "--quiet"], [str(word) for word in add.argv]):
        subprocess.run(argv, cwd=tmp_path, check=True)
    staged = subprocess.run(
        ["git", "ls-files", "-z"], cwd=tmp_path, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert staged == f"{path}\0"
