"""What manage.py or wsgi.py sets and starts: environment variables, other programs. No script is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_STARTING = re.compile(
    r"subprocess\.(run|call|check_call|check_output|Popen)|os\.(system|popen|startfile|(exec|spawn|posix_spawn)\w+)"
)


def default_settings_module(script: Path) -> str | None:
    """The module that a manage.py or wsgi.py puts into `os.environ`."""
    return variable_set_by(script, "DJANGO_SETTINGS_MODULE")


def variable_set_by(script: Path, variable: str) -> str | None:
    """The value that a script puts into `os.environ`, read without running the script."""
    try:
        tree = ast.parse(script.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    for name, value in (pair for node in ast.walk(tree) for pair in _constants(node)):
        if name == variable and isinstance(value, str):
            return value
    return None


def programs_started(script: Path) -> list[int]:
    """The lines with which a script can start another program."""
    try:
        tree = ast.parse(script.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {one.asname or one.name: f"{node.module}.{one.name}" for node in imports for one in node.names}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = ((node.lineno, ast.unparse(node.func)) for node in calls)
    return sorted(line for line, name in called if _STARTING.fullmatch(names.get(name, name)))


def _constants(node: ast.AST) -> Iterator[tuple[object, object]]:
    """Key and value of `environ.setdefault("KEY", "VALUE")` and of `environ["KEY"] = "VALUE"`."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Call) and len(node.args) == 2:
        pairs.append((node.args[0], node.args[1]))
    elif isinstance(node, ast.Assign):
        pairs += [(target.slice, node.value) for target in node.targets if isinstance(target, ast.Subscript)]
    for key, value in pairs:
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
            yield key.value, value.value
