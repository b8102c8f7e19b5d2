"""Complete texts for users, word for word. `python whole_texts.py` writes the files again."""

import pytest
from test_settings_block import a_project
from whole_texts import FOLDER, texts

from simple_deploy.production.static_files import static_root


@pytest.mark.parametrize(("name", "text"), [pytest.param(name, text, id=name) for name, text in texts()])
def test_the_text_matches_its_file(name: str, text: str) -> None:
    assert text == (FOLDER / name).read_text(encoding="utf-8")


def test_every_file_belongs_to_a_text() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {name for name, _ in texts()}


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ({}, "staticfiles"),
        ({"static_root": "public"}, "public"),
        ({"path": "code/blog/settings/base.py", "depth": 3}, "code/staticfiles"),
        ({"staticfiles_dirs": ("/srv/blog/staticfiles/",)}, "collected_static"),
        ({"staticfiles_dirs": ("/srv/blog/static",)}, "staticfiles"),
    ],
)
def test_the_folder_of_collected_static_files(given: dict[str, object], folder: str) -> None:
    assert static_root(a_project(**given)) == folder
