"""The template of a plug-in: what it writes, and under which names."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest

from matrix.new_platform import TEMPLATE, main

renamed = runpy.run_path(str(TEMPLATE / "hooks" / "post_gen_project.py"))["renamed"]


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


PARTS = {
    *(".github/workflows/ci.yml", ".gitignore", "LICENSE", "README.md", "docs/index.md", "pyproject.toml"),
    *("simple_deploy_acme/emulator/commands.txt", "simple_deploy_acme/py.typed", "tests/test_acme.py"),
}


def test_the_written_package_is_valid_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["acme", "--name", "Acme Cloud", "--author", "Acme"]) == 0
    folder = tmp_path / "simple-deploy-acme"
    texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    assert {path.relative_to(folder).as_posix() for path in texts} >= PARTS
    assert [path for path, text in texts.items() if re.search(r"scalingo|⟨|cookiecutter", f"{path}{text}", re.I)] == []
    assert re.search(r"Copyright \(c\) \d{4}, Acme\n", texts[folder / "LICENSE"])
    assert "# Deploy to Acme Cloud\n" in texts[folder / "docs" / "index.md"]
    for path, text in texts.items():
        if path.suffix == ".py":
            ast.parse(text)


def test_a_name_that_breaks_a_python_string_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["acme", "--name", "Acme) or exit("]) == 2
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("slug", ["Acme", "../acme", "acme-cloud", ""])
def test_an_invalid_platform_id_is_rejected(slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        main([slug])
    assert [*tmp_path.iterdir()] == []


def test_an_existing_folder_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "simple-deploy-acme").mkdir()
    with pytest.raises(SystemExit, match="2"):
        main(["acme"])
    assert [*(tmp_path / "simple-deploy-acme").iterdir()] == []
