"""Text of the user's files, decoded so that it can be written back byte for byte."""

from __future__ import annotations

import codecs
import io
import stat
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class ClosedFile(ValueError):
    """A file into which nothing can be inserted safely; the argument is the reason."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How a file encodes text: its byte order mark, its codec and its line ending."""

    mark: bytes = b""
    codec: str = "utf-8"
    newline: str = "\n"


def content(path: Path) -> bytes:
    """The bytes of a regular file. Raises OSError for anything else: reading a pipe could block forever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path} is not a regular file")
    return path.read_bytes()


def decode(raw: bytes, *, python: bool = False) -> tuple[str, Encoding]:
    """The text, and its encoding. Line endings become "\\n", but stay as they are if a file mixes them.

    `python` honours a coding cookie (PEP 263). Raises UnicodeDecodeError, SyntaxError or LookupError if the bytes are
    not text in the declared encoding.
    """
    mark, codec = next(((m, c) for m, c in _MARKS if raw.startswith(m)), (b"", "utf-8"))
    if python and not mark:
        codec = tokenize.detect_encoding(io.BytesIO(raw).readline)[0]
    text = raw[len(mark) :].decode(codec)
    if "\0" in text:
        zero = raw.index(0)
        raise UnicodeDecodeError(codec, raw, zero, zero + 1, "a zero byte, as in UTF-16 without a byte order mark")
    crlf, lf = text.count("\r\n"), text.count("\n")
    if crlf and crlf == lf and text.count("\r") == crlf:
        return text.replace("\r\n", "\n"), Encoding(mark=mark, codec=codec, newline="\r\n")
    return text, Encoding(mark=mark, codec=codec)


def edited(edit: Callable[[str | None], str], before: bytes | None, path: str) -> bytes:
    """The bytes of a file after a text → text edit, in its own encoding; a new file is UTF-8.

    Raises the same errors as `decode`.
    """
    if before is None:
        return edit(None).encode()
    text, encoding = decode(before, python=path.endswith(".py"))
    return encode(edit(text), encoding)


def encode(text: str, encoding: Encoding) -> bytes:
    """The bytes of `text` that `decode` would read back."""
    if encoding.newline != "\n":
        text = text.replace("\n", encoding.newline)
    return encoding.mark + text.encode(encoding.codec)
