"""The configuration of a commit, and the identity of a build of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

from .._kit import repository
from .configuration import Configuration, read
from .state import State


def tree_id(folder: Path, commit: str, configuration: Configuration) -> str:
    """A hash of everything that decides a build: the application's files and its configuration."""
    argv = ["git", "--git-dir", str(folder), "rev-parse", f"{commit}:{configuration.root}"]
    named = subprocess.run(argv, capture_output=True, check=True, encoding="utf-8")
    built = {
        key: configuration.application.get(key)
        for key in ("type", "dependencies", "variables", "hooks", "build", "mounts")
    }
    text = named.stdout.strip() + json.dumps(built, sort_keys=True)
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def configuration_of(state: State, project_id: str, commit: str) -> Configuration:
    """The configuration of a commit. Raises InvalidConfiguration."""
    with tempfile.TemporaryDirectory() as folder:
        repository.extract(commit, Path(folder), repository=state.repository(project_id))
        return read(state.flavour, Path(folder))
