"""setup.py and setup.cfg (setuptools): a project that is a package, without [project] in a pyproject.toml."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from configparser import Error as ConfigParserError

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


def scm_options(files: Files) -> set[str] | None:
    """The options of `use_scm_version`, with which the version comes from Git; None if it does not, or is computed."""
    for call in _setup_calls(_parsed(files.read(SCRIPT) or b"")):
        for keyword in call.keywords:
            if keyword.arg == "use_scm_version":
                return _options(keyword.value)
    return None


def _options(node: ast.expr) -> set[str] | None:
    if isinstance(node, ast.Constant) and node.value is True:
        return set()
    if isinstance(node, ast.Dict):
        return {text for key in node.keys if key for text in _constants(key)}
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "dict":
        return {str(keyword.arg) for keyword in node.keywords}
    return None


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
