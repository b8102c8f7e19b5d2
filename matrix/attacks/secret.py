"""Whether a secret or control character leaks, a secret gets into an image, or a command in a name runs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ..emulators.fly_io.image.context import Context
from ..sandbox.processes import Ran
from .attack import DRY, Attack
from .scene import Scene

ALWAYS = frozenset({0, 1})
CONFIGURE = ("--verbosity", "1")
MODULE = ("-m", "simple_deploy")
CANARY = "zq7Canary-{}-41c0f36d"


def attacks() -> Iterator[Attack]:
    """Every attack of this group."""
    yield from _settings()
    yield from _environment()
    yield from _remote()
    yield from _escapes()
    yield from _images()
    yield from _folders()


def _canary(scene: Scene, number: object = 0) -> str:
    value = CANARY.format(number)
    scene.secrets.append(value)
    return value


def _last_lines(scene: Scene, line: str) -> None:
    """Put the line last in the settings, so that it is in the diff of the block."""
    text = line.replace("CANARY", _canary(scene)) if "CANARY" in line else line
    scene.append(scene.settings, f"\n{text}\n")
    scene.commit("Change the settings")


def _settings() -> Iterator[Attack]:
    lines = {
        "SMTP_PASSWORD": 'EMAIL_HOST_PASSWORD = "CANARY"',
        "a passwd": 'MAIL_PASSWD = "CANARY"',
        "a pwd": 'DB_PWD = "CANARY"',
        "a pass": 'SMTP_PASS = "CANARY"',
        "a secret": 'STRIPE_SECRET = "CANARY"',
        "a token": 'GITHUB_TOKEN = "CANARY"',
        "a key": 'STRIPE_KEY = "CANARY"',
        "AWS_SECRET_ACCESS_KEY": 'AWS_SECRET_ACCESS_KEY = "CANARY"',
        "AWS_ACCESS_KEY_ID": 'AWS_ACCESS_KEY_ID = "CANARY"',
        "a credential": 'GOOGLE_CREDENTIALS = "CANARY"',
        "an auth": 'PROXY_AUTH = "CANARY"',
        "a DSN": 'SENTRY_DSN = "https://CANARY@sentry.example.com/1"',
        "a PAT": 'GH_PAT = "CANARY"',
        "the key of signatures": 'SECRET_KEY = "CANARY"',
        "the keys of previous signatures": 'SECRET_KEY_FALLBACKS = ["CANARY"]',
        "a database's password": 'DATABASES["default"]["PASSWORD"] = "CANARY"',
        "a cache's address": 'CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", '
        '"LOCATION": "redis://:CANARY@localhost:6379/0"}}',
        "a broker's address": 'CELERY_BROKER_URL = "amqp://me:CANARY@localhost//"',
        "a nested token": 'SERVICES = {"pay": {"api_token": "CANARY"}}',
        "a password in lower case": 'email_host_password = "CANARY"',
        "a password in single quotes": "SMTP_PASSWORD = 'CANARY'",
        "a password over two lines": 'SMTP_PASSWORD = (\n    "CANARY"\n)',
        "a password as a default": 'import os\nAPI_TOKEN = os.environ.get("API_TOKEN", "CANARY")',
        "a password in a comment": '# SMTP_PASSWORD = "CANARY"',
        "a header": 'HEADERS = {"Authorization": "Bearer CANARY"}',
        "a private key": 'JWT_PRIVATE_KEY = """-----BEGIN KEY-----\nCANARY\n-----END KEY-----"""',
    }
    for number, (title, line) in enumerate(lines.items()):
        options = (CONFIGURE, DRY)[number % 2]
        yield Attack(
            group="secret", name=f"{title} is next to the block", statuses=frozenset({0}), options=options,
            arrange=partial(_last_lines, line=line),
        )  # fmt: skip
    yield Attack(
        group="secret", name="a password is next to the block, --undo", statuses=frozenset({0}), options=("--undo",),
        deployed=True, arrange=_edited_settings,
    )  # fmt: skip


def _edited_settings(scene: Scene) -> None:
    scene.append(scene.settings, f'SMTP_PASSWORD = "{_canary(scene)}"\n')
    scene.commit("Add a password")


def _environment() -> Iterator[Attack]:
    names = (
        "HEROKU_API_KEY", "FLY_API_TOKEN", "UPSUN_CLI_TOKEN", "PLATFORMSH_CLI_TOKEN", "AWS_SECRET_ACCESS_KEY",
        "DATABASE_PASSWORD", "DB_PASSWD", "MAIL_PWD", "SENTRY_AUTH", "GH_PAT", "STRIPE_CREDENTIALS",
    )  # fmt: skip
    for name in names:
        yield Attack(
            group="secret", name=f"the platform repeats the variable {name}", statuses=ALWAYS,
            arrange=partial(_echoed, name=name), options=("--automate-all",), writes=True,
        )  # fmt: skip
    yield Attack(
        group="secret", name="the settings raise an error that holds a secret of the environment", options=DRY,
        arrange=_raises,
    )  # fmt: skip
    yield Attack(
        group="secret", name="the settings print a secret of the environment", statuses=ALWAYS, options=DRY,
        arrange=_prints,
    )  # fmt: skip


def _says(scene: Scene, text: str) -> None:
    store = scene.run.emulator.store(scene.run.box.root)
    command = scene.run.emulator.command(scene.creation[1:])
    store.add_fault({"command": command, "returncode": 1, "stderr": text})


def _echoed(scene: Scene, name: str) -> None:
    value = _canary(scene, name)
    scene.env[name] = value
    with scene.run.emulator.store(scene.run.box.root).change() as platform:
        account = platform["account"]
        account["token"] = value
    _says(scene, f"Error: the request was refused\nX-Debug: {value}\nand again {value}.\n")


def _raises(scene: Scene) -> None:
    scene.entry = MODULE
    scene.env["PAYMENT_TOKEN"] = _canary(scene)
    scene.append(scene.settings, "\nimport os\nraise ValueError('wrong token ' + os.environ['PAYMENT_TOKEN'])\n")
    scene.commit("Break the settings")


def _prints(scene: Scene) -> None:
    scene.env["PAYMENT_TOKEN"] = _canary(scene)
    scene.append(scene.settings, "\nimport os, sys\nsys.stderr.write('token=' + os.environ['PAYMENT_TOKEN'] + '\\n')\n")
    scene.commit("Print in the settings")
    # Terminal output of the project itself does not count; log and pages are ours.
    scene.secrets.clear()


def _remote() -> Iterator[Attack]:
    for title, text in {
        "an address with a password": "postgres://me:{}@db.example.com/x",
        "an address with a key": "https://heroku:{}@git.heroku.com/x.git",
        "a header": "Authorization: Bearer {}",
        "a basic header": "authorization: Basic {}",
        "a variable": "SECRET_KEY={}",
        "a variable with a colon": "API_TOKEN: {}",
        "JSON": '{{"password": "{}"}}',
        "JSON of a key": '{{"api_key":"{}"}}',
        "a variable in lower case": "db_password={}",
        "a DSN": "SENTRY_DSN=https://{}@sentry.example.com/1",
        "a line of a table": "DATABASE_PASSWORD   {}",
        "an option": "--password {}",
    }.items():
        yield Attack(
            group="secret", name=f"the platform answers with {title}", statuses=frozenset({1}),
            arrange=partial(_answers, text=text), options=("--automate-all",), writes=True,
        )  # fmt: skip
    yield Attack(
        group="secret", name="a Git remote has a password in its address", statuses=ALWAYS, options=DRY,
        arrange=_password_in_remote,
    )  # fmt: skip


def _answers(scene: Scene, text: str) -> None:
    _says(scene, f"Error: refused\n{text.format(_canary(scene))}\n")


def _password_in_remote(scene: Scene) -> None:
    scene.git("remote", "add", "backup", f"https://me:{_canary(scene)}@git.example.com/blog.git")


ESCAPES = {
    "colours": "\x1b[31mred\x1b[0m",
    "a cleared screen": "\x1b[2J\x1b[H",
    "a window title": "\x1b]0;title\x07",
    "a link": "\x1b]8;;https://example.com\x1b\\text\x1b]8;;\x1b\\",
    "the clipboard": "\x1b]52;c;cGF3bmVk\x07",
    "C1 control characters": "\x9b31mred\x9b0m",
    "a carriage return": "safe\rdangerous",
    "backspaces": "safe\b\b\b\bevil",
    "text that runs backwards": "\u202etxt.exe\u202c",
    "an isolate": "\u2066abc\u2069",
    "a NUL": "a\0b",
}


def _escapes() -> Iterator[Attack]:
    for title, text in ESCAPES.items():
        yield Attack(
            group="secret", name=f"the platform answers with {title}", statuses=frozenset({1}), writes=True,
            arrange=partial(lambda scene, text: _says(scene, f"Error: {text}\n"), text=text),
            options=("--automate-all",),
        )  # fmt: skip
        if "\0" in text:
            continue
        yield Attack(
            group="secret", name=f"the settings raise an error with {title}", options=DRY,
            arrange=partial(_raises_text, text=text),
        )  # fmt: skip
        yield Attack(
            group="secret", name=f"a file that is not committed has {title} in its name", statuses=ALWAYS, options=DRY,
            arrange=partial(lambda scene, text: scene.write(text.replace("/", "-"), "x"), text=text),
        )  # fmt: skip
    yield Attack(
        group="secret", name="a branch has other letters in its name", statuses=ALWAYS, options=DRY,
        arrange=lambda s: s.git("checkout", "--quiet", "-b", "\u202ehsup"),
    )  # fmt: skip
    yield Attack(
        group="secret", name="the settings have escape characters beside the block", statuses=frozenset({0}),
        arrange=partial(_last_lines, line='TITLE = "a\x1b[2Jb\u202e"'),
    )  # fmt: skip


def _raises_text(scene: Scene, text: str) -> None:
    # Behind manage.py, Django itself ends with a traceback before it finds the command.
    scene.entry = MODULE
    scene.append(scene.settings, f"\nraise ValueError({text!r})\n")
    scene.commit("Break the settings")


def _images() -> Iterator[Attack]:
    """Files that Git ignores are not sent to Fly.io's builder, or are listed in the plan."""
    for pattern, path in {
        "secrets.json": "secrets.json",
        "/secrets.json": "secrets.json",
        "private/": "private/key.txt",
        "*.pem": "certs/site.pem",
        "*.key": "a/b/c/site.key",
        "conf/*.ini": "conf/local.ini",
        "**/local.yml": "a/b/local.yml",
        "foo/**": "foo/a/b.txt",
        "[Ll]ocal.txt": "deep/Local.txt",
        "data?.csv": "data1.csv",
        "\\#draft": "#draft",
        "my notes.txt": "my notes.txt",
        "backup/": "blog/backup/dump.sql",
        "*.bak\n!keep.bak": "old.bak",
    }.items():
        yield Attack(
            group="secret", name=f"Git ignores {path} by {pattern!r}", platforms=("fly_io",), options=CONFIGURE,
            arrange=partial(_ignored, pattern=pattern, path=path), verify=partial(_not_sent, path=path),
            statuses=frozenset({0}),
        )  # fmt: skip
    for title, where in {"a .gitignore below": "blog/.gitignore", "info/exclude": ".git/info/exclude"}.items():
        yield Attack(
            group="secret", name=f"{title} names a file", platforms=("fly_io",), options=CONFIGURE,
            arrange=partial(_ignored_at, where=where), verify=partial(_not_sent, path="blog/secrets.json"),
            statuses=frozenset({0}),
        )  # fmt: skip
    yield Attack(
        group="secret", name="the user's .dockerignore lets an ignored file in", platforms=("fly_io",), options=DRY,
        arrange=_own_dockerignore, verify=_listed, statuses=frozenset({0}),
    )  # fmt: skip


