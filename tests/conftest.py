"""Settings for the process that runs the tests."""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

# The duration of an example depends on the load of the machine, not on the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Restore Ctrl-C: a background job of a shell ignores it, and so would the programs that the tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests with names that the locale does not support, and start with the longest test.

    In LC_ALL=C without UTF-8 mode, only ASCII works. A long test at the end would leave the other cores idle.
    """
    items.sort(key=lambda item: item.path.name != "test_package.py")
    for item in items:
        values = getattr(item, "callspec", None) and item.callspec.params.values()  # type: ignore[attr-defined]
        names = [value for value in values or () if isinstance(value, str)]
        names += ["\xe9"] if item.get_closest_marker("beyond_ascii") else []
        if not all(map(_can_be_passed_on, names)):
            item.add_marker(pytest.mark.skip(reason="this locale has ASCII names only"))


def _can_be_passed_on(name: str) -> bool:
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True
