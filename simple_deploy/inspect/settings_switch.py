"""A variable that chooses among the project's settings, such as DJANGO_ENV, and its value for production.

Found in the source. Nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..production.build_only import ALWAYS, off
from ..source_code.read import Read
from ..source_code.syntax import constants
from .settings_modules import Modules, Source, joined, modules

FOR_PRODUCTION = ("production", "prod", "live")
FOR_DEVELOPMENT = frozenset({"base", "common", "default", "defaults", "dev", "devel", "development", "local"})
# Settings that name modules, which production may not have.
_LOADED = ("INSTALLED_APPS", "MIDDLEWARE")
# Defaults of DEBUG that turn it on.
_ON = frozenset({"1", "on", "true", "y", "yes"})


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A variable, the value that production needs, and the place that reads it.

    `modules` is whether it chooses modules; otherwise it only chooses values within one.
    """

    name: str
    value: str
    place: str
    modules: bool


def switch(source: Source, module: str, manage_dir: str) -> Switch | None:
    """The variable that chooses the settings of `module`; one that chooses modules comes first."""
    found = list(_switches(source, modules(source, [module], manage_dir)))
    return next((one for one in found if one.modules), next(iter(found), None))


def _switches(source: Source, read_in: Modules) -> Iterator[Switch]:
    """The variables whose values for development and production the code tells apart."""
    every = [read for found in read_in.found.values() for read in found]
    fields = {read.field: read for read in every if read.field}
    targets = dict(_of_fields(read_in.trees.values(), fields))
    targets |= {read.target: read for read in every if read.target}
    places = {id(read): path for path, found in read_in.found.items() for read in found}
    for path, tree in read_in.trees.items():
        local = {**targets, **{read.target: read for read in read_in.found[path] if read.target}}
        names = _Names(local, fields, read_in.found[path])
        for node in ast.walk(tree):
            for read, value, chooses in _chosen(node, names, source, path, read_in.roots):
                already = read.name in ALWAYS or _ordinarily(read_in.trees[places[id(read)]], read)
                # "live" is also a mode of payment services.
                if not already and (chooses or value.lower() != "live"):
                    yield Switch(name=read.name, value=value, place=f"{places[id(read)]}:{read.line}", modules=chooses)


def _of_fields(trees: Iterable[ast.Module], fields: Mapping[str, Read]) -> Iterator[tuple[str, Read]]:
    """The names that a field of a settings class is assigned to: DEBUG = variables.debug"""
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr=attribute)) if attribute in fields:
                yield name, fields[attribute]


@dataclass(frozen=True)
class _Names:
    """Which variable an expression depends on: by the name that it was assigned to, by a field
    of a settings class, or because it is read there.
    """

    targets: Mapping[str, Read]
    fields: Mapping[str, Read]
    here: Iterable[Read]

    def read(self, node: ast.AST) -> Read | None:
        """The variable whose value this expression has."""
        if before := self.read_before(node):
            return before
        named = set(constants(node))
        lines = range(getattr(node, "lineno", 0), (getattr(node, "end_lineno", 0) or 0) + 1)
        return next((one for one in self.here if one.name in named and one.line in lines), None)

    def read_before(self, node: ast.AST) -> Read | None:
        """The variable that this name or attribute stands for."""
        if isinstance(node, ast.Name):
            return self.targets.get(node.id)
        return self.fields.get(node.attr) if isinstance(node, ast.Attribute) else None

    def within(self, node: ast.AST) -> Read | None:
        """The variable that the value of this expression depends on."""
        return next(filter(None, map(self.read, ast.walk(node))), None)

    def used_in(self, node: ast.AST) -> Read | None:
        """The variable that this expression uses by a name: it was read before."""
        return next(filter(None, map(self.read_before, ast.walk(node))), None)


