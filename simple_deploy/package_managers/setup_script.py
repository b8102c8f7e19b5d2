"""setup.py and setup.cfg (setuptools): a project that is a package, without [project] in a pyproject.toml."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from itertools import accumulate

from packaging.requirements import Requirement

from . import project_table
from .files import Files
from .names import canonical
from .requirement import parse

SCRIPT = "setup.py"
CONFIGURATION = "setup.cfg"


def describes(files: Files) -> bool:
    """Whether only these files say what `pip install .` installs."""
    return files.read(SCRIPT) is not None and "project" not in project_table.document(files)


def named(files: Files) -> dict[str, Requirement | None]:
    """PEP 503 name → requirement, as far as the source shows them, and the project's own name.

    Where the project is installed, its own name leads to the requirements that are computed.
    """
    if not describes(files):
        return {}
    names, lines = _configured(files)
    for call in _calls(files.read(SCRIPT) or b""):
        names += call.get("name", [])
        lines += call.get("install_requires", [])
    found = (parse(line.partition("#")[0].strip()) for line in lines)
    own: dict[str, Requirement | None] = {canonical(name): None for name in names}
    return own | {canonical(one.name): one for one in found if one}


def place_of_requirements(files: Files) -> str:
    """The file that lists the requirements: where both may, setup.py counts."""
    in_script = any("install_requires" in call for call in _calls(files.read(SCRIPT) or b""))
    return CONFIGURATION if _configured(files)[1] and not in_script else SCRIPT


def scm_options(source: bytes) -> dict[str, object] | None:
    """The options of `use_scm_version`, with which the version comes from Git; None if it does not, or is computed.

    A value that is not a constant is None.
    """
    node = _use_scm_version(source)
    return _options(node) if node else None


def with_scm_option(source: bytes, option: str, value: str) -> bytes:
    """The script with another option of `use_scm_version`; for what `scm_options` knows."""
    node = _use_scm_version(source)
    if isinstance(node, ast.Constant):
        start, end = _span(node, source)
        return source[:start] + f'{{"{option}": "{value}"}}'.encode() + source[end:]
    if isinstance(node, ast.Call):
        start, entry, others = _span(node.func, source)[1], f'{option}="{value}"', bool(node.keywords)
    elif isinstance(node, ast.Dict):
        start, entry, others = _span(node, source)[0], f'"{option}": "{value}"', bool(node.keys)
    else:
        return source
    opened = start + 1  # After the bracket.
    comma = b"" if not others else b"," if source[opened : opened + 1] in (b"\r", b"\n") else b", "
    return source[:opened] + entry.encode() + comma + source[opened:]


def _use_scm_version(source: bytes) -> ast.expr | None:
    keywords = (keyword for call in _setup_calls(_parsed(source)) for keyword in call.keywords)
    return next((keyword.value for keyword in keywords if keyword.arg == "use_scm_version"), None)


def _span(node: ast.expr, source: bytes) -> tuple[int, int]:
    """The positions in the source at which the expression begins and ends."""
    lines = source.splitlines(keepends=True)
    before = [0, *accumulate(map(len, lines))]
    assert node.end_lineno is not None and node.end_col_offset is not None
    return before[node.lineno - 1] + node.col_offset, before[node.end_lineno - 1] + node.end_col_offset


def _options(node: ast.expr) -> dict[str, object] | None:
    if isinstance(node, ast.Constant) and node.value is True:
        return {}
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {text: _constant(value) for key, value in pairs if key for text in _constants(key)}
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "dict":
        return {str(keyword.arg): _constant(keyword.value) for keyword in node.keywords}
    return None


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _configured(files: Files) -> tuple[list[str], list[str]]:
    """The project's name and requirements in setup.cfg."""
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string((files.read(CONFIGURATION) or b"").decode("utf-8"))
    except (ConfigParserError, UnicodeDecodeError):
        return [], []
    name = parser.get("metadata", "name", fallback="")
    return [name] if name else [], parser.get("options", "install_requires", fallback="").splitlines()


def _calls(source: bytes) -> Iterator[dict[str, list[str]]]:
    """The arguments of each `setup(...)` that are constants, or names of constants. The script is not run."""
    tree = _parsed(source)
    assigned = {
        target.id: _constants(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in _setup_calls(tree):
        yield {
            str(keyword.arg): assigned.get(keyword.value.id, [])
            if isinstance(keyword.value, ast.Name)
            else _constants(keyword.value)
            for keyword in call.keywords
        }


def _setup_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "setup":
            yield node


def _parsed(source: bytes) -> ast.Module:
    """The script; an empty one if it cannot be parsed."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def _constants(node: ast.AST) -> list[str]:
    """The string that an expression is, or the strings in a list or tuple."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
