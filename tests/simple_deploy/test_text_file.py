"""Bytes outside an edit survive: encodings, byte order marks, line endings."""

import pytest

from simple_deploy.text.text_file import decode, encode

TEXT = "Django\nöäü\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r\n").encode("utf-16"),
        b"one\r\ntwo\nthree\r\n",
        b"one\rtwo\r\n",
        b"no final newline",
    ],
)
def test_reading_and_writing_is_the_identity(raw: bytes) -> None:
    text, encoding = decode(raw)
    assert encode(text, encoding) == raw


def test_a_coding_cookie_is_honoured_in_python_files() -> None:
    raw = "# -*- coding: latin-1 -*-\nNAME = 'é'\n".encode("latin-1")
    text, encoding = decode(raw, python=True)
    assert "é" in text
    assert encode(text, encoding) == raw


def test_an_added_line_gets_the_line_ending_of_the_file() -> None:
    text, encoding = decode(b"Django\r\n")
    assert encode(text + "gunicorn\n", encoding) == b"Django\r\ngunicorn\r\n"


def test_undecodable_bytes_are_an_error() -> None:
    with pytest.raises(UnicodeDecodeError):
        decode(b"\xff\x00\x81 \xfa")
