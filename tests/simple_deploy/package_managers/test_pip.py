"""requirements.txt: what it declares, and what is added to it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_tools import instead_of_requirements, refused

from simple_deploy import package_managers
from simple_deploy.package_managers import Known, pip, requirements_file
from simple_deploy.text.text_file import edited

if TYPE_CHECKING:
    from conftest import Checkout


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
def test_a_requirement_is_recognised_in_any_spelling(line: str, name: str) -> None:
    assert declared(requirements_txt=f"{line}\n") == {name}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t\n\n",
        "# only a comment\n",
        "# see #egg=x\n",
        "--index-url https://example.com/\n",
        "-e .\n",
        "./wheel.whl\n",
    ],
)
def test_lines_that_declare_nothing(text: str) -> None:
    assert declared(requirements_txt=text) == frozenset()


def test_a_requirement_for_another_system_does_not_count_in_production() -> None:
    text = "gunicorn; sys_platform == 'win32'\nwhitenoise; sys_platform == 'linux'\n"
    assert declared(requirements_txt=text) == {"whitenoise"}


def test_includes_are_followed_from_the_including_file_and_only_once() -> None:
    assert declared(
        requirements_txt="-r requirements/prod.txt\n",
        requirements__prod_txt="-r base.txt\n--requirement=../requirements.txt\ngunicorn\n",
        requirements__base_txt="Django\n",
    ) == {"gunicorn", "django"}


def test_constraints_declare_nothing_but_are_needed_to_install() -> None:
    files = {
        "requirements.txt": b"Django\n-c limits/all.txt\n--constraint=limits/all.txt\n",
        "limits/all.txt": b"gunicorn<30\n-r more.txt\n",
        "limits/more.txt": b"whitenoise<9\n",
    }
    dependencies, problems = pip.read(Known(files))
    assert problems == []
    assert dependencies is not None
    assert dependencies.declared == {"django"}
    assert dependencies.files == ("limits/all.txt", "limits/more.txt", "requirements.txt")


def test_a_file_used_as_constraint_and_include_declares() -> None:
    assert declared(requirements_txt="-c more.txt\n-r more.txt\n", more_txt="gunicorn\n") == {"gunicorn"}


def test_the_project_itself_brings_its_dependencies() -> None:
    pyproject = """[project]
