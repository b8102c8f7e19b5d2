"""Which platform a run is for: names as people write them, misspellings, and the prompt."""

from __future__ import annotations

import argparse

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
