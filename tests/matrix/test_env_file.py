"""Variables for a rehearsed project, on the command line and in a file."""

from argparse import ArgumentTypeError

import pytest

from matrix.rehearsal.env_file import read, variable

FILE = """\
# for the site
PLAIN=one
export EXPORTED = two
QUOTED="three words # and no comment"  # a comment
SINGLE='4'
WITH_COMMENT=five # a comment
HASH=a#b
EMPTY=
URL=postgres://a:b@host/db?x=1
"""


def test_a_file_has_a_variable_on_each_line(tmp_path):
    path = tmp_path / "an env"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    file, values = read(str(path))
    assert file == path
    assert values == {
        "PLAIN": "one",
        "EXPORTED": "two",
        "QUOTED": "three words # and no comment",
        "SINGLE": "4",
        "WITH_COMMENT": "five",
        "HASH": "a#b",
        "EMPTY": "",
        "URL": "postgres://a:b@host/db?x=1",
    }


def test_an_invalid_line_is_reported_by_number_without_its_content(tmp_path):
    path = tmp_path / ".env"
    path.write_text("A=1\n\nhunter2\n", encoding="utf-8")
    with pytest.raises(ArgumentTypeError) as raised:
        read(str(path))
    assert str(raised.value) == f"line 3 of {path} is not of the form NAME=VALUE"


def test_an_unreadable_file_is_reported(tmp_path):
    with pytest.raises(ArgumentTypeError, match="nowhere cannot be read: No such file"):
        read(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("text", "expected"), [("A=1", ("A", "1")), ("A=b=c", ("A", "b=c")), ("A=", ("A", "")), ("SET", ("SET", "here"))]
)
def test_a_name_without_a_value_takes_it_from_the_environment(text, expected):
    assert variable(text, {"SET": "here"}) == expected


@pytest.mark.parametrize(
    ("text", "message"), [("=x", "=x is not of the form NAME=VALUE"), ("MISSING", "MISSING is not set in your")]
)
def test_an_invalid_variable_is_rejected(text, message):
    with pytest.raises(ArgumentTypeError, match=message):
        variable(text, {})