dependencies = ["Django"]
[project.optional-dependencies]
site = ["gunicorn"]
dev = ["ruff"]
"""
    files = Known({"requirements.txt": b"-e .[site]\nwhitenoise\n", "pyproject.toml": pyproject.encode()})
    dependencies, _ = pip.read(files)
    assert dependencies is not None
    assert dependencies.declared == {"django", "gunicorn", "whitenoise"}
    assert dependencies.files == (".",)


@pytest.mark.parametrize("line", ["./parts/wheel.whl", "-e ./parts", "--editable=../parts", ".."])
def test_installing_from_a_folder_needs_the_whole_project(line: str) -> None:
    dependencies, _ = pip.read(Known({"requirements.txt": f"{line}\n".encode()}))
    assert dependencies is not None
    assert dependencies.files == (".",)


def test_utf16_as_powershell_writes_it_is_read() -> None:
    assert declared(requirements_txt="Django\r\ngunicorn\r\n".encode("utf-16")) == {"django", "gunicorn"}


def test_only_what_is_missing_is_added() -> None:
    dependencies, _ = pip.read(Known({"requirements.txt": b"Django\nwhitenoise\n"}))
    assert dependencies
    wanted = ["gunicorn>=22", "WhiteNoise>=6.5", "psycopg[binary]>=3.1"]
    [file_edit] = pip.file_edits(dependencies, package_managers.missing(dependencies, wanted))
    assert file_edit.edit("Django\nwhitenoise\n") == "Django\nwhitenoise\ngunicorn>=22\npsycopg[binary]>=3.1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "a\nb\n"),
        ("x\n", "x\na\nb\n"),
        ("x", "x\na\nb"),
        ("x\n\n", "x\n\na\nb\n"),
        ("x \\\n", "x \\\n\na\nb\n"),
        ("x \\", "x \\\n\na\nb\n"),
    ],
)
def test_lines_are_added_at_the_end(before: str, after: str) -> None:
    assert requirements_file.with_lines(before, ["a", "b"]) == after


def test_nothing_to_add_changes_nothing() -> None:
    assert requirements_file.with_lines("x", []) == "x"


WANTED = ("gunicorn>=22", "whitenoise>=6.5")


def test_a_file_in_a_folder_is_edited_in_place_and_included() -> None:
    dependencies, _ = pip.read(Known({"requirements/production.txt": b"-r web.txt\n", "requirements/web.txt": b""}))
    assert dependencies is not None
    [file_edit] = pip.file_edits(dependencies, WANTED)
    assert file_edit.path == "requirements/production.txt"
    assert dependencies.requirement == "-r requirements/production.txt"
    assert dependencies.install[1][-2:] == ("-r", "requirements/production.txt")


@pytest.mark.long
def test_a_folder_of_requirements_from_the_first_run_to_the_second(checkout: Checkout) -> None:
    folder = {
        "requirements/production.txt": "-r basis.txt\n# served by\ngunicorn\n",
        "requirements/basis.txt": "Django",
    }
    project = instead_of_requirements(checkout, folder)
    assert project.deployer().returncode == 0
    assert project.read("requirements.txt") == "-r requirements/production.txt\n"
    assert project.read("requirements/production.txt") == (
        folder["requirements/production.txt"] + "whitenoise>=6.5\ndj-database-url>=2.1\npsycopg[binary]>=3.1.18\n"
    )
    assert project.read("requirements/basis.txt") == "Django"
    before = project.contents()
    assert "no files were changed" in project.deployer().stdout
    assert project.contents() == before


HASHED = "Django==5.2 \\\n    --hash=sha256:aa\n"
HASHES = "it pins packages by hash, so pip rejects every package without one"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"requirements.txt": HASHED}, HASHES),
        ({"requirements.txt": "--require-hashes\n"}, HASHES),
        ({"requirements.txt": "-r all.txt\nwhitenoise\n", "all.txt": HASHED}, HASHES),
        ({"requirements.txt": "Django\n-c all.txt\n", "all.txt": HASHED}, HASHES),
        (
            {"requirements.txt": "# This file is @generated by PDM.\n# Do not edit.\nDjango==5.2\n"},
            'it is generated by "This file is @generated by PDM.", which would remove them again',
        ),
        (
            {"requirements.txt": "# This file was autogenerated by uv via the following command:\n#    uv export\n"},
            'it is generated by "uv export", which would remove them again',
        ),
        ({"requirements.txt": "# --hash is not used here\nDjango\n"}, ""),
    ],
)
def test_the_reason_is_given_for_a_file_that_cannot_be_extended(files: dict[str, str], reason: str) -> None:
    dependencies, problems = pip.read(Known({path: text.encode() for path, text in files.items()}))
    assert problems == []
    assert dependencies is not None
    assert dependencies.closed == reason
    assert package_managers.blocked(dependencies, ()) == []


def test_hashes_prevent_additions_before_anything_is_written(checkout: Checkout) -> None:
    project = instead_of_requirements(checkout, {"requirements.txt": HASHED})
    assert refused(project) == (
        "Stopped: Nothing was changed. Fix this problem first:\n\n"
        "1. requirements.txt lacks packages that production needs: gunicorn>=22, whitenoise>=6.5, "
        "dj-database-url>=2.1, psycopg[binary]>=3.1.18.\n"
        f"   They cannot be added automatically: {HASHES}.\n"
        "   -> Add them the way you generate requirements.txt, commit, and run the command again.\n"
    )


def test_hashes_are_no_problem_if_nothing_is_missing(checkout: Checkout) -> None:
    names = ("Django", "gunicorn", "whitenoise", "dj-database-url", "psycopg")
    text = "".join(f"{name}==99 --hash=sha256:aa\n" for name in names)
    project = instead_of_requirements(checkout, {"requirements.txt": text})
    assert project.deployer().returncode == 0
    assert project.read("requirements.txt") == text


NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
LINES = st.one_of(
    st.just(""),
    st.just("   \t"),
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20).map("# {}".format),
    st.builds(
        "{}{}{}".format, NAMES, st.sampled_from(["", "==1.0", ">=2,<3", "[x]"]), st.sampled_from(["", "  # why"])
    ),
    st.sampled_from(["-c limits.txt", "--index-url https://example.com/", "-e git+https://example.com/x#egg=y"]),
)


@given(
    body=st.lists(LINES, max_size=8),
    newline=st.sampled_from(["\n", "\r\n"]),
    ended=st.booleans(),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@pytest.mark.long
def test_nothing_but_the_addition_changes(body: list[str], newline: str, ended: bool, codec: str) -> None:
    before = newline.join(body) + newline * (ended and bool(body))
    dependencies, problems = pip.read(Known({"requirements.txt": before.encode(codec), "limits.txt": b"gunicorn<30\n"}))
    assert problems == []
    assert dependencies is not None
    missing = package_managers.missing(dependencies, WANTED)
    [file_edit] = pip.file_edits(dependencies, missing)
    after = edited(file_edit.edit, before.encode(codec), file_edit.path)
    known = "\r\n" if "\r\n" in before else "\n"
    apart = known if before and not before.endswith("\n") else ""
    added = known.join(missing) + ("" if apart else known)
    assert after.decode(codec) == (before + apart + added if missing else before)
    if not missing:
        assert after == before.encode(codec)
    again, _ = pip.read(Known({"requirements.txt": after, "limits.txt": b""}))
    assert again is not None
    assert package_managers.missing(again, WANTED) == ()


def added(text: str, limits: str = "") -> list[str]:
    """The lines added to a requirements file that has these and includes limits.txt as constraints."""
    dependencies, problems = package_managers.detect(
        Known({"requirements.txt": f"{text}-c limits.txt\n".encode(), "limits.txt": limits.encode()})
    )
    assert dependencies is not None
    assert problems == []
    wanted = ("gunicorn>=22", "whitenoise>=6.5,<6.8", "dj-database-url>=2.1", "psycopg[binary]>=3.1.18")
    [file_edit] = pip.file_edits(dependencies, package_managers.missing(dependencies, wanted))
    return file_edit.edit("").splitlines()


def test_a_file_of_pins_gets_pins() -> None:
    frozen = "asgiref==3.8.1\nDjango==5.2\nsqlparse==0.5.0\n"
    assert added(frozen) == [
        "gunicorn==23.0.0",
        "whitenoise==6.7.0",
        "dj-database-url==2.3.0",
        "psycopg[binary]==3.2.13",
    ]
    assert "gunicorn>=22" in added(frozen.replace("asgiref==", "asgiref>="))


def test_a_constraint_decides_the_version() -> None:
    assert "gunicorn" in added("Django\n", "gunicorn==21.2.0\n")
    assert "gunicorn>=22" in added("Django\n", "gunicorn<30\n")


@pytest.mark.parametrize(
    "line",
    [
        "gunicorn==19.9.0",
        "gunicorn<20",
        "gunicorn~=19.10",
        "gunicorn==19.*",
        "gunicorn<=19.10.0",
        "dj-database-url==0.4.2",
    ],
)
def test_a_version_that_is_too_old(line: str) -> None:
    _, [problem] = package_managers.detect(Known({"requirements.txt": f"Django\n{line}\n".encode()}))
    assert problem.code == "version-too-old"
    assert problem.found.startswith(f"requirements.txt requires {line}, but production needs ")


@pytest.mark.parametrize(
    "line", ["gunicorn", "gunicorn==20.0", "gunicorn>=19", "gunicorn~=22.0", "gunicorn<22", "dj-database-url==0.5.0"]
)
def test_a_version_that_will_do(line: str) -> None:
    assert package_managers.detect(Known({"requirements.txt": f"Django\n{line}\n".encode()}))[1] == []


@pytest.mark.parametrize(
    ("line", "imports"),
    [("gunicorn==20.1.0", True), ("gunicorn~=20.0", True), ("gunicorn>=20", False), ("gunicorn==21.2.0", False)],
)
def test_a_gunicorn_that_needs_an_older_setuptools(line: str, imports: bool) -> None:
    dependencies, _ = package_managers.detect(Known({"requirements.txt": f"Django\n{line}\n".encode()}))
    assert dependencies is not None
    assert bool(dependencies.old_setuptools) is imports


@pytest.mark.parametrize(("version", "imports"), [("3.2.25", True), ("4.0", False)])
def test_a_django_that_imports_distutils(
    version: str, imports: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / f"Django-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Name: Django\nVersion: {version}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    dependencies, _ = package_managers.detect(Known({"requirements.txt": b"Django\n"}))
    assert dependencies is not None
    assert bool(dependencies.old_setuptools) is (imports and sys.version_info >= (3, 12))


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ("import os\nfrom pkg_resources import get_distribution\n", True),
        ("try:\n    import pkg_resources\nexcept ImportError:\n    pass\n", False),
        ("import pkg_resources_of_ours\n", False),
    ],
)
def test_a_package_that_needs_an_older_setuptools(
    text: str, imports: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "payer-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: payer\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "RECORD").write_text("payer/__init__.py,,\npayer/client.py,,\npayer/lost.py,,\n", encoding="utf-8")
    (tmp_path / "payer").mkdir()
    (tmp_path / "payer" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "payer" / "client.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    dependencies, _ = package_managers.detect(Known({"requirements.txt": b"Django\npayer==1.0\n"}))
    assert dependencies is not None
    assert bool(dependencies.old_setuptools) is imports
    with (metadata / "METADATA").open("a", encoding="utf-8") as file:
        file.write("Requires-Dist: setuptools (<59.7)\n")
    brought, _ = package_managers.detect(Known({"requirements.txt": b"Django\npayer==1.0\n"}))
    assert brought is not None and not brought.old_setuptools


@pytest.mark.parametrize(
    ("line", "lacks"), [("whitenoise", True), ("django-no-such-thing", False), ("crispy\nDjango", False)]
)
def test_no_requirement_brings_django(line: str, lacks: bool) -> None:
    """A package that is not installed here may bring it."""
    dependencies, _ = package_managers.detect(Known({"requirements.txt": f"{line}\n".encode()}))
    assert dependencies is not None
    assert dependencies.lacks_django is lacks


@pytest.mark.parametrize(
    ("line", "system"),
    [
        ("twisted-iocpsupport==1.0.4", "Windows"),
        ("pyobjc_framework_Cocoa==10.3", "macOS"),
        ("pywin32==306 ; sys_platform == 'win32'", ""),
        ("pywin32-ctypes==0.2.2", ""),
    ],
)
def test_a_package_that_linux_does_not_have_is_named_without_asking_the_index(line: str, system: str) -> None:
    _, problems = pip.read(Known({"requirements.txt": f"Django\n{line}\n".encode()}))
    assert [problem.code for problem in problems] == ["requirement-other-system"] * bool(system)
    assert all(f"it exists for {system} only" in problem.found for problem in problems)
