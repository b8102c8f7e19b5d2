"""Questions to flyctl with answers in JSON, and the exception that ends a survey early."""

from __future__ import annotations

import json
from typing import Any

from simple_deploy.contract import Ask, Problem, Question, Ran, cli_failed

# What lists print instead of [] (flyctl source: `postgres list`, `postgres users list`, `mpg list`).
_NOTHING = "No "


class Stop(Exception):
    """A reason to end the survey."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.found)
        self.problem = problem


def answers(ask: Ask, *questions: tuple[str, ...]) -> list[Any]:
    """The output of the commands, parsed as JSON. Raises Stop if one fails or prints something else."""
    return [_read(ran) for ran in ask([Question(argv=("fly", *words, "--json")) for words in questions])]


def _read(ran: Ran) -> Any:
    if ran.ok and ran.stdout.startswith(_NOTHING):
        return []
    try:
        if ran.ok:
            return json.loads(ran.stdout)
        reason = ran.stderr.strip() or f"exit status {ran.returncode}"
    except ValueError as error:
        reason = str(error)
    raise Stop(cli_failed(command=" ".join(map(str, ran.argv)), reason=reason))
