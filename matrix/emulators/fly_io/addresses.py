"""Where a machine's program listens: determined before its start, and moved to a free port of the loopback interface.

All machines here share this computer's network, so none may use the port that its image or fly.toml names, or listen on
other networks. If Fly.io's proxy would find the program, its port is replaced with a free one; otherwise,
`NotReachable` is raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_ADDRESS = re.compile(
    r"(?<![\w.\]/])(0\.0\.0\.0|\[::\]|\*|127\.0\.0\.1|localhost|\[::1\])?:(\d{2,5}|\$\{?PORT\}?)(?![\w.])"
)
# The options of daphne, uvicorn and waitress-serve. NUL ends a word that no shell takes apart.
_PORT = re.compile(r"(?<=[ \0])((?:--port|-p)[= \0])(\d{2,5}|\$\{?PORT\}?)(?![\w.])")
_HOST = re.compile(r"(?<=[ \0])((?:--host|-b)[= \0])([^ \0]+)")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Program(NamedTuple):
    """A command and its environment."""

    argv: list[str]
    env: dict[str, str]


class NotReachable(Exception):
    """The program would listen where Fly.io's proxy does not connect; the text is that address."""


def moved(
    argv: Sequence[str], env: Mapping[str, str], gunicorn_settings: str, internal_port: int, port: int
) -> Program:
    """The program with `port` in place of `internal_port`. Raises NotReachable if it would not listen on that.

    An address in the command takes precedence, then one in gunicorn.conf.py, then PORT, which gunicorn reads by itself.
    """
    words = "\0".join(argv)
    if option := _PORT.search(words):
        return Program(_with_options(words, option, env, internal_port, port), dict(env))
    found = next((match for word in argv for match in [_ADDRESS.search(word)] if match), None)
    stated = found or _ADDRESS.search(gunicorn_settings)
    if stated:
        _expect(stated[1] or "", env.get("PORT", "") if "PORT" in stated[2] else stated[2], internal_port)
    else:
        _expect("" if "PORT" in env else "127.0.0.1", env.get("PORT", "8000"), internal_port)
    if found:
        return Program([_ADDRESS.sub(f"127.0.0.1:{port}", word) for word in argv], dict(env))
    bind = f"--bind 127.0.0.1:{port} {env.get('GUNICORN_CMD_ARGS', '')}".strip()
    return Program(list(argv), {**env, "GUNICORN_CMD_ARGS": bind})


def _with_options(
    words: str, stated: re.Match[str], env: Mapping[str, str], internal_port: int, port: int
) -> list[str]:
    """The command with `port` in its option for the port, which is `stated`, on the loopback interface."""
    host = _HOST.search(words)
    default = "0.0.0.0" if "waitress" in words else "127.0.0.1"
    given = env.get("PORT", "") if "PORT" in stated[2] else stated[2]
    _expect(host[2] if host else default, given, internal_port)
    before = words[stated.start() - 1]
    words = _PORT.sub(rf"\g<1>{port}" + ("" if host else f"{before}--host{before}127.0.0.1"), words)
    return _HOST.sub(r"\g<1>127.0.0.1", words).split("\0")


def _expect(host: str, port: str, internal_port: int) -> None:
    if host in _LOOPBACK or port != str(internal_port):
        raise NotReachable(f"{host or '0.0.0.0'}:{port}")
