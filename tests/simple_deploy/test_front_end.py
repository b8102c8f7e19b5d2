"""What a build does besides installing packages: front ends, and files combined by django-compressor."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sample_settings import SETTINGS
from test_claims import FLY, HEROKU, UPSUN, make, wanted
from test_steps import NEW, ON_HEROKU

from simple_deploy.contract import Platform, Site
from simple_deploy.inspect.front_end import front_ends
from simple_deploy.model import FrontEnd, Settings, StaticFiles
from simple_deploy.platforms.heroku.files import package, with_lines
from simple_deploy.platforms.heroku.survey import Found
from simple_deploy.production.settings_block import render
from simple_deploy.production.static_files import in_block, problems

VITE: dict[str, Any] = {"scripts": {"build": "vite build"}, "devDependencies": {"vite": "^6"}}
BELOW = FrontEnd(
    folder="theme/static_src",
    script="tailwind",
    served=True,
    install=("npm", "ci"),
    build=("npm", "run", "build"),
    node="24",
)
ROOT = replace(BELOW, folder=".")


def found(root: Path, files: dict[str, Any], **settings: Any) -> tuple[FrontEnd, ...]:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    read: Settings = replace(SETTINGS, **settings)
    return front_ends(root, ".", read, lambda path: (root / path).read_bytes(), lambda ran, shown: None)


@pytest.mark.parametrize(
    ("files", "settings", "served"),
    [
        ({"package.json": VITE}, {}, {".": True}),
        ({"frontend/package.json": VITE}, {}, {"frontend": False}),
        (
            {"frontend/package.json": VITE, "frontend/vite.config.js": "outDir: '../blog/static/dist'"},
            {},
            {"frontend": True},
        ),
        ({"theme/static_src/package.json": VITE}, {"installed_apps": ("theme",)}, {"theme/static_src": True}),
        ({"theme/static_src/package.json": VITE}, {"installed_apps": ("blog",)}, {"theme/static_src": False}),
        ({"package.json": VITE, "bun.lock": ""}, {}, {".": False}),
        ({"package.json": {"devDependencies": {"prettier": "3"}}}, {}, {}),
        ({"package.json": {"scripts": {"postinstall": "rsync -a node_modules/ blog/static/"}}}, {}, {".": False}),
        ({"package.json": {"scripts": {"postinstall": "husky install"}}}, {}, {}),
        ({"package.json": "[]", "a/package.json": "{"}, {}, {}),
        ({"node_modules/vite/package.json": VITE, ".hidden/package.json": VITE}, {}, {}),
        ({"other/package.json": VITE, "package.json": VITE}, {}, {".": True, "other": False}),
    ],
)
def test_which_front_ends_are_built(
    tmp_path: Path, files: dict[str, Any], settings: dict[str, Any], served: dict[str, bool]
) -> None:
    assert {one.folder: one.served for one in found(tmp_path, files, **settings)} == served


def test_the_package_json_for_heroku_is_not_a_front_end(tmp_path: Path) -> None:
    files = {"package.json": package(BELOW), "theme/static_src/package.json": VITE}
    assert [one.folder for one in found(tmp_path, files, installed_apps=("theme",))] == ["theme/static_src"]


@pytest.mark.skipif(sys.platform == "win32", reason="links take a privilege there")
def test_a_link_to_a_file_that_does_not_exist_is_no_front_end(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "package.json").symlink_to("../../package.json")
    assert found(tmp_path, {"frontend/package.json": VITE})[0].folder == "frontend"
    assert len(found(tmp_path, {"frontend/package.json": VITE})) == 1


def test_a_front_end_whose_output_is_in_the_settings(tmp_path: Path) -> None:
    folder = str(tmp_path.resolve() / "frontend" / "dist")
    (one,) = found(tmp_path, {"frontend/package.json": VITE}, staticfiles_dirs=(folder,))
    assert one.served


def test_packages_that_django_serves_are_installed_and_kept(tmp_path: Path) -> None:
    folder = str(tmp_path.resolve() / "node_modules")
    document = {"dependencies": {"htmx.org": "2"}}
    (one,) = found(tmp_path, {"package.json": document}, staticfiles_dirs=(folder,))
    assert one.commands == (("npm", "install"),)


@pytest.mark.parametrize(
    ("files", "more", "commands"),
    [
        ({"package-lock.json": "{}"}, {}, "npm ci; npm run build"),
        ({}, {}, "npm install; npm run build"),
        ({"yarn.lock": ""}, {}, "npx --yes yarn@1 install --frozen-lockfile; npx --yes yarn@1 run build"),
        (
            {"yarn.lock": ""},
            {"packageManager": "yarn@4.1.0"},
            "npx --yes @yarnpkg/cli-dist@4.1.0 install --immutable; npx --yes @yarnpkg/cli-dist@4.1.0 run build",
        ),
        (
            {"pnpm-lock.yaml": ""},
            {"packageManager": "pnpm@9.15.0+sha512.abc"},
            "npx --yes pnpm@9.15.0 install --frozen-lockfile; npx --yes pnpm@9.15.0 run build",
        ),
    ],
)
def test_the_lock_file_determines_the_manager(
    tmp_path: Path, files: dict[str, str], more: dict[str, str], commands: str
) -> None:
    (one,) = found(tmp_path, {"package.json": {**VITE, **more}, **files})
    assert "; ".join(map(" ".join, (one.install, one.build))) == commands


def test_a_lock_that_git_ignores_is_not_in_the_build(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    locks = {
        "package-lock.json": "{}",
        "théme/package.json": VITE,
        "théme/yarn.lock": "",
        "théme/package-lock.json": "{}",
    }
    files = {"package.json": VITE, ".gitignore": "package-lock.json\nthéme/yarn.lock\n", **locks}
    assert {one.folder: " ".join(one.install) for one in found(tmp_path, files)} == {
        ".": "npm install",
        "théme": "npm install",
    }
    (tmp_path / ".gitignore").unlink()
    assert {one.folder: one.install[-1] for one in found(tmp_path, {})} == {".": "ci", "théme": "--frozen-lockfile"}


@pytest.mark.parametrize(
    ("engines", "node"),
    [("22", "22"), ("^20.10.0", "20"), ("22.x", "22"), (">=18", "24"), ("18 || 20", "24"), ("", "24")],
)
def test_the_version_of_node(tmp_path: Path, engines: str, node: str) -> None:
    (one,) = found(tmp_path, {"package.json": {**VITE, "engines": {"node": engines}}})
    assert one.node == node


def a_site(front_end: FrontEnd, remote: Any = NEW) -> Site:
    project = replace(make(Path("/srv/blog")), front_ends=(front_end,), settings=SETTINGS)
    return Site(project=project, options=wanted(), remote=remote)


def written(platform: Platform, path: str, front_end: FrontEnd) -> str:
    (edit,) = (edit for edit in platform.files(a_site(front_end)) if edit.path == path)
    return edit.edit(None)


def test_fly_builds_it_in_a_stage_of_the_image() -> None:
    text = written(FLY, "Dockerfile", BELOW)
    assert "FROM node:24-slim AS front-end\nWORKDIR /app\nCOPY . .\nWORKDIR /app/theme/static_src\n" in text
    assert "npm ci && npm run build && rm -rf node_modules\n" in text
    assert "COPY --chown=django:django --from=front-end /app .\n" in text
    assert "node" not in text.partition("--from=front-end")[2]


def test_upsun_builds_it_in_the_hook_before_static_files_are_collected() -> None:
    text = written(UPSUN, ".upsun/config.yaml", BELOW)
    assert '    dependencies:\n      nodejs:\n        n: "*"\n' in text
    hook, built = text.partition("(cd theme/static_src && npm ci && npm run build && rm -rf node_modules)")[::2]
    assert "n 24\n" in hook and "collectstatic" in built and "collectstatic" not in hook


def test_heroku_builds_it_with_a_buildpack_before_the_python_one() -> None:
    def argv(remote: Any) -> list[str]:
        steps = HEROKU.steps(a_site(ROOT, remote))
        return [" ".join(step.argv[1:-2]) for step in steps if step.id in ("node", "python") and not step.already_done]

    built = replace(ON_HEROKU, facts=Found(buildpacks=("heroku/nodejs", "heroku/python")))
    node, python = "buildpacks:add --index 1 heroku/nodejs", "buildpacks:add heroku/python"
    assert [argv(NEW), argv(ON_HEROKU), argv(built)] == [[node], [node, python], []]
    assert not any(edit.path == "package.json" for edit in HEROKU.files(a_site(ROOT)))


def test_heroku_finds_a_front_end_below_the_root_through_a_package_json() -> None:
    build = json.loads(written(HEROKU, "package.json", BELOW))["scripts"]["build"]
    assert build == "cd theme/static_src && NODE_ENV=development npm ci && npm run build && rm -rf node_modules"
    assert json.loads(package(BELOW))["private"]


@pytest.mark.parametrize("platform", [HEROKU, FLY, UPSUN])
def test_a_front_end_that_is_not_built_is_reported(platform: Platform) -> None:
    def said(front_end: FrontEnd) -> list[str]:
        return [line for line in platform.not_done(a_site(front_end)) if "package.json" in line]

    (line,) = said(replace(BELOW, served=False))
    assert line.startswith("theme/static_src/package.json has a script (tailwind)")
    assert said(BELOW) == []


def test_files_combined_by_templates_are_built() -> None:
    project = replace(make(Path("/srv/blog")), settings=replace(SETTINGS, static=StaticFiles(compresses="offline")))
    site = Site(project=project, options=wanted(), remote=NEW)
    assert [argv[2:] for argv in site.recipe.build] == [("collectstatic", "--noinput"), ("compress",)]
    block = render(project.settings, HEROKU.production, platform="Heroku")
    assert in_block(block).compresses
    assert not in_block(render(SETTINGS, HEROKU.production, platform="Heroku")).compresses
    (hook,) = (edit for edit in HEROKU.files(site) if edit.path == "bin/post_compile")
    assert hook.edit(None) == "#!/usr/bin/env bash\nset -e\npython manage.py compress\n"


@pytest.mark.parametrize(
    ("scripts", "ours"),
    [
        (("manage.py", "example/manage.py"), True),
        (("tests/manage.py", "example/manage.py"), True),
        (("src/tests/manage.py", "example/manage.py"), False),
        (("example/manage.py",), False),
    ],
)
def test_static_files_are_not_collected_with_another_manage_py(scripts: tuple[str, ...], ours: bool) -> None:
    """Heroku takes the one that is nearest to the Git root."""
    project = replace(make(Path("/srv/blog")), settings=SETTINGS, manage_dir="example")
    site = Site(
        project=replace(project, git=replace(project.git, manage_scripts=scripts)), options=wanted(), remote=NEW
    )
    hooks = [edit.edit(None) for edit in HEROKU.files(site) if edit.path == "bin/post_compile"]
    collecting = ["#!/usr/bin/env bash\nset -e\npython example/manage.py collectstatic --noinput\n"]
    assert hooks == (collecting if ours else [])
    (variables,) = (step for step in HEROKU.steps(site) if step.id == "variables")
    assert ("DISABLE_COLLECTSTATIC=1" in variables.argv) is ours


@pytest.mark.parametrize(("folder", "stops"), [("assets", True), ("/srv/blog/assets", False)])
def test_a_folder_of_static_files_that_depends_on_where_manage_py_is_started(folder: str, stops: bool) -> None:
    folder = str(Path(folder)) if stops else str(Path(folder).resolve())
    project = replace(make(Path("/srv/blog")), settings=replace(SETTINGS, staticfiles_dirs=(folder,)))
    assert [*problems(project)] == []
    assert [one.code for one in problems(replace(project, manage_dir="example"))] == ["static-folders-relative"] * stops


@pytest.mark.parametrize(
    ("platform", "path", "line"),
    [
        (FLY, "fly.toml", "sh -c 'python manage.py migrate --noinput && python manage.py collectstatic --noinput'"),
        (UPSUN, ".upsun/config.yaml", ".venv/bin/python manage.py collectstatic --noinput\n"),
    ],
)
def test_static_files_are_uploaded_where_the_variables_are(platform: Platform, path: str, line: str) -> None:
    project = replace(make(Path("/srv/blog")), settings=replace(SETTINGS, static=StaticFiles(uploaded=True)))
    site = Site(project=project, options=wanted(), remote=NEW)
    files = {edit.path: edit.edit(None) for edit in platform.files(site)}
    assert line in files[path]
    others = "".join(text for name, text in files.items() if name != path)
    assert "collectstatic" not in others.replace("# collectstatic", "") and files[path].count("collectstatic") == 1
    block = render(project.settings, platform.production, platform=platform.name)
    assert in_block(block).uploaded and not in_block(render(SETTINGS, platform.production, platform="X")).uploaded


def test_the_lines_of_the_users_own_hook_are_kept() -> None:
    own = with_lines("#!/bin/sh\necho built", ["python manage.py compress"])
    assert own == "#!/bin/sh\necho built\npython manage.py compress\n"
    assert with_lines(own, ["python manage.py compress"]) == own
