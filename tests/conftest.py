"""What all tests need of the process that runs them."""

import signal

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """A shell's background job ignores Ctrl-C and hands that on to what it starts; the tests' programs must not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
