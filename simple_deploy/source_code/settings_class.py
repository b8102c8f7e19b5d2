"""The variables of a pydantic-settings class: each of its fields reads one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..model import VariableKind
from .read import Read
from .syntax import dotted, keyword, keyword_of, words
from .variable_libraries import FIELD_KINDS


def is_settings_class(node: ast.ClassDef) -> bool:
    """Whether pydantic-settings fills the class from variables."""
    return any(dotted(parent).endswith("BaseSettings") for parent in node.bases)


def fields(node: ast.ClassDef) -> Iterator[Read]:
    """A field without a default must be set; names are not case-sensitive."""
    prefix = next((keyword(part, "env_prefix") for part in ast.walk(node) if isinstance(part, ast.Call)), "")
    for part in node.body:
        if not isinstance(part, ast.AnnAssign) or not isinstance(part.target, ast.Name):
            continue
        value, name, default = part.value, f"{prefix}{part.target.id}".upper(), part.value is not None
        if isinstance(value, ast.Call) and dotted(value.func).endswith("Field"):
            name = keyword(value, "validation_alias", "alias") or name
            first = value.args[0] if value.args else None
            ellipsis = isinstance(first, ast.Constant) and first.value is Ellipsis
            default = bool(keyword_of(value, "default", "default_factory")) or (first is not None and not ellipsis)
        yield Read(
            name=name,
            line=part.lineno,
            default=default,
            conditional=False,
            target="",
            kind=_kind_of_field(part.annotation),
            words=words(part),
            field=part.target.id,
        )


def _kind_of_field(annotation: ast.AST) -> VariableKind:
    """Of `Optional[int]`, `Annotated[int, Field(gt=0)]` and `int | None`, that of `int`."""
    match annotation:
        case ast.BinOp(left=left):
            return _kind_of_field(left)
        case ast.Subscript(value=outer, slice=inner):
            if (name := dotted(outer).rpartition(".")[2]) not in ("Annotated", "Optional"):
                return FIELD_KINDS.get(name, "text")
            return _kind_of_field(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)
        case _:
            return FIELD_KINDS.get(dotted(annotation).rpartition(".")[2], "text")
