"""The generated sample blog is a correct project, in every layout."""

import json
import os
import re
import subprocess
import sys

import django
import pytest

from matrix.engine import package_managers, samples
from matrix.sandbox import environments

DJANGO = ".".join(map(str, django.VERSION[:2]))
LAYOUTS = {"flat": ".", "nested": "blog"}


def generate(into, layout="flat", **axes):
    return samples.generate(into, layout=layout, package_manager="pip", django=DJANGO, **axes)


@pytest.fixture(scope="module", params=LAYOUTS)
def blog(request, tmp_path_factory):
    """The Git root of a generated blog, and the folder of its manage.py."""
    git_root = generate(tmp_path_factory.mktemp(request.param), request.param)
    return git_root, git_root / LAYOUTS[request.param]


def manage(folder, *arguments):
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=300)


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_each_layout_has_its_files_in_the_right_place(blog):
    git_root, manage_folder = blog
    assert (git_root / "requirements.txt").read_text(encoding="utf-8") == f"Django~={DJANGO}.0\n"
    assert (manage_folder / "manage.py").is_file()
    beside_manage_py = {"manage.py", "blog", "posts", "accounts", "templates", "static"}
    at_root = {"requirements.txt", "README.md", ".gitignore"}
    if manage_folder == git_root:
        assert {path.name for path in git_root.iterdir()} == at_root | beside_manage_py
    else:
        assert {path.name for path in git_root.iterdir()} == at_root | {"blog"}
        assert {path.name for path in manage_folder.iterdir()} == beside_manage_py


def test_no_template_syntax_is_left(blog):
    git_root, _ = blog
    for path in git_root.rglob("*"):
        assert "cookiecutter" not in path.name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert "cookiecutter" not in text, path
            assert path.suffix == ".html" or not any(mark in text for mark in ("{{", "{%")), path


def test_the_commands_in_its_readme_are_a_block_of_code(blog):
    git_root, manage_folder = blog
    _, commands, _ = re.split(
        r"\n\n(?=    python -m venv)|\n\nOpen ", (git_root / "README.md").read_text(encoding="utf-8")
    )
    folder = [] if manage_folder == git_root else ["    cd blog"]
    assert commands.splitlines()[2:] == [
        "    python -m pip install -r requirements.txt path/to/simple-deploy",
        *folder,
        "    python manage.py migrate",
        "    python manage.py runserver",
    ]


STYLES = {
    "package": ("", {"base.py", "dev.py", "production.py", "__init__.py"}, set()),
    "environ": ("django-environ\n", None, {".env", ".env.example"}),
    "decouple": ("python-decouple\n", None, {".env", ".env.example"}),
}


@pytest.mark.parametrize("style", STYLES)
def test_each_style_of_settings_has_its_files_and_its_package(tmp_path, style):
    requirement, package, variables = STYLES[style]
    folder = generate(tmp_path, settings_style=style)
    assert (folder / "requirements.txt").read_text(encoding="utf-8") == f"Django~={DJANGO}.0\n{requirement}"
    assert {path.name for path in folder.glob(".env*")} == variables
    single = generate(tmp_path, name="single")
    settings, written = (single / "blog" / "settings.py").read_text(encoding="utf-8"), folder / "blog" / "settings.py"
    if package:
        assert {path.name for path in (folder / "blog" / "settings").iterdir()} == package and not written.exists()
        assert '"blog.settings.production"' in (folder / "blog" / "wsgi.py").read_text(encoding="utf-8")
        written = folder / "blog" / "settings" / "base.py"
    code = written.read_text(encoding="utf-8")
    compile(code, written.name, "exec")
    assert code != settings and code.partition("# Application definition")[2].count("\n\n\n\n") == 0
    assert "cookiecutter" not in code and "{%" not in code


def test_the_layouts_differ_only_in_paths(tmp_path):
    flat, nested = (generate(tmp_path, layout, name=layout) for layout in LAYOUTS)
    moved = {name.removeprefix("blog/") for name in files(nested)}
    assert moved == files(flat)


@pytest.mark.long
def test_its_checks_and_its_own_tests_pass(tmp_path):
    folder = generate(tmp_path, "nested") / "blog"
    tests = manage(folder, "test")
    assert tests.returncode == 0, tests.stderr
    assert "Ran 12 tests" in tests.stderr
    assert "System check identified no issues" in tests.stdout


