"""Packages that Django imports only when a page uses a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django
import pytest

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

NO_REDIS = {"redis": "redis"}
EMAIL = (
    'MAILERS = {"default": {"BACKEND": "nowhere.Backend"}}'
    if django.VERSION >= (6, 1)
    else 'EMAIL_BACKEND = "nowhere.Backend"'
)


@pytest.mark.parametrize(
    ("setting", "module"),
    [
        ('CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}', "redis"),
        ('CACHES = {"default": {"BACKEND": "nowhere.Cache"}}', "nowhere"),
        ('CHANNEL_LAYERS = {"default": {"BACKEND": "nowhere.core.Layer"}}', "nowhere"),
        (EMAIL, "nowhere"),
        ('AUTHENTICATION_BACKENDS = ["nowhere.Backend"]', "nowhere"),
        ('AUTH_PASSWORD_VALIDATORS = [{"NAME": "nowhere.Validator"}]', "nowhere"),
        ('PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "nowhere.Hasher"]', ""),
        ('CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}', ""),
    ],
)
def test_a_missing_package_behind_a_setting_is_found_with_the_setting(
    checkout: Checkout, setting: str, module: str
) -> None:
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\n{setting}\n")
    answer = checkout.tried("settings", "backends", withheld=NO_REDIS)
    failed = answer["failed"]
    assert (failed["missing"] if failed else "") == module
    if failed:
        assert failed["message"] == f"No module named '{module}' ({setting.partition(' ')[0]})"


def test_the_library_of_new_passwords_must_be_there(checkout: Checkout) -> None:
    hasher = "django.contrib.auth.hashers.Argon2PasswordHasher"
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\nPASSWORD_HASHERS = [{hasher!r}]\n")
    failed = checkout.tried("settings", "backends", withheld={"argon2": "argon2-cffi"})["failed"]
    assert failed["message"] == "No module named 'argon2' (PASSWORD_HASHERS)"
