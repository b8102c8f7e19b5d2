"""Whether the run does what was planned: states of the repository, files that Git treats specially, links, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ..engine import projects
from ..sandbox.processes import Ran
from .attack import DRY, Attack
from .scene import Scene

ALWAYS = frozenset({0, 1})
REFUSED = frozenset({1})
RUN = ("--automate-all",)
CONFIGURE = ("--verbosity", "1")
WRITTEN = ("Procfile", ".python-version", "Dockerfile", "fly.toml", ".dockerignore", ".environment")


def attacks() -> Iterator[Attack]:
    """Every attack of this group."""
    yield from _operations()
    yield from _hidden()
    yield from _filters()
    yield from _ignored()
    yield from _links()
    yield from _hooks()
    yield from _settings()
    yield from _markers()
    yield from _places()


def configured(scene: Scene, ended: Ran) -> Iterator[str]:
    """After a successful run, the settings as Git stores them contain the block."""
    if ended.returncode == 0 and ">>> simple_deploy" not in scene.settings.read_text(
        encoding="utf-8", errors="replace"
    ):
        yield "the settings have no block"


def _conflict(scene: Scene) -> None:
    scene.git("checkout", "--quiet", "-b", "other")
    scene.write_and_commit("README.md", "one\n")
    scene.git("checkout", "--quiet", "main")
    scene.write_and_commit("README.md", "two\n")


def _merging(scene: Scene) -> None:
    _conflict(scene)
    scene.git("merge", "other", check=False)


def _merged_not_committed(scene: Scene) -> None:
    scene.git("checkout", "--quiet", "-b", "other")
    scene.write_and_commit("other.txt", "one\n")
    scene.git("checkout", "--quiet", "main")
    scene.write_and_commit("mine.txt", "two\n")
    scene.git("merge", "--no-commit", "--no-ff", "other", check=False)


def _rebasing(scene: Scene) -> None:
    _conflict(scene)
    scene.git("rebase", "other", check=False)


def _rebase_stopped(scene: Scene) -> None:
    """In the middle of an interactive rebase, with a clean tree."""
    scene.write_and_commit("one.txt", "one\n")
    scene.write_and_commit("two.txt", "two\n")
    scene.git("rebase", "--interactive", "HEAD~2", GIT_SEQUENCE_EDITOR="sed -i s/^pick/edit/")


def _picking(scene: Scene) -> None:
    _conflict(scene)
    scene.git("cherry-pick", "other", check=False)


def _reverting(scene: Scene) -> None:
    scene.write_and_commit("README.md", "one\n")
    scene.write_and_commit("README.md", "two\n")
    scene.git("revert", "--no-edit", "HEAD~1", check=False)


def _bisecting(scene: Scene) -> None:
    for text in ("one\n", "two\n", "three\n"):
        scene.write_and_commit("README.md", text)
    scene.git("bisect", "start")
    scene.git("bisect", "bad", "HEAD")
    scene.git("bisect", "good", "HEAD~3")


def _applying(scene: Scene) -> None:
    _conflict(scene)
    patch = scene.git("format-patch", "-1", "--stdout", "other")
    scene.write("../change.patch", patch)
    scene.git("am", "../change.patch", check=False)


def _operations() -> Iterator[Attack]:
    arrangements: dict[str, Callable[[Scene], object]] = {
        "a merge with a conflict": _merging,
        "a merge that is not committed": _merged_not_committed,
        "a rebase with a conflict": _rebasing,
        "a rebase that stopped for an edit": _rebase_stopped,
        "a cherry-pick with a conflict": _picking,
        "a revert with a conflict": _reverting,
        "a bisection": _bisecting,
        "patches that are being applied": _applying,
    }
    for what, arrange in arrangements.items():
        for how, options in {"dry run": DRY, "run": RUN, "clean or not": (*RUN, "--ignore-unclean-git")}.items():
            yield Attack(group="plan", name=f"{what} is in progress, {how}", arrange=arrange, options=options)
    yield Attack(
        group="plan", name="HEAD is detached", options=RUN, arrange=lambda s: s.git("checkout", "--quiet", "--detach"),
        names=("detached", "branch"),
    )  # fmt: skip
    yield Attack(
        group="plan", name="the platform runs a commit that this branch does not have", deployed=True, options=RUN,
        arrange=_went_back, platforms=("heroku", "upsun", "platform_sh"),
    )  # fmt: skip


def _went_back(scene: Scene) -> None:
    scene.git("reset", "--quiet", "--hard", "HEAD~1")
    scene.write_and_commit("README.md", "Another line of work\n")


def _settings_flag(scene: Scene, flag: str) -> None:
    path = scene.settings.relative_to(scene.folder).as_posix()
    scene.git("update-index", flag, path)


def _hidden() -> Iterator[Attack]:
    """Git is told to ignore changes to a file that the plan modifies."""
    for flag in ("--skip-worktree", "--assume-unchanged"):
        yield Attack(
            group="plan", name=f"{flag} on the settings", arrange=partial(_settings_flag, flag=flag), options=RUN,
            names=("settings.py",),
        )  # fmt: skip
        yield Attack(
            group="plan", name=f"{flag} on requirements.txt", options=RUN, names=("requirements.txt",),
            arrange=partial(lambda scene, flag: scene.git("update-index", flag, "requirements.txt"), flag=flag),
        )  # fmt: skip
        yield Attack(
            group="plan", name=f"{flag} on settings whose block was taken out of the commit", deployed=True,
            arrange=partial(_block_not_committed, flag=flag), options=RUN, names=("settings.py",),
        )  # fmt: skip
    for title, words in {
        "cone": ("--cone", "blog", "posts", "accounts"),
        "patterns": ("--no-cone", "/*", "!/requirements.txt"),
    }.items():
        yield Attack(
            group="plan", name=f"a sparse checkout ({title}) that leaves out what is needed", statuses=ALWAYS,
            arrange=partial(_sparse, words=words), options=DRY, verify=_all_there,
        )  # fmt: skip
    yield Attack(
        group="plan", name="the settings are staged in another form", statuses=ALWAYS, arrange=_staged_otherwise,
        options=DRY,
    )  # fmt: skip
    yield Attack(
        group="plan", name="the settings are marked with intent to add", statuses=ALWAYS, arrange=_intent_to_add,
        options=DRY,
    )  # fmt: skip


def _block_not_committed(scene: Scene, flag: str) -> None:
    """The block is in the folder but not in the commit, and Git is told not to notice."""
    text = scene.settings.read_text(encoding="utf-8")
    scene.settings.write_text(text.partition("# >>> simple_deploy")[0], encoding="utf-8")
    scene.commit("Take the block out")
    scene.settings.write_text(text, encoding="utf-8")
    _settings_flag(scene, flag)


def _sparse(scene: Scene, words: tuple[str, ...]) -> None:
    scene.write_and_commit("docs/index.md", "Text\n")
    scene.git("sparse-checkout", "set", *words, check=False)


def _all_there(scene: Scene, ended: Ran) -> Iterator[str]:
    if ended.returncode == 0 and not (scene.folder / "requirements.txt").exists():
        yield "it would go on without requirements.txt"


def _staged_otherwise(scene: Scene) -> None:
    text = scene.settings.read_bytes()
    scene.append(scene.settings, "STAGED = 1\n")
    scene.git("add", "--all")
    scene.settings.write_bytes(text)


def _intent_to_add(scene: Scene) -> None:
    scene.git("rm", "--quiet", "--cached", scene.settings.relative_to(scene.folder).as_posix())
    scene.commit("Forget the settings")
    scene.git("rm", "--quiet", "--cached", scene.settings.relative_to(scene.folder).as_posix())
    scene.git("commit", "--quiet", "--message", "Forget the settings")
    scene.git("add", "--intent-to-add", ".")


def _attribute(scene: Scene, attributes: str, **configuration: str) -> None:
    for key, value in configuration.items():
        scene.git("config", key.replace("__", "."), value)
    scene.write_and_commit(".gitattributes", attributes)


def _filters() -> Iterator[Attack]:
    """What Git stores differs from the file in the folder."""
    drop = "sed '/>>> simple_deploy/,/<<< simple_deploy/d'"
    yield Attack(
        group="plan", name="a clean filter drops the block from the settings", options=RUN, names=("settings.py",),
        arrange=partial(_attribute, attributes="settings.py filter=drop\n", filter__drop__clean=drop),
    )  # fmt: skip
    yield Attack(
        group="plan", name="a clean filter changes every file", options=RUN,
        arrange=partial(_attribute, attributes="*.txt filter=upper\n", filter__upper__clean="tr a-z A-Z"),
    )  # fmt: skip
    yield Attack(
        group="plan", name="a required clean filter that fails", options=RUN,
        arrange=_failing_filter, statuses=REFUSED,
    )  # fmt: skip
    for title, attributes in {
        "eol=crlf": "* text eol=crlf\n",
        "text=auto": "* text=auto\n",
        "ident": "*.py ident\n",
        "-text": "* -text\n",
        "export-ignore": "requirements.txt export-ignore\n",
    }.items():
        yield Attack(
            group="plan", name=f"the attribute {title}", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_attribute, attributes=attributes), verify=configured,
        )  # fmt: skip
    for value in ("true", "input", "false"):
        yield Attack(
            group="plan", name=f"core.autocrlf={value}", statuses=ALWAYS, options=CONFIGURE, verify=configured,
            arrange=partial(lambda scene, value: scene.git("config", "core.autocrlf", value), value=value),
        )  # fmt: skip


def _failing_filter(scene: Scene) -> None:
    scene.write_and_commit(".gitattributes", "settings.py filter=broken\n")
    scene.git("config", "filter.broken.clean", "false")
    scene.git("config", "filter.broken.required", "true")


def _ignore(scene: Scene, pattern: str) -> None:
    scene.write_and_commit(".gitignore", f"__pycache__/\n*.sqlite3\n{pattern}\n")


def _ignore_and_forget(scene: Scene, path: str) -> None:
    _ignore(scene, path)
    scene.git("rm", "--quiet", "--cached", path)
    scene.git("commit", "--quiet", "--message", "Forget a file")


def _ignored() -> Iterator[Attack]:
    for pattern in (*WRITTEN, "*.toml"):
        yield Attack(
            group="plan", name=f"Git ignores {pattern}", arrange=partial(_ignore, pattern=pattern), statuses=ALWAYS,
            options=CONFIGURE, verify=configured,
        )  # fmt: skip
    yield Attack(
        group="plan", name="Git ignores requirements.txt", names=("requirements.txt",), options=RUN,
        arrange=partial(_ignore_and_forget, path="requirements.txt"),
    )  # fmt: skip
    yield Attack(
        group="plan", name="Git ignores the settings", names=("settings.py",), options=RUN,
        arrange=lambda s: _ignore_and_forget(s, s.settings.relative_to(s.folder).as_posix()),
    )  # fmt: skip
    yield Attack(
        group="plan", name="Git ignores an included requirements file", names=("more.txt",), options=RUN,
        arrange=_ignored_include,
    )  # fmt: skip
    yield Attack(
        group="plan", name="Git ignores every new file", options=DRY, arrange=partial(_ignore, pattern="*"),
        statuses=ALWAYS,
    )  # fmt: skip
    yield Attack(
        group="plan", name="the user's own list of ignored files names Procfile and Dockerfile", statuses=ALWAYS,
        options=CONFIGURE, arrange=_global_ignore, verify=configured,
    )  # fmt: skip


def _ignored_include(scene: Scene) -> None:
    text = (scene.folder / "requirements.txt").read_text(encoding="utf-8")
    scene.write("requirements.txt", f"-r more.txt\n{text}")
    _ignore(scene, "more.txt")
    scene.write("more.txt", "sqlparse\n")


def _global_ignore(scene: Scene) -> None:
    ignore = scene.outside / "ignore"
    ignore.write_text("Procfile\nDockerfile\nfly.toml\n.python-version\n.environment\n", encoding="utf-8")
    scene.git("config", "core.excludesFile", str(ignore))


def _link(scene: Scene, path: str, target: str) -> None:
    place = scene.folder / path
    place.unlink(missing_ok=True)
    place.symlink_to(target)
    scene.commit("Link a file")


def _link_inside(scene: Scene) -> None:
    scene.write("real/requirements.txt", (scene.folder / "requirements.txt").read_bytes())
    _link(scene, "requirements.txt", "real/requirements.txt")


def _link_outside(scene: Scene, path: str) -> None:
    place = scene.folder / path
    (scene.outside / "target").write_bytes(place.read_bytes() if place.exists() else b"web: true\n")
    _link(scene, path, str(scene.outside / "target"))


def _real_is_edited(scene: Scene, ended: Ran) -> Iterator[str]:
    if ended.returncode == 0:
        if not (scene.folder / "requirements.txt").is_symlink():
            yield "the link has become a file"
        if b"gunicorn" not in (scene.folder / "real" / "requirements.txt").read_bytes():
            yield "the file that the link leads to was not edited"


def _links() -> Iterator[Attack]:
    yield Attack(
        group="plan", name="requirements.txt is a link within the project", arrange=_link_inside, statuses=ALWAYS,
        options=CONFIGURE, verify=_real_is_edited,
    )  # fmt: skip
    for path in (
        "requirements.txt",
        "Procfile",
        "Dockerfile",
        "fly.toml",
        ".dockerignore",
        ".python-version",
        ".environment",
    ):
        yield Attack(
            group="plan", name=f"{path} is a link to a file outside of the project", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_link_outside, path=path),
        )  # fmt: skip
    yield Attack(
        group="plan", name="the settings are a link to a file outside of the project", options=CONFIGURE,
        arrange=lambda s: _link_outside(s, s.settings.relative_to(s.folder).as_posix()), statuses=REFUSED,
    )  # fmt: skip
    for path in ("requirements.txt", "Procfile", "Dockerfile", "fly.toml"):
        yield Attack(
            group="plan", name=f"{path} is a link that leads to itself", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_link, path=path, target=path),
        )  # fmt: skip
        yield Attack(
            group="plan", name=f"{path} is a link that leads nowhere", statuses=ALWAYS, options=CONFIGURE,
            arrange=partial(_link, path=path, target="nowhere"),
        )  # fmt: skip
    yield Attack(
        group="plan", name="a new file's folder is a link to a folder outside", statuses=ALWAYS, options=CONFIGURE,
        arrange=_folder_link, platforms=("upsun", "platform_sh"),
    )  # fmt: skip


def _folder_link(scene: Scene) -> None:
    for name in (".upsun", ".platform"):
        (scene.folder / name).symlink_to("../outside")
    scene.commit("Link folders")


def _hook(scene: Scene, name: str, text: str) -> None:
    path = scene.folder / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def _hooks() -> Iterator[Attack]:
    """Whatever a hook does, nothing is pushed that is not in the plan."""
    for name, text in {
        "pre-commit": "exit 1",
        "commit-msg": "exit 1",
        "pre-push": "exit 1",
    }.items():
        yield Attack(
            group="plan", name=f"a hook {name} that refuses", options=RUN, writes=True, statuses=ALWAYS,
            arrange=partial(_hook, name=name, text=text), verify=not_online_without_block,
        )  # fmt: skip
    drop = "sed -i '/>>> simple_deploy/,/<<< simple_deploy/d' */settings.py && git add -u"
    yield Attack(
        group="plan", name="a hook pre-commit that takes the block out again", options=RUN, writes=True,
        arrange=partial(_hook, name="pre-commit", text=drop), names=("settings.py",),
    )  # fmt: skip
    yield Attack(
        group="plan", name="a hook post-commit that goes back one commit", options=RUN, writes=True,
        arrange=partial(_hook, name="post-commit", text="git reset --quiet --hard HEAD~1"),
    )  # fmt: skip


def not_online_without_block(scene: Scene, ended: Ran) -> Iterator[str]:
    """A successful run has committed the block."""
    if ended.returncode == 0 and ">>> simple_deploy" not in scene.git(
        "show", f"HEAD:{scene.settings.relative_to(scene.folder).as_posix()}"
    ):
        yield "the commit has no block"


def _settings() -> Iterator[Attack]:
    """Names that exist only on this machine: the block is executed in production's environment."""
    for title, text in {
        "ALLOWED_HOSTS only if DEBUG": "del ALLOWED_HOSTS\nif DEBUG:\n    ALLOWED_HOSTS = ['localhost']\n",
        "MIDDLEWARE is a tuple": "MIDDLEWARE = tuple(MIDDLEWARE)\n",
        "INSTALLED_APPS is a tuple": "INSTALLED_APPS = tuple(INSTALLED_APPS)\n",
        "ALLOWED_HOSTS is a tuple": "ALLOWED_HOSTS = ('example.com',)\n",
        "CSRF_TRUSTED_ORIGINS is a tuple": "CSRF_TRUSTED_ORIGINS = ('https://example.com',)\n",
        "CSRF_TRUSTED_ORIGINS only if DEBUG": "if DEBUG:\n    CSRF_TRUSTED_ORIGINS = ['http://localhost']\n",
        "DATABASES only if a variable is missing": (
            "import os\n_saved = DATABASES\ndel DATABASES\n"
            "if not {'DYNO', 'FLY_APP_NAME', 'PLATFORM_ENVIRONMENT'} & set(os.environ):\n    DATABASES = _saved\n"
        ),
        "STORAGES only if DEBUG": (
            "if DEBUG:\n    STORAGES = {'staticfiles': "
            "{'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}, 'default': "
            "{'BACKEND': 'django.core.files.storage.FileSystemStorage'}}\n"
        ),
        "MIDDLEWARE grows only if DEBUG": (
            "if DEBUG:\n    MIDDLEWARE = [*MIDDLEWARE, 'django.middleware.gzip.GZipMiddleware']\n"
        ),
        "LOGGING only if DEBUG": "if DEBUG:\n    LOGGING = {'version': 1}\n",
        "a name of the block is a setting": "_hosts = None\n_place = None\nos = None\n",
    }.items():
        yield Attack(
            group="plan", name=f"settings: {title}", statuses=frozenset({0}), options=CONFIGURE,
            arrange=partial(_appended, text=text), verify=loads_in_production,
        )  # fmt: skip


