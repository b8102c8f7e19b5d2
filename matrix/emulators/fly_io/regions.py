"""The regions of Fly.io, from `regions.json`: the codes are [flyctl source]'s, the rest describes them roughly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_ROWS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("regions.json").read_bytes())
REGIONS: dict[str, dict[str, Any]] = {row["code"]: row for row in _ROWS}
# Which of them have Managed Postgres is this emulation's choice.
MANAGED = [code for code, row in REGIONS.items() if row["mpg_available"]]
