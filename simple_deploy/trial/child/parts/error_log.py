"""Whether the platform's log shows why a page failed: it has what goes to the console."""

from __future__ import annotations

import logging
import sys
from logging.handlers import SMTPHandler, SysLogHandler
from typing import Any


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note where the settings send errors of requests only to files or mailboxes, unless Sentry gets them."""
    from django.conf import settings

    found["silent"] = bool(settings.LOGGING) and "sentry_sdk" not in sys.modules and not _is_heard()


def _is_heard() -> bool:
    logger: logging.Logger | None = logging.getLogger("django.request")
    if not logger or logger.disabled or not logger.isEnabledFor(logging.ERROR):
        return False
    while logger:
        if any(map(_shows, logger.handlers)):
            return True
        logger = logger.parent if logger.propagate else None
    return False


def _shows(output: logging.Handler) -> bool:
    """Whether the console gets errors from it, or another service may."""
    from django.utils.log import AdminEmailHandler, RequireDebugTrue

    elsewhere = (logging.FileHandler, logging.NullHandler, AdminEmailHandler, SMTPHandler, SysLogHandler)
    only_with_debug = any(isinstance(one, RequireDebugTrue) for one in output.filters)
    return output.level <= logging.ERROR and not isinstance(output, elsewhere) and not only_with_debug
