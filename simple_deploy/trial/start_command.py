"""A start command → the application that a web server loads, and where the server looks for it. Pure."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

# Each web server, and its options without a value; an option that is not here has one.
_SERVERS = {
    "gunicorn": "-D -R --check-config --capture-output --daemon --do-handshake-on-connect --enable-stdio-inheritance "
    "--initgroups --log-syslog --preload --print-config --reload --reuse-port --spew --suppress-ragged-eofs",
    "uvicorn": "--access-log --date-header --factory --proxy-headers --reload --server-header --use-colors",
    "daphne": "--proxy-headers",
    "hypercorn": "--debug --reload",
    "waitress-serve": "--call --expose-tracebacks",
}
_MODULE = re.compile(r"((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?::((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:\(\))?))?")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_SHELL = re.compile(r"(?:/\S*/)?(?:ba|da)?sh")
# What may stand before the server without a change of its folders.
_BEFORE = re.compile(r"(?:exec |env |(?:poetry|pipenv|uv) run |python[\d.]* -m )*")


@dataclass(frozen=True, kw_only=True)
class Named:
    """The `application` as MODULE:NAME. `folders` are those where the server looks for it, relative to where the
    command runs, the current one first; None if they are not known. `variables` are set by the command.
    """

    application: str
    folders: tuple[str, ...] | None
    variables: Mapping[str, str] = field(default_factory=dict)


def named(command: str) -> Named | None:
    """What the command starts; None if it starts no server, or says so elsewhere, as in a file or a variable."""
    folder: str | None = "."
    for words in _commands(command):
        if (inner := _inner(words)) and (found := named(inner)):
            return _within(folder, found)
        if found := _server(words):
            certain = re.search(r"PYTHONPATH|GUNICORN_CMD_ARGS|[(`]", command) is None
            return _within(folder if certain else None, found)
        if words[0] == "cd" and len(words) == 2:
            folder = _joined(folder, words[1])
        elif words[0] not in ("echo", "python", "python3"):
            folder = None
    return None


def _commands(text: str) -> Iterator[list[str]]:
    """The words of each command, as a shell separates them."""
    lines = text.replace("\\\n", " ").replace("\n", " ; ")
    lexer = shlex.shlex(lines, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        for word in lexer:
            if word.strip(";&|"):
                words.append(word)
                continue
            yield from [words] if words else []
            words = []
    except ValueError:
        # A quotation that does not end.
        return
    yield from [words] if words else []


def _inner(words: Sequence[str]) -> str:
    """The command that another shell is to run."""
    shell = _SHELL.fullmatch(words[0]) and len(words) > 2 and re.fullmatch(r"-\w*c", words[1])
    return words[2] if shell else ""


def _server(words: Sequence[str]) -> Named | None:
    """What this command starts. The name of a server may also be the value of an option before it."""
    places = [place for place, word in enumerate(words) if posixpath.basename(word) in _SERVERS]
    for place in reversed(places):
        server = posixpath.basename(words[place])
        options, others = _arguments(words[place + 1 :], _SERVERS[server].split())
        application = _application(server, others)
        # gunicorn's -e sets variables, as often as it is there.
        if application and not {"-e", "--env", "--paste"} & options.keys():
            pairs = [assigned for word in words[:place] if (assigned := _ASSIGNED.fullmatch(word))]
            rest = "".join(f"{word} " for word in words[:place] if not _ASSIGNED.fullmatch(word))
            folders = _folders(server, options) if _BEFORE.fullmatch(rest) else None
            variables = {pair[1]: pair[2] for pair in pairs}
            return Named(application=application, folders=folders, variables=variables)
    return None


def _arguments(words: Sequence[str], flags: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options with their values, and the other arguments."""
    options, others, rest = dict[str, str](), list[str](), iter(words)
    for word in rest:
        if not word.startswith("-"):
            others.append(word)
        elif word.startswith("--") and "=" in word:
            name, _, value = word.partition("=")
            options[name] = value
        elif not word.startswith("--") and len(word) > 2:
            options[word[:2]] = word[2:]
        elif word not in flags and not word.startswith("--no-"):
            options[word] = next(rest, "")
    return options, others


def _application(server: str, others: Sequence[str]) -> str:
    if len(others) != 1:
        return ""
    text = others[0]
    if server == "hypercorn" and text.count(":") > 1:
        text = text.partition(":")[2]
    found = _MODULE.fullmatch(text)
    # The other servers have no name that they assume.
    name = found and (found[2] or ("application" if server == "gunicorn" else ""))
    return f"{found[1]}:{name}" if found and name else ""


def _folders(server: str, options: Mapping[str, str]) -> tuple[str, ...] | None:
    """Where the server looks, from its own folder."""
    if server == "gunicorn" and {"-c", "--config"} & options.keys():
        return None
    changed = {"gunicorn": "--chdir", "uvicorn": "--app-dir"}.get(server, "")
    first = options.get(changed, ".")
    more = options.get("--pythonpath", "").split(",") if server == "gunicorn" else []
    return (first, *(posixpath.join(first, folder) for folder in more if folder))


def _within(folder: str | None, found: Named) -> Named:
    """The same with its folders below this one."""
    if folder is None or found.folders is None:
        return replace(found, folders=None)
    return replace(found, folders=_known([posixpath.join(folder, one) for one in found.folders]))


def _joined(folder: str | None, name: str) -> str | None:
    known = _known([posixpath.join(folder, name)]) if folder is not None else None
    return known[0] if known else None


def _known(folders: Sequence[str]) -> tuple[str, ...] | None:
    """The folders without detours; None if one is outside, or named by a variable."""
    each = tuple(map(posixpath.normpath, folders))
    outside = any(one.startswith(("/", "..", "~")) or "$" in one for one in each)
    return None if outside else each
