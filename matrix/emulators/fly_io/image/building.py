"""Executes a Dockerfile, stage by stage, in layers that are cached by their instructions, as Docker does."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from . import BuildFailed, Image, base_images, debian, packages
from .context import Context
from .copying import copy
from .dockerfile import Instruction, Stage, declared, expand, parse, words
from .layering import Build, Progress, Say, add_layer, work
from .running import run_instruction


def build(context: Path, dockerfile: str, build_args: Mapping[str, str], kept: Path, say: Say) -> Image:
    """The image of the last stage; layers with the project are in `kept`. Raises BuildFailed, for the developer."""
    stages = parse(dockerfile, build_args)
    wanted = _needed(stages)
    own_system = packages.any_installs(wanted)
    shared = Build(context=Context(context), build_args=build_args, kept=kept, say=say, own_system=own_system)
    for stage in wanted:
        shared.stages[stage.name] = _build_stage(shared, stage)
    return shared.stages[stages[-1].name]


def not_emulated(dockerfile: str, build_args: Mapping[str, str]) -> str:
    """What the Dockerfile needs and this machine lacks, with the reason; empty if nothing, or if the build tells."""
    try:
        stages = parse(dockerfile, build_args)
    except BuildFailed:
        return ""
    names = {name for number, stage in enumerate(stages) for name in (stage.name, str(number))}
    needed = _needed(stages)
    for stage in needed:
        for image in (stage.origin, *_sources(stage)):
            if image.lower() not in names and (reason := base_images.missing(image)):
                return f"the image {image}: {reason}"
    lacking = debian.obstacle() if packages.any_installs(needed) else ""
    return f"packages of Debian: {lacking}" if lacking else ""


def _needed(stages: Sequence[Stage]) -> list[Stage]:
    """The last stage and everything that it depends on; as in BuildKit the others are never built."""
    numbers = {stage.name: number for number, stage in enumerate(stages)}
    numbers |= {str(number): number for number in range(len(stages))}
    needed: set[int] = set()
    waiting = [len(stages) - 1]
    while waiting:
        number = waiting.pop()
        needed.add(number)
        sources = (name.lower() for name in (stages[number].origin, *_sources(stages[number])))
        waiting += [numbers[name] for name in sources if numbers.get(name, number) < number]
    return [stages[number] for number in sorted(needed)]


def _sources(stage: Stage) -> list[str]:
    """The stages and images from which it copies files."""
    return [value for each in stage.instructions for name, value in each.flags if name == "from"]


def _build_stage(build: Build, stage: Stage) -> Image:
    origin = build.stages.get(stage.origin.lower()) or base_images.find(stage.origin, own_system=build.own_system)
    progress = Progress(image=origin, args={})
    total = len(stage.instructions) + 1
    for number, instruction in enumerate(stage.instructions, 2):
        build.say(f"[{stage.name} {number}/{total}] {instruction}")
        progress = _carry_out(build, progress, instruction)
    return progress.image


def _carry_out(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    """The stage after an instruction. Raises BuildFailed if it fails or is not emulated."""
    if instruction.name not in _INSTRUCTIONS:
        raise BuildFailed(f"line {instruction.line}: {instruction.name} is not emulated")
    try:
        return _INSTRUCTIONS[instruction.name](build, progress, instruction)
    except ValueError as error:
        raise BuildFailed(f"line {instruction.line}: {instruction}: {error}") from error


def _arg(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    found = declared(instruction, build.build_args, progress.variables)
    return replace(progress, args={**progress.args, **found})


def _env(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    """`ENV A=1 B=2`, or the old `ENV A 1`."""
    name, _, value = instruction.rest.partition(" ")
    if "=" in name:
        pairs = [word.partition("=") for word in shlex.split(expand(instruction.rest, progress.variables))]
        found = {name: value for name, _, value in pairs}
    else:
        found = {name: expand(value, progress.variables)}
    return progress.with_settings(env={**progress.image.env, **found})


def _workdir(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    path = progress.absolute(expand(instruction.rest, progress.variables).strip("\"'"))
    argv = ["mkdir", "-p", path]
    made = add_layer(build, progress, ["WORKDIR", path], lambda folder: work(progress.image, argv, folder))
    return made.with_settings(workdir=path)


_INSTRUCTIONS: dict[str, Callable[[Build, Progress, Instruction], Progress]] = {
    "ARG": _arg,
    "CMD": lambda build, progress, given: progress.with_settings(command=words(given.rest)),
    "COPY": copy,
    # It removes the CMD of the base image.
    "ENTRYPOINT": lambda build, progress, given: progress.with_settings(entrypoint=words(given.rest), command=()),
    "ENV": _env,
    "RUN": run_instruction,
    "USER": lambda build, progress, given: progress.with_settings(user=expand(given.rest, progress.variables)),
    "WORKDIR": _workdir,
    # Fly.io ignores them: its own configuration applies.
    **dict.fromkeys(
        ("EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "STOPSIGNAL"), lambda build, progress, given: progress
    ),
}
