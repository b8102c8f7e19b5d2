"""Mail that the site sends and that is not delivered."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from ..setting_place import setting_place
from .addresses import is_private

# These send nothing. One that writes files is named with its folder.
_SILENT = re.compile(r"django\.core\.mail\.backends\.(console|dummy|locmem)\.EmailBackend")
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_SENDING = ("EmailMessage", "EmailMultiAlternatives", "mail_admins", "mail_managers", "send_mail", "send_mass_mail")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note whether the site sends any, and without MAILERS (Django 6.1) the setting because of which it is not
    delivered.
    """
    from django.conf import global_settings, settings

    found["sends_mail"] = _sends()
    if getattr(settings, "MAILERS", None) or not found["sends_mail"]:
        return
    backend, host = settings.EMAIL_BACKEND, settings.EMAIL_HOST
    if _SILENT.fullmatch(str(backend)):
        setting, value = "EMAIL_BACKEND", backend
    elif backend == _SMTP and is_private(host):
        setting, value = "EMAIL_HOST", host
    else:
        return
    place = setting_place(Path(order["tree"]), found["settings"], setting)
    found["unsent"] = {
        "setting": setting,
        "value": value,
        "place": place if ":" in place else "",
        "by_default": value == getattr(global_settings, setting, None),
        "fails": setting == "EMAIL_HOST",
    }


def _sends() -> bool:
    """Whether code outside Django uses its functions for mail, or Django's own page for a forgotten password exists."""
    from django.core import mail
    from django.urls import NoReverseMatch, reverse

    functions = [(name, getattr(mail, name)) for name in _SENDING]
    modules = [module for name, module in sys.modules.items() if module and name.partition(".")[0] != "django"]
    if any(getattr(module, "__dict__", {}).get(name) is one for module in modules for name, one in functions):
        return True
    try:
        reverse("password_reset")
    except NoReverseMatch:
        return False
    return True
