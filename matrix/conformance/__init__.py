"""The requirements for a platform: its cells, and its handling of secrets, faults and a second run.

`python -m simple_deploy_matrix.conformance --platform acme` runs them as pytest tests, for any platform that is
installed with its emulator; further arguments go to pytest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

CELLS = Path(__file__).parents[1] / "test_cells.py"
TESTS = Path(__file__).with_name("test_platform.py")


def main(arguments: Sequence[str]) -> int:
    """Run the tests here, then the cells that the arguments select, and return pytest's exit status."""
    return int(pytest.main([str(TESTS), str(CELLS), "--rootdir", str(Path.cwd()), *arguments]))
