"""Carries out a Dockerfile, stage by stage, in layers that are cached by their instructions, as Docker does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from matrix.emulators.fly_io.image import Image, base_images
from matrix.emulators.fly_io.image.context import Context
from matrix.emulators.fly_io.image.dockerfile import Stage, parse
from matrix.emulators.fly_io.image.instructions import carry_out
from matrix.emulators.fly_io.image.progress import Build, Progress, Say


def build(context: Path, dockerfile: str, build_args: Mapping[str, str], kept: Path, say: Say) -> Image:
    """The image of the last stage; layers with the project are in `kept`. Raises BuildFailed, for the developer."""
    stages = parse(dockerfile, build_args)
    shared = Build(context=Context(context), build_args=build_args, kept=kept, say=say)
    needed = _needed(stages)
    for stage in (stage for number, stage in enumerate(stages) if number in needed):
        shared.stages[stage.name] = _build_stage(shared, stage)
    return shared.stages[stages[-1].name]


def _needed(stages: Sequence[Stage]) -> set[int]:
    """The last stage and all that it depends on; as in BuildKit the others are never built."""
    numbers = {stage.name: number for number, stage in enumerate(stages)}
    numbers |= {str(number): number for number in range(len(stages))}
    needed: set[int] = set()
    waiting = [len(stages) - 1]
    while waiting:
        number = waiting.pop()
        needed.add(number)
        named = (name for name in _sources(stages[number]) if numbers.get(name, number) < number)
        waiting += [numbers[name] for name in named]
    return needed


def _sources(stage: Stage) -> list[str]:
    """The stages and images that a stage names."""
    flags = [value for each in stage.instructions for name, value in each.flags if name == "from"]
    return [name.lower() for name in (stage.origin, *flags)]


def _build_stage(build: Build, stage: Stage) -> Image:
    origin = build.stages.get(stage.origin.lower()) or base_images.find(stage.origin)
    progress = Progress(image=origin, args={})
    total = len(stage.instructions) + 1
    for number, instruction in enumerate(stage.instructions, 2):
        build.say(f"[{stage.name} {number}/{total}] {instruction}")
        progress = carry_out(build, progress, instruction)
    return progress.image
