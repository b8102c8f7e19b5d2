"""What Scalingo's Python buildpack has [docs: Python].

The files of the package managers and the commands of Pipenv, Poetry and pip are from the docs; uv's command, and that a
lock is checked, is [INFERRED]; the texts of errors are [OWN WORDING].
"""

from __future__ import annotations

from simple_deploy_matrix.emulators._kit.python_build import PythonBuild

BUILD = PythonBuild(
    platform="Scalingo",
    home="/app/.scalingo/python",  # [INFERRED: that of the Python buildpack]
    pythons=("3.11", "3.12", "3.13", "3.14"),
    default="3.13",
)
