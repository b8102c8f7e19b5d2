"""What is excluded from the image: `.dockerignore` with Git's patterns, and what is sent although Git ignores it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from simple_deploy.contract import Ignored, Site

from .dockerignore import CLOSE, Ignore, from_git, literal, with_git
from .fly_toml import CONFIGURATION
from .own_image import BESIDE, DOCKERFILE

_TEMPLATE = Path(__file__).with_name("templates") / "dockerignore"
# The builder and flyctl read these themselves. A run may write and commit them although Git ignores them.
_READ_OUTSIDE = frozenset({".dockerignore", DOCKERFILE, BESIDE, CONFIGURATION})


def dockerignore(text: str | None, site: Site) -> str:
    """The file with Git's patterns and every missing line at its beginning: the user's own lines come last.

    Files that Git ignores for another reason (such as `.git/info/exclude`) get a line of their own, if that has an
    effect.
    """
    wanted = [*_TEMPLATE.read_text(encoding="utf-8").splitlines(), *_own_folders(site)]
    result = _with_lines(with_git(text or "", _rules(site.project.ignored)), wanted)
    left = sent(site, result)
    tried = Ignore(_with_lines(result, [*map(literal, left)]))
    return _with_lines(result, [literal(path) for path in left if tried.leaves_out(path)])


def sent(site: Site, text: str) -> list[str]:
    """What Git ignores but this .dockerignore sends; a folder that Git ignores as a whole counts as one."""
    patterns = Ignore(text)
    folders = [entry for entry in site.project.ignored.entries if entry.endswith("/")]
    files = [path for path in site.project.ignored.files if not patterns.leaves_out(path)]
    names = (next((folder for folder in folders if path.startswith(folder)), path) for path in files)
    return list(dict.fromkeys(name.rstrip("/") for name in names))


def _rules(ignored: Ignored) -> list[str]:
    """Git's patterns, and an exception for each tracked file that one of them matches."""
    lines = [line for folder, text in ignored.rules for line in from_git(folder, text)]
    patterns = Ignore("\n".join(lines))
    needed = (path for path in ignored.tracked if path not in _READ_OUTSIDE and patterns.leaves_out(path))
    return [*lines, *(f"!{literal(path)}" for path in needed)]


def _with_lines(text: str, wanted: Sequence[str]) -> str:
    """The missing lines below the block of Git's patterns, so that they override exceptions in it."""
    present = {line.strip().strip("/") for line in text.splitlines()}
    missing = {line for line in wanted if line not in present and not line.startswith("#")}
    if not missing:
        return text
    lines = [f"{line}\n" for line in wanted if line.startswith("#") or line in missing]
    before, closed, after = text.partition(f"{CLOSE}\n")
    return before + closed + "".join(lines) + after if closed else "".join(lines) + text


def _own_folders(site: Site) -> Iterator[str]:
    """Environments by their usual names, next to manage.py and at the root; databases and uploads in the project."""
    project = site.project
    for folder in dict.fromkeys((".", project.manage_dir)):
        yield from (literal(str(PurePosixPath(folder) / name)) for name in ("venv", "env"))
    found = (path for path in (*project.git.byproducts, *project.git.exposed) if path.endswith("/"))
    yield from (literal(path.rstrip("/")) for path in found if path != "__pycache__/")
    for path in map(literal, project.settings.sqlite_files):
        yield from (path, f"{path}-*") if not path.endswith(".sqlite3") else ()
    # Files that Git has belong to the site, and some of them may be static files.
    if site.recipe.media and not project.git.tracks_uploads:
        yield literal(site.recipe.media)
