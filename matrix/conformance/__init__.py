"""What a platform must do to be called one: its cells, and what it does with secrets, faults and a second run.

`python -m simple_deploy_matrix.conformance --platform acme` runs it as tests of pytest, for any platform that is
installed with its emulator; further arguments go to pytest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

CELLS = Path(__file__).parents[1] / "test_cells.py"
TESTS = Path(__file__).with_name("test_platform.py")


def main(arguments: Sequence[str]) -> int:
    """The exit status of pytest, which runs the tests here and then the cells that the arguments select."""
    return int(pytest.main([str(TESTS), str(CELLS), "--rootdir", str(Path.cwd()), *arguments]))
