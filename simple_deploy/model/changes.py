"""Files, before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FileEdit:
    """The content that a file should have. `edit` is text → text (None: there is no file yet) and idempotent.

    A `whole` file is ours from its first line to its last, and `#` starts a comment in it: `edit` is called for a new
    one only, and a file that someone else wrote or changed is kept as it is.
    """

    path: str
    edit: Callable[[str | None], str]
    why: str
    whole: bool = False


class Rewrite(Protocol):
    """A file, its current content and its new content; None: the file does not exist, or is to be deleted."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def before(self) -> bytes | None: ...  # noqa: D102
    @property
    def after(self) -> bytes | None: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FileChange:
    """One file before and after, as bytes, with the reason."""

    path: str
    before: bytes | None
    after: bytes
    why: str

    @property
    def kind(self) -> Literal["create", "modify"]:
        """Whether the file is new."""
        return "create" if self.before is None else "modify"
