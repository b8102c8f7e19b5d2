"""The requirements of a project that lists none: what its code imports, in the versions that are installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simple_deploy.inspect.imports import imports
from simple_deploy.package_managers import environment


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_modules_that_the_code_imports_or_names(tmp_path: Path) -> None:
    write(tmp_path / "blog/settings.py", 'DEFAULT_FILE_STORAGE = "storages.backends.s3.S3Storage"\nX = "click"\n')
    write(tmp_path / "blog/models.py", "from django.db import models\nfrom . import own\ncover = models.ImageField()\n")
    write(tmp_path / "blog/views.py", "def view():\n    import markdown.util, requests\n")
    write(tmp_path / "tests/data.py", "")
    write(tmp_path / "requests.log", "")
    write(tmp_path / "blog/factories.py", "from tests import data\nfrom posts import models\n")
    write(tmp_path / "site/posts/models.py", "")
    named = ["corsheaders", "whitenoise.middleware.WhiteNoiseMiddleware", "blog.apps.BlogConfig"]
    found = imports(tmp_path, tmp_path / "site", named)
    assert found == {"corsheaders", "whitenoise", "storages", "django", "PIL", "markdown", "requests"}


def test_environments_tests_and_broken_files_are_passed_over(tmp_path: Path) -> None:
    for path in ("env/pyvenv.cfg", "env/lib/one.py", "blog/tests.py", "blog/tests/test_x.py", "conftest.py", ".x/y.py"):
        write(tmp_path / path, "import pytest\n" if path.endswith(".py") else "")
    write(tmp_path / "broken.py", "import (\n")
    write(tmp_path / "manage.py", "import django\n")
    assert imports(tmp_path, tmp_path, ()) == {"django"}


def test_packages_are_pinned_unless_they_are_not_from_an_index(tmp_path: Path) -> None:
    for name, version, module in (("Pillow", "11.1", "PIL"), ("Own", "1", "own"), ("Other", "2", "other")):
        metadata = tmp_path / f"{name}-{version}.dist-info"
        write(metadata / "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        write(metadata / "RECORD", f"{module}/__init__.py,,\n{name}-{version}.dist-info/METADATA,,\n../../bin/x,,\n")
    write(tmp_path / "Own-1.dist-info/direct_url.json", "{}")
    assert list(environment.pins({"PIL", "own"}, [str(tmp_path)])) == ["Pillow==11.1"]
    assert any(pin.startswith("Django==") for pin in environment.pins({"django"}, sys.path))


@pytest.mark.parametrize(
    ("file", "top"),
    [
        ("PIL/Image.py", "PIL"),
        ("./PIL/Image.py", "PIL"),
        ("_yaml.cpython-311-x86_64-linux-gnu.so", "_yaml"),
        ("six.py", "six"),
        ("django/conf/locale/de/django.mo", ""),
        ("six-1.17.0.dist-info/RECORD", ""),
        ("../../../bin/static.py", ""),
        ("a-script/run.py", ""),
    ],
)
def test_a_module_is_recognized_by_the_files_of_its_package(file: str, top: str) -> None:
    assert environment.top_levels([[file, "sha256=abc", "1"]]) == ({top} if top else set())
