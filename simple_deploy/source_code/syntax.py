"""Questions about a syntax tree that do not depend on what the code is for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that the module imports under, and what it imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname, alias.name) for alias in node.names if alias.asname)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST | None) -> str:
    """The names with dots between them: `os.environ`; "" for any other expression."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def constants(node: ast.AST) -> Iterator[str]:
    """The constants in the code, as text."""
    yield from (str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant))


def words(node: ast.AST) -> frozenset[str]:
    """The constants in the code, each once."""
    return frozenset(constants(node))


def constant(node: ast.AST) -> str:
    """The text, if the code is a text; else ""."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def text_of(node: ast.AST | None, named: Mapping[str, str]) -> str:
    """The text that the code is, or that it puts together from texts and from names that have one; else ""."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name() | ast.Attribute():
            return named.get(dotted(node).removesuffix(".value"), "")
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return text_of(value, named)
        case ast.JoinedStr(values=parts):
            return _joined(parts, named)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([left, right], named)
    return ""


def _joined(parts: Sequence[ast.AST], named: Mapping[str, str]) -> str:
    texts = [text_of(part, named) for part in parts]
    return "".join(texts) if all(texts) else ""


def texts(body: Iterable[ast.stmt], inside: str = "") -> Iterator[tuple[str, str]]:
    """Each constant that a statement gives a text, with the text: `KEY`, or `Names.KEY` in a class."""
    for node in body:
        match node:
            case ast.ClassDef(name=name, body=below):
                yield from texts(below, f"{inside}{name}.")
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(text)))
            ) if name.isupper():
                yield f"{inside}{name}", text


def is_constant(node: ast.AST | None, value: bool) -> bool:
    """Whether the code is this value."""
    return isinstance(node, ast.Constant) and node.value is value


def keyword_of(node: ast.Call, *names: str) -> ast.expr | None:
    """The value of the first keyword argument with one of these names."""
    return next((keyword.value for keyword in node.keywords if keyword.arg in names), None)


def keyword(node: ast.Call, *names: str) -> str:
    """The text of that argument; "" if there is none, or if it is no text."""
    return text_of(keyword_of(node, *names), {})


def swallows(node: ast.Try) -> bool:
    """Whether an error in the body may be swallowed: a handler that does not raise."""
    return any(not any(isinstance(part, ast.Raise) for part in ast.walk(caught)) for caught in node.handlers)


def target_of(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> str:
    """The name that is assigned to, also in a subscript: DATABASES["default"]["NAME"]."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def uses(tree: ast.Module) -> Mapping[str, set[str]]:
    """For each name, where it is used: the name that the statement assigns to ("": something else). A condition is used
    by what its branches assign to.

    An attribute of any object is ".NAME"; what a method or a property returns is used by the attribute of its name, and
    what an object is made with, `Config(debug=...)`, by that attribute.
    """
    found: dict[str, set[str]] = {}
    returns = dict(_returns(tree))
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        if isinstance(statement, ast.If):
            targets = {one for part in (*statement.body, *statement.orelse) for one in _decided(part)}
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = {target_of(statement)}
        else:
            targets = {returns.get(statement, "")}
        for name, attribute in _own_names(statement):
            found.setdefault(name, set()).update({attribute} if attribute else targets)
    return found


def _decided(statement: ast.stmt) -> Iterator[str]:
    """The names that the statement assigns to, in one of its branches ("": it does something else)."""
    if isinstance(statement, ast.If):
        yield from (one for part in (*statement.body, *statement.orelse) for one in _decided(part))
    elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        yield target_of(statement)
    else:
        yield ""


def _returns(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """The return statements of methods."""
    for owner in ast.walk(tree):
        for method in owner.body if isinstance(owner, ast.ClassDef) else ():
            if isinstance(method, ast.FunctionDef):
                yield from ((one, f".{method.name}") for one in ast.walk(method) if isinstance(one, ast.Return))


def _own_names(code: ast.AST, attribute: str = "") -> Iterator[tuple[str, str]]:
    """The names and attributes that a statement itself reads, without those of nested statements, each with the
    attribute of the object that is made with it.
    """
    made = dict(attributes(code))
    for node in ast.iter_child_nodes(code):
        if isinstance(node, ast.stmt):
            continue
        inside = made.get(node, attribute)
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.id if isinstance(node, ast.Name) else f".{node.attr}", inside
        yield from _own_names(node, inside)


def attributes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The keyword arguments that an object is made with, and the attribute of it that each becomes."""
    if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2][:1].isupper():
        yield from ((keyword, f".{keyword.arg}") for keyword in node.keywords if keyword.arg)
