"""The commit of a run: its steps, and whether Git stores what the plan writes. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from .model import Poll, Project, Step

# gitattributes(5), "ident": the text between "$Id" and "$" is not stored.
_IDENT = re.compile(rb"\$Id:[^\n$]*\$")
# Characters that Git may treat as a pattern or, after ":/", as magic.
_ORDINARY = re.compile(r"[\w.][^*?\[\\]*")


def commit_steps(
    project: Project, platform: str, contents: Mapping[str, bytes], *, force: bool, folder: bool
) -> tuple[Step, ...]:
    """Stage and commit these files, and check the result before anything is pushed; no steps if there are no files.

    With `force`, files that Git ignores are included. `folder` is whether the platform builds the folder, not the
    commit.
    """
    if not contents:
        return ()
    paths = {path: _pathspec(path, top=project.nested) for path in contents}
    add = Step(
        id="git-add",
        title="Stage the changed files",
        why="the commit contains exactly these files",
        argv=("git", "add", *(("--force",) if force else ()), "--", *paths.values()),
    )
    new = [paths[path] for path in contents if not in_head(project, path, contents[path])]
    if not new:
        return (add,)
    return (
        add,
        Step(
            id="git-commit",
            title="Commit them",
            why="your repository records what is deployed" if folder else "the platform builds what is committed",
            argv=("git", "commit", "--quiet", "--message", f"Configure for deployment to {platform}", "--", *new),
            on_failure="The files are written but not committed. A Git hook may have rejected them; if it only "
            "reformatted them, run the same command again.",
        ),
        _comparison(contents),
        *((_comparison_of_folder(list(paths.values())),) if folder else ()),
    )


def in_head(project: Project, path: str, content: bytes) -> bool:
    """Whether a file listed by `git status` is the same as in HEAD: a hook that stages it leaves the index behind."""
    return any(_holds(entry.committed, content) for entry in project.git.entries if entry.path == path)


def _pathspec(path: str, *, top: bool) -> str:
    """The file as git-add(1) reads it; pattern characters are literal (gitglossary(7)).

    `top` makes it relative to the Git root, so that the commands also work from the folder of manage.py.
    """
    if not _ORDINARY.fullmatch(path):
        return f":({'top,' if top else ''}literal){path}"
    return f":/{path}" if top else path


def _comparison(contents: Mapping[str, bytes]) -> Step:
    def verdict(listing: str) -> str:
        changed = differing(listing, contents)
        return f"shows that the commit differs from the plan: {', '.join(changed)}" if changed else "done"

    return Step(
        id="check-commit",
        title="Compare the commit with the plan",
        why="a Git hook may have changed it",
        argv=("git", "ls-tree", "--full-tree", "-z", "HEAD", "--", *contents),
        poll=Poll(verdict=verdict, timeout=0),
        on_failure="Nothing was sent to the platform. If a Git hook only reformats these files, run the same command "
        "again: it keeps the formatting. If a hook or filter changes more than that, exclude these files from it.",
    )


def _comparison_of_folder(paths: Sequence[str]) -> Step:
    def verdict(names: str) -> str:
        changed = ", ".join(names.split("\0")[:-1])
        return f"shows that the folder differs from the commit: {changed}" if changed else "done"

    return Step(
        id="check-folder",
        title="Compare the folder with the commit",
        why="the platform builds the folder",
        argv=("git", "diff", "--name-only", "-z", "HEAD", "--", *paths),
        poll=Poll(verdict=verdict, timeout=0),
        on_failure="Nothing was sent to the platform. If a Git hook changes these files after the commit, exclude "
        "them from it.",
    )


def differing(listing: str, contents: Mapping[str, bytes]) -> list[str]:
    """The paths that `git ls-tree -z` or `git ls-files --stage -z` lists with different contents or not at all."""
    kept = dict(_entries(listing))
    return [path for path, content in contents.items() if not _holds(kept.get(path), content)]


def _entries(listing: str) -> Iterator[tuple[str, str]]:
    for entry in filter(None, listing.split("\0")):
        words, _, path = entry.partition("\t")
        yield path, next((word for word in words.split() if len(word) in (40, 64)), "")


def _holds(object_id: str | None, content: bytes) -> bool:
    """Whether the blob has these bytes, as they are or after one of Git's own text conversions."""
    if not object_id:
        return False
    algorithm = "sha256" if len(object_id) == 64 else "sha1"
    return any(_object_id(form, algorithm) == object_id for form in _forms(content))


def _object_id(content: bytes, algorithm: str) -> str:
    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _forms(content: bytes) -> Iterator[bytes]:
    """gitattributes(5): line endings, keywords and the encoding may change; the text does not."""
    yield content
    encoded = [content]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoded.append(content.decode("utf-16", "replace").encode())
    for form in encoded:
        for kept in (form, _IDENT.sub(b"$Id$", form)):
            yield from (kept, kept.replace(b"\r\n", b"\n"))
