"""The first user, whom `createsuperuser` makes."""

from __future__ import annotations

import inspect
from typing import Any

from ..visit import view_of


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note whether visitors can log in, and why `createsuperuser` cannot make a user of the project's own model."""
    from django.apps import apps

    if not apps.is_installed("django.contrib.auth"):
        return
    from django.contrib.auth import get_user_model

    found["has_login"] = _has_login()
    found["no_superuser"] = _reason(get_user_model())


def _has_login() -> bool:
    from django.conf import settings
    from django.shortcuts import resolve_url
    from django.urls import NoReverseMatch

    try:
        return view_of(resolve_url(settings.LOGIN_URL)) is not None
    except NoReverseMatch:
        return False


def _reason(model: Any) -> str:
    """Why the command fails, by what it passes to `create_superuser`: the name, REQUIRED_FIELDS and the password."""
    from django.core.exceptions import FieldDoesNotExist

    create = getattr(model._default_manager, "create_superuser", None)
    if create is None:
        return f"{model._meta.label}.objects has no create_superuser()"
    names = [model.USERNAME_FIELD, *model.REQUIRED_FIELDS]
    try:
        for name in names:
            model._meta.get_field(name)
        has_password = any(one.name == "password" for one in model._meta.fields)
        inspect.signature(create).bind(**dict.fromkeys([*names, *(["password"] if has_password else [])]))
    except FieldDoesNotExist as error:
        return f"REQUIRED_FIELDS: {error}"
    except TypeError as error:
        return f"create_superuser() of {model._meta.label}: {error}"
    return ""
