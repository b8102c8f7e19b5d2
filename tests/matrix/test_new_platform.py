"""`simple-deploy new-platform`: the names of the model are replaced, in files and in their names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from matrix.new_platform import main, renamed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class Scalingo(Emulation):", "class Emulated(Emulation):"),
        ("SCALINGO_API_TOKEN, --deployed-project-name NAME", "ACME_API_TOKEN, --deployed-project-name NAME"),
        ("https://doc.scalingo.com/databases", "https://docs.acme.example/databases"),
        (r"git@ssh\.([a-z0-9-]+)\.scalingo\.com[:/]", r"git@ssh\.([a-z0-9-]+)\.acme\.example[:/]"),
        ("https://my-app.osc-fr1.scalingo.io", "https://my-app.region-1.acme.example"),
        ("simple_deploy_scalingo", "simple_deploy_acme"),
        ("Scalingo's docs", "Acme Cloud's docs"),
    ],
)
def test_names_are_replaced(text: str, expected: str) -> None:
    assert renamed(text, slug="acme", name="Acme Cloud") == expected


def test_a_package_is_written_that_python_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["acme"]) == 0
    folder = tmp_path / "simple-deploy-acme"
    texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    assert {folder / "README.md", folder / ".github" / "workflows" / "ci.yml"} <= set(texts)
    assert [path for path, text in texts.items() if re.search(r"scalingo|⟨", f"{path}{text}", re.IGNORECASE)] == []
    for path, text in texts.items():
        if path.suffix == ".py":
            ast.parse(text)


@pytest.mark.parametrize("slug", ["Acme", "../acme", "acme-cloud", ""])
def test_a_name_that_is_no_id_is_refused(slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        main([slug])
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_exists_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "simple-deploy-acme").mkdir()
    with pytest.raises(SystemExit, match="2"):
        main(["acme"])
    assert [*(tmp_path / "simple-deploy-acme").iterdir()] == []
