"""The message broker of Celery."""

from __future__ import annotations

import ast
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..named_in_source import own_modules
from .uses import calls


def runs_at_once(settings: Any, tree: Path) -> bool:
    """Whether tasks run where they are sent, without a broker or a worker."""
    # The app reads its settings only now, and may not accept them.
    with suppress(Exception):
        if app := _app(tree):
            return bool(app.conf.task_always_eager)
    return bool(getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False))


def brokers(settings: Any, tree: Path) -> list[tuple[str, str, str, object, bool]]:
    """The services that are brokers: the setting with the address, as the code's own app has it, or by its usual name;
    and whether pages need it, because code that a worker does not run starts tasks.
    """
    with suppress(Exception):
        if app := _app(tree):
            return [_of_app(app.conf.broker_url, tree)]
    named = ((name, getattr(settings, name, None)) for name in ("CELERY_BROKER_URL", "BROKER_URL"))
    return [(name, "", "", value, False) for name, value in named if value]


def _of_app(url: object, tree: Path) -> tuple[str, str, str, object, bool]:
    needed = any(calls(tree, b"(", lambda module: _starts_a_task))
    # Celery's own default is RabbitMQ on the same machine (docs.celeryq.dev, "Configuration and defaults").
    setting, address = ("CELERY_BROKER_URL", url) if url else ("Celery's default broker", "amqp://localhost")
    return setting, "", "", address, needed


def _starts_a_task(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("delay", "apply_async")


def _app(tree: Path) -> Any:
    kind = getattr(sys.modules.get("celery"), "Celery", None)
    if kind is None:
        return None
    return next((one for module in own_modules(tree) for one in vars(module).values() if isinstance(one, kind)), None)
