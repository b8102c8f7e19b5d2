"""requirements.txt: what it declares, and what is added to it."""

import pytest

from simple_deploy import package_managers
from simple_deploy.package_managers import Known, pip, requirements_file


def declared(**files: str | bytes) -> frozenset[str]:
    named = {name.replace("__", "/").replace("_txt", ".txt"): text for name, text in files.items()}
    raw = {name: text if isinstance(text, bytes) else text.encode() for name, text in named.items()}
    dependencies, problems = pip.read(Known(raw))
    assert problems == []
    assert dependencies is not None
    return dependencies.declared


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Whitenoise", "whitenoise"),
        ("psycopg2_binary==2.9", "psycopg2-binary"),
        ("Psycopg[binary]>=3.1 ; python_version >= '3.8'", "psycopg"),
        ("  django  # the framework", "django"),
        ("gunicorn==22.0 --hash=sha256:aa \\\n  --hash=sha256:bb", "gunicorn"),
        ("dj.database.url ~= 2.1", "dj-database-url"),
        ("-e git+https://example.com/x.git#egg=My_Package", "my-package"),
        ("thing @ https://example.com/thing-1.0.tar.gz", "thing"),
    ],
)
def test_a_requirement_is_recognised_in_every_spelling(line: str, name: str) -> None:
    assert declared(requirements_txt=f"{line}\n") == {name}


@pytest.mark.parametrize(
    "text", ["", "   \n\t\n\n", "# only a comment\n", "--index-url https://example.com/\n", "-e .\n", "./wheel.whl\n"]
)
def test_lines_that_declare_nothing(text: str) -> None:
    assert declared(requirements_txt=text) == frozenset()


def test_a_requirement_for_another_system_is_not_there_in_production() -> None:
    text = "gunicorn; sys_platform == 'win32'\nwhitenoise; sys_platform == 'linux'\n"
    assert declared(requirements_txt=text) == {"whitenoise"}


def test_includes_are_followed_from_the_including_file_and_only_once() -> None:
    assert declared(
        requirements_txt="-r requirements/prod.txt\n",
        requirements__prod_txt="-r base.txt\n--requirement=../requirements.txt\ngunicorn\n",
        requirements__base_txt="Django\n",
    ) == {"gunicorn", "django"}


def test_utf16_as_powershell_writes_it_is_read() -> None:
    assert declared(requirements_txt="Django\r\ngunicorn\r\n".encode("utf-16")) == {"django", "gunicorn"}


def test_only_what_is_missing_is_added() -> None:
    dependencies, _ = pip.read(Known({"requirements.txt": b"Django\nwhitenoise\n"}))
    assert dependencies
    wanted = ["gunicorn>=22", "WhiteNoise>=6.5", "psycopg[binary]>=3.1"]
    [wish] = pip.wishes(dependencies, package_managers.missing(dependencies, wanted))
    assert wish.edit("Django\nwhitenoise\n") == "Django\nwhitenoise\ngunicorn>=22\npsycopg[binary]>=3.1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "a\nb\n"), ("x\n", "x\na\nb\n"), ("x", "x\na\nb"), ("x\n\n", "x\n\na\nb\n")],
)
def test_lines_are_added_at_the_end(before: str, after: str) -> None:
    assert requirements_file.with_lines(before, ["a", "b"]) == after


def test_nothing_to_add_changes_nothing() -> None:
    assert requirements_file.with_lines("x", []) == "x"
