"""The source of a module → the environment variables that it reads, found in its syntax tree. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..model import VariableKind
from .read import Read
from .settings_class import fields, is_settings_class
from .syntax import (
    attributes,
    constant,
    dotted,
    imports,
    is_constant,
    keyword,
    keyword_of,
    swallows,
    target_of,
    text_of,
    texts,
    words,
)
from .variable_libraries import (
    DECOUPLE,
    KINDS,
    NO_READS,
    NOT_NONE,
    NOT_OF_NONE,
    OWN_NAMES,
    READERS,
    VALUES,
)

_CONFIG = "decouple.config"
# What django-environ knows of a variable that is in no scheme.
_NO_SCHEME: tuple[bool, VariableKind, frozenset[str]] = (False, "text", frozenset())


@dataclass(frozen=True, kw_only=True)
class _Context:
    """The context of a node in the module."""

    target: str = ""
    field: str = ""
    conditional: bool = False
    default: bool = False
    otherwise: bool = False
    guarded: frozenset[str] = frozenset()
    prefix: str = ""
    kind: VariableKind = "text"


@dataclass
class Names:
    """What names mean in the modules that are read: readers of variables, and functions that wrap one.

    `scheme` has the defaults given to django-environ: name → whether there is one, the kind, and the constants. `texts`
    are the names that stand for a text, such as that of a variable.
    """

    readers: dict[str, str] = field(default_factory=dict)
    wrappers: dict[str, bool] = field(default_factory=dict)
    scheme: dict[str, tuple[bool, VariableKind, frozenset[str]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def reads(tree: ast.Module, names: Names) -> list[Read]:
    """Every read in the module. Adds the module's definitions to `names`, for modules that import it."""
    return list(_Reader(tree, names).all(tree.body, _Context()))


