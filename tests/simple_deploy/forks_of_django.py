"""`python forks_of_django.py SOCKET`: import Django, then run each ordered manage.py in a fork (see forked.py)."""

import gc
import json
import os
import socket
import sys
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

# Whatever nearly every command imports and needs no settings. Nothing of simple_deploy.
IMPORTED = (
    "django.contrib.admin.apps",
    "django.contrib.auth.apps",
    "django.core.management",
    "django.db.backends.sqlite3.base",
    "django.template.backends.django",
    "django.urls",
    "packaging.requirements",
)
LONGEST = 1 << 20

if sys.platform == "win32":

    def fork() -> int:
        raise NotImplementedError("Windows has no forks")

else:
    fork = os.fork


def ordered(connection: socket.socket) -> dict[str, Any]:
    """Return in a fork for each order, with its standard streams; exit at the end of the connection."""
    while True:
        text, streams, *_ = socket.recv_fds(connection, LONGEST, 2)
        while text and not text.endswith(b"\n"):
            text += connection.recv(LONGEST)
        if not text:
            sys.exit()
        child = fork()
        if not child:
            connection.close()
            for number, stream in enumerate(streams, start=1):
                os.dup2(stream, number)
                os.close(stream)
            return dict(json.loads(text))
        for stream in streams:
            os.close(stream)
        connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def become(order: dict[str, Any]) -> ModuleType:
    """Take the arguments, the folder and the environment of the order; the module to run the program in."""
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    os.chdir(order["cwd"])
    sys.argv[:] = order["argv"]
    program = Path.cwd() / sys.argv[0]
    sys.path[0] = str(program.parent)
    main = sys.modules["__main__"] = ModuleType("__main__")
    main.__file__ = str(program)
    return main


if __name__ == "__main__":
    for name in IMPORTED:
        import_module(name)
    gc.freeze()
    main = become(ordered(socket.socket(fileno=int(sys.argv[1]))))
    code = compile(Path(sys.argv[0]).read_bytes(), str(main.__file__), "exec", dont_inherit=True)
    exec(code, main.__dict__)
