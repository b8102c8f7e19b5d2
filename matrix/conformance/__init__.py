"""A pytest plug-in that tests a platform: its cells, and its handling of secrets, faults and a second run.

`pytest -p simple_deploy_matrix.conformance --platform acme` tests any platform that is installed with its emulator.
With `addopts = "-p simple_deploy_matrix.conformance"` in a package, `pytest --platform acme` does, and `pytest` alone
runs the package's own tests. It is not an entry point of pytest: nothing changes in projects that only have the harness
installed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ..record.provenance import HARNESS

TESTS = (Path(__file__).with_name("test_platform.py"), HARNESS / "test_cells.py")
pytest_plugins = (f"{__package__.rpartition('.')[0]}.cell_options",)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Run the tests here, as if the command line named them, if it names a platform and no file of the harness."""
    given = early_config.known_args_namespace
    named = (Path(word.partition("::")[0]).resolve() for word in given.file_or_dir)
    if given.platform and not any(path.is_relative_to(HARNESS) for path in named):
        for words in (args, given.file_or_dir):  # all arguments; those next to which pytest looks for a conftest.py
            words.extend(map(str, TESTS))
