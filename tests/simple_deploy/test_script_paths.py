"""The folders that only manage.py adds to `sys.path`."""

from __future__ import annotations

from pathlib import Path

import pytest

from simple_deploy.inspect.script_paths import script_paths
from simple_deploy.inspect.settings_modules import modules
from simple_deploy.inspect.source import source

IMPORTS = "import os\nimport sys\nfrom pathlib import Path\n"


def found(root: Path, script: str, wsgi: str = "") -> tuple[str, ...]:
    for name in ("site/pages", "apps/sub", "site/lib"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "site/manage.py").write_text(IMPORTS + script, encoding="utf-8")
    (root / "site/pages/wsgi.py").write_text(wsgi, encoding="utf-8")
    return script_paths(modules(source(root), ["pages.wsgi"], "site"), root)


@pytest.mark.parametrize(
    ("script", "folders"),
    [
        ("sys.path.append(str(Path(__file__).resolve().parent.parent))", (".",)),
        ("sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'apps'))", ("apps",)),
        ("sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir))", (".",)),
        ("sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))", (".",)),
        ("HERE = Path(__file__).parent\nsys.path += []\nsys.path.append(str(HERE / 'lib'))", ("site/lib",)),
        (
            "def main():\n    top = Path(__file__).absolute().parents[1]\n    sys.path.append(str(top / 'apps'))",
            ("apps",),
        ),
        ("for one in (1,):\n    sys.path.append(os.fspath(Path(__file__).parent / '../apps/sub'))", ("apps/sub",)),
    ],
)
def test_a_folder_that_manage_py_computes_from_its_own_path(
    script: str, folders: tuple[str, ...], tmp_path: Path
) -> None:
    assert found(tmp_path, script) == folders


@pytest.mark.parametrize(
    "script",
    [
        "sys.path.append(os.path.dirname(__file__))",
        "sys.path.append('..')",
        "sys.path.append(os.environ['APPS'])",
        "sys.path.append(str(Path(__file__).resolve().parents[9]))",
        "sys.path.append(str(Path(__file__).parent / 'nowhere'))",
        "names = []\nnames.append(str(Path(__file__).parent / 'lib'))",
        "sys.path.append(str(Path(__file__).parent / sys.argv[0]))",
    ],
)
def test_other_folders_are_not_added(script: str, tmp_path: Path) -> None:
    assert found(tmp_path, script) == ()


def test_code_that_production_loads_may_add_the_folders_itself(tmp_path: Path) -> None:
    script = "sys.path.append(str(Path(__file__).parent / 'lib'))"
    assert found(tmp_path, script, wsgi="import pages.settings\n") == ("site/lib",)
    assert found(tmp_path, script, wsgi="import sys\nsys.path.append('lib')\n") == ()
