"""The release command: on a separate machine, before any other is changed [flyctl source: deploy/release_command]."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from .._kit.cobra import CliError
from .._kit.console import note
from .._kit.programs import run_part
from .._kit.store import now
from . import machines
from .state import Machine, State

_SHOWN = 100  # lines of the log of a failed release command


def run(state: State, app: str, machine: Machine, words: Sequence[str]) -> None:
    """Run it without a shell, in the new image, as its user. Raises CliError if it fails."""
    image = machines.image_of(state, app, machine["image"])
    found = state.read()["apps"][app]
    own = {"RELEASE_COMMAND": "1", "FLY_PROCESS_GROUP": "fly_app_release_command"}
    env = machines.environment(found, image, machine, **own)
    place = machines.container(state, app, image, machine["id"])
    output: list[str] = []
    note(f"Running {app} release_command: {shlex.join(words)}")
    argv = [*image.entrypoint, *words]
    status = run_part(state, "release", place, argv, env, limit="release", each_line=output.append)
    with machines.log(state, app, machine["id"]).open("a", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in output)
    if status == 0:
        note(f"release_command {machine['id']} completed successfully")
        return
    note(f"Error release_command failed running on machine {machine['id']} with exit code {status}.")
    note(f"Checking logs: fetching the last {_SHOWN} lines below:")
    for line in output[-_SHOWN:]:
        note(f"{now()} {line}")
    text = f"machine {machine['id']} exited with non-zero status of {status}"
    raise CliError(f"release command failed - aborting deployment. {text}")
