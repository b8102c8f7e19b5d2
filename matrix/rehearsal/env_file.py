"""Variables for the deployed project, from the command line and from a file of `NAME=VALUE` lines."""

import os
import re
from argparse import ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)")
_QUOTED = re.compile(r"""(["'])(.*)\1\s*(#.*)?""")


def variable(text: str, environ: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """`NAME=VALUE`, or `NAME` with its value from the environment; raises ArgumentTypeError for anything else."""
    name, equals, value = text.partition("=")
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise ArgumentTypeError(f"{text} is not of the form NAME=VALUE")
    if not equals and name not in environ:
        raise ArgumentTypeError(f"{name} is not set in your environment: set it, or write {name}=VALUE")
    return name, value if equals else environ[name]


def read(path: str) -> tuple[Path, dict[str, str]]:
    """The file, and its variables; raises ArgumentTypeError with the file and the number of an invalid line."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentTypeError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    variables: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        if not (found := _LINE.fullmatch(line)):
            # The line itself may be a secret.
            raise ArgumentTypeError(f"line {number} of {path} is not of the form NAME=VALUE")
        variables[found[1]] = _value(found[2])
    return Path(path).resolve(), variables


def _value(text: str) -> str:
    """The value without quotes and a trailing comment."""
    if quoted := _QUOTED.fullmatch(text):
        return quoted[2]
    return re.sub(r"\s+#.*", "", text)
