"""`receipt.json`: read, verified and replaced as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from ..effects.own_folder import FOLDER, linked, own_folder, place, place_name, read, staged
from ..effects.place import misplaced
from ..effects.seal import is_sealed, seal
from ..messages.errors import receipt_foreign, receipt_unreadable
from ..model import Problem
from ..text.typed_json import typed
from .records import Digest, Run, Runs

SCHEMA = 1
_FILE = "receipt.json"
# The new name of an untrusted receipt when a new one is written.
IGNORED = "receipt.ignored.json"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class _Receipt:
    schema: int
    seal: Digest
    runs: Runs


def load(root: Path) -> Runs:
    """All recorded runs, the oldest first; none if there is no trusted receipt (see `distrusted`)."""
    return _read(root)[0]


def distrusted(root: Path) -> Problem | None:
    """Why the receipt is ignored: it cannot be read or parsed, or was not written in this repository."""
    return _read(root)[1]


def name(root: Path) -> str:
    """The receipt as shown to people."""
    return place_name(root, _FILE)


def half_written(root: Path) -> Run | None:
    """The run that was killed while it wrote files and whose files are not restored yet."""
    return next((run for run in load(root) if run.files_state == "writing"), None)


def save(root: Path, runs: Runs) -> None:
    """Replace the receipt as a whole. Raises OSError and leaves the old one in place."""
    staged_receipt(root, runs)()


def staged_receipt(root: Path, runs: Runs) -> Callable[[], object]:
    """A function that moves the receipt into place; everything that needs disk space is done before. Raises OSError."""
    path = own_folder(root) / _FILE
    if distrusted(root):
        path.replace(path.with_name(IGNORED))
    whole = _Receipt(schema=SCHEMA, seal=seal(root, _content([asdict(run) for run in runs])), runs=runs)
    new = staged(path, f"{json.dumps(asdict(whole), indent=1)}\n".encode())
    return partial(new.replace, path)


def _read(root: Path) -> tuple[Runs, Problem | None]:
    path, earlier = place(root) / _FILE, root / FOLDER / _FILE
    if path == earlier or path.exists():
        return _read_from(root, path)
    # Our folder had to move into `.git`: the earlier runs are in the old receipt, if we wrote it.
    return _read_from(root, earlier)[0], None


def _read_from(root: Path, path: Path) -> tuple[Runs, Problem | None]:
    if linked(path.parent):
        return (), None
    try:
        stored, content = _decoded(read(path).decode())
    except (FileNotFoundError, NotADirectoryError):
        return (), None
    except OSError as error:
        return (), receipt_unreadable(path=name(root), reason=error.strerror or str(error))
    except (ValueError, RecursionError) as error:
        return (), receipt_unreadable(path=name(root), reason=str(error))
    if not is_sealed(root, content, stored.seal):
        return (), receipt_foreign(path=name(root))
    return stored.runs, None


def _content(runs: object) -> bytes:
    """The content that is sealed: the runs as they are stored, so that it is the same for every version."""
    return json.dumps(runs, sort_keys=True).encode()


def _decoded(text: str) -> tuple[_Receipt, bytes]:
    """The receipt, and the content that its seal is of."""
    stored = json.loads(text)
    schema = stored.get("schema") if isinstance(stored, dict) else None
    if isinstance(schema, int) and schema != SCHEMA:
        raise ValueError(f"it has format {schema}, and this version reads format {SCHEMA}")
    whole: _Receipt = typed(_Receipt, stored, "receipt")
    for path in (file.path for run in whole.runs for file in run.files):
        reason = misplaced(path)
        if reason:
            raise ValueError(f"it names {path!a}, and {reason}")
    return whole, _content(stored["runs"])
