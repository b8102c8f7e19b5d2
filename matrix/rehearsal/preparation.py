"""The stages before the deployment: a copy of the project, its interpreter, and its requirements."""

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

from .. import distributions
from ..engine import projects
from ..engine.manage_scripts import manage_scripts
from ..engine.run import Run, StageFailed, last_words
from . import django_versions, interpreters, own_environment
from .originals import NOT_COMMITTED, every_file, has_changes, last_tag, tracked_files
from .report import Wanted


def copy(run: Run) -> Run:
    """Copy the project and commit everything, in the copy's own repository."""
    run.emulator.install(run.box)
    # A project must not change what the sandbox itself needs.
    given = {**run.offered, **run.variables}
    run.box.env |= {name: value for name, value in given.items() if name not in run.box.env}
    original = run.source
    target = run.box.work / "original" / original.name
    target.mkdir(parents=True)
    run.command(["git", "init", "--quiet"], cwd=target)
    (target / ".git" / "info" / "exclude").write_text("\n".join([*NOT_COMMITTED, ""]), "utf-8", newline="\n")
    paths = tracked_files(original)
    if paths is None:
        run.say(f"{original} is not a Git repository of its own: the copy becomes one.")
    else:
        if has_changes(original):
            run.say(f"What is not committed in {original} is rehearsed too, but not what Git ignores.")
        if (original / ".env").is_file() and Path(".env") not in paths and not given:
            run.say("The copy has no .env: give its variables with --env-file.")
    for path in paths or every_file(original):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(original / path, target / path, follow_symlinks=False)
    if paths is not None:  # including those that are tracked although ignored
        run.command(["git", "add", "--all", "--force"], cwd=target)
    projects.commit_all(run, target, "The project as it is")
    if tag := last_tag(original):  # from which some packages read their version
        run.command(["git", "tag", tag], cwd=target)
    return replace(run, source=target)


def choose_python(run: Run, *, wanted: Wanted) -> Run:
    """Choose the interpreter. The project itself is inspected, since its environment is not copied."""
    python = interpreters.choose(wanted.project, wanted.python)
    run.say(f"Python {python.version} ({python.source})")
    return replace(run, interpreter=python.path, interpreter_source=python.source)


def install(run: Run, *, wanted: Wanted) -> Run:
    """Install what its developers have, and the deployer, into the copy's own environment."""
    develop = _as_developed(run, wanted)
    # Whoever works on a library has its optional Django.
    packages = [*wanted.packages, *(() if develop else django_versions.of_extra(run.source))]
    chosen = projects.package_manager(run.source, packages or develop)
    expect_self_contained(run.source)
    scripts = [path.relative_to(run.source).as_posix() for path in manage_scripts(run.source)]
    if scripts[1:]:
        run.say(f"{scripts[0]} is used; there is also {', '.join(scripts[1:])}.")
    python = projects.build_in_place(run, run.interpreter, packages, develop)
    imported = run.command([python, "-c", "import django"], cwd=run.source, expect=None)
    if imported.returncode == 1:
        asked = f"{chosen.folder}/{chosen.files[0]}".removeprefix("./") if chosen.files else "--install"
        raise StageFailed(
            f"{asked} does not bring Django. Name what you have installed besides: --install Django"
            if "No module named 'django'" in imported.stderr
            else f"Django cannot be imported here: {last_words(imported)}\nChoose another Python: --python 3.10"
        )
    # Last, so that the developer's own version of the tool is used if there is one.
    tools = chosen.program_folders(run.interpreter)
    run.box.env["PATH"] = os.pathsep.join([run.box.env["PATH"], *tools])
    return replace(run, python=python)


def _as_developed(run: Run, wanted: Wanted) -> tuple[str, ...]:
    """The command that installs what the project's environment has, if it is the one that chose the Python."""
    known = own_environment.environments_of(wanted.project, os.environ)
    own = next((one for one in known if one.source == run.interpreter_source and one.has_django), None)
    if own is None:
        return ()
    deployers = {one.name for one in distributions.deployer(run.platform)}
    packages = own.packages(wanted.project, deployers)
    run.say(f"The packages are those of {own.source}. To get those of your files, use --python {own.version}.")
    return ("uv", "pip", "install", "--no-deps", *packages)


def expect_self_contained(project: Path) -> None:
    """Raise StageFailed if the requirements name a folder outside the project: no platform gets it."""
    file = project / "requirements.txt"
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    if found := re.search(r"^\s*(?:(?:-e|--editable)[ =]*)?(?:file:)?\.\.(?:[/\\].*)?$", text, re.MULTILINE):
        raise StageFailed(
            f"requirements.txt asks for a folder outside the project: {found[0].strip()}\n"
            "Only the project itself is pushed, so no platform can install that. Name a release instead, or rehearse "
            "the folder that holds both."
        )
