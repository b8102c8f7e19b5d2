"""The digests of values that a platform does not reveal: whether a given value is the one that an earlier run set.

Values that are no secrets are recorded as they are.

A digest is of no use without the key in `.git`. Whoever has both can test a guess at a value in about 40 ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from pathlib import Path

from ..effects.seal import slow_seal
from ..model import Secret
from .records import Assigned, Run
from .remaining import latest
from .store import load

Values = Mapping[str, str | Secret]


def assigned(root: Path, run: Run, values: Values) -> tuple[Assigned, ...]:
    """The record of the values that a step of this run sets. Raises OSError."""
    return tuple(
        Assigned(
            name=name,
            digest=_digest(root, run.platform, name, value),
            value=None if isinstance(value, Secret) else value,
        )
        for name, value in values.items()
    )


def unchanged(root: Path, platform: str, app: str, app_id: str, values: Values) -> frozenset[str]:
    """The variables of the app whose value is the one that the last run to set them set.

    A run with a step that failed proves nothing: its values may not have taken effect.
    """
    runs = load(root)
    recorded = {name: latest(runs, platform, app, app_id, name) for name in values}
    return frozenset(
        name
        for name, value in values.items()
        if recorded[name] and compare_digest(recorded[name], _digest(root, platform, name, value))
    )


def _digest(root: Path, platform: str, name: str, value: str | Secret) -> str:
    text = value.reveal() if isinstance(value, Secret) else value
    return slow_seal(root, f"{platform} {name}", text)
