"""Holds a sandbox with an emulated Heroku until Ctrl-C, or opens a shell in it; then reports a clean exit."""

import sys
from pathlib import Path

from matrix import emulators
from matrix.engine.run import Log, Run
from matrix.proving.holding import hold, open_shell
from matrix.sandbox.machine import Sandbox


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


what, folder = sys.argv[1], Path(sys.argv[2])
with Sandbox.create(folder) as box:
    emulator = emulators.load("heroku")
    emulator.install(box)
    run = Run(box=box, platform="heroku", emulator=emulator, log=Log(path=folder / "x.log"), entry=(), say=say)
    if what == "hold":
        hold(run)
    else:
        open_shell(run, box.work, "This is a shell.")
say("It ended well.")
