"""The label of an image: the commit in it, by which a later run knows that it need not deploy again."""

from __future__ import annotations

from ..contract import Deferred, Query

# What the image of a commit is labelled with.
COMMIT = "commit-"


def _commit(output: str) -> str:
    if not output.strip():
        raise ValueError("Git names no commit")
    return COMMIT + output.strip()


LABEL = Deferred(
    query=Query(argv=("git", "rev-parse", "HEAD"), read=_commit),
    shown=f"{COMMIT}HEAD",
    recipe=f"'{COMMIT}' + subprocess.getoutput('git rev-parse HEAD')",
)
