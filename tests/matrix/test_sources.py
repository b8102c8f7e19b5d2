"""The page on the sources of emulated replies: every command names a source, and few replies are guesses."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sources() -> ModuleType:
    """The page's generator."""
    spec = importlib.util.spec_from_file_location("sources", ROOT / "docs" / "sources.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_command_names_its_source(sources: ModuleType) -> None:
    assert len(sources.commands()) > 70


def test_a_command_without_a_source_is_found(sources: ModuleType, tmp_path: Path) -> None:
    for platform in sources.EMULATORS:
        folder = tmp_path / "matrix" / "emulators" / platform
        (folder / "commands").mkdir(parents=True)
        (folder / "commands.txt").write_text("[reading]\nps [dyno] -> dynos.ps\n", encoding="utf-8")
        (folder / "commands" / "dynos.py").write_text('def ps():\n    """Dynos."""\n', encoding="utf-8")
    with pytest.raises(LookupError, match=r"heroku: dynos\.ps names no source"):
        sources.commands(tmp_path)


def test_few_replies_are_inferred(sources: ModuleType) -> None:
    """It was 18 % when the page was created: more than 13 % is a step back."""
    kinds = Counter(reply.kind for reply in sources.replies())
    assert kinds["inferred"] / kinds.total() < 0.13


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("CLI source: lib/time.js", "read in source"),
        ("recorded session; --shell: CLI source", "read in source"),
        ("flyctl source; OWN WORDING: fewer facts", "inferred"),
        ("Dev Center: Regions", "documented"),
        ("a list", None),
    ],
)
def test_the_weakest_of_several_sources_counts(sources: ModuleType, source: str, kind: str | None) -> None:
    assert sources.kind_of(source) == kind