class _Reader:
    def __init__(self, tree: ast.Module, names: Names) -> None:
        self._names = names
        self._origins = dict(imports(tree))
        names.texts.update(texts(tree.body))
        # Another module may have it from this one: `from .base import *`.
        names.readers.update((name, "decouple") for name, origin in self._origins.items() if origin == _CONFIG)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and self._has_environ(node.value):
                names_it = (target.id for target in node.targets if isinstance(target, ast.Name))
                self._origins.update(dict.fromkeys(names_it, "os.environ"))
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                self._define(node.targets, node.value)
            elif isinstance(node, ast.FunctionDef):
                self._wrap(node)
        self._demanded = {id(part) for node in ast.walk(tree) for part in self._demands(node)}

    def _demands(self, node: ast.AST) -> Iterator[ast.AST]:
        """The parts of an expression for which None is an error: `os.getenv("HOSTS").split(",")` needs the variable."""
        match node:
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                yield value
            case ast.Call(func=func, args=[first, *_]) if self._origin(func) in NOT_OF_NONE:
                yield first
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from (left, right)
            case ast.Assign(value=value) | ast.AnnAssign(value=value) if value and target_of(node) in NOT_NONE:
                yield value

    def _define(self, targets: Iterable[ast.expr], call: ast.Call) -> None:
        origin = self._origin(call.func)
        kind = READERS.get(origin) or ("decouple" if origin in DECOUPLE else "")
        for target in targets:
            if kind and isinstance(target, ast.Name):
                self._names.readers[target.id] = kind
        if kind == "environ":
            for keyword in call.keywords:
                paired = isinstance(keyword.value, ast.Tuple) and len(keyword.value.elts) == 2
                cast = keyword.value.elts[0] if isinstance(keyword.value, ast.Tuple) else keyword.value
                kind_of = KINDS.get(dotted(cast), "text")
                self._names.scheme[str(keyword.arg)] = (paired, kind_of, words(keyword.value))

    def _wrap(self, function: ast.FunctionDef) -> None:
        """A function that reads the variable named by its first parameter, itself or by another such function. One with
        a parameter `required` fails only where that is true.
        """
        if not function.args.args:
            return
        parameter = function.args.args[0].arg
        asks = any(one.arg == "required" for one in (*function.args.args, *function.args.kwonlyargs))
        tried = any(isinstance(node, ast.Try) and swallows(node) for node in ast.walk(function))
        for node in ast.walk(function):
            if isinstance(node, ast.Subscript) and self._is_environ(node.value) and dotted(node.slice) == parameter:
                self._names.wrappers[function.name] = tried
            elif isinstance(node, ast.Call) and self._gets(node) and node.args and dotted(node.args[0]) == parameter:
                raises = not asks and any(isinstance(part, ast.Raise) for part in ast.walk(function))
                self._names.wrappers.setdefault(function.name, not raises)
            elif isinstance(node, ast.Call) and node.args and dotted(node.args[0]) == parameter:
                inner = self._names.wrappers.get(self._origin(node.func))
                if inner is not None and function.name not in self._names.wrappers:
                    self._names.wrappers[function.name] = inner or asks

    def all(self, nodes: Iterable[ast.AST], context: _Context) -> Iterator[Read]:
        for node in nodes:
            yield from self._read(node, context)

    def _read(self, node: ast.AST, context: _Context) -> Iterator[Read]:
        found = self._found(node, context)
        if found:
            yield found
        yield from self._below(node, context)

    def _below(self, node: ast.AST, context: _Context) -> Iterator[Read]:
        match node:
            case ast.If(test=question, body=body, orelse=orelse):
                yield from self._branches(question, body, orelse, context)
            case ast.IfExp(test=question, body=body, orelse=orelse):
                yield from self._branches(question, [body], [orelse], context)
            case ast.Try():
                inside = replace(context, default=context.default or swallows(node))
                yield from self.all(node.body, inside)
                rest = (*node.handlers, *node.orelse)
                yield from self.all(rest, replace(context, conditional=True))
                yield from self.all(node.finalbody, context)
            case ast.BoolOp(values=[first, *rest]):
                yield from self._read(first, replace(context, otherwise=True))
                yield from self.all(rest, replace(context, conditional=True))
            case ast.Compare():
                yield from self.all(ast.iter_child_nodes(node), replace(context, otherwise=True))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from self.all(ast.iter_child_nodes(node), replace(context, conditional=True, target=""))
            case ast.ClassDef() if is_settings_class(node):
                yield from fields(node)
            case ast.With(items=items, body=body):
                prefix = "".join(_prefix(item.context_expr) for item in items)
                yield from self.all(body, replace(context, prefix=context.prefix + prefix))
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                target = context.target or target_of(node)
                first = node.targets[0] if isinstance(node, ast.Assign) else node.target
                kind = _kind_below(first.slice if isinstance(first, ast.Subscript) else None, context.kind)
                yield from self.all(ast.iter_child_nodes(node), replace(context, target=target, kind=kind))
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    yield from self._read(value, replace(context, kind=_kind_below(key, context.kind)))
            case ast.JoinedStr() | ast.BinOp() if context.kind == "engine":
                yield from self.all(ast.iter_child_nodes(node), replace(context, kind="engine name"))
            case ast.Call(func=func):
                inside = replace(context, kind=KINDS.get(self._origin(func), context.kind))
                made = dict(attributes(node))
                for part in ast.iter_child_nodes(node):
                    of_field = replace(inside, target="", field=made[part]) if part in made else inside
                    yield from self._read(part, of_field)
            case _:
                yield from self.all(ast.iter_child_nodes(node), context)

    def _branches(
        self, question: ast.expr, body: Iterable[ast.AST], orelse: Iterable[ast.AST], context: _Context
    ) -> Iterator[Read]:
        yield from self._read(question, replace(context, otherwise=True))
        names = words(question).union(map(self._text, ast.walk(question)))
        inside = replace(context, conditional=True, guarded=context.guarded | names)
        yield from self.all((*body, *orelse), inside)

    def _found(self, node: ast.AST, context: _Context) -> Read | None:
        asked = self._asked(node) or self._by_class(node, context.target)
        if asked is None:
            return None
        first, default, kind = asked
        name = context.prefix + first
        return Read(
            name=name,
            line=getattr(node, "lineno", 0),
            default=default or context.default or name in context.guarded,
            conditional=context.conditional,
            target=context.target,
            field=context.field.removeprefix("."),
            kind=context.kind if kind == "text" else kind,
            sets=self._sets(node),
            absent=not context.otherwise and self._none(node),
            words=words(node) | self._names.scheme.get(first, _NO_SCHEME)[2] | self._implied(node),
        )

    def _asked(self, node: ast.AST) -> tuple[str, bool, VariableKind] | None:
        """The variable that this expression reads, whether it has a default, and how the value is parsed."""
        if isinstance(node, ast.Subscript) and self._is_environ(node.value):
            name = self._text(node.slice)
            return (name, not isinstance(node.ctx, ast.Load), "text") if name else None
        if not isinstance(node, ast.Call):
            return None
        first = self._text(node.args[0] if node.args else keyword_of(node, "var", "name", "env", "key"))
        given = any(keyword.arg == "default" for keyword in node.keywords)
        origin = self._origin(node.func)
        if origin.endswith("environ.pop"):
            return (first, given or len(node.args) > 1, "text") if first else None
        if self._gets(node) or origin.endswith("environ.setdefault"):
            return (first, given or len(node.args) > 1 or id(node) not in self._demanded, "text") if first else None
        if origin == "dj_database_url.config":
            return first or "DATABASE_URL", True, "database"
        if origin.partition(".")[0] in self._names.wrappers and first:
            required = is_constant(keyword_of(node, "required"), True)
            return first, not required and (self._names.wrappers[origin] or given or len(node.args) > 1), "text"
        return self._by_library(node, first, given)

    def _by_library(self, node: ast.Call, first: str, given: bool) -> tuple[str, bool, VariableKind] | None:
        name, _, method = dotted(node.func).partition(".")
        library = self._names.readers.get(name, "")
        cast = keyword_of(node, "cast")
        if library == "decouple" and first and not method.startswith("_"):
            return first, given or len(node.args) > 1, KINDS.get(dotted(cast), "text")
        if not library or method in NO_READS:
            return None
        first = first or OWN_NAMES.get(method, "")
        if not first:
            return None
        # The second argument of django-environ's plain call is a type.
        most = 2 if library == "environ" and method in ("", "get_value") else 1
        has_default, kind, _ = self._names.scheme.get(first, _NO_SCHEME)
        kind = KINDS.get(method, KINDS.get(dotted(cast), kind))
        return first, given or has_default or len(node.args) > most, kind

    def _by_class(self, node: ast.AST, target: str) -> tuple[str, bool, VariableKind] | None:
        """django-configurations: `SECRET_KEY = values.SecretValue()` reads DJANGO_SECRET_KEY."""
        if not isinstance(node, ast.Call) or not self._origin(node.func).startswith("configurations.values."):
            return None
        kind = dotted(node.func).rpartition(".")[2]
        first, prefix = VALUES.get(kind, (target, "DJANGO"))
        given = {str(keyword.arg): keyword.value for keyword in node.keywords}
        if "environ_prefix" in given:
            prefix = constant(given["environ_prefix"])
        name = "_".join(part for part in (prefix.rstrip("_"), keyword(node, "environ_name") or first) if part)
        if not name or is_constant(given.get("environ"), False):
            return None
        needed = kind == "SecretValue" or is_constant(given.get("environ_required"), True)
        return name, not needed, KINDS.get(kind, "text")

    def _text(self, node: ast.AST | None) -> str:
        return text_of(node, self._names.texts)

    def _origin(self, node: ast.AST) -> str:
        """The dotted name, its first part replaced with what was imported under that name."""
        first, dot, rest = dotted(node).partition(".")
        return f"{self._origins.get(first, first)}{dot}{rest}"

    def _is_environ(self, node: ast.AST) -> bool:
        return self._origin(node) in ("os.environ", "environ")

    def _has_environ(self, node: ast.expr) -> bool:
        """Whether this is the environment, or a mapping that includes it: `{**dotenv_values(".env"), **os.environ}`."""
        match node:
            case (
                ast.Call(func=ast.Attribute(value=value, attr="copy"))
                | ast.Call(func=ast.Name(id="dict"), args=[value])
            ):
                return self._has_environ(value)
            case ast.Dict(keys=keys, values=values):
                return any(key is None and self._has_environ(value) for key, value in zip(keys, values, strict=True))
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._has_environ(left) or self._has_environ(right)
            case _:
                return self._is_environ(node)

    def _implied(self, node: ast.AST) -> frozenset[str]:
        """A function of the project's own has a default of its own where the call has none: probably an empty text."""
        wrapped = isinstance(node, ast.Call) and self._origin(node.func).partition(".")[0] in self._names.wrappers
        return frozenset({""} if wrapped else ())

    def _sets(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Subscript):
            return isinstance(node.ctx, ast.Store)
        return isinstance(node, ast.Call) and self._origin(node.func).endswith("environ.setdefault")

    def _none(self, node: ast.AST) -> bool:
        """Whether this gives None where the variable is not set."""
        if not isinstance(node, ast.Call):
            return False
        default = keyword_of(node, "default") or (node.args[-1] if len(node.args) > 1 else None)
        return isinstance(default, ast.Constant) and default.value is None if default else self._gets(node)

    def _gets(self, node: ast.Call) -> bool:
        return self._origin(node.func) in ("os.environ.get", "environ.get", "os.getenv", "getenv")


def _prefix(node: ast.AST) -> str:
    """environs: `with env.prefixed("MAIL_"):`"""
    named = isinstance(node, ast.Call) and dotted(node.func).endswith(".prefixed") and node.args
    return constant(node.args[0]) if named and isinstance(node, ast.Call) else ""


def _kind_below(key: ast.AST | None, kind: VariableKind) -> VariableKind:
    """How a value with this key is used: DATABASES["default"]["ENGINE"] names a module."""
    return "engine" if key and constant(key) == "ENGINE" else kind
