"""The requirements file that production installs from: at the Git root, where that one points, or in requirements/."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Set

from ..messages import errors
from . import project_table, requirements_file, setup_script
from .files import Files, Over
from .requirement_line import included, the_project
from .requirements_file import Unusable, lines

ROOT = "requirements.txt"
FOLDER = "requirements"
SOURCE = ".in"
ROOT_SOURCE = "requirements.in"

# The first row that has a match decides.
_PREFERRED = (("production", "prod"), ("base", "requirements", "common", "main"))
# What people call the rest of such a folder.
_DEVELOPMENT = re.compile(
    r"dev(elop(ment)?)?|local|tests?|testing|tox|qa|debug|docs?|rtd|readthedocs|ci|circleci|travis|lint"
)
# A requirements.txt under a name that no platform looks for: requirement.txt, Requirements.txt, reqs.txt.
_OTHER_NAME = re.compile(r"req[a-z]*\.txt", re.IGNORECASE)


def evidence(files: Files) -> str | None:
    """The evidence that the project has a requirements file for production; None if it has none.

    A requirements.txt that only installs the project itself does not count if pyproject.toml lists the requirements,
    nor do files in the folder if only pyproject.toml has Django.
    """
    if files.read(ROOT) is not None:
        return None if pointing_to_the_project(files) and not setup_script.describes(files) else ROOT
    if files.read(ROOT_SOURCE) is not None:
        return ROOT_SOURCE
    found = _in_folder(files)
    return f"{FOLDER}/" if found and not _only_adds(found, files) else None


def _only_adds(found: Iterable[str], files: Files) -> bool:
    """Whether the files list what a server or a tool needs besides the project, which pyproject.toml describes."""
    if "django" not in project_table.named(project_table.table(project_table.document(files))):
        return False
    try:
        return not any("django" in requirements_file.read(path, files).declared for path in found)
    except Unusable:
        return False


def misnamed(files: Files) -> str | None:
    """The file that is a requirements.txt in all but its name; None if there is none, or several."""
    found = [name for name in files.list("") if _OTHER_NAME.fullmatch(name) and name != ROOT]
    return found[0] if len(found) == 1 else None


def find(files: Files) -> str:
    """That requirements file, which may have to be compiled first. Raises Unusable if several could be meant."""
    if files.read(ROOT) is not None:
        return _pointed(files)
    if files.read(ROOT_SOURCE) is not None:
        return ROOT
    found = _in_folder(files)
    if len(found) > 1:
        raise Unusable(errors.several_requirements_files(found=found, first=found[0]))
    return found[0]


def listing(packages: Set[str], files: Files) -> str:
    """The requirements file that is named for production and lists one of these packages; "" if none does."""
    names = (f"{stem}.txt" for stem in _PREFERRED[0])
    for path in (f"{start}{name}" for name in names for start in (f"{FOLDER}/", f"{FOLDER}-", f"{FOLDER}_")):
        try:
            if packages & requirements_file.read(path, files).declared:
                return path
        except Unusable:
            continue
    return ""


def beside(path: str, files: Files) -> str:
    """The file for production in the folder of one for development; "" if it is not for development, or has none."""
    folder = posixpath.dirname(path)
    found = (posixpath.join(folder, name) for name in files.list(folder) if name.endswith(".txt"))
    return next(filter(_is_for_production, sorted(found)), "") if is_for_development(path) else ""


def pointing_to_the_project(files: Files) -> str | None:
    """The argument with which requirements.txt installs the project itself ("."); None if it installs anything else."""
    try:
        said = lines(ROOT, files)
    except Unusable:
        return None
    return the_project(said[0]) if len(said) == 1 else None


def leading_to(path: str) -> str:
    """The line of a requirements.txt at the Git root that installs the file at `path`; "" for that file itself."""
    return "" if path == ROOT else f"-r {path}"


def with_lines(files: Files, lines: Iterable[str]) -> Files:
    """The files with a requirements.txt of these lines, if there are any."""
    text = "".join(f"{line}\n" for line in lines if line)
    return Over(files, {ROOT: text}) if text else files


def _in_folder(files: Files) -> list[str]:
    """The files that could be meant, instead of each the one that includes it."""
    names = [posixpath.splitext(name) for name in files.list(FOLDER)]
    stems = sorted({stem for stem, suffix in names if suffix in (".txt", SOURCE)})
    others = [stem for stem in stems if not is_for_development(stem)]
    named = ([stem for stem in stems if stem in row] for row in _PREFERRED)
    chosen = [f"{FOLDER}/{stem}.txt" for stem in next(filter(None, named), others)]
    beside = [name for name in files.list("") if name.endswith(".txt") and _is_for_production(name)]
    wider = {path: _included(path, files) for path in (*(f"{FOLDER}/{stem}.txt" for stem in others), *beside)}
    return sorted({_outermost(path, wider) for path in chosen})


def _outermost(path: str, wider: Mapping[str, Set[str]]) -> str:
    """The file that includes that one, and is itself included by none, unless several could be meant."""
    found = [one for one, inner in wider.items() if path in inner]
    found = [one for one in found if _is_for_production(one)] or found
    if len(found) != 1:
        return path
    return _outermost(found[0], {one: inner for one, inner in wider.items() if one != found[0]})


def _included(path: str, files: Files) -> Set[str]:
    """The files that a requirements file, or its source, includes; none if one of them is for development."""
    source = posixpath.splitext(path)[0] + SOURCE
    try:
        said = [included(line, path) for line in (*lines(path, files), *lines(source, files))]
    except Unusable:
        return frozenset()
    found = {posixpath.splitext(one)[0] + ".txt" for one in said if one}
    return frozenset() if any(map(is_for_development, found)) else found


def is_for_development(path: str) -> bool:
    """Whether a file or an extra is named for development, tests or documentation."""
    return any(map(_DEVELOPMENT.fullmatch, _words(path)))


def _is_for_production(path: str) -> bool:
    return not {*_PREFERRED[0]}.isdisjoint(_words(path))


def _words(path: str) -> list[str]:
    """The words in the name of a file: "prod" in requirements-prod.txt."""
    return re.split(r"[^a-z]+", posixpath.splitext(posixpath.basename(path))[0].lower())


def _pointed(files: Files) -> str:
    """The target of a requirements.txt that contains only "-r another file": additions go there."""
    said = lines(ROOT, files)
    target = included(said[0], ROOT) if len(said) == 1 else None
    return target if target and files.read(target) is not None else ROOT
