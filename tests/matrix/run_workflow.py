"""Run a workflow on this machine: each job's steps, in a fresh clone, artifacts passed by folders.

    python tests/matrix/run_workflow.py WORKFLOW FOLDER --event workflow_dispatch --input platform=heroku

Steps that need a runner are left out: checkout, Python, caches, `sudo`, and the deployment of pages. So are jobs of a
matrix for other systems than this one. FOLDER gets a bare clone of HEAD as `origin.git`, a folder for each job,
`artifacts` and `summary.md`; the exit status is 1 if a job has failed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
RUNNER = {"linux": "ubuntu-latest", "darwin": "macos-latest", "win32": "windows-latest"}[sys.platform]
SYSTEM = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}[sys.platform]
# Actions that set a runner up, or that only talk to GitHub.
LEFT_OUT = ("actions/checkout", "actions/setup-python", "actions/cache", "actions/deploy-pages")


class Context(dict[str, Any]):
    """What expressions can name. Evaluates the few forms that the workflows have."""

    def value(self, expression: str) -> Any:
        words = re.sub(r"\b([a-z_]+(?:\.[\w-]+)+)", lambda found: f"look({found[1]!r})", expression)
        words = re.sub(r"'look\('(.*?)'\)'", r"'\1'", words)
        python = words.replace("&&", " and ").replace("||", " or ").replace("!cancelled()", "True")
        functions = {"look": self._look, "always": lambda: True, "fromJSON": json.loads, "hashFiles": lambda *_: "0"}
        return eval(python, {"__builtins__": {}}, functions)  # expressions of this repository

    def filled(self, text: Any) -> str:
        """A text with its expressions replaced."""
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: _as_text(self.value(found[1].strip())), str(text))

    def holds(self, condition: Any) -> bool:
        """Whether an `if` is true."""
        return bool(self.value(re.sub(r"^\$\{\{|\}\}$", "", str(condition)).strip()))

    def _look(self, dotted: str) -> Any:
        found: Any = self
        for name in dotted.split("."):
            found = found.get(name, "") if isinstance(found, dict) else ""
        return found


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


class Job:
    """One job, or one value of its matrix."""

    def __init__(self, folder: Path, name: str, job: dict[str, Any], context: Context) -> None:
        self.folder, self.name, self.job, self.context = folder, name, job, context
        self.clone = folder / "jobs" / name
        self.outputs: dict[str, dict[str, str]] = {}

    def run(self) -> bool:
        """Whether every step has passed."""
        subprocess.run(["git", "clone", "--quiet", str(self.folder / "origin.git"), str(self.clone)], check=True)
        passed = True
        for number, step in enumerate(self.job["steps"]):
            here = Context({**self.context, "steps": {key: {"outputs": out} for key, out in self.outputs.items()}})
            here["job"] = {"passed": passed}
            if (not passed and "always()" not in str(step.get("if"))) or not here.holds(step.get("if", "True")):
                continue
            say(f"{self.name}: {step.get('name') or step.get('uses') or step['run']}")
            passed = self._step(number, step, here) and passed
        return passed

    def _step(self, number: int, step: dict[str, Any], here: Context) -> bool:
        if "run" in step:
            return self._command(number, step, here)
        action = step["uses"].partition("@")[0]
        given = {key: here.filled(value) for key, value in step.get("with", {}).items()}
        if action == "actions/upload-artifact":
            self._upload(self.folder / "artifacts" / given["name"], given["path"].split("\n"))
        elif action == "actions/upload-pages-artifact":
            self._upload(self.folder / "artifacts" / "github-pages", [given["path"]])
        elif action == "actions/download-artifact":
            self._download(given)
        elif not action.startswith(LEFT_OUT):
            raise ValueError(f"There is nothing here that does what {action} does.")
        return True

    def _command(self, number: int, step: dict[str, Any], here: Context) -> bool:
        output = self.folder / f"{self.name}.{number}.output"
        output.touch()
        env = {**os.environ, **{key: here.filled(value) for key, value in here["env"].items()}}
        env |= {key: here.filled(value) for key, value in step.get("env", {}).items()}
        env |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}
        lines = [line for line in here.filled(step["run"]).splitlines() if not line.startswith("sudo ")]
        ended = subprocess.run(["bash", "-e", "-c", "\n".join(lines)], cwd=self.clone, env=env, check=False)
        pairs = (line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        self.outputs[step.get("id", str(number))] = dict(pairs)
        say(f"{self.name}: ended with {ended.returncode}")
        return ended.returncode == 0

    def _upload(self, artifact: Path, paths: list[str]) -> None:
        """With one path its contents, with several each under its own name."""
        shutil.rmtree(artifact, ignore_errors=True)
        artifact.mkdir(parents=True)
        named = [Path(path.strip()) for path in paths if path.strip()]
        for path in named:
            source = path if path.is_absolute() else self.clone / path
            target = artifact / path.name if len(named) > 1 or source.is_file() else artifact
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            elif source.is_file():
                shutil.copyfile(source, target)

    def _download(self, given: dict[str, str]) -> None:
        target = self.clone / given.get("path", ".")
        if "name" in given:
            shutil.copytree(self.folder / "artifacts" / given["name"], target, dirs_exist_ok=True)
        else:
            for artifact in sorted((self.folder / "artifacts").glob(given["pattern"])):
                shutil.copytree(artifact, target / artifact.name, dirs_exist_ok=True)


def run(workflow: dict[str, Any], folder: Path, context: Context) -> dict[str, str]:
    """Run the jobs in order, and return the result of each."""
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(folder / "origin.git")], check=True)
    ended: dict[str, str] = {}
    context["needs"], context["env"] = {}, workflow.get("env", {})
    for name, job in workflow["jobs"].items():
        needed = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        stopped = any(ended[one] != "success" for one in needed) and "always()" not in str(job.get("if"))
        if stopped or not context.holds(job.get("if", "True")):
            ended[name] = "skipped"
        else:
            ended[name] = _run_matrix(name, job, folder, context)
        context["needs"].setdefault(name, {})["result"] = ended[name]
        say(f"{name}: {ended[name]}")
    return ended


def _run_matrix(name: str, job: dict[str, Any], folder: Path, context: Context) -> str:
    results = []
    for values in _matrix(job, context):
        here = Context({**context, "matrix": values})
        if here.filled(job["runs-on"]) != RUNNER:
            say(f"{name}: {values} is for another system")
            continue
        one = Job(folder, "-".join(filter(None, (name, values.get("name")))), job, here)
        results.append(one.run())
        steps = Context({**here, "steps": {key: {"outputs": out} for key, out in one.outputs.items()}})
        outputs = {key: steps.filled(value) for key, value in job.get("outputs", {}).items()}
        context["needs"].setdefault(name, {})["outputs"] = outputs
    return "success" if all(results) else "failure"


def _matrix(job: dict[str, Any], context: Context) -> list[dict[str, Any]]:
    if "strategy" not in job:
        return [{}]
    given = job["strategy"]["matrix"]
    values = json.loads(context.filled(given)) if isinstance(given, str) else given
    return list(values["include"])


def say(text: str) -> None:
    sys.stderr.write(f"=== {text}\n")
    sys.stderr.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workflow", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--event", default="workflow_dispatch")
    parser.add_argument("--before", default="", help="the commit before a push")
    parser.add_argument("--input", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    options.folder.mkdir(parents=True)
    github = {
        "event_name": options.event,
        "ref": "refs/heads/main",
        "run_id": "1",
        "workspace": str(options.folder.resolve()),
        "event": {"before": options.before},
    }
    context = Context(
        github=github, inputs=dict(pair.split("=", 1) for pair in options.input), runner={"os": SYSTEM}, secrets={}
    )
    ended = run(yaml.safe_load(options.workflow.read_text(encoding="utf-8")), options.folder.resolve(), context)
    return 1 if "failure" in ended.values() else 0


if __name__ == "__main__":
    sys.exit(main())
