"""Which platform a run is for: names as people write them, misspellings, and the prompt."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_claims import wanted

from simple_deploy.pipeline import choose_platform
from simple_deploy.platform_choice import named, question
from simple_deploy.platforms import installed


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        *(("heroku", "heroku"), ("Heroku", "heroku"), ("HEROKU", "heroku"), ("fly", "fly_io"), ("Fly.io", "fly_io")),
        *(("fly-io", "fly_io"), ("platform.sh", "platform_sh"), ("Platform SH", "platform_sh"), ("ups", "upsun")),
    ],
)
def test_case_and_punctuation_do_not_matter(text: str, platform: str) -> None:
    assert named(text) == platform


@pytest.mark.parametrize(
    ("text", "meant"),
    [("herku", "; did you mean heroku?"), ("upsum", "; did you mean upsun?"), ("aws", ""), ("h", ""), ("", "")],
)
def test_an_unknown_name_gets_a_suggestion(text: str, meant: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError) as refused:
        named(text)
    assert str(refused.value) == f'"{text}" is not a platform{meant} (choose from fly_io, heroku, platform_sh, upsun)'


def test_without_a_name_the_run_asks_with_a_line_on_each_platform() -> None:
    asked: list[tuple[str, tuple[str, ...]]] = []

    def choose(text: str, names: object) -> str:
        asked.append((text, tuple(names)))  # type: ignore[call-overload]
        return "upsun"

    assert choose_platform(wanted(), choose).id == "upsun"
    assert asked == [(question(installed()), installed())]
    for name in installed():
        assert f"  {name}: " in question(installed())
    assert choose_platform(wanted(platform="heroku"), choose).id == "heroku"
    assert len(asked) == 1


ASKED = """
import sys
from django.core.management.base import OutputWrapper
from django.core.management.color import no_style
from simple_deploy.effects.log import Log
from simple_deploy.effects.terminal import Terminal
from simple_deploy.masking.redact import Redactor
from simple_deploy.messages.stops import Declined
try:
    terminal = Terminal(OutputWrapper(sys.stderr), no_style(), Log(Redactor([])), 1)
    print(terminal.choose("Which?", ["fly_io", "heroku", "nord"]))
except Declined:
    print("cancelled")
"""


@pytest.mark.parametrize(
    ("typed", "answer", "shown"),
    [
        ("Fly.io\n", "fly_io", ""),
        ("her\n", "heroku", ""),
        ("no\n", "cancelled", ""),
        ("herku\n9\n2\n", "heroku", '"herku" is none of these; did you mean heroku? "9" is none of these'),
    ],
)
def test_the_prompt_takes_a_number_or_a_name_as_people_write_it(
    typed: str, answer: str, shown: str, tmp_path: Path
) -> None:
    keyboard = tmp_path / "typed.txt"
    keyboard.write_text(typed, encoding="utf-8", newline="\n")
    with keyboard.open(encoding="utf-8") as stdin:
        argv = [sys.executable, "-c", ASKED]
        ended = subprocess.run(argv, stdin=stdin, capture_output=True, encoding="utf-8", check=True)
    assert ended.stdout == f"{answer}\n"
    assert " ".join(re.findall(r'"\w+" is none.*', ended.stderr)) == shown
