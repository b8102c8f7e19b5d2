"""Carries out a Dockerfile, stage by stage, in layers that are kept by what made them, as Docker's cache does it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from matrix.emulators.fly_io.image import BuildFailed, Image, base_images, steps
from matrix.emulators.fly_io.image.context import Context
from matrix.emulators.fly_io.image.dockerfile import Instruction, Stage, declared, expand, parse
from matrix.emulators.fly_io.image.steps import Progress, Say
from matrix.sandbox import environments
from matrix.sandbox.namespace import Mount

# They say nothing that Fly.io heeds: its own configuration decides.
_WITHOUT_EFFECT = ("EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "STOPSIGNAL")


@dataclass(frozen=True, kw_only=True)
class Build:
    """What the instructions of one Dockerfile share. `kept` holds the layers that no other sandbox needs."""

    context: Context
    build_args: Mapping[str, str]
    kept: Path
    say: Say
    stages: dict[str, Image] = field(default_factory=dict)


def build(context: Path, dockerfile: str, build_args: Mapping[str, str], kept: Path, say: Say) -> Image:
    """The image of the last stage. Raises BuildFailed with a text for the developer."""
    stages = parse(dockerfile, build_args)
    shared = Build(context=Context(context), build_args=build_args, kept=kept, say=say)
    needed = _needed(stages)
    for stage in (stage for number, stage in enumerate(stages) if number in needed):
        shared.stages[stage.name] = _build_stage(shared, stage)
    return shared.stages[stages[-1].name]


def _needed(stages: list[Stage]) -> set[int]:
    """The last stage and all that it takes something from; as in BuildKit the others are never built."""
    numbers = {stage.name: number for number, stage in enumerate(stages)}
    needed: set[int] = set()
    waiting = [len(stages) - 1]
    while waiting:
        number = waiting.pop()
        needed.add(number)
        stage = stages[number]
        sources = [
            stage.base,
            *re.findall(r"--?from=([\w.-]+)|,from=([\w.-]+)", " ".join(map(str, stage.instructions))),
        ]
        names = [
            name.lower() for source in sources for name in ([source] if isinstance(source, str) else source) if name
        ]
        waiting += [
            n for name in names if (n := numbers.get(name, int(name) if name.isdigit() else -1)) in range(number)
        ]
    return needed


def _build_stage(build: Build, stage: Stage) -> Image:
    base = build.stages.get(stage.base.lower()) or base_images.find(stage.base)
    progress = Progress(image=base, args={})
    for number, instruction in enumerate(stage.instructions, 2):
        build.say(f"[{stage.name} {number}/{len(stage.instructions) + 1}] {instruction}")
        if instruction.name in _WITHOUT_EFFECT:
            continue
        if instruction.name not in _STEPS:
            raise BuildFailed(f"line {instruction.line}: {instruction.name} is not emulated")
        try:
            progress = _STEPS[instruction.name](build, progress, instruction)
        except ValueError as error:
            raise BuildFailed(f"line {instruction.line}: {instruction}: {error}") from error
    return progress.image


def _arg(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    found = declared(instruction, build.build_args, _variables(progress))
    return replace(progress, args={**progress.args, **found})


def _env(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    name, _, value = instruction.rest.partition(" ")
    if "=" in name:
        pairs = [word.partition("=") for word in shlex.split(expand(instruction.rest, _variables(progress)))]
        found = {name: value for name, _, value in pairs}
    else:
        found = {name: expand(value, _variables(progress))}
    return _with(progress, instruction, env={**progress.image.env, **found})


def _workdir(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    path = steps.absolute(progress.image, expand(instruction.rest, _variables(progress)).strip("\"'"))
    made = steps.add_layer(
        progress, ["WORKDIR", path], lambda folder: steps.make_folder(progress, path, folder), build.kept
    )
    return replace(made, image=replace(made.image, workdir=path))


def _user(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    return _with(progress, instruction, user=expand(instruction.rest, _variables(progress)))


def _command(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    return _with(progress, instruction, command=_words(instruction.rest))


def _entrypoint(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    return _with(progress, instruction, entrypoint=_words(instruction.rest), command=())


def _run(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    argv = _words(instruction.rest)
    mounts, inputs, project_in_it = [], [], False
    for name, value in instruction.flags:
        if name != "mount":
            raise ValueError(f"--{name} is not emulated")
        mount, digest, whole = _mount(build, progress, value)
        mounts.append(mount)
        inputs.append(digest)
        project_in_it = project_in_it or whole
    args = json.dumps(progress.args, sort_keys=True)
    what = [
        str(instruction),
        progress.image.user,
        progress.image.workdir,
        json.dumps(progress.image.env),
        args,
        *inputs,
    ]
    return steps.add_layer(
        progress,
        what,
        lambda folder: steps.run(progress, argv, mounts, folder, build.say),
        build.kept,
        project_in_it=project_in_it,
    )


def _mount(build: Build, progress: Progress, text: str) -> tuple[Mount, str, bool]:
    """A mount of RUN, what of it decides about the layer, and whether that is a folder of the project."""
    options = {name: value for name, _, value in (part.partition("=") for part in text.split(","))}
    kind = options.get("type", "bind")
    target = options.get("target") or options.get("dst") or options.get("destination")
    if not target or kind not in ("bind", "cache") or "from" in options:
        raise ValueError("of mounts, cache and bind of the context are emulated")
    inside = steps.absolute(progress.image, target)
    if kind == "cache":
        name = re.sub(r"\W+", "_", options.get("id") or inside).strip("_")
        folder = environments.cache_folder() / "image-caches" / name
        folder.mkdir(parents=True, exist_ok=True)
        return Mount(host=folder, inside=inside, writable=True), "", False
    ((match, files),) = build.context.select(options.get("source") or options.get("src") or ".")
    whole = build.context.is_folder(match)
    place = Path(tempfile.mkdtemp(prefix="bind-", dir=_made(build.kept))) / "it"
    build.context.stage(match, files, place)
    return Mount(host=place, inside=inside), build.context.digest(files), whole


def _copy(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    known = {"from", "chown", "chmod", "link"}
    if strange := [name for name, _ in instruction.flags if name not in known]:
        raise ValueError(f"--{strange[0]} is not emulated")
    words = [expand(word, _variables(progress)) for word in _sources(instruction.rest)]
    owner = expand(instruction.flag("chown"), _variables(progress))
    mode = instruction.flag("chmod")
    if len(words) < 2:
        raise ValueError("COPY requires at least two arguments")
    if instruction.flag("from"):
        return _copy_from(build, progress, instruction, words, owner, mode)
    *sources, target = words
    matches = [match for source in sources for match in build.context.select(source)]
    folders = [build.context.is_folder(match) for match, _ in matches]
    into = target.endswith("/") or target in (".", "./") or any(folders)
    if len(matches) > 1 and not into:
        raise ValueError("when using COPY with more than one source file, the destination must be a directory")
    place = steps.absolute(progress.image, target if into else str(PurePosixPath(target).parent))

    def make(folder: Path) -> None:
        stage = folder / "stage"
        stage.mkdir()
        for (match, files), whole in zip(matches, folders, strict=True):
            name = PurePosixPath(match if into else target).name
            build.context.stage(match, files, stage if whole else stage / name)
        steps.copy_staged(progress, stage, place, owner, mode, folder)
        shutil.rmtree(stage)

    digests = [build.context.digest(files) for _, files in matches]
    what = [str(instruction), progress.image.workdir, *digests]
    return steps.add_layer(progress, what, make, build.kept, project_in_it=any(folders))


def _copy_from(
    build: Build, progress: Progress, instruction: Instruction, words: list[str], owner: str, mode: str
) -> Progress:
    origin = instruction.flag("from").lower()
    other = build.stages.get(origin) or base_images.find(instruction.flag("from"))
    if len(words) != 2:
        raise ValueError("COPY --from with several sources is not emulated")
    source, target = words[0], steps.absolute(progress.image, words[1])
    what = [str(instruction), progress.image.workdir, other.key]
    return steps.add_layer(
        progress,
        what,
        lambda folder: steps.copy_from(progress, other, source, target, owner, mode, folder),
        build.kept,
        project_in_it=any(str(build.kept) in layer for layer in other.layers),
    )


def _with(progress: Progress, instruction: Instruction, **changed: object) -> Progress:
    """The stage with other settings of its image; no layer is made."""
    return replace(progress, image=replace(progress.image, **changed))  # type: ignore[arg-type]


def _variables(progress: Progress) -> dict[str, str]:
    return {**progress.args, **progress.image.env}


def _words(text: str) -> tuple[str, ...]:
    """The exec form, a JSON list, or the shell form [Dockerfile reference: shell and exec form]."""
    if text.startswith("["):
        try:
            return tuple(json.loads(text))
        except json.JSONDecodeError:
            pass
    return ("/bin/sh", "-c", text)


def _sources(text: str) -> list[str]:
    return list(json.loads(text)) if text.startswith("[") else text.split()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_STEPS = {
    "ARG": _arg,
    "CMD": _command,
    "COPY": _copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "RUN": _run,
    "USER": _user,
    "WORKDIR": _workdir,
}
