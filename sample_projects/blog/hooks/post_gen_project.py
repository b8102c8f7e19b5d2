"""Turn the rendered template into the shape its axes ask for; the working directory is the new Git root."""

import shutil
from pathlib import Path


def lift(folder: Path) -> None:
    """Move everything in `folder` one level up and remove the folder."""
    for entry in sorted(folder.iterdir()):
        entry.rename(folder.parent / entry.name)
    folder.rmdir()


def choose_manifest(package_manager: str) -> None:
    """Keep the manifest of one package manager, at the Git root."""
    Path("manifests", package_manager).rename("manifest")
    lift(Path("manifest"))
    shutil.rmtree("manifests")


def choose_layout(layout: str, project_name: str) -> None:
    """Place what belongs beside manage.py: at the Git root, or in a folder named like the project."""
    if layout == "flat":
        lift(Path("manage_dir"))
    else:
        Path("manage_dir").rename(project_name)


choose_manifest("{{ cookiecutter.package_manager }}")
choose_layout("{{ cookiecutter.layout }}", "{{ cookiecutter.project_name }}")
