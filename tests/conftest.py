"""What all tests need of the process that runs them."""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

# How long one example takes says how busy the machine is, not whether the code is right.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """A shell's background job ignores Ctrl-C and hands that on to what it starts; the tests' programs must not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs names that this locale has not: in LC_ALL=C without UTF-8 mode, Python passes on ASCII only."""
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
