"""Files of platforms that the project may have already. What the user wrote is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import FileEdit
from ..text import sealed_file
from .site import Site

_TYPE = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*:", re.MULTILINE)


def default_file(path: str, line: str, why: str) -> FileEdit:
    """A file with this text, unless one of that name exists."""
    return FileEdit(path=path, edit=lambda text: f"{line}\n" if text is None else text, why=why)


def own_file(site: Site, path: str) -> str | None:
    """The text of the user's own file in place of one that is ours as a whole; None if the site gets ours."""
    raw = site.project.files.get(path)
    if raw is None or site.options.replace_files:
        return None
    text = raw.decode("utf-8-sig", "replace")
    return None if sealed_file.is_ours(text) else text


def with_processes(text: str | None, wanted: str) -> str:
    """A Procfile with every process type of `wanted`; existing process types are unchanged."""
    if text is None:
        return wanted
    present = set(_TYPE.findall(text))
    lines = (line for line in wanted.splitlines() if line.partition(":")[0] not in present)
    added = "".join(f"{line}\n" for line in lines)
    return f"{text}\n{added}" if added and text and not text.endswith("\n") else text + added


def own_processes(site: Site) -> dict[str, str]:
    """The process types of the project's own Procfile, and their commands."""
    return _processes((site.project.files.get("Procfile") or b"").decode("utf-8", "replace"))


def kept_processes(site: Site, wanted: str) -> Iterator[str]:
    """A note on each process type of the project's Procfile that stays as it is, and would be another in `wanted`."""
    present = own_processes(site)
    for name, command in _processes(wanted).items():
        if present.get(name, command) != command:
            but = ", although it starts Django's development server" if "runserver" in present[name] else ""
            yield f'your own "{name}" line in Procfile is kept{but}; ours would be: {command}'


def _processes(text: str) -> dict[str, str]:
    """The commands of a Procfile by process type."""
    pairs = (line.partition(":") for line in text.splitlines() if _TYPE.match(line))
    return {name.strip(): command.strip() for name, _, command in pairs}
