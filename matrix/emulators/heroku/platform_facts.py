"""What Heroku changes from time to time, from facts.json."""

from __future__ import annotations

from pathlib import Path

from simple_deploy.facts import facts

_FACTS = facts(Path(__file__).parent)
STACK = str(_FACTS["stack"].value)
CLI_VERSION = str(_FACTS["CLI version"].value)
PYTHONS: tuple[str, ...] = tuple(_FACTS["Python versions"].value)
