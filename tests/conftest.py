"""What all tests need of the process that runs them."""

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