def _appended(scene: Scene, text: str) -> None:
    scene.append(scene.settings, f"\n{text}")
    scene.commit("Change the settings")


def loads_in_production(scene: Scene, ended: Ran) -> Iterator[str]:
    """`check` passes on the configured project in the platform's environment, with DEBUG off."""
    if ended.returncode:
        return
    script = (
        "import django, sys; django.setup()\n"
        "from django.conf import settings\n"
        "from django.core.management import call_command\n"
        "call_command('check')\n"
        "sys.exit('DEBUG is on' if settings.DEBUG else 0)\n"
    )
    env = {**_production(scene), "DJANGO_SETTINGS_MODULE": f"{scene.settings.parent.name}.settings"}
    python = projects.production_environment(scene.run, scene.run.interpreter, scene.folder)
    ran = scene.run.box.run([python, "-c", script], cwd=scene.folder, env=env, check=False)
    if ran.returncode:
        yield f"production cannot load the settings: {ran.stderr.strip().splitlines()[-1]}"


def _production(scene: Scene) -> dict[str, str]:
    return dict(scene.run.emulator.ENVIRONMENT)


OPEN, CLOSE = "# >>> simple_deploy: {} >>>", "# <<< simple_deploy: {} <<<"


def _marked(scene: Scene, text: str) -> None:
    for name in (scene.described.name, scene.platform):
        scene.append(
            scene.settings, "\n" + text.replace("OPEN", OPEN.format(name)).replace("CLOSE", CLOSE.format(name))
        )
    scene.commit("Write about markers")


