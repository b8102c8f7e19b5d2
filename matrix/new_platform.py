"""`simple-deploy new-platform acme`: a package for another platform, from the cookiecutter template here."""

from __future__ import annotations

import argparse
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

with warnings.catch_warnings():
    # A dependency of cookiecutter reads one of its own files in the locale's encoding when imported.
    warnings.simplefilter("ignore", EncodingWarning)
    from cookiecutter.exceptions import FailedHookException
    from cookiecutter.generate import generate_context, generate_files
    from cookiecutter.prompt import prompt_for_config

TEMPLATE = Path(__file__).with_name("plug_in_template")


def main(arguments: Sequence[str]) -> int:
    """Write the folder simple-deploy-SLUG; exit status 2 if it exists or a name cannot be used."""
    parser = argparse.ArgumentParser(prog="simple-deploy new-platform", description=__doc__)
    parser.add_argument("slug", help="the platform's ID: the value of --platform, and the name of its CLI")
    parser.add_argument("--name", help="the platform's display name (default: the ID with a capital)")
    parser.add_argument("--author", help="the copyright holder")
    options = parser.parse_args(arguments)
    folder = Path(f"simple-deploy-{options.slug}")
    if not re.fullmatch(r"[a-z][a-z0-9]*", options.slug):
        parser.error(f"{options.slug} is not an id: use lowercase letters and digits.")
    if folder.exists():
        parser.error(f"{folder} exists already.")
    answers = {name: value for name, value in vars(options).items() if value}
    try:
        write(Path(), answers)
    except FailedHookException:
        return 2  # the hook has printed the reason
    sys.stdout.write(f"Wrote {folder}. Its README.md says what to change, and in which order.\n")
    return 0


def write(into: Path, answers: dict[str, str]) -> None:
    """Render the template, as `cookiecutter` does without prompts."""
    context = generate_context(str(TEMPLATE / "cookiecutter.json"), extra_context=answers)
    context["cookiecutter"] = {**prompt_for_config(context, no_input=True), "_repo_dir": str(TEMPLATE)}
    generate_files(TEMPLATE, context, output_dir=into)
