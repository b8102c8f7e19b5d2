"""A push, checked, built and deployed. Runs as the hooks of a project's repository; Git shows its output.

A commit with a wrong configuration is rejected. Any other is accepted and becomes the head of the environment, and then
an activity builds and deploys it: Git does not learn whether that succeeds [CLI source: the CLI looks for errors in the
log of a completed push].
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from .._kit.console import say
from .._kit.repository import NOTHING, updates
from . import releasing
from .activity import activity
from .configuration import InvalidConfiguration, configuration_of
from .flavour import FLAVOURS
from .state import State


def main(root: Path, flavour: str, project_id: str, hook: str, pushed: str) -> int:
    """Handle the push that Git describes to the hook; 1 rejects it."""
    state = State(root, FLAVOURS[flavour])
    branch = state.project(project_id)["environment"]["name"]
    branches = updates(pushed)
    other = [update for update in branches if update.ref != f"refs/heads/{branch}"]
    if other or any(update.new == NOTHING for update in branches):
        say(f"E: The emulated platform takes a branch called {branch} and no other.")  # LIMIT of the emulation
        return 1
    ((old, new, _),) = branches
    return _check(state, project_id, new) if hook == "pre-receive" else _carry_out(state, project_id, old, new)


def _check(state: State, project_id: str, commit: str) -> int:
    say("\nValidating submodules\n\nValidating configuration files")
    try:
        configuration_of(state, project_id, commit)
    except InvalidConfiguration as invalid:
        # [docs: troubleshooting]
        say("\nE: Error parsing configuration files:")
        for error in invalid.errors:
            say(f"    - {error}")
        say("\nE: Error: Invalid configuration files, aborting build")
        return 1
    return 0


def _carry_out(state: State, project_id: str, old: str, new: str) -> int:
    branch = state.project(project_id)["environment"]["name"]
    with state.change() as platform:
        platform["projects"][project_id]["environment"]["head"] = new
    description = f"Dev Eloper pushed to {branch.capitalize()}"
    say(f"\nProcessing activity: {description}")
    with activity(state, project_id, "environment.push", description, lambda line: say(f"    {line}".rstrip())) as log:
        commits = _count(old, new)
        log.say(f"Found {commits} {'new commit' if commits == 1 else 'new commits'}\n")
        releasing.bring_out(state, project_id, log)
    return 0


def _count(old: str, new: str) -> int:
    wanted = new if old == NOTHING else f"{old}..{new}"
    done = subprocess.run(["git", "rev-list", "--count", wanted], capture_output=True, check=True, encoding="utf-8")
    return int(done.stdout)
