"""The files for both products: their content for every package manager and layout; the platform accepts them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from matrix.emulators._upsun import configuration
from matrix.emulators._upsun.flavour import FLAVOURS
from simple_deploy.contract import Remote, Site, filled_text
from simple_deploy.model import Options, Project
from simple_deploy.platforms import load
from simple_deploy.platforms._upsun.files import quoted
from simple_deploy.production.build_only import BUILD_ONLY_KEY

MANAGERS = ("pip", "pip-tools", "poetry", "pipenv", "uv", "pyproject")
LAYOUTS = (".", "site", "code/my site", "naïve 'folder'")
PLATFORMS = ("upsun", "platform_sh")
Make = Callable[..., Project]
Options_ = Callable[..., Options]
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
OF_FILE = {
    ".upsun/config.yaml": "upsun.json",
    ".platform.app.yaml": "platformsh.application.json",
    ".platform/services.yaml": "platformsh.services.json",
    ".platform/routes.yaml": "platformsh.routes.json",
}


def written(platform: str, project: Project, options: Options) -> dict[str, str]:
    """The complete files by their paths."""
    file_edits = load(platform).files(Site(project=project, options=options))
    assert all(file_edit.whole for file_edit in file_edits)
    return {file_edit.path: file_edit.edit(None) for file_edit in file_edits}


def app_of(platform: str, project: Project, options: Options) -> dict[str, Any]:
    """The part that defines how the app is built, deployed and started."""
    files = written(platform, project, options)
    whole = yaml.safe_load(files[load(platform).reads[0]])
    return dict(whole["applications"]["app"] if platform == "upsun" else whole)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("package_manager", MANAGERS)
def test_the_platform_accepts_them(
    platform: str, layout: str, package_manager: str, project: Make, options: Options_, tmp_path: Path
) -> None:
    made = project(package_manager, layout)
    for path, text in written(platform, made, options()).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / layout).mkdir(parents=True, exist_ok=True)
    read = configuration.read(FLAVOURS[platform], tmp_path)
    assert (read.name, read.root, read.python) == ("app", "", "3.13")
    assert read.relationships == {"database": ("database", "postgresql")}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("package_manager", MANAGERS)
def test_they_match_the_vendors_schemas(platform: str, package_manager: str, project: Make, options: Options_) -> None:
    files = written(platform, project(package_manager, "site"), options())
    for path, text in files.items():
        if path in OF_FILE:
            schema = json.loads((SCHEMAS / OF_FILE[path]).read_text(encoding="utf-8"))
            jsonschema.validate(yaml.safe_load(text), schema)
    wrong = yaml.safe_load(files[load(platform).reads[0]].replace("hooks:", "hoooks:"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, json.loads((SCHEMAS / OF_FILE[load(platform).reads[0]]).read_text(encoding="utf-8")))


def test_the_complete_files_for_upsun(project: Make, options: Options_) -> None:
    text = written("upsun", project("poetry", "site"), options(python=(3, 14)))[".upsun/config.yaml"]
    assert text == (Path(__file__).parent / "nested_poetry_config.yaml").read_text(encoding="utf-8")


def test_the_complete_files_for_platform_sh(project: Make, options: Options_) -> None:
    text = written("platform_sh", project("pip"), options())[".platform.app.yaml"]
    assert text == (Path(__file__).parent / "flat_pip.platform.app.yaml").read_text(encoding="utf-8")


# package manager -> what the build hook does between its exports and collectstatic
INSTALLING = {
    "pip": ["python -m venv .venv", ".venv/bin/pip install -r requirements.txt"],
    "pip-tools": ["python -m venv .venv", ".venv/bin/pip install -r requirements.txt"],
    "poetry": ["python -m venv .venv", "poetry sync --only main --no-root --compile --no-interaction"],
    "pipenv": ["python -m venv .venv", "pipenv install --deploy"],
    "uv": ["uv sync --locked --no-default-groups"],
    "pyproject": ["python -m venv .venv", ".venv/bin/pip install --editable ."],
}
TOOLS = {"poetry": {"poetry": "*"}, "pipenv": {"pipenv": "*"}, "uv": {"uv": "*"}}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("package_manager", MANAGERS)
def test_each_build_uses_the_projects_own_manager(
    platform: str, package_manager: str, project: Make, options: Options_
) -> None:
    app = app_of(platform, project(package_manager), options())
    commands = [line for line in app["hooks"]["build"].splitlines() if not line.startswith("# ")]
    assert commands == [
        "set -eux",
        "export PIP_USER=0",
        'export XDG_CACHE_HOME="$PLATFORM_CACHE_DIR"',
        *INSTALLING[package_manager],
        'export PATH="$PWD/.venv/bin:$PATH"',
        f"SECRET_KEY={BUILD_ONLY_KEY} .venv/bin/python manage.py collectstatic --noinput",
    ]
    assert app.get("dependencies", {}).get("python3", {}) == TOOLS.get(package_manager, {})
    if package_manager in ("poetry", "pipenv", "uv"):
        assert not any(
            "requirements.txt" in text for text in written(platform, project(package_manager), options()).values()
        )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_hooks_are_scripts_that_name_manage_py(layout: str, project: Make, options: Options_) -> None:
    made = project("uv", layout)
    app = app_of("upsun", made, options())
    for name in ("build", "deploy"):
        script = app["hooks"][name]
        assert script.startswith("set -eux\n")
        commands = [shlex.split(line, comments=True) for line in script.splitlines()]
        assert [made.manage_py in words for words in commands].count(True) == 1
    assert app["hooks"]["deploy"].splitlines()[-1] == "echo 'Deploy hook finished.'"
    start = shlex.split(app["web"]["commands"]["start"])
    assert start[0] == ".venv/bin/gunicorn"
    assert start[-2:] == ["--bind", "127.0.0.1:$PORT"]
    assert "blog.wsgi" in start
    assert (start[start.index("--chdir") + 1] if "--chdir" in start else ".") == layout
    assert start[start.index("--bind") + 1] == "127.0.0.1:$PORT"


# STATIC_URL, STATIC_ROOT, layout -> the location, and the folder that it serves
STATIC = [
    ("/static/", None, ".", "/static", "staticfiles"),
    ("/static/", None, "site", "/static", "site/staticfiles"),
    ("/assets/of/mine/", "public/files", ".", "/assets/of/mine", "public/files"),
    (None, None, ".", "/static", "staticfiles"),
    ("https://cdn.example.com/static/", None, ".", None, None),
    ("/", None, ".", None, None),
]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("url", "root", "layout", "location", "folder"), STATIC)
def test_the_platform_serves_what_collectstatic_wrote(
    *, platform: str, url: str, root: str, layout: str, location: str, folder: str, project: Make, options: Options_
) -> None:
    made = project(manage_dir=layout, static_url=url, static_root=root)
    locations = app_of(platform, made, options())["web"]["locations"]
    assert locations.pop("/") == {"passthru": True}
    if location is None:
        assert locations == {}
        return
    assert list(locations) == [location]
    assert (locations[location]["root"], locations[location]["passthru"]) == (folder, True)
    (pattern,) = locations[location]["rules"]
    # Names as from Django's ManifestFilesMixin, and others.
    for name, hashed in {"a.0123456789ab.css": True, "0123456789ab.css": False, "a.css": False}.items():
        assert bool(re.search(pattern, f"{location}/{name}")) is hashed


def test_without_static_files_nothing_is_collected_or_served(project: Make, options: Options_) -> None:
    app = app_of("upsun", project(installed_apps=("blog",)), options())
    assert "collectstatic" not in app["hooks"]["build"]
    assert list(app["web"]["locations"]) == ["/"]


def test_other_settings_modules_are_set(project: Make, options: Options_) -> None:
    made = project(module="blog.settings.production", selected=False)
    assert app_of("upsun", made, options())["variables"]["env"]["DJANGO_SETTINGS_MODULE"] == "blog.settings.production"
    assert "DJANGO_SETTINGS_MODULE" not in app_of("upsun", project(), options())["variables"]["env"]


def test_uploads_are_mounted(project: Make, options: Options_) -> None:
    made = project(media_root="/srv/blog/site/up loads")
    assert app_of("upsun", made, options())["mounts"] == {"site/up loads": {"source": "storage"}}
    assert app_of("platform_sh", made, options())["mounts"] == {
        "site/up loads": {"source": "local", "source_path": "uploads"}
    }
    assert app_of("platform_sh", made, options())["disk"] == 512


@pytest.mark.parametrize(
    ("url", "path"), [("media/", "/media"), ("https://cdn.example.com/media/", ""), ("", ""), ("static/", "")]
)
def test_uploads_are_served_as_in_development(url: str, path: str, project: Make, options: Options_) -> None:
    made = project(media_root="/srv/blog/files/media", media_url=url)
    assert [*app_of("upsun", made, options())["web"]["locations"]] == ["/", "/static"]
    locations = app_of("upsun", replace(made, serves_uploads=True), options())["web"]["locations"]
    assert [*locations] == ["/", "/static", *([path] if path else [])]
    if path:
        assert locations[path] == {"root": "files/media", "passthru": True}


def test_a_mount_that_would_hide_files_is_a_comment(project: Make, options: Options_) -> None:
    static_inside = project(media_root="/srv/blog/media", static_root="media/static")
    elsewhere = project(media_root="/srv/uploads")
    for made in (static_inside, elsewhere, project(media_root="/srv/blog"), project()):
        text = written("upsun", made, options())[".upsun/config.yaml"]
        commented = text[text.index("    # mounts:") : text.index("\nservices:")]
        assert yaml.safe_load(commented.replace("    # ", "")) == {"mounts": {"media": {"source": "storage"}}}


@pytest.mark.skipif(os.name == "nt", reason="commands for a POSIX shell")
@pytest.mark.parametrize("folder", ["media", "the files"])
def test_what_git_has_below_a_mount_is_copied_into_it(
    folder: str, project: Make, options: Options_, tmp_path: Path
) -> None:
    made = project(media_root=f"/srv/blog/{folder}")
    made = replace(made, git=replace(made.git, tracks_uploads=True))
    app = app_of("upsun", made, options())
    assert [*app["mounts"]] == [folder]
    place = tmp_path / folder
    (place / "a").mkdir(parents=True)
    (place / "a/photo.txt").write_text("from Git", encoding="utf-8")
    (place / "own.txt").write_text("from Git", encoding="utf-8")
    _run(tmp_path, app["hooks"]["build"], "cp ")
    shutil.rmtree(place)
    place.mkdir()
    (place / "own.txt").write_text("a visitor's", encoding="utf-8")
    for _ in range(2):
        _run(tmp_path, app["hooks"]["deploy"], "tar ")
    found = {path.relative_to(place).as_posix(): path.read_text(encoding="utf-8") for path in place.rglob("*.txt")}
    assert found == {"a/photo.txt": "from Git", "own.txt": "a visitor's"}


def _run(folder: Path, hook: str, command: str) -> None:
    """Run the lines of the hook with this command, as the hook runs them."""
    (line,) = [line for line in hook.splitlines() if line.startswith(command)]
    subprocess.run(["sh", "-euxc", line], cwd=folder, check=True)


def test_the_mount_of_a_project_without_uploads_is_a_comment(project: Make, options: Options_) -> None:
    text = written("platform_sh", project(), options())[".platform.app.yaml"]
    commented = text[text.index("# disk:") :]
    assert yaml.safe_load(re.sub("(?m)^# ", "", commented)) == {
        "disk": 512,
        "mounts": {"media": {"source": "local", "source_path": "uploads"}},
    }


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x85\u2028\u2029\ufeff\ufffe\uffff")))
def test_every_name_survives_yaml(name: str) -> None:
    assert yaml.safe_load(f"{quoted(name)}: {quoted(name)}") == {name: name}


def test_templates() -> None:
    template = "a: @word\n  @list\n  @none\n# @word\n"
    assert filled_text(template, {"word": "x", "list": ["one:", "  two"], "none": []}) == "a: x\n  one:\n    two\n# x\n"
    with pytest.raises(KeyError):
        filled_text("@unknown", {})


@pytest.mark.skipif(os.name == "nt", reason="a script for a POSIX shell")
def test_a_variable_overrides_the_secret_in_the_environment_file(project: Make, options: Options_) -> None:
    script = written("upsun", project(), options())[".environment"] + 'printf "%s" "$SECRET_KEY"'

    def said(**env: str) -> str:
        env |= {"PLATFORM_APP_DIR": "/app", "PATH": os.defpath}
        return subprocess.run(
            ["sh", "-eu", "-c", script], env=env, capture_output=True, text=True, encoding="utf-8"
        ).stdout

    assert said(PLATFORM_PROJECT_ENTROPY="entropy") == "entropy"
    assert said(PLATFORM_PROJECT_ENTROPY="entropy", SECRET_KEY="own") == "own"


@pytest.mark.parametrize("known", [frozenset(), frozenset({"STAGE"})])
def test_a_variable_that_the_site_has_from_the_user_is_not_set_again(
    project: Callable[..., Project], options: Callable[..., Options], known: frozenset[str]
) -> None:
    made = project(environment={"STAGE": "production"})
    site = Site(project=made, options=options(), remote=Remote(app="blog", variables=known))
    (text, *_) = (file.edit(None) for file in load("upsun").files(site))
    assert ("STAGE: " in text) == (not known)
