"""The emulated `ssh`: gives Git access to the platform's repositories, and to nothing else."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

from .._kit.console import note
from .._kit.faults import under_faults
from .flavour import FLAVOURS
from .state import State, may_use

UNREACHABLE = 255
_TAKES_VALUE = "BbcDEeFIiJLlmOopQRSWw"


def main(root: Path, argv: list[str]) -> int:
    """Connect as OpenSSH would, and return the exit status of the remote command."""
    words = list(argv)
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if len(option) == 2 and option[1] in _TAKES_VALUE:
            words.pop(0)
    destination, *command = words or [""]
    address = re.fullmatch(r"([a-z0-9]+)@git\.(?:[a-z0-9-]+\.)?platform\.sh", destination)
    if not address:
        host = destination.rpartition("@")[2]
        return _refused(f"ssh: Could not resolve hostname {host}: Name or service not known")
    for flavour in FLAVOURS.values():
        state = State(root, flavour)
        if state.folder.exists() and address[1] in state.read()["projects"]:
            return _serve(state, address[1], shlex.split(" ".join(command)))
    return _no_access(destination)


def _serve(state: State, project_id: str, command: list[str]) -> int:
    platform = state.read()
    # The CLI fetches an SSH certificate for a login and for an API token alike [CLI source: SshConfig].
    token = os.environ.get(f"{state.flavour.env_prefix}TOKEN")
    known = token == platform["account"]["token"] if token else platform["account"]["logged_in"]
    if not known or not may_use(platform, platform["projects"][project_id]):
        return _no_access(f"{project_id}@git.{platform['projects'][project_id]['region']}")
    if len(command) != 2 or command[0] not in ("git-receive-pack", "git-upload-pack"):
        return _refused("Only Git can use this connection.", status=1)  # LIMIT of the emulation
    argv = ["git", command[0].removeprefix("git-"), str(state.repository(project_id))]
    name = "git push" if command[0] == "git-receive-pack" else "git fetch"
    return under_faults(state, name, lambda: subprocess.run(argv, check=False).returncode, note)


def _no_access(destination: str) -> int:
    """[OpenSSH]"""
    return _refused(f"{destination}: Permission denied (publickey).")


def _refused(message: str, status: int = UNREACHABLE) -> int:
    note(message)
    return status
