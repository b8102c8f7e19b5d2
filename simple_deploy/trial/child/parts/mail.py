"""Mail that the site sends and that is not delivered."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from ..setting_place import setting_place
from .addresses import is_private

# These send nothing. One that writes files is named with its folder.
_SILENT = re.compile(r"django\.core\.mail\.backends\.(console|dummy|locmem)\.EmailBackend")
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
# These keep mail for developers to look at.
_KEEPING = re.compile(r"(sandbox\.)?smtp\.mailtrap\.io|sandbox\.api\.mailtrap\.io|smtp\.ethereal\.email")
# Mail servers on the internet accept mail from strangers only for their own addresses.
_LOGIN = ("password", "username")
# The options of MAILERS, and the settings before Django 6.1.
_OLDER = {"host": "EMAIL_HOST", "password": "EMAIL_HOST_PASSWORD", "username": "EMAIL_HOST_USER"}
_SENDING = ("EmailMessage", "EmailMultiAlternatives", "mail_admins", "mail_managers", "send_mail", "send_mass_mail")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note whether the site sends any, and the setting because of which it is not delivered."""
    from django.conf import global_settings, settings

    found["sends_mail"] = _sends()
    unsent = _undelivered(settings) if found["sends_mail"] else None
    if unsent is None:
        return
    setting, key, value = unsent
    place = setting_place(Path(order["tree"]), found["settings"], setting)
    found["unsent"] = {
        "setting": setting,
        "key": key,
        "value": value,
        "place": place if ":" in place else "",
        "by_default": value == getattr(global_settings, setting, None),
        "fails": setting != "EMAIL_BACKEND" and not _KEEPING.fullmatch(value),
    }


def _undelivered(settings: Any) -> tuple[str, str, str] | None:
    """The setting, the key in it, and the value; with MAILERS (Django 6.1), the older settings raise AttributeError."""
    if mailers := getattr(settings, "MAILERS", None):
        default = mailers.get("default", {})
        if default.get("BACKEND") != _SMTP:
            # What sends nothing by default gets a server from the settings block.
            return None
        found = _of_server({"host": "localhost", **default.get("OPTIONS", {})})
        return ("MAILERS", *found) if found else None
    if _SILENT.fullmatch(str(settings.EMAIL_BACKEND)):
        return "EMAIL_BACKEND", "", str(settings.EMAIL_BACKEND)
    if settings.EMAIL_BACKEND != _SMTP:
        return None
    found = _of_server({key: getattr(settings, name) for key, name in _OLDER.items()})
    return (_OLDER[found[0]], "", found[1]) if found else None


def _of_server(options: Mapping[str, Any]) -> tuple[str, str] | None:
    """The option with a value that no mail server on the internet delivers with."""
    host = str(options["host"] or "")
    if is_private(host) or _KEEPING.fullmatch(host):
        return "host", host
    return next(((key, "") for key in _LOGIN if not options.get(key)), None)


def _calls(module: ModuleType, name: str) -> bool:
    """Whether the source of the module uses one of these functions of Django's module, which has this name there."""
    try:
        text = Path(str(module.__file__)).read_text(encoding="utf-8", errors="replace")
    except (AttributeError, OSError):
        return False
    return bool(re.search(rf"\b{name}\.({'|'.join(_SENDING)})\b", text))


def _sends() -> bool:
    """Whether code outside Django uses its functions for mail, or Django's own page for a forgotten password exists."""
    from django.core import mail
    from django.urls import NoReverseMatch, reverse

    functions = [(name, getattr(mail, name)) for name in _SENDING]
    modules = [module for name, module in sys.modules.items() if module and name.partition(".")[0] != "django"]
    known = [(module, getattr(module, "__dict__", {})) for module in modules]
    if any(names.get(name) is one for _, names in known for name, one in functions):
        return True
    if any(_calls(module, name) for module, names in known for name, one in list(names.items()) if one is mail):
        return True
    try:
        reverse("password_reset")
    except NoReverseMatch:
        return False
    return True
