"""The plug-in of pytest that tests a platform: what it collects, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = """\
[tool.pytest.ini_options]
testpaths = ["tests"]
addopts = "-p matrix.conformance"
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acme")
    (folder / "pyproject.toml").write_text(PACKAGE, encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_own.py").write_text("def test_own(): pass\n", encoding="utf-8")
    return folder


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "status", "seen", "unseen"),
    [
        ((), 0, ("1 test collected", "test_own"), ("test_cell", "test_no_secret_is_seen")),
        (
            ("--platform", "heroku", "--layout", "flat", "--package-manager", "pip"),
            *(0, ("test_no_secret_is_seen", "test_cell[heroku-flat-pip-"), ("test_own", "nested")),
        ),
        (("--platform", "nowhere"), 4, ("Unknown platform: nowhere. Known: ",), ("Traceback", "INTERNALERROR")),
    ],
)
def test_platform_tests_are_collected_only_with_a_platform(
    package: Path, options: tuple[str, ...], status: int, seen: tuple[str, ...], unseen: tuple[str, ...]
) -> None:
    code = f"import sys; sys.path.append({str(ROOT)!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    argv = [sys.executable, "-c", code, "--collect-only", "-q", *options]
    ended = subprocess.run(argv, cwd=package, capture_output=True, encoding="utf-8", check=False)
    said = ended.stdout + ended.stderr
    assert ended.returncode == status, said
    assert [text for text in seen if text not in said] == []
    assert [text for text in unseen if text in said] == []
