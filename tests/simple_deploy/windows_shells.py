"""How cmd.exe and Windows PowerShell 5.1 split a line into the arguments of programs, according to their documentation.

Only what can occur in a pasted command is supported; everything else raises `Unknown`, so that no test passes by luck.

- cmd.exe [Microsoft docs: "cmd"; "Using variables"]: `%NAME%` is replaced first, in quotes too; a `"` switches quoting
  on and off; outside of it `^` takes the next character as it is, and `& | < > ( )` are operators.
- Arguments [Microsoft docs: "Parsing C command-line arguments"]: `\\"` is a quote, `""` in quotes one, too.
- PowerShell [about_Quoting_Rules, about_Parsing, about_Special_Characters, about_Pipeline_Chain_Operators]: in double
  quotes `$` and the backtick are special, and typographic quotes count as quotes; bare, so are `@ , ; & | ( ) { } # ~`.
  Version 5.1 has no `&&`, drops empty words, and hands on a `"` without escaping it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_QUOTES = '"\u201c\u201d\u201e'
_SINGLE = "'\u2018\u2019\u201a\u201b"


class Unknown(ValueError):
    """The line has something that the shell would not treat as literal text."""


def cmd(line: str, variables: Mapping[str, str] | None = None) -> list[list[str]]:
    """The argument lists of the programs in a pipe."""
    known = {name.upper(): value for name, value in (variables or {}).items()}
    line = re.sub(r"%([^%]+)%", lambda match: known.get(match[1].upper(), match[0]), line)
    return [argv(part) for part in _cmd_parts(line)]


def _cmd_parts(line: str) -> Iterator[str]:
    part, quoting, characters = "", False, iter(line)
    for character in characters:
        if character == "\n":
            raise Unknown("a second line")
        if character == '"':
            quoting = not quoting
        elif not quoting and character == "^":
            character = next(characters, "")
        elif not quoting and character == "|":
            yield part
            part = ""
            continue
        elif not quoting and character in "&<>()":
            raise Unknown(character)
        part += character
    yield part


def argv(line: str) -> list[str]:
    """A command line as a C program splits it."""
    words: list[str] = []
    position = 0
    while position < len(line):
        if line[position] in " \t":
            position += 1
            continue
        word, position = _c_word(line, position)
        words.append(word)
    return words


def _c_word(line: str, position: int) -> tuple[str, int]:
    word, quoting = "", False
    while position < len(line) and (quoting or line[position] not in " \t"):
        slashes = len(line) - position - len(line[position:].lstrip("\\"))
        position += slashes
        quote = line[position : position + 1] == '"'
        word += "\\" * (slashes // 2 if quote else slashes)
        if not quote:
            if not slashes:
                word += line[position]
                position += 1
            continue
        if slashes % 2:
            word += '"'
        elif quoting and line[position + 1 : position + 2] == '"':
            word += '"'
            position += 1
        else:
            quoting = not quoting
        position += 1
    return word, position


def powershell(line: str) -> list[list[str]]:
    """The argument lists of the programs in a pipe."""
    programs: list[list[str]] = [[]]
    position = 0
    while position < len(line):
        character = line[position]
        if character in " \t":
            position += 1
        elif character == "|":
            programs.append([])
            position += 1
        else:
            word, position = _powershell_word(line, position)
            programs[-1].append(word)
    return [argv(" ".join(_handed_on(word) for word in words if word)) for words in programs]


def _handed_on(word: str) -> str:
    return f'"{word}"' if re.search(r"\s", word) else word


def _powershell_word(line: str, position: int) -> tuple[str, int]:
    if line[position] in _QUOTES:
        end = next((i for i in range(position + 1, len(line)) if line[i] in _QUOTES), -1)
        text = line[position + 1 : end]
        if end < 0 or re.search("[$`]", text) or line[end + 1 : end + 2].strip(" \t|"):
            raise Unknown(line[position:])
        return text, end + 1
    if line[position] in _SINGLE:
        raise Unknown("single quotes, which cmd.exe does not know")
    end = next((i for i in range(position, len(line)) if line[i] in " \t|"), len(line))
    word = line[position:end]
    # A word like -a.b is split in two; ~ may be replaced.
    if re.search(r"[$`@,;&(){}#~<>'\n]|^-[^-].*\.", word) or any(c in word for c in _QUOTES + _SINGLE):
        raise Unknown(word)
    return word, end
