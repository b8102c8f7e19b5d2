"""Variables for a rehearsed project, on the command line and in a file."""

from argparse import ArgumentTypeError

import pytest

from matrix.env_file import read, variable

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
    assert read(str(path)) == {
        "PLAIN": "one",
        "EXPORTED": "two",
        "QUOTED": "three words # and no comment",
        "SINGLE": "4",
        "WITH_COMMENT": "five",
        "HASH": "a#b",
        "EMPTY": "",
        "URL": "postgres://a:b@host/db?x=1",
    }


def test_a_line_that_is_no_variable_is_named_by_its_number_and_not_shown(tmp_path):
    path = tmp_path / ".env"
    path.write_text("A=1\n\nhunter2\n", encoding="utf-8")
    with pytest.raises(ArgumentTypeError) as raised:
        read(str(path))
    assert str(raised.value) == f"line 3 of {path} is not of the form NAME=VALUE"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ArgumentTypeError, match="nowhere cannot be read: No such file"):
        read(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("text", "expected"), [("A=1", ("A", "1")), ("A=b=c", ("A", "b=c")), ("A=", ("A", "")), ("SET", ("SET", "here"))]
)
def test_on_the_command_line_a_name_alone_takes_the_value_of_the_environment(text, expected):
    assert variable(text, {"SET": "here"}) == expected


@pytest.mark.parametrize(
    ("text", "message"), [("=x", "=x is not of the form NAME=VALUE"), ("MISSING", "MISSING is not set in your")]
)
def test_what_is_no_variable_is_refused(text, message):
    with pytest.raises(ArgumentTypeError, match=message):
        variable(text, {})
