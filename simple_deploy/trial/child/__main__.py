"""The program. `argv`: the file with the order, and the file for the answer, since the project's code may print.

Both contain JSON.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

if __name__ == "__main__":
    # The process ends before garbage matters.
    gc.disable()
    # The project may have a module of any common name.
    package = ModuleType("_simple_deploy_trial")
    package.__path__ = [str(Path(__file__).parent)]
    sys.modules[package.__name__] = package
    __package__ = package.__name__

    from .isolation import as_in_production
    from .parts import load, main

    order_file, answer_file = map(Path, sys.argv[1:])
    given = json.loads(order_file.read_text(encoding="utf-8"))
    # Projects ask it whether the site is migrated or served.
    sys.argv = given.get("argv", sys.argv[:1])
    # As gunicorn does with --chdir: the folder of manage.py comes first, and this script's own is not included.
    sys.path[0] = str(Path.cwd())
    parts = load(given["parts"])
    sys.dont_write_bytecode = True
    as_in_production(given)
    answer_file.write_text(json.dumps(main(given, parts)), encoding="utf-8")
    for folder in filter(None, (given.get("packages"), *given.get("before", ()))):
        # The folder may be read-only, and the answer is complete.
        with suppress(Exception):
            from .bytecode import keep

            keep(folder)
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that the project has started, and what it does at exit, do not belong to the trial.
    os._exit(0)
