"""How the harness interprets the deployer's output."""

import json

import pytest

from matrix.engine.deployer import refusal
from matrix.sandbox.machine import Ran


@pytest.mark.parametrize(
    ("stdout", "first"),
    [
        (
            json.dumps({"status": "failed", "error": {"message": "Two files are not committed.\nCommit them."}}),
            "Two files",
        ),
        (json.dumps({"status": "configured", "error": None}), "CommandError: no JSON"),
        ("", "CommandError: no JSON"),
        (
            json.dumps({"error": {"message": "Nothing was changed.\n\n1. Two files are not committed.\n2. More."}}),
            "Two files are not committed.\n",
        ),
        (
            json.dumps(
                {"error": {"message": "Fix:\n\n1. A tag is missing. A build lacks\n   it, and stops.\n   It\n"}}
            ),
            "A tag is missing. A build lacks it, and stops.\n",
        ),
        (
            json.dumps(
                {"error": {"message": "Fix:\n\n1. There are changes:\n     pages/urls.py\n   -> Commit\n   it."}}
            ),
            "There are changes: pages/urls.py\n",
        ),
    ],
)
def test_the_first_line_of_a_failure_is_the_deployers_message(stdout, first):
    ended = Ran(argv=("deployer", "--json"), returncode=1, stdout=stdout, stderr="...\nCommandError: no JSON\n")
    said = refusal(ended)
    assert said.startswith(first)
    assert "deployer --json ended with 1" in said.splitlines()
