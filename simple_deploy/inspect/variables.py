"""The project's source → the environment variables that its settings read, in every module that they import."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from ..masking.known_secrets import variables as variables_in
from ..model import Variable
from ..production.build_only import ALWAYS, REPLACED
from .variable_reads import Names, Read, reads, uses

# Files with example variables for people who set the project up.
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env", "sample.env")
_MOST = 60

Source = Callable[[str], bytes | None]


def variables(source: Source, starts: Iterable[str], manage_dir: str) -> tuple[Variable, ...]:
    """The variables by name. `source` returns the bytes of a file below the Git root, or None.

    `starts` is what production loads: modules or files.
    """
    closure = _Closure(source, list(dict.fromkeys((manage_dir, ".", f"{manage_dir}/src", "src"))))
    for start in starts:
        if start.endswith(".py"):
            closure.add(start, conditional=False)
        else:
            closure.module(start, conditional=False)
    found = {variable.name: variable for variable in _merged(closure)}
    for name, place in _listed(source, manage_dir):
        found.setdefault(name, Variable(name=name, place=place, needed="no"))
    return tuple(found[name] for name in sorted(found.keys() - ALWAYS))


def _listed(source: Source, manage_dir: str) -> Iterator[tuple[str, str]]:
    for folder in dict.fromkeys((manage_dir, ".")):
        for name in EXAMPLES:
            path = _joined(folder, name)
            text = source(path)
            yield from ((variable, path) for variable in variables_in((text or b"").decode("utf-8", "replace")))


@dataclass
class _Closure:
    """Modules of the project that the settings import, with the variables that they read."""

    source: Source
    roots: list[str]
    names: Names = field(default_factory=Names)
    found: dict[str, list[Read]] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)

    def module(self, name: str, *, conditional: bool) -> None:
        """Read the module and its parent packages."""
        parts = name.split(".")
        for root in self.roots:
            for depth in range(1, len(parts) + 1):
                path = _joined(root, *parts[:depth])
                self.add(f"{path}/__init__.py", conditional=conditional)
            self.add(f"{_joined(root, *parts)}.py", conditional=conditional)

    def add(self, path: str, *, conditional: bool) -> None:
        """Read a file after its imports, so that the names it gets from them are known."""
        if path in self.found or len(self.found) >= _MOST:
            return
        raw = self.source(path)
        try:
            tree = ast.parse(raw or b"")
        except (SyntaxError, ValueError):
            tree = ast.Module(body=[], type_ignores=[])
        if raw is None:
            return
        self.found[path] = []
        for node, guarded in _imports(tree.body, conditional):
            self._follow(node, path, guarded)
        self.found[path] = [
            replace(read, conditional=read.conditional or conditional) for read in reads(tree, self.names)
        ]
        for name, targets in uses(tree).items():
            self.uses.setdefault(name, set()).update(targets)

    def _follow(self, node: ast.stmt, path: str, conditional: bool) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.module(alias.name, conditional=conditional)
        elif isinstance(node, ast.ImportFrom) and node.level:
            folder = str(PurePosixPath(path).parent / "/".join([".."] * (node.level - 1)))
            near = _Closure(self.source, [_flat(folder)], self.names, self.found, self.uses)
            for name in [node.module] if node.module else [alias.name for alias in node.names]:
                near.module(name, conditional=conditional)
        elif isinstance(node, ast.ImportFrom) and node.module:
            self.module(node.module, conditional=conditional)
            for alias in node.names:
                self.module(f"{node.module}.{alias.name}", conditional=conditional)
        else:
            for word in _included(node):
                self.add(_joined(str(PurePosixPath(path).parent), word), conditional=conditional)


def _imports(body: Iterable[ast.stmt], conditional: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Each statement that imports another module, and whether it may not be reached."""
    for node in body:
        yield node, conditional
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.ExceptHandler):
                yield from _imports(part.body, True)
        below = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.stmt)]
        yield from _imports(below, True)


def _included(node: ast.stmt) -> Iterator[str]:
    """django-split-settings: include("base.py", optional("local.py"))"""
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "include":
        yield from (str(part.value) for part in call.args if isinstance(part, ast.Constant))


def _merged(closure: _Closure) -> Iterator[Variable]:
    by_name: dict[str, list[tuple[str, Read]]] = {}
    for path, found in closure.found.items():
        for read in found:
            by_name.setdefault(read.name, []).append((path, read))
    for name, places in by_name.items():
        settings = {setting for _, read in places for setting in _settings(read.target, closure.uses)}
        needed = _needed([read for _, read in places])
        telling = [(path, read) for path, read in places if not read.default] or places
        path, read = telling[0]
        kinds = [read.kind for _, read in places if read.kind != "text"]
        yield Variable(
            name=name,
            place=f"{path}:{read.line}",
            needed=needed,
            setting=settings.pop() if len(settings) == 1 else "",
            kind=kinds[0] if kinds else "text",
        )


def _needed(found: Sequence[Read]) -> Literal["yes", "perhaps", "no"]:
    if any(read.sets and not read.conditional for read in found) or all(read.default for read in found):
        return "no"
    return "yes" if any(not read.default and not read.conditional for read in found) else "perhaps"


def _settings(target: str, used: Mapping[str, set[str]], depth: int = 3) -> set[str]:
    """The settings that a value ends up in. Where a setting that the block overrides uses it, any value will do."""
    onward = used.get(target, set()) - {target}
    if not target or not onward or depth == 0 or target in REPLACED:
        return {target}
    return {setting for name in onward for setting in _settings(name, used, depth - 1)}


def _joined(*parts: str) -> str:
    return _flat(str(PurePosixPath(*parts)))


def _flat(path: str) -> str:
    """The path without "." and ".."; a path that leads out of the repository names no file there."""
    parts: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == "..":
            if not parts:
                return "\0"
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."
