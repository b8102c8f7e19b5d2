"""An activity: an action of the platform with its log and its result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .._kit.store import first
from .state import Activity, State, moment, short_id

Say = Callable[[str], None]


class Failed(Exception):
    """The activity cannot continue; the reason is in the log."""


class Log:
    """Writes each line into the log of an activity, and passes it to a watcher."""

    def __init__(self, path: Path, watcher: Say) -> None:
        self._path = path
        self._watcher = watcher
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def say(self, line: str = "") -> None:
        """Print one or more lines of the platform itself."""
        with self._path.open("a", encoding="utf-8") as stream:
            for single in line.split("\n"):
                stream.write(single.rstrip() + "\n")
                self._watcher(single)

    def inside(self, depth: int) -> Say:
        """A `say` that indents its lines."""
        return lambda line: self.say(" " * depth + line)


@contextmanager
def activity(state: State, project_id: str, kind: str, description: str, watcher: Say) -> Iterator[Log]:
    """Run the body as an activity. `Failed` makes it fail and is not passed on; any other error cancels it."""
    fresh: Activity = {
        "id": short_id(),
        "type": kind,
        "description": description,
        "state": "in_progress",
        "result": None,
        "created_at": moment(),
        "completed_at": "",
        "log": "",
    }
    fresh["log"] = str(state.app_folder(project_id) / "activities" / f"{fresh['id']}.log")
    with state.change() as platform:
        platform["projects"][project_id]["activities"].append(fresh)
    log = Log(Path(fresh["log"]), watcher)
    try:
        yield log
    except Failed:
        _end(state, project_id, fresh["id"], succeeded=False)
    except BaseException as error:
        # OWN WORDING, with the words by which a failed activity is recognised: an error of the emulation is one too.
        log.say(f"E: Environment redeployment failed: the emulation ended with {error!r}")
        _end(state, project_id, fresh["id"], succeeded=False, cancelled=True)
        raise
    else:
        _end(state, project_id, fresh["id"], succeeded=True)


def _end(state: State, project_id: str, activity_id: str, *, succeeded: bool, cancelled: bool = False) -> None:
    with state.change() as platform:
        known = first(platform["projects"][project_id]["activities"], id=activity_id)
        assert known
        known["state"] = "cancelled" if cancelled else "complete"
        known["result"] = "success" if succeeded else "failure"
        known["completed_at"] = moment()