def _markers() -> Iterator[Attack]:
    for title, text, statuses in (
        ("stand in a string", 'TEXT = """\nOPEN\nKEEP = 1\nCLOSE\n"""\n', frozenset({0})),
        ("stand in a string, the other way round", 'TEXT = """\nCLOSE\nOPEN\n"""\n', frozenset({0})),
        ("stand in one line each of a string", 'A = """\nOPEN\n"""\nB = """\nCLOSE\n"""\n', frozenset({0})),
        ("begin and do not end", "OPEN\nKEEP = 1\n", ALWAYS),
        ("end and do not begin", "KEEP = 1\nCLOSE\n", ALWAYS),
        ("stand there twice", "OPEN\nCLOSE\nOPEN\nCLOSE\n", ALWAYS),
        ("are indented", "if DEBUG:\n    OPEN\n    KEEP = 1\n    CLOSE\n", ALWAYS),
        ("follow code", "KEEP = 1  OPEN\nX = 1  CLOSE\n", ALWAYS),
    ):
        yield Attack(
            group="plan", name=f"the markers of the block {title}", statuses=statuses, options=CONFIGURE,
            arrange=partial(_marked, text=text), verify=partial(_kept, lines=text),
        )  # fmt: skip


def _kept(scene: Scene, ended: Ran, lines: str) -> Iterator[str]:
    text = scene.settings.read_text(encoding="utf-8")
    if "KEEP = 1" in lines and "TEXT" in lines and "KEEP = 1" not in text:
        yield "a line of the user's is gone"
    yield from loads_in_production(scene, ended)