@pytest.mark.long
def test_its_own_tests_fail_when_private_posts_are_shown(tmp_path):
    folder = generate(tmp_path)
    models = folder / "posts/models.py"
    source = models.read_text(encoding="utf-8")
    models.write_text(source.replace("filter(is_private=False)", "all()"), encoding="utf-8")
    tests = manage(folder, "test", "posts.tests.ReadingTests")
    assert tests.returncode == 1
    assert "test_home_shows_public_posts_only" in tests.stderr


@pytest.mark.long
def test_it_migrates_on_sqlite_and_its_command_runs(tmp_path):
    folder = generate(tmp_path, "nested") / "blog"
    migrated = manage(folder, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert "not yet reflected in a migration" not in migrated.stdout
    assert (folder / "db.sqlite3").is_file()
    assert json.loads(manage(folder, "export_posts").stdout) == []


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, chosen in package_managers.NAMED.items() if chosen.lock])
def test_each_package_manager_has_a_lock_that_matches_its_manifest(tmp_path, name):
    folder = samples.generate(tmp_path, layout="nested", package_manager=name, django=DJANGO)
    chosen = package_managers.NAMED[name]
    assert package_managers.of(folder) is chosen
    manifest, lock = ((folder / file).read_text(encoding="utf-8") for file in chosen.files)
    assert "django" in manifest.lower() and "asgiref" not in manifest
    assert "asgiref" in lock


def test_a_manifest_that_cannot_be_locked_fails_with_the_tools_message(tmp_path):
    folder = samples.generate(tmp_path, layout="flat", package_manager="uv", django=DJANGO)
    manifest = folder / "pyproject.toml"
    impossible = manifest.read_text(encoding="utf-8").replace('"django~=', '"django<1", "django~=')
    manifest.write_text(impossible, encoding="utf-8")
    with pytest.raises(RuntimeError, match="No solution found"):
        package_managers.UV.write_lock(folder, environments.base_interpreter())


def test_generating_changes_nothing_else(tmp_path):
    into, home = tmp_path / "into", tmp_path / "home"
    into.mkdir()
    home.mkdir()
    (home / ".cookiecutterrc").write_text("default_context: {project_name: from_rc}\n", encoding="utf-8")
    before = files(samples.TEMPLATES)
    script = f"from matrix.engine import samples; from pathlib import Path; samples.generate(Path({str(into)!r}), \
layout='flat', package_manager='pip', django={DJANGO!r})"
    environment = {"HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(samples.TEMPLATES.parent)}
    subprocess.run([sys.executable, "-c", script], cwd=into, env=os.environ | environment, check=True, timeout=300)
    assert files(home) == {".cookiecutterrc"}
    assert [path.name for path in into.iterdir()] == ["blog"]
    assert 'ROOT_URLCONF = "blog.urls"' in (into / "blog/blog/settings.py").read_text(encoding="utf-8")
    assert files(samples.TEMPLATES) == before


def test_an_unknown_axis_value_is_rejected(tmp_path):
    with pytest.raises(ValueError, match="sideways"):
        generate(tmp_path, "sideways")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_home_page_has_the_new_line_once(tmp_path):
    folder = generate(tmp_path, "nested")
    line = samples.change_home_page(folder)
    assert (folder / "blog/templates/posts/home.html").read_text(encoding="utf-8").count(line) == 1
    with pytest.raises(ValueError, match="does not hold"):
        samples.change_home_page(folder)


def test_the_command_of_the_readme_generates_it(tmp_path):
    readme = (samples.TEMPLATES / "README.md").read_text(encoding="utf-8")
    (line,) = [line.strip() for line in readme.splitlines() if line.strip().startswith("cookiecutter ")]
    words = line.replace("sample_projects/blog", samples.TEMPLATES.joinpath("blog").as_posix()).split()
    command = [sys.executable, "-m", *words, "--config-file", "rc.yaml", "--output-dir", "out"]
    folders = {"cookiecutters_dir": "a", "replay_dir": "b"}
    (tmp_path / "rc.yaml").write_text(json.dumps(folders), encoding="utf-8")
    subprocess.run(command, cwd=tmp_path, check=True, timeout=300)
    assert (tmp_path / "out/my-blog/blog/manage.py").is_file()