def _ignored(scene: Scene, pattern: str, path: str) -> None:
    ignore = (scene.folder / ".gitignore").read_text(encoding="utf-8")
    scene.write_and_commit(".gitignore", f"{ignore}{pattern}\n")
    scene.write(path, _canary(scene))


def _ignored_at(scene: Scene, where: str) -> None:
    scene.write(where, "secrets.json\n")
    scene.commit("Ignore")
    scene.write("blog/secrets.json", _canary(scene))


def _not_sent(scene: Scene, ended: Ran, path: str) -> Iterator[str]:
    assert (scene.folder / path).is_file()
    if path in Context(scene.folder).files and path not in ended.stdout:
        yield f"{path} is sent to the builder, and the plan does not say so"


def _own_dockerignore(scene: Scene) -> None:
    scene.write(".dockerignore", "*.md\n!secrets.json\n")
    _ignored(scene, "secrets.json", "secrets.json")


def _listed(scene: Scene, ended: Ran) -> Iterator[str]:
    if "secrets.json" not in ended.stdout:
        yield "an ignored file is sent, and the plan does not say so"


def _folders() -> Iterator[Attack]:
    """manage.py is in a folder whose name a shell, a Procfile or a Dockerfile might misread."""
    for title, name in {
        "a blank": "my site",
        "two blanks": "my  site",
        "a quote": "it's",
        "double quotes": 'the "site"',
        "a dollar sign": "$HOME",
        "a command": "$(touch pwned)",
        "backticks": "`touch pwned`",
        "a semicolon": "a;touch pwned",
        "an ampersand": "a&b",
        "a percent sign": "%PATH%",
        "an exclamation mark": "wow!",
        "a hash": "#site",
        "a backslash": "a\\b",
        "a star": "*",
        "braces": "{site}",
        "a dash first": "-site",
        "a colon": "a: b",
        "other letters": "сайт",
        "a newline": "a\nb",
    }.items():
        yield Attack(
            group="secret", name=f"manage.py is in a folder with {title}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_nested, name=name), verify=_words_hold,
        )  # fmt: skip


