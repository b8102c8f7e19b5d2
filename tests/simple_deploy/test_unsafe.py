"""Values that are unsafe in production: which are found, and what a deployment does about them."""

from __future__ import annotations

import secrets

import pytest

from simple_deploy.masking.unsafe import unsafe
from simple_deploy.model import Secret

GOOD = "1c5f0e7a-3b9d2468+Qx_8642d9b3%a7e0f5c1ZkLmN0pRsTu"
WEAK = [
    ("django-insecure-" + GOOD, "it is a well-known placeholder"),
    ("change-me-" + GOOD, "it is a well-known placeholder"),
    ("your-secret-key-here", "it is a well-known placeholder"),
    ("", "it is short or easy to guess"),
    ("mine", "it is short or easy to guess"),
    ("1234567890123456", "it is short or easy to guess"),
    ("ab" * 60, "it is short or easy to guess"),
    ("committed" + GOOD, "it is the same as in your settings file"),
]


@pytest.mark.parametrize(("key", "reason"), WEAK)
def test_a_weak_key_is_found(key: str, reason: str) -> None:
    assert unsafe({"SECRET_KEY": key}, [Secret("committed" + GOOD)]) == {"SECRET_KEY": reason}


def test_random_keys_are_accepted() -> None:
    keys = [GOOD, *(make(size) for make in (secrets.token_urlsafe, secrets.token_hex) for size in (32, 48))]
    assert [key for key in keys if unsafe({"SECRET_KEY": key}, [])] == []


@pytest.mark.parametrize("value", ["1", "True", " YES ", "on"])
def test_debug_is_found_if_the_settings_block_treats_it_as_on(value: str) -> None:
    assert unsafe({"DEBUG": value}, []) == {"DEBUG": "it is on, so visitors can see code and settings"}
    assert unsafe({"DEBUG": "FALSE", "OTHER": value}, []) == {}
