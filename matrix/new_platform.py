"""`simple-deploy new-platform acme`: a plug-in for another platform, made of one that passes its tests.

The model is the plug-in for Scalingo with its names replaced. So the new package passes the conformance tests at once,
and its author replaces one part after the other while they keep passing.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .provenance import HARNESS, IN_A_CLONE, REPOSITORY

MODEL = REPOSITORY / "plugins" / "scalingo" if IN_A_CLONE else HARNESS / "plug_in_model"
README = """\
# simple-deploy-{slug}

Deploy a Django project to {name} with simple-deploy.

This package was made from a model that works: everything in it describes another platform until you change it. Replace
the parts in this order, and run `python -m simple_deploy_matrix.conformance --platform {slug}` after each step:

1. `simple_deploy_{slug}/emulator/commands.txt` and `apps.py`: the commands of the CLI, with the source of each reply.
2. `simple_deploy_{slug}/steps.py` and `survey.py`: the commands of a deployment, and what exists already.
3. `simple_deploy_{slug}/files.py` and `__init__.py`: the platform's files, and what the settings see there.
4. `simple_deploy_{slug}/emulator/build.py` and `receive.py`: how the platform builds and starts what is pushed.
5. `simple_deploy_{slug}/texts.py`, `checks.py` and `facts.json`: messages, the summary page, prices and versions.
"""
# In this order: an address before the names in it.
_RULES = (
    (r"https://github\.com/Scalingo/postgrest-buildpack[^\"]*", "https://docs.⟨slug⟩.example/databases"),
    (r"github\.com/Scalingo/cli", "the source of its CLI"),
    (r"github\.com/Scalingo", "git.⟨slug⟩.example"),
    (r"\bdoc\.scalingo\.com", "docs.⟨slug⟩.example"),
    (r"scalingo(\\?)\.(com|io)", r"⟨slug⟩\1.example"),
    (r"\bosc-secnum-fr1", "region-2"),
    (r"\bosc-fr1", "region-1"),
    (r"\bosc-", "region-"),
    ("SCALINGO", "⟨SLUG⟩"),
    ("Scalingo(?=Session)|(?<=class )Scalingo|(?<=EMULATOR = )Scalingo", "Emulated"),
    ("Scalingo", "⟨name⟩"),
    ("scalingo", "⟨slug⟩"),
)


def main(arguments: Sequence[str]) -> int:
    """Write the folder simple-deploy-SLUG; exit status 2 if it exists or the name cannot be used."""
    parser = argparse.ArgumentParser(prog="simple-deploy new-platform", description=__doc__)
    parser.add_argument("slug", help="its id: the value of --platform, and the program of its CLI")
    parser.add_argument("--name", help="as people write it (default: the id with a capital)")
    options = parser.parse_args(arguments)
    folder = Path(f"simple-deploy-{options.slug}")
    if not re.fullmatch(r"[a-z][a-z0-9]*", options.slug):
        parser.error(f"{options.slug} is not an id: use small letters and digits.")
    if folder.exists():
        parser.error(f"{folder} exists already.")
    write(folder, slug=options.slug, name=options.name or options.slug.capitalize())
    sys.stdout.write(f"Wrote {folder}. Its README.md says what to change, and in which order.\n")
    return 0


def write(folder: Path, *, slug: str, name: str) -> None:
    """Write every file of the model under the platform's names, and a separate README."""
    for path in _files(MODEL):
        target = folder / renamed(path.relative_to(MODEL).as_posix(), slug=slug, name=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        target.write_text(renamed(text, slug=slug, name=name), encoding="utf-8", newline="\n")
    (folder / "README.md").write_text(README.format(slug=slug, name=name), encoding="utf-8", newline="\n")


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = {"__pycache__", ".pytest_cache"} & set(path.parts)
        if path.is_file() and not hidden and path.name != "README.md":
            yield path


def renamed(text: str, *, slug: str, name: str) -> str:
    """The text with every name of the model replaced."""
    for pattern, replacement in _RULES:
        text = re.sub(pattern, replacement, text)
    return text.replace("⟨SLUG⟩", slug.upper()).replace("⟨slug⟩", slug).replace("⟨name⟩", name)
