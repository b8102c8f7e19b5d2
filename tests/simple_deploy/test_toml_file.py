"""TOML edits: before → after, and nothing but the addition ever changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simple_deploy.text import toml_file
from simple_deploy.text.text_file import ClosedFile, edited
from simple_deploy.text.toml_file import loads, with_entries, with_strings
from simple_deploy.text.toml_merge import merged_toml

ADDED = {"n": ">=1", "m": {"extras": ["x"], "version": "1"}}
LINES = 'n = ">=1"\nm = {extras = ["x"], version = "1"}\n'
INLINE = 'n = ">=1", m = {extras = ["x"], version = "1"}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a.b]\nx = 1  # c\n\n[c]\n", f"[a.b]\nx = 1  # c\n{LINES}\n[c]\n"),
        ("[a.b]\nx = 1\n\n# about c\n[c]\n", f"[a.b]\nx = 1\n{LINES}\n# about c\n[c]\n"),
        ("[a.b]\nx = 1\n# about x, still\n", f"[a.b]\nx = 1\n{LINES}# about x, still\n"),
        ("[a.b]\nx = 1", f"[a.b]\nx = 1\n{LINES}"[:-1]),
        ("[a.b]  # empty\n\n# about c\n[c]\n", f"[a.b]  # empty\n{LINES}\n# about c\n[c]\n"),
        ("[a.b]\nx = 1\n\n[a.b.c]\ny = 1\n", f"[a.b]\nx = 1\n{LINES}\n[a.b.c]\ny = 1\n"),
        ("[a.b]\n[a.z]\ny = 1\n", f"[a.b]\n{LINES}[a.z]\ny = 1\n"),
        ("[a.b]\nx = 1\n[z]\n[a]\nq = 1\n[a.c]\n", f"[a.b]\nx = 1\n{LINES}[z]\n[a]\nq = 1\n[a.c]\n"),
        ("[a.b.c]\ny = 1\n[a.b]\nx = 1\n", f"[a.b.c]\ny = 1\n[a.b]\nx = 1\n{LINES}"),
        ('["a"."b"]\nx = """\n[a.b]\n"""\n', f'["a"."b"]\nx = """\n[a.b]\n"""\n{LINES}'),
        ("[a]\nb = {x = 1}  # c\n", f"[a]\nb = {{x = 1, {INLINE}}}  # c\n"),
        ("[a]\nb = { }\n", f"[a]\nb = {{{INLINE} }}\n"),
        ("", f"[a.b]\n{LINES}"),
        ("[a]\nx = 1\n", f"[a]\nx = 1\n\n[a.b]\n{LINES}"),
        # tomlkit 0.15 writes this one back in another order.
        (
            "[a.b]\nx = 1\n[a.c.d]\n[[a.m]]\n[a.c.e]\n[z]\n",
            f"[a.b]\nx = 1\n{LINES}[a.c.d]\n[[a.m]]\n[a.c.e]\n[z]\n",
        ),
        ("[a.b.c]\ny = 1", f"[a.b.c]\ny = 1\n\n[a.b]\n{LINES}"[:-1]),
    ],
)
def test_entries_are_added_below_the_last_one(before: str, after: str) -> None:
    assert with_entries(before, ("a", "b"), ADDED) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  [a.b]\n  x = 1\n", '  [a.b]\n  x = 1\n  n = "1"\n'),
        ("[a]\nb.x = 1\nc = 1\n", '[a]\nb.x = 1\nb.n = "1"\nc = 1\n'),
        ("[a]\n'b'.x.y = 1\n[c]\n", "[a]\n'b'.x.y = 1\n'b'.n = \"1\"\n[c]\n"),
        ("a.b.x = 1\nc = 1\n", 'a.b.x = 1\na.b.n = "1"\nc = 1\n'),
    ],
)
def test_indentation_and_dotted_keys_are_continued(before: str, after: str) -> None:
    assert with_entries(before, ("a", "b"), {"n": "1"}) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[]", '[\n    "n",\n    "m",\n]'),
        ('["a"]', '["a", "n", "m"]'),
        ('["a", ]', '["a", "n", "m", ]'),
        ("[\n]", '[\n    "n",\n    "m",\n]'),
        ("[  # c\n]", '[  # c\n    "n",\n    "m",\n]'),
        ('[\n  "a",\n  "b"  # c\n]', '[\n  "a",\n  "b",  # c\n  "n",\n  "m"\n]'),
        ('[\n  "a",\n  "b",  # c\n  # end\n]', '[\n  "a",\n  "b",  # c\n  "n",\n  "m",\n  # end\n]'),
        ('[\n\t"a", "b",\n]', '[\n\t"a", "b",\n\t"n",\n\t"m",\n]'),
        ('["a",\n "b"]', '["a",\n "b",\n "n",\n "m"]'),
        ("[\n  'a # \"', # ]\n]", '[\n  \'a # "\', # ]\n  "n",\n  "m",\n]'),
        ('["a", ["b", "c"]]', '["a", ["b", "c"], "n", "m"]'),
    ],
)
def test_an_array_keeps_its_form(before: str, after: str) -> None:
    assert with_strings(f"[p]\nx = {before}  # end\ny = 1\n", ("p", "x"), ["n", "m"]) == (
        f"[p]\nx = {after}  # end\ny = 1\n"
    )


def test_a_missing_array_is_created() -> None:
    before = "[project]\nname = 'x'\n\n# scripts\n[project.scripts]\n"
    assert with_strings(before, ("project", "dependencies"), ["a>=1", 'b; os_name == "nt"']) == (
        "[project]\nname = 'x'\n"
        'dependencies = [\n    "a>=1",\n    "b; os_name == \\"nt\\"",\n]\n'
        "\n# scripts\n[project.scripts]\n"
    )


def test_nothing_to_add_changes_nothing() -> None:
    assert with_strings("x", ("a", "b"), []) == "x"
    assert with_entries("x", ("a", "b"), {}) == "x"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_byte_order_mark_stay(mark: bytes) -> None:
    before = mark + b'[a]\r\nb = [\r\n  "x", # c\r\n]\r\n'
    after = edited(lambda text: with_strings(text or "", ("a", "b"), ["n"]), before, "f.toml")
    assert after == mark + b'[a]\r\nb = [\r\n  "x", # c\r\n  "n",\r\n]\r\n'
    assert loads(after) == {"a": {"b": ["x", "n"]}}


@pytest.mark.parametrize("raw", [b"[a\n", b"a = 1\na = 2\n", b"a = '\xff'\n"])
def test_invalid_toml_is_reported(raw: bytes) -> None:
    with pytest.raises(ValueError):
        loads(raw)


# --- nothing outside the change moves ------------------------------------------------------------------

blanks = st.text("\n", max_size=2)
comments = st.sampled_from(["", "  # why", "#x", "\t# ] } \" ' ,"])
words = st.sampled_from(["a", "b", "c-d", "e_f", "'g.h'", '"i # j"'])
values = st.recursive(
    st.sampled_from(["1", "true", '"x"', "'y # z'", '"""\n[t]\n# no\n"""', "'''\n]'''", '"\\" ]"', "1979-05-27"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, max_size=3).map(lambda items: "[\n" + "".join(f"  {item}, # c\n" for item in items) + "]"),
        st.dictionaries(st.sampled_from("pqr"), inner, max_size=2).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        ),
    ),
    max_leaves=4,
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    lines = []
    for word in draw(st.lists(words, unique=True, max_size=4)):
        dotted = draw(st.sampled_from(["", ".sub", ".sub . two"]))
        indent = draw(st.sampled_from(["", "  "]))
        lines.append(f"{indent}{word}{dotted} = {draw(values)}{draw(comments)}\n{draw(blanks)}")
        if draw(st.booleans()):
            lines.append(f"# {draw(words)} = 1\n")
    return "".join(lines)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document with or without the table [tool.x], between others, in any order."""
    headers = draw(st.permutations(["[tool.x]", "[tool.x.sub2]", "[tool.y]", "[other]", "[[many]]", "[tool]"]))
    chosen = headers[: draw(st.integers(0, len(headers)))]
    text = "".join(f"{header}{draw(comments)}\n{draw(blanks)}{draw(bodies())}" for header in chosen)
    return text[:-1] if text.endswith("\n") and draw(st.booleans()) else text


@given(documents())
def test_entries_are_inserted_in_one_place_with_the_right_values(before: str) -> None:
    meant = loads(before.encode())
    after = with_entries(before, ("tool", "x"), ADDED)
    meant = {**meant, "tool": {**meant.get("tool", {}), "x": {**meant.get("tool", {}).get("x", {}), **ADDED}}}
    assert loads(after.encode()) == meant
    start = next((i for i, (x, y) in enumerate(zip(before, after, strict=False)) if x != y), len(before))
    assert after.endswith(before[start:])


@given(documents(), values.filter(lambda value: value.startswith("[")), comments)
def test_strings_are_added_and_everything_else_stays_in_its_order(rest: str, array: str, comment: str) -> None:
    before = f"{rest}\n[project] # p\nlist = {array}{comment}\nend = 1\n"
    after = with_strings(before, ("project", "list"), ["n", "m"])
    meant = loads(before.encode())
    meant = {**meant, "project": {"list": [*meant["project"]["list"], "n", "m"], "end": 1}}
    assert loads(after.encode()) == meant
    assert _is_subsequence(before, after)
    assert after.startswith(f"{rest}\n[project] # p\nlist = [")
    assert after.endswith(f"]{comment}\nend = 1\n")


def _is_subsequence(part: str, whole: str) -> bool:
    characters = iter(whole)
    return all(character in characters for character in part)


def test_both_readers_agree() -> None:
    import tomlkit

    text = '[a]\nb = [1, "x"]\nc.d = {e = true}\n'
    assert toml_file.loads(text.encode()) == tomlkit.parse(text).unwrap()


# [project] need not have its own header: before, and the array afterwards.
FORMS = [
    (
        'project = {name = "x", dependencies = ["Django"]}\n',
        'project = {name = "x", dependencies = ["Django", "gunicorn"]}\n',
    ),
    (
        'project = {name = "x", dependencies = [ "Django", ], urls = {a = "b"}} # mine',
        'project = {name = "x", dependencies = [ "Django", "gunicorn", ], urls = {a = "b"}} # mine',
    ),
    (
        'project = {dependencies = [\n  "Django", # one\n], name = "x"}\n',
        'project = {dependencies = [\n  "Django", # one\n  "gunicorn",\n], name = "x"}\n',
    ),
    (
        'project.name = "x"\nproject.dependencies = ["Django"] # mine\n[tool.x]\na = 1\n',
        'project.name = "x"\nproject.dependencies = ["Django", "gunicorn"] # mine\n[tool.x]\na = 1\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), FORMS)
def test_an_inline_table_or_dotted_keys_are_extended(before: str, after: str) -> None:
    assert with_strings(before, ("project", "dependencies"), ["gunicorn"]) == after


@pytest.mark.parametrize("before", ["tool = {}\n", "[tool]\npoetry = {}\n", 'tool.poetry = {dependencies.a = "1"}\n'])
def test_a_form_that_cannot_be_extended_is_refused_unchanged(before: str) -> None:
    with pytest.raises(ClosedFile, match=r"\[tool.poetry\] is written in a form that cannot be extended"):
        with_entries(before, ("tool", "poetry", "dependencies"), {"gunicorn": "*"})


OURS = """# Who.
name = 'ours'

[build]
  # Which image.
  image = 'slim'
  fast = true

[[check]]
  path = '/'
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", OURS),
        ("name = 'mine'", "name = 'mine'\n" + OURS.partition("ours'\n")[2]),
        (
            "name = 'mine'\n[[check]]\npath = '/up'\n# mine\n[build]\nfast = false # slow\n\n# last\n",
            "name = 'mine'\n[[check]]\npath = '/up'\n# mine\n[build]\nfast = false # slow\n"
            "# Which image.\nimage = 'slim'\n\n# last\n",
        ),
        ("name = 'mine'\nbuild = { fast = false }\ncheck = []\n", "image = 'slim' }"),
        ("build.fast = false\n", "build.fast = false\n# Which image.\nbuild.image = 'slim'\n"),
    ],
)
def test_missing_parts_of_another_document_are_added(before: str, after: str) -> None:
    found = merged_toml(before, OURS)
    assert after in found
    assert merged_toml(found, OURS) == found


def test_tables_can_be_left_out() -> None:
    assert merged_toml("name = 'mine'\n", OURS, without={"build", "check"}) == "name = 'mine'\n"