def _chosen(
    node: ast.AST, names: _Names, source: Source, path: str, roots: Iterable[str]
) -> Iterator[tuple[Read, str, bool]]:
    """The variable that chooses here, its value for production, and whether it chooses modules."""
    match node:
        case ast.If(test=question, body=body, orelse=orelse):
            read = names.within(question)
            if read and _is_debug(read):
                chooses = any(_loads(one) or _adds(one) for one in (*body, *orelse))
                if chooses or orelse or isinstance(question, ast.UnaryOp):
                    yield read, off(read.kind), chooses
            elif read and (value := _compared(question) or _in_the_other_branch(node)):
                yield read, value, any(map(_loads, (*body, *orelse)))
        case ast.Assign(value=value) if (read := names.used_in(value)) and _is_debug(read):
            yield read, off(read.kind), False
        case ast.Match(subject=subject, cases=cases):
            read = names.within(subject)
            for case in cases:
                value = _compared(case.pattern)
                if read and value:
                    yield read, value, any(map(_loads, case.body))
        case ast.JoinedStr() | ast.BinOp() | ast.Call():
            yield from _computed(node, names, source, path, roots)


def _compared(question: ast.AST) -> str:
    return next((text for text in constants(question) if text.lower() in FOR_PRODUCTION), "")


def _in_the_other_branch(node: ast.If) -> str:
    """`if ENV == "development": from .development import * else: from .production import *`"""
    imported = [one.module or "" for one in node.orelse if isinstance(one, ast.ImportFrom)]
    return next((last for name in imported if (last := name.rpartition(".")[2]) in FOR_PRODUCTION), "")


def _loads(statement: ast.stmt) -> bool:
    """Whether the statement makes the settings those of another module of the project."""
    return any(
        isinstance(part, ast.ImportFrom) and any(alias.name == "*" for alias in part.names)
        for part in ast.walk(statement)
    )


def _adds(statement: ast.stmt) -> bool:
    """Whether the statement changes which apps or middleware are loaded."""
    return any(isinstance(part, ast.Name) and part.id in _LOADED for part in ast.walk(statement))


def _computed(
    node: ast.expr, names: _Names, source: Source, path: str, roots: Iterable[str]
) -> Iterator[tuple[Read, str, bool]]:
    """A name or path that is computed from the variable, and is a module of the project for production."""
    for value in FOR_PRODUCTION:
        read, text = _rendered(node, names, value)
        if read and any(source(file) is not None for file in _files(text, path, roots)):
            yield read, value, True
            return


def _rendered(node: ast.AST, names: _Names, value: str) -> tuple[Read | None, str]:
    """The text that the expression results in if the variable has this value; no variable if it is no such text."""
    match node:
        case ast.Constant(value=str(text)):
            return None, text
        case ast.JoinedStr(values=parts):
            rendered = [_rendered(part, names, value) for part in parts]
        case ast.FormattedValue(value=inner):
            return _rendered(inner, names, value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            rendered = [_rendered(left, names, value), _rendered(right, names, value)]
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right):
            return names.within(right), text.replace("%s", value)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format"), args=[first, *_]):
            return names.within(first), text.replace("{}", value).replace("{0}", value)
        case _:
            read = names.read(node)
            return read, value if read else ""
    return next((read for read, _ in rendered if read), None), "".join(text for _, text in rendered)


def _files(text: str, path: str, roots: Iterable[str]) -> Iterator[str]:
    """The files that a name of a module, or a path, may stand for."""
    folder = str(PurePosixPath(path).parent)
    if text.endswith(".py"):
        yield joined(folder, text.lstrip("/"))
    elif text.startswith("."):
        yield joined(folder, *text.strip(".").split(".")) + ".py"
    elif "." in text:
        yield from (joined(root, *text.split(".")) + ".py" for root in roots)


def _ordinarily(tree: ast.Module, read: Read) -> bool:
    """Whether the default of the variable is the value for production."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.lineno == read.line)
    around = (frozenset(constants(call)) for call in calls)
    words = read.words.union(*(found for found in around if read.name in found))
    if _is_debug(read):
        return read.default and not _ON & {word.lower() for word in words}
    return bool(words & {*FOR_PRODUCTION})


def _is_debug(read: Read) -> bool:
    return "DEBUG" in (read.target, read.name, read.field.upper())