def _places() -> Iterator[Attack]:
    """Repositories in unusual places."""
    for title, arrange in {
        "a worktree": _worktree,
        "a repository whose folder is elsewhere": _separate,
        "a submodule": _submodule,
        "a project within another repository": _inner,
        "a shallow clone": _shallow,
    }.items():
        yield Attack(
            group="plan", name=f"the project is {title}", statuses=ALWAYS, options=CONFIGURE, arrange=arrange,
            verify=configured,
        )  # fmt: skip
    yield Attack(group="plan", name="the repository has no commit", options=RUN, arrange=_no_commit)
    yield Attack(group="plan", name="the index is locked", options=RUN, writes=True, statuses=ALWAYS,
                 arrange=lambda s: s.write(".git/index.lock", ""))  # fmt: skip
    yield Attack(
        group="plan", name="the repository is damaged", options=RUN, arrange=lambda s: s.write(".git/HEAD", "?")
    )
    yield Attack(group="plan", name="the index is damaged", options=RUN, arrange=lambda s: s.write(".git/index", "?"))
    yield Attack(group="plan", name="there is no repository", options=RUN, arrange=_no_repository)


def _worktree(scene: Scene) -> None:
    target = scene.folder.with_name("tree")
    scene.git("worktree", "add", "--quiet", "-b", "tree", str(target))
    scene.folder = target


