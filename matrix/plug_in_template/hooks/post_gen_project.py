"""Fill the package and its tests from a working plug-in, with the names of the new platform.

The model is the plug-in for Scalingo, so the template has no copy of it that could become outdated. It is in the folder
`plugins/scalingo` of a clone, and next to the template where simple-deploy-matrix is installed.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

SLUG, NAME = "{{ cookiecutter.slug }}", "{{ cookiecutter.name }}"
TEMPLATE = r"{{ cookiecutter._repo_dir }}"
# The parts for which the template has no file.
PARTS = ("simple_deploy_scalingo", "tests")
# In this order: an address before the names in it.
RULES = (
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


def renamed(text: str, *, slug: str, name: str) -> str:
    """The text with every name of the model replaced."""
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text)
    return text.replace("⟨SLUG⟩", slug.upper()).replace("⟨slug⟩", slug).replace("⟨name⟩", name)


def model(template: Path) -> Path:
    """The folder of the model. A relative path to the template starts from where cookiecutter was started."""
    places = (template.parent / "plug_in_model", template.parents[1] / "plugins" / "scalingo")
    found = [place for place in places if (place / PARTS[0]).is_dir()]
    if not found:
        sys.exit(f"The template's model is not in {' or '.join(map(str, places))}. Give the template's path in full.")
    return found[0]


def files(folder: Path) -> Iterator[Path]:
    """The files of the model's parts."""
    for path in sorted(path for part in PARTS for path in (folder / part).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def main() -> None:
    """Write them into the current folder, which is the new package's."""
    source = model((Path.cwd().parent / TEMPLATE).resolve())
    for path in files(source):
        target = Path(renamed(path.relative_to(source).as_posix(), slug=SLUG, name=NAME))
        target.parent.mkdir(parents=True, exist_ok=True)
        text = renamed(path.read_text(encoding="utf-8"), slug=SLUG, name=NAME)
        target.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
