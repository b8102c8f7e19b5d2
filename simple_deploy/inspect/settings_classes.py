"""django-configurations: settings are the attributes of a class, which the variable DJANGO_CONFIGURATION names."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from .script_variables import variable_set_by
from .settings_modules import Modules, Source, modules
from .settings_switch import FOR_DEVELOPMENT, FOR_PRODUCTION, Switch

NAME = "DJANGO_CONFIGURATION"


def load_classes() -> None:
    """Let Django load a class as settings, as a project's scripts do where they use one."""
    if os.environ.get(NAME):
        import_module("configurations.importer").install()


def configuration(loaded: Mapping[str, Any]) -> str:
    """The class whose attributes these loaded settings are; "" if they are those of a module."""
    named = os.environ.get(NAME, "")
    return named if named and loaded.get("CONFIGURATION") == f"{loaded['__name__']}.{named}" else ""


def class_switch(source: Source, module: str, manage_dir: str, scripts: Iterable[Path]) -> Switch | None:
    """The class for production. `scripts` are those that may name one, WSGI's first.

    It is the one that the WSGI script names, if that is not for development; else one with a name for production. The
    library requires the variable already when a script imports it, and many scripts set it after that.
    """
    if not os.environ.get(NAME):
        return None
    named = [variable_set_by(script, NAME) or "" for script in scripts]
    classes = dict(_classes(modules(source, [module], manage_dir)))
    served = [name for name in named[:1] if name and name.lower() not in FOR_DEVELOPMENT]
    suitable = [name for wanted in FOR_PRODUCTION for name in classes if name.lower() == wanted]
    value = next(iter((*served, *suitable, *filter(None, named))), os.environ[NAME])
    return Switch(name=NAME, value=value, place=classes.get(value, module), modules=True)


def _classes(read_in: Modules) -> Iterator[tuple[str, str]]:
    for path, tree in read_in.trees.items():
        yield from ((node.name, f"{path}:{node.lineno}") for node in tree.body if isinstance(node, ast.ClassDef))
