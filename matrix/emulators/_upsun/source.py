"""The files of a commit, what they say of themselves, and what decides a build of them."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from matrix.emulators._upsun.configuration import Configuration, read
from matrix.emulators._upsun.state import State

# Git writes no paths that lead outside; newer Pythons want to be told.
_TRUSTED: Any = {"filter": "fully_trusted"} if hasattr(tarfile, "data_filter") else {}


def extract(repository: Path, commit: str, folder: Path, part: str = "") -> None:
    """The files of a commit, or of one folder of it."""
    tree = f"{commit}:{part}" if part else commit
    argv = ["git", "--git-dir", str(repository), "archive", "--format=tar", tree]
    archive = subprocess.run(argv, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as source:
        source.extractall(folder, **_TRUSTED)


def tree_id(repository: Path, commit: str, configuration: Configuration) -> str:
    """What decides a build: the application's files and its configuration."""
    argv = ["git", "--git-dir", str(repository), "rev-parse", f"{commit}:{configuration.root}"]
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
        extract(state.repository(project_id), commit, Path(folder))
        return read(state.flavour, Path(folder))
