"""The modules of the project that its settings import, read as source. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from ..source_code.read import Read
from ..source_code.syntax import uses
from ..source_code.variable_reads import Names, reads
from .split_settings import included

_MOST = 60

Source = Callable[[str], bytes | None]


def modules(source: Source, starts: Iterable[str], manage_dir: str) -> Modules:
    """What `starts` (modules, or files below the Git root) import. `source` returns the bytes of a file, or None."""
    found = Modules(source, list(dict.fromkeys((manage_dir, ".", f"{manage_dir}/src", "src"))))
    for start in starts:
        if start.endswith(".py"):
            found.add(start, conditional=False)
        else:
            found.module(start, conditional=False)
    return found


@dataclass
class Modules:
    """Modules of the project that the settings import, with the variables that they read."""

    source: Source
    roots: list[str]
    names: Names = field(default_factory=Names)
    found: dict[str, list[Read]] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)
    trees: dict[str, ast.Module] = field(default_factory=dict)

    def module(self, name: str, *, conditional: bool) -> None:
        """Read the module and its parent packages."""
        parts = name.split(".")
        for root in self.roots:
            for depth in range(1, len(parts) + 1):
                path = joined(root, *parts[:depth])
                self.add(f"{path}/__init__.py", conditional=conditional)
            self.add(f"{joined(root, *parts)}.py", conditional=conditional)

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
        self.trees[path] = tree
        for node, guarded in _imports(tree.body, conditional):
            self._follow(node, path, guarded)
            for name, uncertain in included(node, tree):
                self.add(joined(str(PurePosixPath(path).parent), name), conditional=guarded or uncertain)
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
            near = Modules(self.source, [flat(folder)], self.names, self.found, self.uses, self.trees)
            for name in [node.module] if node.module else [alias.name for alias in node.names]:
                near.module(name, conditional=conditional)
        elif isinstance(node, ast.ImportFrom) and node.module:
            self.module(node.module, conditional=conditional)
            for alias in node.names:
                self.module(f"{node.module}.{alias.name}", conditional=conditional)


def _imports(body: Iterable[ast.stmt], conditional: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Each statement that imports another module, and whether it may not be reached."""
    for node in body:
        yield node, conditional
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.ExceptHandler):
                yield from _imports(part.body, True)
        below = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.stmt)]
        yield from _imports(below, True)


def joined(*parts: str) -> str:
    """The parts as one path, without "." and ".."."""
    return flat(str(PurePosixPath(*parts)))


def flat(path: str) -> str:
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
