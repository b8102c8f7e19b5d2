"""Adapt the rendered template to its axes; the working directory is the new Git root."""

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


def choose_settings(style: str, project_name: str) -> None:
    """Keep the settings as one module or make them a package, and keep .env files for settings that read them."""
    module, package = (Path("manage_dir", project_name, name) for name in ("settings.py", "settings_package"))
    if style == "package":
        module.rename(package / "base.py")
        package.rename(package.with_name("settings"))
    else:
        shutil.rmtree(package)
    # Git, in this repository, would ignore a .env file in the template.
    for name in ("env", "env.example"):
        file = Path("manage_dir", name)
        if style in ("environ", "decouple"):
            file.rename(file.with_name(f".{name}"))
        else:
            file.unlink()


def choose_layout(layout: str, project_name: str) -> None:
    """Place the files that belong next to manage.py: at the Git root, or in a folder named like the project."""
    if layout == "flat":
        lift(Path("manage_dir"))
    else:
        Path("manage_dir").rename(project_name)


choose_settings("{{ cookiecutter.settings_style }}", "{{ cookiecutter.project_name }}")
choose_manifest("{{ cookiecutter.package_manager }}")
choose_layout("{{ cookiecutter.layout }}", "{{ cookiecutter.project_name }}")