def _nested(scene: Scene, name: str) -> None:
    """Move everything but the requirements into a folder; the run starts there."""
    inner = scene.folder / name
    names = [path for path in scene.folder.iterdir() if path.name not in (".git", ".gitignore", "requirements.txt")]
    inner.mkdir()
    for path in names:
        path.rename(inner / path.name)
    scene.commit("Nest")
    scene.start_in = name


def _words_hold(scene: Scene, ended: Ran) -> Iterator[str]:
    """The commands of a Procfile, as a shell reads them, name the folder; nothing was run."""
    if list(scene.folder.parent.rglob("pwned")):
        yield "a command in a folder's name was run"
    procfile = scene.folder / "Procfile"
    if ended.returncode == 0 and procfile.is_file():
        for line in procfile.read_text(encoding="utf-8").splitlines():
            if "manage.py" in line and scene.start_in:
                words = shlex.split(line.partition(": ")[2])
                if not any(Path(word) == Path(scene.start_in, "manage.py") for word in words):
                    yield f"a shell does not find manage.py: {line}"
    dockerfile = scene.folder / "Dockerfile"
    if ended.returncode == 0 and dockerfile.is_file():
        command = dockerfile.read_text(encoding="utf-8").rpartition("CMD ")[2]
        if scene.start_in not in json.loads(command):
            yield "the image's command does not name the folder"
