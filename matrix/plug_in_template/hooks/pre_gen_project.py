"""Reject names that are invalid for a Python package or a platform."""

import re
import sys

SLUG, NAME = "{{ cookiecutter.slug }}", "{{ cookiecutter.name }}"

if __name__ == "__main__":
    if not re.fullmatch(r"[a-z][a-z0-9]*", SLUG):
        sys.exit(f"{SLUG} is not an id: use lowercase letters and digits.")
    if not re.fullmatch(r"[\w.-]+( [\w.-]+)*", NAME):
        sys.exit(f"{NAME} is not a name: use words of letters, digits, dots and hyphens.")
