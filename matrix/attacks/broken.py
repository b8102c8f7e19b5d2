"""Whether broken input ends in one clear message: manifests, invalid files, Git's environment, the terminal."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from functools import partial

from simple_deploy import platforms

from ..sandbox.processes import Ran
from .attack import DRY, Attack
from .scene import Scene

ALWAYS = frozenset({0, 1})
CONFIGURE = ("--verbosity", "1")


def attacks() -> Iterator[Attack]:
    """Every attack of this group."""
    yield from _requirements()
    yield from _manifests()
    yield from _files()
    yield from _git_environment()
    yield from _accounts()
    yield from _undo()
    yield from _options()


def _requirements() -> Iterator[Attack]:
    for title, content in {
        "is empty": b"",
        "holds blanks only": b"   \n\n",
        "is UTF-16 with a mark": "django==5.2\n".encode("utf-16"),
        "is UTF-16 without a mark": "django==5.2\n".encode("utf-16-le"),
        "is UTF-16, the other way round, without a mark": "django==5.2\n".encode("utf-16-be"),
        "is Latin-1": "# café\ndjango\n".encode("latin-1"),
        "holds NULs": b"django\0\0\n",
        "holds no text": bytes(range(256)),
        "has lines that end in CR": b"django\rsqlparse\r",
        "has lines that end in CR and LF": b"django\r\nsqlparse\r\n",
        "has a conflict": b"<<<<<<< HEAD\ndjango==5.2\n=======\ndjango==4.2\n>>>>>>> other\n",
        "includes itself": b"-r requirements.txt\ndjango\n",
        "includes a file that is not there": b"-r nowhere.txt\ndjango\n",
        "includes a file outside of the project": b"-r ../outside/canary\ndjango\n",
        "includes an absolute path": b"-r /etc/hostname\ndjango\n",
        "has an unreadable line": b"django ==== 5\n",
        "ends in a backslash": b"django \\\n",
        "has a very long line": b"django #" + b"x" * 2_000_000 + b"\n",
        "begins with a byte order mark": b"\xef\xbb\xbfdjango\n",
    }.items():
        yield Attack(
            group="break", name=f"requirements.txt {title}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_manifest, path="requirements.txt", content=content),
        )  # fmt: skip


def _manifest(scene: Scene, path: str, content: bytes, lock: str = "", lock_content: bytes = b"") -> None:
    if path != "requirements.txt":
        (scene.folder / "requirements.txt").unlink()
    scene.write(path, content)
    if lock:
        scene.write(lock, lock_content)
    scene.commit("Change the manifest")


PROJECT = b'[project]\nname = "blog"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["django"]\n'


def _manifests() -> Iterator[Attack]:
    for title, content in {
        "is empty": b"",
        "is not TOML": b"[project\n",
        "has an inline table as its project": b'project = {name = "blog", version = "1", dependencies = ["django"]}\n',
        "has dotted keys": b'project.name = "blog"\nproject.version = "1"\nproject.dependencies = ["django"]\n',
        "has a number as its project": b"project = 7\n",
        "has a list as its project": b"[[project]]\nname = 'a'\n",
        "has dependencies in words": b'[project]\nname = "blog"\nversion = "1"\ndependencies = "django"\n',
        "has dependencies that are numbers": b'[project]\nname = "blog"\nversion = "1"\ndependencies = [1, 2]\n',
        "has dependencies in a table": b'[project]\nname = "blog"\nversion = "1"\n[project.dependencies]\na = 1\n',
        "has no dependencies": b'[project]\nname = "blog"\nversion = "1"\n',
        "has dynamic dependencies": b'[project]\nname = "blog"\nversion = "1"\ndynamic = ["dependencies"]\n',
        "has a list as requires-python": b'[project]\nname = "blog"\nversion = "1"\nrequires-python = [1]\n',
        "has a list as its tool": PROJECT + b"[[tool]]\na = 1\n",
        "has a number as tool.uv": PROJECT + b"[tool]\nuv = 1\n",
        "has a number as tool.poetry": PROJECT + b"[tool]\npoetry = 1\n",
        "has a number as build-system": b"build-system = 7\n" + PROJECT,
        "has numbers as groups": PROJECT + b"[dependency-groups]\ndev = 7\n",
        "is not UTF-8": PROJECT + b"# \xff\xfe\n",
        "is UTF-16": PROJECT.decode().encode("utf-16"),
        "has the same key twice": PROJECT + b'[project]\nname = "b"\n',
    }.items():
        yield Attack(
            group="break", name=f"pyproject.toml {title}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_manifest, path="pyproject.toml", content=content), verify=_still_toml,
        )  # fmt: skip
    locks = {
        "uv.lock": ("pyproject.toml", PROJECT),
        "poetry.lock": ("pyproject.toml", b'[tool.poetry.dependencies]\npython = "^3.10"\ndjango = "*"\n'),
        "Pipfile.lock": ("Pipfile", b'[packages]\ndjango = "*"\n'),
    }
    for lock, (path, content) in locks.items():
        for wrong in (
            b"",
            b"7",
            b"[]",
            b"{",
            b'{"_meta": 7}',
            b'package = "x"\n',
            b"\xff\xfe",
            b"[[package]]\nname = 7\n",
        ):
            yield Attack(
                group="break", name=f"{lock} holds {wrong!r}", statuses=ALWAYS, options=CONFIGURE,
                arrange=partial(_manifest, path=path, content=content, lock=lock, lock_content=wrong),
            )  # fmt: skip
    for title, content in {
        "is empty": b"",
        "is not TOML": b"[packages\n",
        "has a number as packages": b"packages = 7\n",
        "has numbers as versions": b"[packages]\ndjango = 7\n",
        "has lists as versions": b'[packages]\ndjango = ["*"]\n',
        "has a list as requires": b'[packages]\ndjango = "*"\n[[requires]]\na = 1\n',
    }.items():
        yield Attack(
            group="break", name=f"Pipfile {title}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_manifest, path="Pipfile", content=content),
        )  # fmt: skip


def _still_toml(scene: Scene, ended: Ran) -> Iterator[str]:
    from tomlkit import parse
    from tomlkit.exceptions import TOMLKitError

    path = scene.folder / "pyproject.toml"
    if ended.returncode == 0:
        try:
            parse(path.read_bytes().decode("utf-8-sig", "replace"))
        except TOMLKitError as error:
            yield f"pyproject.toml is no TOML any more: {error}"


# The files that the tool reads for every platform.
FILES = (".python-version", "runtime.txt")


def _files() -> Iterator[Attack]:
    """Files that the platform reads, replaced with something else."""
    reads = {platform.id: (*platform.reads, *FILES) for platform in platforms.usable()}
    for name, paths in reads.items():
        for path in dict.fromkeys(paths):
            for title, content in {
                "is empty": b"", "is not text": bytes(range(256)), "is UTF-16": "web: a\n".encode("utf-16"),
                "has a control character": b"3.12\x1b[2J\n",
            }.items():  # fmt: skip
                yield Attack(
                    group="break", name=f"{path} {title}", statuses=ALWAYS, options=CONFIGURE, platforms=(name,),
                    arrange=partial(lambda scene, path, content: scene.write_and_commit(path, content), path=path,
                                    content=content),
                )  # fmt: skip
            yield Attack(
                group="break", name=f"{path} is a folder", statuses=ALWAYS, options=CONFIGURE, platforms=(name,),
                arrange=partial(lambda scene, path: scene.write_and_commit(f"{path}/x", "x"), path=path),
            )  # fmt: skip
            if os.name != "nt":
                yield Attack(
                    group="break", name=f"{path} is a pipe", statuses=ALWAYS, options=CONFIGURE, platforms=(name,),
                    arrange=partial(_pipe, path=path),
                )  # fmt: skip
    for title, text in {
        "is not TOML": "app = [\n",
        "has a number as http_service": "http_service = 7\n",
        "has a list as http_service": "[[http_service]]\ninternal_port = 1\n",
        "has a number as checks": "[http_service]\nchecks = 7\n",
        "has numbers as checks": "[http_service]\nchecks = [1]\n",
        "has a number as env": "env = 7\n",
        "has a number as deploy": "deploy = 7\n",
        "has a number as build": "build = 7\n",
        "has a number as vm": "vm = 7\n",
        "has an inline table as env": "env = {A = '1'}\n",
        "has a table as primary_region": "[primary_region]\na = 1\n",
    }.items():
        yield Attack(
            group="break", name=f"fly.toml {title}", statuses=ALWAYS, options=CONFIGURE, platforms=("fly_io",),
            arrange=partial(lambda scene, text: scene.write_and_commit("fly.toml", text), text=text),
        )  # fmt: skip


def _pipe(scene: Scene, path: str) -> None:
    target = scene.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    scene.run.box.run(["mkfifo", target])


def _git_environment() -> Iterator[Attack]:
    for name, value in {
        "GIT_TRACE": "1", "GIT_TRACE2": "1", "GIT_TRACE_SETUP": "1", "GIT_CURL_VERBOSE": "1",
        "GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/", "GIT_INDEX_FILE": "/nowhere/index", "GIT_PAGER": "cat",
        "GIT_CONFIG_COUNT": "x", "GIT_LITERAL_PATHSPECS": "1", "GIT_GLOB_PATHSPECS": "1", "GIT_NAMESPACE": "x",
        "GIT_OBJECT_DIRECTORY": "/nowhere", "GIT_CEILING_DIRECTORIES": "/", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de",
        "COLUMNS": "1", "TERM": "dumb", "PYTHONIOENCODING": "ascii", "PYTHONWARNINGS": "always", "PAGER": "false",
        "HOME": "/nowhere", "TMPDIR": "/nowhere",
    }.items():  # fmt: skip
        yield Attack(
            group="break", name=f"the environment has {name}={value}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(lambda scene, name, value: scene.env.update({name: value}), name=name, value=value),
        )  # fmt: skip
    for key, value in {
        "status.showUntrackedFiles": "no", "status.relativePaths": "true", "color.ui": "always",
        "color.status": "always", "core.quotePath": "true", "status.short": "true", "status.branch": "true",
        "core.fsmonitor": "false", "log.showSignature": "true", "diff.noprefix": "true", "core.pager": "false",
        "core.bare": "true", "safe.directory": "", "log.date": "relative", "i18n.logOutputEncoding": "UTF-16",
        "core.commentChar": "#", "status.renames": "copies", "commit.gpgSign": "true", "push.default": "nothing",
        "column.ui": "always", "core.ignoreCase": "true", "core.precomposeUnicode": "true",
    }.items():  # fmt: skip
        yield Attack(
            group="break", name=f"Git is told {key}={value}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(lambda scene, key, value: scene.git("config", key, value), key=key, value=value),
        )  # fmt: skip


def _accounts() -> Iterator[Attack]:
    yield Attack(
        group="break", name="the token in the environment is wrong", options=DRY, arrange=_wrong_token,
        verify=_names_token,
    )  # fmt: skip
    yield Attack(group="break", name="not logged in", options=DRY, arrange=_logged_out, names=("log in", "login"))
    yield Attack(group="break", name="the platform's CLI is missing", options=DRY, arrange=_no_cli)
    yield Attack(
        group="break", name="the platform's CLI says nothing", options=DRY, arrange=partial(_silent_cli, text="")
    )
    yield Attack(
        group="break", name="the platform's CLI answers with a page", options=DRY,
        arrange=partial(_silent_cli, text="<html>Sign in</html>"),
    )  # fmt: skip


def _wrong_token(scene: Scene) -> None:
    _logged_out(scene)  # some CLIs read the token only then
    scene.env[scene.described.cli.tokens[-1]] = "wrong-token-of-mine"
    scene.secrets.append("wrong-token-of-mine")


def _names_token(scene: Scene, ended: Ran) -> Iterator[str]:
    token = scene.described.cli.tokens[-1]
    if token not in ended.stderr:
        yield f"the message does not name {token}: {ended.stderr.strip()[-300:]}"


def _logged_out(scene: Scene) -> None:
    with scene.run.emulator.store(scene.run.box.root).change() as platform:
        platform["account"]["logged_in"] = False


def _no_cli(scene: Scene) -> None:
    folders = scene.run.box.env["PATH"].split(os.pathsep)
    scene.env["PATH"] = os.pathsep.join(folder for folder in folders if folder != str(scene.run.box.bin))


def _silent_cli(scene: Scene, text: str) -> None:
    programs = scene.outside / "bin"
    programs.mkdir()
    program = programs / scene.described.cli.executable
    program.write_text(f"#!/bin/sh\necho '{text}'\n", encoding="utf-8")
    program.chmod(0o755)
    scene.env["PATH"] = os.pathsep.join((str(programs), scene.run.box.env["PATH"]))


def _undo() -> Iterator[Attack]:
    yield Attack(group="break", name="--undo, and there is nothing to undo", options=("--undo",))
    yield Attack(
        group="break", name="--undo on another branch", options=("--undo",), deployed=True, statuses=frozenset({1}),
        arrange=lambda s: s.git("checkout", "--quiet", "-b", "other", "HEAD~1"),
    )  # fmt: skip
    yield Attack(
        group="break", name="--undo when a backup is gone", options=("--undo",), deployed=True,
        arrange=lambda s: shutil.rmtree(s.folder / "simple_deploy_logs" / "backups"),
    )  # fmt: skip
    yield Attack(
        group="break", name="--undo when a backup is damaged", options=("--undo",), deployed=True,
        arrange=lambda s: [p.write_bytes(b"x") for p in (s.folder / "simple_deploy_logs" / "backups").iterdir()],
    )  # fmt: skip


def _options() -> Iterator[Attack]:
    for options in (
        ("--platform", "nowhere"), ("--platform", ""), ("--region", "nowhere"), ("--region", "\x1b[2J"),
        ("--org", "nowhere"), ("--org", ""), ("--database", "nowhere"), ("--database", ""), ("--wait", "-1"),
        ("--wait", "x"), ("--wait", "9" * 400), ("--undo", "--destroy"), ("--undo", "--automate-all"),
        ("--destroy", "--automate-all"), ("--settings", ""),
        ("--pythonpath", "/nowhere"), ("--verbosity", "9"), ("--no-such-option",), ("surplus",),
    ):  # fmt: skip
        yield Attack(
            group="break", name=f"the options {json.dumps(options)}", statuses=frozenset({0, 1, 2}),
            options=(*(() if set(options) & {"--undo", "--destroy"} else DRY), *options),
        )  # fmt: skip
