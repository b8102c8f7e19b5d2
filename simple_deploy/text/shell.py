"""Commands as people read and paste them. A pasted one means the same in sh, PowerShell and cmd.exe.

The three shells agree on few characters. A word with others, and a value that only the reader's machine can generate,
is written as an expression in a short Python program: the shells agree on everything in its double quotes.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

from ..model import Argument, Deferred, Secret, Step

# These have no special meaning in any shell. "@", "," and "~" are missing: in PowerShell or sh they do.
_PLAIN = re.compile(r"[A-Za-z0-9_./:=+-]+")
# In double quotes, sh expands $, ` and !, cmd.exe % and ^, PowerShell $ and `; a backslash or a quote may end them.
_SPECIAL = frozenset("\"'\\$`!%^")
_MODULES = ("secrets", "shutil", "subprocess", "sys")


def shown(argv: Iterable[Argument]) -> str:
    """A command as people read it: quoted where a shell requires it, secrets masked."""
    return " ".join(str(arg) if isinstance(arg, Secret | Deferred) else quoted(arg) for arg in argv)


def quoted(word: str) -> str:
    """One word as people read it: bare or in double quotes if every shell accepts that, else quoted for sh."""
    if _PLAIN.fullmatch(word):
        return word
    return f'"{word}"' if _fits_quotes(word) else shlex.quote(word)


def pasted(argv: Sequence[Argument]) -> str:
    """A command as people paste it: in place of a secret, it generates one."""
    if all(_plain(word) for word in argv):
        return " ".join(_bare(word) for word in argv)
    program, *others = map(_expression, argv)
    # Windows starts a batch file only by its full name.
    words = ", ".join([f"shutil.which({program})", *others])
    return _python(f"sys.exit(subprocess.call([{words}]))")


def pasted_step(step: Step) -> str:
    """The command of a step as people paste it, after the command that supplies its input, if any."""
    if not step.stdin:
        return pasted(step.argv)
    lines = "; ".join(f"print({_expression(line)})" for line in step.stdin)
    return f"{_python(lines)} | {pasted(step.argv)}"


def filled(template: str | Sequence[Argument], words: Mapping[str, str]) -> str:
    """A command from a platform's texts as people paste it, with the names of this project.

    `*{name}` stands for all the words of that name.
    """
    argv = shlex.split(template) if isinstance(template, str) else template
    return pasted([part for word in argv for part in _words(word, words)])


def _words(word: Argument, words: Mapping[str, str]) -> Sequence[Argument]:
    if not isinstance(word, str):
        return (word,)
    text = word.format_map(words)
    return text.removeprefix("*").split() if word.startswith("*{") else (text,)


def way_up(folders: int) -> str:
    """The path of the folder that is so many folders above, as every shell takes it."""
    return "/".join([".."] * folders) or "."


def comment(text: str) -> str:
    """A comment line above a command, to be pasted with it: it runs nothing, in cmd.exe either."""
    return f"# {re.sub(r'[&|<>^%]', ' ', text)}"


def _plain(word: Argument) -> bool:
    if isinstance(word, Secret):
        return False
    if isinstance(word, Deferred):
        return not word.recipe
    return bool(_PLAIN.fullmatch(word)) or _fits_quotes(word)


def _bare(word: Argument) -> str:
    return quoted(word) if isinstance(word, str) else str(word)


def _fits_quotes(word: str) -> bool:
    # Windows PowerShell drops an empty word.
    return bool(word) and all(_safe(character) or character == "'" for character in word)


def _safe(character: str) -> bool:
    """Whether it is literal in double quotes. PowerShell recognizes typographic quotes, so letters only."""
    if not character.isascii():
        return character.isalnum()
    return character.isprintable() and character not in _SPECIAL


def _expression(word: Argument) -> str:
    """The word as Python."""
    if isinstance(word, Secret):
        return f"{_literal(word.prefix)} + {word.recipe}" if word.prefix else word.recipe
    if isinstance(word, Deferred):
        return word.recipe or _literal(word.shown)
    return _literal(word)


def _literal(text: str) -> str:
    return "'" + "".join(character if _safe(character) else _escaped(character) for character in text) + "'"


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _python(program: str) -> str:
    used = [name for name in _MODULES if re.search(rf"\b{name}\.", program)]
    imports = f"import {', '.join(used)}; " if used else ""
    return f'python -c "{imports}{program}"'
