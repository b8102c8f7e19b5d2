"""The instructions of a Dockerfile, each by its name, and those that only change what programs start with."""

from __future__ import annotations

import shlex
from dataclasses import replace

from matrix.emulators.fly_io.image import BuildFailed
from matrix.emulators.fly_io.image.copying import copy
from matrix.emulators.fly_io.image.dockerfile import Instruction, declared, expand, words
from matrix.emulators.fly_io.image.places import place, work
from matrix.emulators.fly_io.image.progress import Build, Progress, add_layer
from matrix.emulators.fly_io.image.running import run

# Fly.io ignores them: its own configuration decides.
_WITHOUT_EFFECT = ("EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "STOPSIGNAL")


def carry_out(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    """The stage after an instruction. Raises BuildFailed if it fails or is not emulated."""
    if instruction.name in _WITHOUT_EFFECT:
        return progress
    if instruction.name not in _NAMED:
        raise BuildFailed(f"line {instruction.line}: {instruction.name} is not emulated")
    try:
        return _NAMED[instruction.name](build, progress, instruction)
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
    made = add_layer(
        build, progress, ["WORKDIR", path], lambda folder: work(place(progress.image, folder), argv, folder)
    )
    return made.with_settings(workdir=path)


def _user(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    return progress.with_settings(user=expand(instruction.rest, progress.variables))


def _cmd(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    return progress.with_settings(command=words(instruction.rest))


def _entrypoint(build: Build, progress: Progress, instruction: Instruction) -> Progress:
    """It removes the CMD of the base image."""
    return progress.with_settings(entrypoint=words(instruction.rest), command=())


_NAMED = {
    "ARG": _arg,
    "CMD": _cmd,
    "COPY": copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "RUN": run,
    "USER": _user,
    "WORKDIR": _workdir,
}
