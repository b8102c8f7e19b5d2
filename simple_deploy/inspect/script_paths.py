"""Folders that manage.py adds to `sys.path`, from its code. Nothing is run."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .settings_modules import Modules, joined

# Functions and methods of paths that lead to the same folder.
_SAME = frozenset({"Path", "str", "fspath", "abspath", "realpath", "normpath", "resolve", "absolute", "as_posix"})


def script_paths(read_in: Modules, root: Path) -> tuple[str, ...]:
    """The folders of the project, relative to the Git root, that Python does not search without manage.py.

    Where one of the modules that production loads changes `sys.path` itself, there are none.
    """
    source, manage_dir = read_in.source, read_in.roots[0]
    script = root / manage_dir / "manage.py"
    code = source(joined(manage_dir, script.name)) or b""
    if not _changes(code) or any(_changes(source(path)) for path in read_in.found):
        return ()
    folders = (Path(os.path.normpath(folder)) for folder in _added(ast.parse(code), script))
    below = (folder for folder in folders if folder.is_relative_to(root) and folder != script.parent)
    return tuple(dict.fromkeys(folder.relative_to(root).as_posix() for folder in below if folder.is_dir()))


def _changes(code: bytes | None) -> bool:
    return b"sys.path" in (code or b"")


def _added(code: ast.Module, script: Path) -> Iterator[Path]:
    names = {"__file__": script}
    for node in ast.walk(code):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if folder := _folder(value, names):
                names[name] = folder
            case ast.Call(func=ast.Attribute(value=changed, attr="append" | "insert"), args=[*_, value]):
                if ast.unparse(changed) == "sys.path" and (folder := _folder(value, names)):
                    yield folder


def _folder(node: ast.expr, names: Mapping[str, Path]) -> Path | None:
    """The path that the expression computes from that of the script; None for any other one."""
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=inner, attr="parent"):
            return _above(_folder(inner, names))
        case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(number))):
            return _above(_folder(inner, names), number + 1)
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=[]) if name in _SAME:
            return _folder(inner, names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[inner, *_]) if name in _SAME:
            return _folder(inner, names)
        case ast.Call(func=ast.Name(id="dirname") | ast.Attribute(attr="dirname"), args=[inner, *_]):
            return _above(_folder(inner, names))
        case ast.Call(func=ast.Name(id="join") | ast.Attribute(attr="join"), args=[inner, *parts]):
            return _below(_folder(inner, names), parts)
        case ast.BinOp(left=inner, op=ast.Div(), right=part):
            return _below(_folder(inner, names), [part])
    return None


def _above(folder: Path | None, levels: int = 1) -> Path | None:
    return Path(folder, *[os.pardir] * levels) if folder else None


def _below(folder: Path | None, parts: Iterable[ast.expr]) -> Path | None:
    known = [_part(one) for one in parts]
    return Path(folder, *filter(None, known)) if folder and all(known) else None


def _part(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Attribute(attr="pardir"):
            return os.pardir
    return None
