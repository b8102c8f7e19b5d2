"""What one half leaves for the other: a folder that can be copied to another machine.

`repository.bundle` has the commits, `folder.tar` the files as they were sent, byte for byte; `plan.json` is the
deployer's plan, `account.sealed` the platform's account, including secrets; `hand_off.json` has the rest.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from ..record import results
from ..record.results import CellResult
from ..sandbox import environments

BUNDLE, FOLDER, PLAN, ACCOUNT, ABOUT = (
    "repository.bundle", "folder.tar", "plan.json", "account.sealed", "hand_off.json",
)  # fmt: skip
KEY_VARIABLE = "SIMPLE_DEPLOY_MATRIX_HAND_OFF_KEY"
_TRUSTED: Any = {"filter": "fully_trusted"} if hasattr(tarfile, "data_filter") else {}


class HandOffError(ValueError):
    """A folder that is not a hand-off, was changed, or was sealed with another key."""


@dataclass(frozen=True, kw_only=True)
class HandOff:
    """What the remote half needs to know.

    `result` is that of the local half, `head` the commit that was sent. `remotes` and `exclude` are the repository's
    remotes and untracked files, `git` is the developer's Git configuration. `databases` are names and URLs of the
    account's databases, `origin` the texts that name the first machine: its folder, its sources, its Python. `digests`
    are those of the other files.
    """

    result: CellResult
    head: str
    project: str
    remotes: Mapping[str, str]
    exclude: str
    git: Mapping[str, str]
    databases: Mapping[str, str]
    origin: Mapping[str, str]
    digests: Mapping[str, str]


def write(folder: Path, hand_off: HandOff, *, account: bytes) -> None:
    """Complete the folder, which already has bundle, files and plan."""
    sealed = {"account": base64.b64encode(account).decode(), "databases": dict(hand_off.databases)}
    (folder / ACCOUNT).write_bytes(_seal().encrypt(json.dumps(sealed).encode()))
    digests = {name: _digest(folder / name) for name in (BUNDLE, FOLDER, PLAN, ACCOUNT)}
    about = {**asdict(hand_off), "result": json.loads(results.to_json(hand_off.result)), "digests": digests}
    about["databases"] = sorted(hand_off.databases)  # their URLs contain passwords
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8", newline="\n")


def read(folder: Path) -> tuple[HandOff, bytes]:
    """The hand-off in a folder, and the files of its account; raises HandOffError if a single byte differs."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        about["result"] = results.from_json(json.dumps(about["result"]))
        hand_off = HandOff(**about)
        changed = [name for name, digest in hand_off.digests.items() if _digest(folder / name) != digest]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HandOffError(f"{folder} is no hand-off of a local half: {error!r}") from error
    if changed:
        raise HandOffError(f"{folder} was changed since it was packed: {', '.join(changed)}")
    try:
        sealed = json.loads(_seal().decrypt((folder / ACCOUNT).read_bytes()))
    except InvalidToken as error:
        raise HandOffError(
            f"{folder / ACCOUNT} was sealed with another key. Set {KEY_VARIABLE} to the same value on both machines."
        ) from error
    return HandOff(**{**vars(hand_off), "databases": sealed["databases"]}), base64.b64decode(sealed["account"])


def pack(folder: Path, *, without: tuple[str, ...] = ()) -> bytes:
    """The files of a folder as a tar archive, sorted by name; only modes and contents come from the machine."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if name.split("/")[0] not in without:
                archive.add(path, name, recursive=False, filter=_anonymous)
    return packed.getvalue()


def unpack(packed: bytes, folder: Path) -> None:
    """Write the files of an archive that `pack` made."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, **_TRUSTED)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    return member


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _seal() -> Fernet:
    """The key is derived from the variable, or else it is this user's own, which never leaves the machine."""
    word = os.environ.get(KEY_VARIABLE)
    if not word:
        file = environments.cache_folder() / "hand_off.key"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32), encoding="utf-8")
        word = file.read_text(encoding="utf-8")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(word.encode()).digest()))
