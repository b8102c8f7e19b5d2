"""Make the sample projects that the cells of the matrix deploy."""

import sys
import warnings
from pathlib import Path

from simple_deploy.production.build_only import BUILD_ONLY_KEY

from ..record.provenance import HARNESS, IN_A_CLONE, REPOSITORY
from ..sandbox import environments
from . import package_managers

TEMPLATES = (REPOSITORY if IN_A_CLONE else HARNESS) / "sample_projects"
TAGLINE = "Short posts from people who look around."
RUNNING = "{}.{}".format(*sys.version_info)


def generate(
    into: Path,
    *,
    layout: str,
    package_manager: str,
    django: str,
    python: str = RUNNING,
    settings_style: str = "single",
    name: str = "blog",
) -> Path:
    """Generate the sample blog as `into/name` and return that folder, which will become the Git root.

    `django` and `python` are versions such as "5.2". The folder is not a Git repository, but has the lock from the
    package manager. Cookiecutter's user configuration, replay and template folders are neither read nor written.

    Raises `ValueError` for an unknown value and for a Python that this machine lacks, and
    `cookiecutter.exceptions.OutputDirExistsException` if `into/name` exists.
    """
    interpreter = environments.python(python)
    if interpreter is None:
        raise ValueError(f"There is no Python {python} on this machine.")
    axes = {"layout": layout, "package_manager": package_manager, "settings_style": settings_style}
    project = _render(into, {"repo_name": name, "django": django, "python": python, **axes})
    package_managers.NAMED[package_manager].write_lock(project, interpreter)
    return project


def production_variables(settings_style: str) -> dict[str, str]:
    """The variables that a deployment sets for this style, such as the settings module or a missing key."""
    return {
        "package": {"DJANGO_SETTINGS_MODULE": "blog.settings.production"},
        "environ": {"SECRET_KEY": BUILD_ONLY_KEY},
        "decouple": {"SECRET_KEY": BUILD_ONLY_KEY},
    }.get(settings_style, {})


def _render(into: Path, answers: dict[str, str]) -> Path:
    with warnings.catch_warnings():
        # On import, a dependency of cookiecutter reads one of its own files in the locale's encoding.
        warnings.simplefilter("ignore", EncodingWarning)
        from cookiecutter.generate import generate_context, generate_files
        from cookiecutter.prompt import prompt_for_config

    template = TEMPLATES / "blog"
    context = generate_context(str(template / "cookiecutter.json"), extra_context=answers)
    context["cookiecutter"] = prompt_for_config(context, no_input=True)
    return Path(generate_files(template, context, output_dir=into))


def change_home_page(git_root: Path) -> str:
    """Change the line under the title of the home page, as a developer would, and return the new line.

    Raises `ValueError` if the template does not contain the line that `generate` wrote.
    """
    (template,) = git_root.rglob("templates/posts/home.html")
    before = template.read_bytes().decode("utf-8")
    if TAGLINE not in before:
        raise ValueError(f"{template} does not hold {TAGLINE!r}")
    tagline = "Now with a second edition."
    template.write_bytes(before.replace(TAGLINE, tagline).encode("utf-8"))
    return tagline
