"""How the harness starts the deployer and reads its output."""

import ast
import json
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from ..sandbox.machine import Ran
from . import projects
from .run import Json, Run, StageFailed, last_words


def configure_only(run: Run, folder: Path, *options: str) -> Json:
    """Configure a copy without deploying it, and return the deployer's JSON."""
    return parse(start_deployer(run, folder, *options).stdout, "configured")


def start_deployer(run: Run, folder: Path, *options: str, expect: int | None = 0) -> Ran:
    """Run the deployer next to manage.py, without prompts. Raises StageFailed for a status other than `expect`."""
    argv: list[str | Path] = [
        run.python,
        *run.entry,
        "--platform",
        run.platform,
        "--json",
        "--yes",
        *run.emulator.UNATTENDED,
        *options,
        *run.options,
    ]
    return run.command(argv, cwd=projects.manage_folder(folder), timeout=900, expect=expect, reason=refusal)


# The first problem, up to a line that ends a sentence or to its remedy.
_FIRST = re.compile(r"^1\. (.+?)(?=(?<=\.)\n|\n +->|\n\n|\Z)", re.MULTILINE | re.DOTALL)


def refusal(completed: Ran) -> str:
    """Why the deployer stopped: its message, or its raw output if that is not JSON."""
    try:
        message = str(json.loads(completed.stdout)["error"]["message"])
        said = f"{message}\n{shlex.join(completed.argv)} ended with {completed.returncode}"
    except (ValueError, KeyError, TypeError):
        said = last_words(completed)
    # A refusal begins with the number of problems, which does not explain anything.
    first = _FIRST.search(said)
    return f"{' '.join(first[1].split())}\n{said}" if first else said


def parse(stdout: str, status: str) -> Json:
    """Parse the deployer's JSON; raises StageFailed if it is invalid or reports a different ending."""
    try:
        outcome: Json = json.loads(stdout)
    except ValueError as error:
        raise StageFailed(f"Standard output is not JSON: {error}") from error
    expect_equal("The status", outcome["status"], "the one that was asked for", status)
    return outcome


def reported_files(outcome: Json) -> list[str]:
    """The paths of the files that the deployer reports as changed."""
    return sorted(entry["path"] for entry in outcome["files"])


def deployment_warnings(run: Run, folder: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """What `check --deploy` finds on the platform, ID → text; raises StageFailed if the check does not run.

    `variables` are set there in addition to the platform's own.
    """
    python = projects.production_environment(run, run.interpreter, folder)
    argv: list[str | Path] = [python, "manage.py", "check", "--deploy", "--fail-level", "CRITICAL"]
    said = run.command(argv, cwd=projects.manage_folder(folder), env={**run.emulator.ENVIRONMENT, **variables}).stderr
    found = {name: line for line in said.splitlines() for name in re.findall(r"\((\w+\.[A-Z]\d+)\)", line)}
    counted = re.search(r"System check identified (\d+|no) issues? ", said)
    if counted is None or int(counted[1].replace("no", "0")) != len(found):
        raise StageFailed(f"check --deploy says something that was not understood:\n{said}")
    return found


def redeploy_commands(summary: str) -> list[list[str]]:
    """The commands for the next change according to the summary; raises StageFailed if it has none."""
    block = re.search(r"^After your next change:\n((?: +\S.*\n)+)", summary, re.MULTILINE)
    if block is None:
        raise StageFailed(f"The summary does not say how to deploy again:\n{summary}")
    return [shlex.split(line) for line in block[1].splitlines()]


def in_a_shell(argv: list[str]) -> list[str]:
    """The same command with the `python` that runs manage.py."""
    return [sys.executable, *argv[1:]] if argv[0] == "python" else argv


def started(argv: list[str]) -> list[str]:
    """The command that a pasted Python program starts; words that only the program can generate are shown as Python."""
    if argv[:2] != ["python", "-c"]:
        return argv
    calls = (node for node in ast.walk(ast.parse(argv[2])) if isinstance(node, ast.Call) and node.args)
    [words] = [node.args[0].elts for node in calls if isinstance(node.args[0], ast.List)]
    constants = [next((part for part in ast.walk(word) if isinstance(part, ast.Constant)), None) for word in words]
    return [str(part.value) if part else ast.unparse(word) for part, word in zip(constants, words, strict=True)]


def expect_equal(what: str, seen: object, meaning: str, expected: object) -> None:
    """Raise StageFailed with both values unless they are equal."""
    if seen != expected:
        raise StageFailed(f"{what}: {seen}\nexpected {meaning}: {expected}")
