"""The first user of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

# Each loads a site in a process of its own.
pytestmark = pytest.mark.long

MODEL = """
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

class Members(%s):
%s

class Member(AbstractBaseUser):
    email = models.EmailField(unique=True)
    phone = models.CharField(max_length=20)
    objects = Members()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = [%s]
"""
PLAIN = "    def create_superuser(self, email, password): pass"
PHONE = "    def create_superuser(self, email, phone, password): pass"


@pytest.mark.parametrize(
    ("parent", "method", "required", "reason"),
    [
        ("BaseUserManager", PLAIN, "", ""),
        ("BaseUserManager", PHONE, "'phone'", ""),
        ("BaseUserManager", "    def create_superuser(self, email, password, **more): pass", "'phone'", ""),
        ("BaseUserManager", PHONE, "", "create_superuser() of people.Member: missing a required argument: 'phone'"),
        (
            "BaseUserManager",
            PLAIN,
            "'phone'",
            "create_superuser() of people.Member: got an unexpected keyword argument 'phone'",
        ),
        ("BaseUserManager", PLAIN, "'town'", "REQUIRED_FIELDS: Member has no field named 'town'"),
        ("models.Manager", "    pass", "", "people.Member.objects has no create_superuser()"),
    ],
)
def test_why_no_user_can_be_created(checkout: Checkout, parent: str, method: str, required: str, reason: str) -> None:
    own = "INSTALLED_APPS = [*INSTALLED_APPS, 'people']\nAUTH_USER_MODEL = 'people.Member'\n"
    checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\n{own}")
    checkout.write("people/__init__.py", "")
    checkout.write("people/models.py", MODEL % (parent, method, required))
    answer = checkout.tried("settings", "first user")
    assert (answer["unfinished"], answer["failed"], answer["no_superuser"]) == ([], None, reason)


@pytest.mark.parametrize(
    ("login", "url", "has_login"), [("", "", False), ("", "accounts/login/", True), ("/in/", "accounts/login/", False)]
)
def test_visitors_can_log_in_where_the_url_leads_to_a_page(
    checkout: Checkout, login: str, url: str, *, has_login: bool
) -> None:
    if login:
        checkout.write("blog/settings.py", f"{checkout.read('blog/settings.py')}\nLOGIN_URL = {login!r}\n")
    if url:
        more = f"from django.urls import path\nurlpatterns += [path({url!r}, lambda request: None)]\n"
        checkout.write("blog/urls.py", f"{checkout.read('blog/urls.py')}\n{more}")
    assert checkout.tried("settings", "first user")["has_login"] == has_login
