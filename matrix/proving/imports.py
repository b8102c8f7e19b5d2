"""Which files of this repository a module needs: its imports, what they import, and the files next to them.

An import is a statement anywhere in the module, except under `if TYPE_CHECKING`. The name of a module inside a string
counts too, because programs are started that way; it may begin with `{__package__}`. So do the file name of a module
or the name of a program's folder next to this one and, in a package that imports its members by name, the names of
members. A package whose name begins with an underscore, which several share, needs all of its members: others compose
their names. So does the package that a table of commands refers to.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..record.provenance import HARNESS

PACKAGES = ("simple_deploy", HARNESS.name)
# Next to modules, but not part of their behaviour: records, pages for people, choices that a cell has already made, and
# what `new-platform` copies.
_APART = {"results", "published.json", "axes.toml", "plug_in_template", "__pycache__"}
# The rows of such a file in a package name functions of the package next to it.
_TABLE = "commands.txt"
_NAME = re.compile(rf"\b(?:{'|'.join(PACKAGES)})(?:\.\w+)+")


@dataclass(frozen=True)
class ImportGraph:
    """The modules of the packages below `root`."""

    root: Path

    @cached_property
    def modules(self) -> Mapping[str, Path]:
        """Every module's file by its dotted name; a package has the name of its folder."""
        files = (path for package in PACKAGES for path in (self.root / package).rglob("*.py"))
        return {_dotted(path.relative_to(self.root)): path for path in files}

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {}

    def below(self, package: str) -> Iterator[str]:
        """The package and every module in it; empty if there is none."""
        yield from (name for name in self.modules if name == package or name.startswith(f"{package}."))

    def reached(self, roots: Iterable[str]) -> frozenset[str]:
        """These modules and everything they import, directly or indirectly."""
        waiting, seen = list(roots), set[str]()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(self.imports(name) - seen)
        return frozenset(seen)

    def imports(self, name: str) -> frozenset[str]:
        """Our modules that a module imports directly, including their parent packages."""
        if name not in self._known:
            path = self.modules[name]
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            found = {*_around(name), *self._found(path.read_text(encoding="utf-8"), package)}
            if package == name and name.rpartition(".")[2].startswith("_"):
                found.update(self.below(name))
            if package == name and (path.parent / _TABLE).is_file():
                found.update(self.below(f"{name}.{Path(_TABLE).stem}"))
            self._known[name] = frozenset(found - {name})
        return self._known[name]

    def _found(self, source: str, package: str) -> Iterator[str]:
        imported, constants = _mentioned(source, package)
        yield from self._modules_in(imported)
        yield from self._named(constants, package, members='import_module(f"{__name__}.' in source)

    def _named(self, constants: Iterable[str], package: str, *, members: bool) -> Iterator[str]:
        """The modules whose names are in strings; starting a package runs its `__main__`."""
        for text in constants:
            named = _NAME.findall(text)
            yield from self._modules_in(named)
            yield from (main for name in named if (main := f"{name}.__main__") in self.modules)
            beside = f"{package}.{text.removesuffix('.py')}"
            main = f"{beside}.__main__"
            if beside in self.modules and (members or text.endswith(".py") or main in self.modules):
                yield from (beside, *([main] if main in self.modules else []))

    def _modules_in(self, names: Iterable[str]) -> Iterator[str]:
        """The dotted names that are our modules, or else the modules that they are members of."""
        for name in names:
            module = name if name in self.modules else name.rpartition(".")[0]
            if module in self.modules:
                yield module

    def files(self, modules: Iterable[str]) -> list[Path]:
        """The files of these modules, and the other files in their folders and in folders of such files."""
        found = {self.modules[name] for name in modules}
        for folder in {path.parent for path in found if path.name == "__init__.py"}:
            found.update(_beside(folder))
        return sorted(found, key=str)


def _beside(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _APART or path.suffix in (".py", ".pyc", ".md"):
            continue
        if path.is_file():
            yield path
        elif not any(path.glob("*.py")):
            yield from (file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")


@functools.cache  # parsing takes nearly all of the time
def _mentioned(source: str, package: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dotted names that a module of this package imports, and its strings."""
    imported: list[str] = []
    constants: list[str] = []
    for node in _at_run_time(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported += _imported_from(node, package)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            constants.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            constants.append("".join(_part(value, package) for value in node.values))
    return tuple(imported), tuple(constants)


def _at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that is not below `if TYPE_CHECKING`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting.extend(node.orelse)
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _part(value: ast.expr, package: str) -> str:
    """A part of an f-string; for a value known only at run time, the name of the package."""
    if isinstance(value, ast.Constant):
        return str(value.value)
    return package if isinstance(value, ast.FormattedValue) and ast.unparse(value.value) == "__package__" else "{}"


def _imported_from(node: ast.ImportFrom, package: str) -> list[str]:
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    module = ".".join([*above, *([node.module] if node.module else [])])
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def _around(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
