"""What the runs in a project did: `receipt.json` in our folder, and next to it the bytes of every file before a run.

The receipt is written before the first file is replaced, so it is also the journal of a killed run. It is in the
project and not in `.git`, so that people find it, unless the repository came with a folder of that name. A receipt
determines what can be undone; what exists on a platform is asked of the platform.
"""

from __future__ import annotations

from .backups import backup, backups, keep, kept
from .records import FilesState, Run, Runs, StepState, Taken, Touched, begun, changed, digest
from .remaining import Standing, began, claim, known_values, standing
from .store import IGNORED, SCHEMA, distrusted, half_written, load, name, save
from .values import unchanged
from .writer import Restored, Writer, completed, noting, restored_text

__all__ = [
    "IGNORED",
    "SCHEMA",
    "FilesState",
    "Restored",
    "Run",
    "Runs",
    "Standing",
    "StepState",
    "Taken",
    "Touched",
    "Writer",
    "backup",
    "backups",
    "began",
    "begun",
    "changed",
    "claim",
    "completed",
    "digest",
    "distrusted",
    "half_written",
    "keep",
    "kept",
    "known_values",
    "load",
    "name",
    "noting",
    "restored_text",
    "save",
    "standing",
    "unchanged",
]
