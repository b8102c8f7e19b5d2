"""Each package manager's own checks decide whether Heroku builds a project: real tools, real locks."""

import re
import subprocess
from pathlib import Path

import pytest
from heroku_project import VERSION

from matrix.emulators.heroku import buildpack
from matrix.emulators.heroku.buildpack.report import BuildFailed
from matrix.emulators.heroku.dynos import container
from matrix.engine import package_managers
from matrix.sandbox import environments
from matrix.sandbox.namespace import enter

pytestmark = pytest.mark.long

PYTHON = VERSION.strip()
PYPROJECT = f"""
[project]
name = "site"
version = "1"
requires-python = ">={PYTHON}"
dependencies = ["sqlparse>=0.5"]
"""
MANIFESTS = {
    "poetry": PYPROJECT
    + """
[tool.poetry]
package-mode = false

[tool.poetry.group.dev.dependencies]
asgiref = "*"
""",
    "pipenv": f"""
[packages]
sqlparse = ">=0.5"

[dev-packages]
asgiref = "*"

[requires]
python_version = "{PYTHON}"
""",
    "uv": PYPROJECT
    + """
[dependency-groups]
dev = ["asgiref"]
""",
}
COMMANDS = {
    "poetry": "poetry sync --only main",
    "pipenv": "pipenv install --deploy",
    "uv": "uv sync --locked --no-default-groups",
}
STALE = {
    "poetry": "pyproject.toml changed significantly since poetry.lock was last generated.",
    "pipenv": "[DeployException]",
    "uv": "The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.",
}
WRONG = {
    "poetry": "did not match any known checksums in your lock file.",
    "pipenv": "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    "uv": "Hash mismatch for `sqlparse==",
}
REFUSAL = "Error: Unable to install dependencies using {}.\n\nSee the log output above for more information."
TITLES = {"poetry": "Poetry", "pipenv": "Pipenv", "uv": "uv"}


class Build:
    """A project to push to Heroku, and the output of its last build."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.chosen = package_managers.NAMED[name]
        self.manifest, self.lock = (folder / file for file in self.chosen.files)
        self.manifest.write_text(MANIFESTS[name], encoding="utf-8")
        self.chosen.write_lock(folder, environments.base_interpreter())
        (folder / ".python-version").write_text(VERSION, encoding="utf-8")
        self.said: list[str] = []

    def run(self) -> buildpack.Built:
        self.said.clear()
        return buildpack.compile_app(self.folder, {}, self.said.append)

    def refusal(self) -> str:
        with pytest.raises(BuildFailed) as failure:
            self.run()
        return str(failure.value)


def importable(build: Build, built: buildpack.Built, *modules: str) -> list[bool]:
    """Whether Python in the app's container finds each module."""
    place = container(build.folder, built.environment, built.interpreter)
    code = f"import importlib.util as u; print(*(u.find_spec(name) is not None for name in {modules}))"
    command = enter(place, ["/app/.heroku/python/bin/python", "-c", code], {})
    done = subprocess.run(command.argv, env=command.env, cwd=command.cwd, capture_output=True, check=True)
    return [word == "True" for word in done.stdout.decode().split()]


@pytest.mark.parametrize("name", MANIFESTS)
def test_exactly_the_locked_packages_for_production_are_installed(tmp_path: Path, name: str) -> None:
    build = Build(tmp_path, name)
    built = build.run()
    assert f"-----> Installing dependencies using '{COMMANDS[name]}'" in build.said
    assert importable(build, built, "sqlparse", "asgiref", "pip") == [True, False, False]
    assert list(built.environment.glob("[Ll]ib/**/sqlparse/__pycache__/*.pyc"))
    assert build.run().environment == built.environment
    assert build.said[-1] == "       Requirements already satisfied, from the cache of an earlier build"


@pytest.mark.parametrize("name", MANIFESTS)
def test_lock_with_wrong_package_hashes_is_rejected(tmp_path: Path, name: str) -> None:
    build = Build(tmp_path, name)
    text = build.lock.read_text(encoding="utf-8")
    wrong = re.sub(r"sha256:[0-9a-f]{8}", "sha256:00000000", text)
    assert wrong != text
    build.lock.write_text(wrong, encoding="utf-8")
    assert build.refusal() == REFUSAL.format(TITLES[name])
    assert WRONG[name] in "\n".join(build.said)


@pytest.mark.parametrize("name", MANIFESTS)
def test_outdated_lock_is_rejected_even_after_an_earlier_build(tmp_path: Path, name: str) -> None:
    build = Build(tmp_path, name)
    build.run()
    manifest = build.manifest.read_text(encoding="utf-8")
    newer = manifest.replace('"sqlparse>=0.5"', '"sqlparse>=0.5", "wheel"').replace(
        'sqlparse = ">=0.5"', 'sqlparse = ">=0.5"\nwheel = "*"'
    )
    assert newer != manifest
    build.manifest.write_text(newer, encoding="utf-8")
    assert build.refusal() == REFUSAL.format(TITLES[name])
    assert STALE[name] in "\n".join(build.said)


@pytest.mark.parametrize("name", MANIFESTS)
def test_requirements_file_next_to_a_lock_is_rejected(tmp_path: Path, name: str) -> None:
    build = Build(tmp_path, name)
    (tmp_path / "requirements.txt").touch()
    assert build.refusal().startswith("Error: Multiple Python package manager files were found.")


def test_requirement_with_a_wrong_hash_is_rejected(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text(VERSION, encoding="utf-8")
    wrong = f"sqlparse==0.5.3 --hash=sha256:{'0' * 64}\n"
    (tmp_path / "requirements.txt").write_text(wrong, encoding="utf-8")
    with pytest.raises(BuildFailed, match="Unable to install dependencies using pip"):
        buildpack.compile_app(tmp_path, {}, lambda line: None)


def test_uv_reads_the_python_version_from_only_one_file(tmp_path: Path) -> None:
    build = Build(tmp_path, "uv")
    (tmp_path / ".python-version").unlink()
    refusal = build.refusal()
    assert refusal.startswith("Error: No Python version was specified.\n\nWhen using the package manager uv on Heroku")
    assert "2. Run 'uv python pin 3.14'" in refusal
    (tmp_path / "runtime.txt").write_text("python-3.12\n", encoding="utf-8")
    refusal = build.refusal()
    assert refusal.startswith("Error: The runtime.txt file isn't supported when using uv.")
    assert "3. Run 'uv python pin 3.12'" in refusal


def test_pipenv_lock_may_contain_the_python_version(tmp_path: Path) -> None:
    build = Build(tmp_path, "pipenv")
    (tmp_path / ".python-version").unlink()
    build.run()
    assert build.said[0] == f"-----> Using Python {PYTHON} specified in Pipfile.lock"
    text = build.lock.read_text(encoding="utf-8")
    build.lock.write_text(text.replace(f'"python_version": "{PYTHON}"', '"python_version": "3"'), encoding="utf-8")
    assert build.refusal().startswith("Error: Invalid Python version in Pipfile.lock.")
    build.lock.write_text("{", encoding="utf-8")
    assert build.refusal().startswith("Error: Can't parse Pipfile.lock.")


def test_project_installed_as_a_package_is_reinstalled_when_its_code_changes(tmp_path: Path) -> None:
    build = Build(tmp_path, "uv")
    build_system = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    build.manifest.write_text(PYPROJECT + build_system, encoding="utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "__init__.py").touch()
    build.lock.unlink()
    (tmp_path / ".python-version").unlink()
    build.chosen.write_lock(tmp_path, environments.base_interpreter())
    (tmp_path / ".python-version").write_text(VERSION, encoding="utf-8")
    first = build.run().environment
    (tmp_path / "site" / "more.py").touch()
    assert build.run().environment != first


def test_package_with_a_file_that_does_not_compile_is_installed(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text(VERSION, encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("./starter\n", encoding="utf-8")
    package = tmp_path / "starter" / "starter"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "template.py").write_text("class {{ name }}Config: ...\n", encoding="utf-8")
    build_system = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    pyproject = f'[project]\nname = "starter"\nversion = "1"\n{build_system}'
    (tmp_path / "starter" / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    environment = buildpack.compile_app(tmp_path, {}, lambda line: None).environment
    assert any(environment.glob("lib/python3.*/site-packages/starter/template.py"))
