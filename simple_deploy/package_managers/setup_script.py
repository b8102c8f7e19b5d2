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
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    assigned = {
        target.id: _constants(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "setup":
            yield {
                str(keyword.arg): assigned.get(keyword.value.id, [])
                if isinstance(keyword.value, ast.Name)
                else _constants(keyword.value)
                for keyword in node.keywords
            }


def _constants(node: ast.AST) -> list[str]:
    """The string that an expression is, or the strings in a list or tuple."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
