"""The text of templates, and the static files that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from posixpath import normpath
from typing import Any

_LITERAL = re.compile(r"""({%-?\s*static\s+|\bstatic\(\s*)(["'])([^"'{}]+)\2(?(1)\s*(?:%|as\b|\)))""")
# Folders of code that no page of the site uses.
_ASIDE = re.compile("tests?")
_COMPUTED = re.compile(r"""{%-?\s*static\s+[^"'\s]""")


def missing_names(order: dict[str, Any], names: set[str]) -> tuple[list[str], bool]:
    """References to missing static files, and whether others have to be tolerated: templates compute them, write the
    name of a file in a way that only development accepts ("/css/site.css", "./css/site.css"), or are those of a package
    for an app that is not installed.
    """
    found, tolerated = [], False
    of_packages: dict[str, list[str]] = {}
    tree = Path(order["tree"])
    folders = {*(name.partition("/")[0] for name in names), *_labels()}
    for path, shown in templates(tree):
        text = path.read_text(encoding="utf-8", errors="replace")
        tolerated = tolerated or bool(_COMPUTED.search(text))
        for match in _LITERAL.finditer(text):
            # Django looks for the name without these (HashedFilesMixin._url).
            name = match[3].partition("#")[0].partition("?")[0]
            if name in names or not name or name.endswith("/"):
                continue
            plain = normpath(name.replace("\\", "/").lstrip("/"))
            if plain in names or any(one.startswith(f"{plain}/") for one in names):
                # The name of a folder is the beginning of others.
                tolerated = True
                continue
            line = text.count("\n", 0, match.start()) + 1
            if path.is_relative_to(tree):
                told = match[3] if match[3] == match[3].strip() else f'"{match[3]}"'
                found.append(f"{shown}:{line}: {told}{_only_here(order, name)}")
            elif name.partition("/")[0] in folders or "/" not in name:
                of_packages.setdefault(shown.partition("/")[0], []).append(match[3])
            else:
                # It belongs to an app that is not installed, so the page that names it is probably not in use.
                tolerated = True
    return [*found, *(_of_package(*one) for one in of_packages.items())], tolerated


def _labels() -> Iterator[str]:
    """The names of the installed apps, which their static files usually have in front."""
    from django.apps import apps

    for config in apps.get_app_configs():
        yield from (config.label, config.name.rpartition(".")[2])


def _only_here(order: dict[str, Any], name: str) -> str:
    """The file, if it is in the developer's folder: Git ignores it, or it was not added."""
    from django.apps import apps
    from django.conf import settings

    tree, root = Path(order["tree"]), Path(order.get("root", order["tree"]))
    listed = (one[1] if isinstance(one, (list, tuple)) else one for one in settings.STATICFILES_DIRS)
    folders = (*map(Path, listed), *(Path(config.path, "static") for config in apps.get_app_configs()))
    own = (folder.relative_to(tree) for folder in folders if folder.is_relative_to(tree))
    for path in (root / folder / name for folder in own):
        if path.is_file():
            return f" ({path.relative_to(root).as_posix()} is here, but Git does not have it)"
    return ""


def _of_package(package: str, names: list[str]) -> str:
    """A package may have templates that no page of this site shows, such as examples."""
    others = len(names) - 1
    return f"templates of {package}: {names[0]}{f' and {others} more' if others else ''}"


def templates(tree: Path) -> Iterator[tuple[Path, str]]:
    """Templates, and code that may name static files: the project's own, and the templates of packages it uses."""
    import django
    from django.apps import apps

    used = [tree, *_used()]
    for path in sorted(tree.rglob("*")):
        named = path.suffix in (".html", ".htm", ".jinja", ".jinja2", ".j2", ".txt", ".py")
        if named and path.is_file() and not _is_aside(path, used):
            yield path, path.relative_to(tree).as_posix()
    ours = (tree, Path(django.__file__).parent)
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if not any(folder.is_relative_to(place) for place in ours):
            for path in sorted(folder.joinpath("templates").rglob("*.html")):
                yield path, f"{config.name}/{path.relative_to(folder).as_posix()}"


def _used() -> Iterator[Path]:
    """The folders of the apps, and of templates that belong to none."""
    from django.apps import apps
    from django.conf import settings

    yield from (Path(config.path) for config in apps.get_app_configs())
    yield from (Path(folder).absolute() for engine in settings.TEMPLATES for folder in engine.get("DIRS", ()))


def _is_aside(path: Path, used: Iterable[Path]) -> bool:
    """Whether it is only in a folder of tests, seen from each folder that the site uses."""
    places = (path.relative_to(folder).parts[:-1] for folder in used if path.is_relative_to(folder))
    return all(any(map(_ASIDE.fullmatch, parts)) for parts in places)
