"""The trial answers the same with and without the services of the developer's machine."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long


def loaded(checkout: Checkout, body: str) -> dict[str, Any]:
    text = checkout.read("blog/settings.py") + f"\nimport socket\n{body}\n"
    checkout.write("blog/settings.py", text)
    return checkout.tried("settings")


def test_a_server_on_the_developers_machine_is_not_reached(checkout: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = loaded(checkout, f"socket.create_connection({server.getsockname()}, 5)")
    assert answer["failed"]["type"] == "NoNetwork"
    assert answer["failed"]["message"] == "A trial has no network: 127.0.0.1"


@pytest.mark.parametrize("name", ["getaddrinfo('redis', 6379)", "gethostbyname('redis')", "gethostbyaddr('192.0.2.1')"])
def test_no_name_is_looked_up(name: str, checkout: Checkout) -> None:
    assert loaded(checkout, f"socket.{name}")["failed"]["type"] == "NoNetwork"


@pytest.mark.parametrize("error", ["OSError", "ConnectionError", "ConnectionRefusedError", "socket.gaierror"])
def test_a_project_that_expects_the_error_goes_on(error: str, checkout: Checkout) -> None:
    body = f"try:\n    socket.create_connection(('redis', 6379))\nexcept {error}:\n    pass"
    assert loaded(checkout, body)["tried"] == ["settings"]


ALLOWED = [
    "socket.gethostbyname('localhost'), socket.getaddrinfo('127.0.0.1', 80), socket.getaddrinfo(None, 80)",
    "server = socket.create_server(('127.0.0.1', 0)); socket.create_connection(server.getsockname()).close()",
    "socket.getfqdn(), socket.socketpair()",
]


@pytest.mark.parametrize("body", ALLOWED)
def test_what_needs_no_network_works(body: str, checkout: Checkout) -> None:
    assert loaded(checkout, body)["tried"] == ["settings"]


CHECK = """
from django.core.checks import Error, register

@register
def reachable(app_configs, **kwargs):
    try:
        socket.create_connection(("redis", 6379))
    except OSError as error:
        return [Error(str(error), id="blog.E001")]
    return []
"""


def test_a_check_that_asks_a_server_shows_nothing(checkout: Checkout) -> None:
    text = checkout.read("blog/urls.py")
    checkout.write("blog/urls.py", f"import socket\n{text}\n{CHECK}")
    answer = checkout.tried("settings", "URLs", "checks")
    assert ("blog.E001" in answer["unchecked"], answer["failed"]) == (True, None)
    assert not [one for one in answer["errors"] if "blog.E001" in one]
