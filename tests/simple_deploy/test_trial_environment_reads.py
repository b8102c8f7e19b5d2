"""Which variables the project's code looks up, itself or through a package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from simple_deploy.trial.child.environment_reads import watched

sys.path[:0] = sys.argv[1:3]
found = watched(["SITE_A", "SITE_B"], Path(sys.argv[1]))
import settings
print(found)
"""


@pytest.mark.parametrize(
    ("package", "settings", "expected"),
    [
        ("", "import os\nos.environ.get('SITE_A')\n", {"SITE_A": "settings.py:2"}),
        ("", "import os\nos.getenv('SITE_A', 'x')\n", {"SITE_A": "settings.py:2"}),
        ("", "import os\n'SITE_B' in os.environ\n", {"SITE_B": "settings.py:2"}),
        (
            "import os\ndef read(name):\n    return os.environ['SITE_' + name]\n",
            "import package\n\npackage.read('B')\n",
            {"SITE_B": "settings.py:3"},
        ),
        (
            "",
            "import os\n[name for name in os.environ if name.startswith('SITE_A')]\n",
            {"SITE_A": "settings.py:2", "SITE_B": "settings.py:2"},
        ),
        (
            "",
            "import os\nfor name, value in os.environ.items():\n    pass\n",
            {"SITE_A": "settings.py:2", "SITE_B": "settings.py:2"},
        ),
        ("import os\ndef copies():\n    return os.environ.copy()\n", "import package\npackage.copies()\n", {}),
        ("import os\ndef copies():\n    return dict(os.environ)\n", "import package\npackage.copies()\n", {}),
        (
            "import os\ndef copies():\n    return {name.lower(): text for name, text in os.environ.items()}\n",
            "import package\npackage.copies()\n",
            {},
        ),
        ("", "import os\nos.environ.get('OTHER')\n", {}),
    ],
)
def test_what_leads_to_a_lookup(package: str, settings: str, expected: dict[str, str], tmp_path: Path) -> None:
    project, installed = tmp_path / "project", tmp_path / "installed"
    for folder, name, text in ((project, "settings.py", settings), (installed, "package.py", package)):
        folder.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    argv = [sys.executable, "-c", PROGRAM, str(project), str(installed)]
    env = {"SITE_A": "1", "SITE_B": "2", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    ended = subprocess.run(argv, env=env, capture_output=True, encoding="utf-8", check=True)
    assert ended.stdout.strip() == str(expected)