def _separate(scene: Scene) -> None:
    scene.git("init", "--quiet", "--separate-git-dir", str(scene.folder.with_name("elsewhere.git")))


def _submodule(scene: Scene) -> None:
    outer = scene.folder.with_name("outer")
    box = scene.run.box
    box.run(["git", "init", "--quiet", outer], cwd=scene.folder.parent)
    words = ["git", "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", scene.folder.as_uri(), "site"]
    box.run(words, cwd=outer)
    scene.folder = outer / "site"


def _inner(scene: Scene) -> None:
    outer = scene.folder.parent / "outer"
    scene.run.box.run(["git", "init", "--quiet", outer], cwd=scene.folder.parent)
    target = outer / scene.folder.name
    scene.folder.rename(target)
    scene.folder = target


def _shallow(scene: Scene) -> None:
    target = scene.folder.with_name("shallow")
    words = ["git", "clone", "--quiet", "--depth", "1", scene.folder.as_uri(), str(target)]
    scene.run.box.run(words, cwd=scene.folder.parent)
    scene.folder = target


def _no_commit(scene: Scene) -> None:
    scene.git("checkout", "--quiet", "--orphan", "fresh")


def _no_repository(scene: Scene) -> None:
    (scene.folder / ".git").rename(scene.folder.parent / "was.git")
