"""The result of a push, from its log: a failing deploy hook changes neither exit status nor activity result."""

from __future__ import annotations

from typing import Literal

# The last line of the hook prints this, unless a command before it failed. See the templates.
FINISHED = "Deploy hook finished."
# Upsun docs, "Build and deploy": the log line before the hook's own output.
BEGINS = "Executing deploy hook"
# upsun/cli source, `detection.push_deploy_error_messages`: a push with one of them ends with status 87.
_NOT_DEPLOYED = (
    "Environment creation failed",
    "Environment redeployment failed",
    "Error building project",
    "Unable to build application",
    "Unknown error building the application",
    "Unable to find stack",
    "Cannot build application of type",
    "Invalid deployment",
    "Could not perform a rolling deployment",
)

Ended = Literal["unknown", "not deployed", "hook failed", "succeeded"]


def ended(log: str) -> Ended:
    """The result of the push with this log, if its deploy hook is ours.

    A push of a tree that was built and deployed before runs no hook (Upsun docs, "Build and deploy").
    """
    if not log.strip():
        return "unknown"
    if any(words in log for words in _NOT_DEPLOYED):
        return "not deployed"
    _, begins, output = log.rpartition(BEGINS)
    finished = FINISHED in (line.strip() for line in output.splitlines())
    return "succeeded" if finished or not begins else "hook failed"


def verdict(log: str) -> str:
    """The verdict: "done", "wait" while there is no log, or why the deploy hook did not finish."""
    state = ended(log)
    if state == "unknown":
        return "wait"
    if state == "hook failed" and "Read-only file system" in log.rpartition(BEGINS)[2]:
        return (
            "failed: your code writes to a file below /app, which is read-only at run time. Write to /tmp, or add the "
            "folder under `mounts`; send logs to the console"
        )
    if state == "hook failed":
        return "failed: one of the deploy hook's commands ended with an error, so the hook stopped there"
    return "failed: the platform did not deploy what was pushed" if state == "not deployed" else "done"
