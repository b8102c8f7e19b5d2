"""docs/reference/simple_deploy.md, compared with the command itself."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path

import pytest
from django.core.management.base import BaseCommand
from test_claims import wanted

from simple_deploy.management.commands.simple_deploy import Command
from simple_deploy.messages.stops import Refused
from simple_deploy.pipeline import choose_platform

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "simple_deploy.md"
ROW = re.compile(r"^\| `(--[a-z-]+)[` ]", re.MULTILINE)


def parser() -> ArgumentParser:
    return Command().create_parser("manage.py", "simple_deploy")


def options(of: ArgumentParser) -> set[str]:
    return {name for action in of._actions for name in action.option_strings if name.startswith("--")}


def test_the_page_lists_every_option_of_the_command_and_no_other() -> None:
    own = options(parser()) - options(BaseCommand().create_parser("manage.py", "simple_deploy"))
    assert set(ROW.findall(PAGE.read_text(encoding="utf-8"))) == own


def test_help_and_a_missing_platform_say_who_can_use_it() -> None:
    shown = " ".join(parser().format_help().split())
    assert "platform_sh (open to existing customers only)" in shown
    with pytest.raises(Refused) as refused:
        choose_platform(wanted())
    assert (
        str(refused.value)
        .replace("\n   ", "\n")
        .endswith("--platform upsun\nplatform_sh is open to existing customers only.")
    )


@pytest.mark.parametrize(
    "wrong", [["--unknown"], ["--wait"], ["--wait", "x"], ["--platform", "x"], ["--undo", "--destroy"]], ids=str
)
def test_a_wrong_command_line_exits_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    of = parser()
    of.called_from_command_line = True  # type: ignore[attr-defined]
    with pytest.raises(SystemExit) as ended:
        of.parse_args(wrong)
    assert ended.value.code == 2


def test_help_begins_with_the_purpose_and_examples() -> None:
    usage, purpose, examples, *_ = parser().format_help().split("\n\n")
    command = "python -m simple_deploy"
    assert usage == f"usage: {command} [--platform NAME] [options]\n       {command} status|logs|open"
    assert purpose.startswith("Configure this project")
    assert [line.split("  ")[1].split(" --platform ")[0] for line in examples.splitlines()[1:]] == [
        "python -m simple_deploy"
    ] * 3


def test_an_abbreviated_option_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    of = parser()
    of.called_from_command_line = True  # type: ignore[attr-defined]
    with pytest.raises(SystemExit):
        of.parse_args(["--dry"])
    assert "unrecognized arguments: --dry" in capsys.readouterr().err
