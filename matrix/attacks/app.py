"""Whose app is it: apps with the same name, links, clones, and receipts of something else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ..sandbox.processes import Ran
from .attack import DRY, Attack
from .scene import APP, LOGS, Scene

STRANGER = "stranger@example.com"
RUN = ("--automate-all",)
ALWAYS = frozenset({0, 1})
UPSUN = ("platform_sh", "upsun")
# Platforms whose CLI shows the ID of an app: elsewhere, two apps with one name cannot be distinguished.
WITH_IDS = ("heroku", "fly_io", *UPSUN)
# Names of apps that attacks create next to the project.
UNRELATED = ("same-name", "unrelated-app")


def attacks() -> Iterator[Attack]:
    """Every attack of this group."""
    yield from _equal_names()
    yield from _copies()
    yield from _links()
    yield from _destroys()
    yield from _names()
    yield from _values()


def create_unrelated(scene: Scene, name: str | None = None) -> str:
    """An app on the account that shares only its name with this project."""
    name = name or scene.app_name()
    before = set(scene.inventory())
    scene.cli(*(name if word == APP else word for word in scene.creation[1:]))
    scene.others |= set(scene.inventory()) - before
    return name


def _named(scene: Scene) -> str:
    return create_unrelated(scene, UNRELATED[0])


def creates_or_refuses(scene: Scene, ended: Ran) -> Iterator[str]:
    """A plan creates its own app: nothing counts as existing, and no command names someone else's app."""
    steps = _steps(ended)
    if ended.returncode == 0 and not any(step["creates"] for step in steps):
        yield "the plan creates nothing"
    for step in steps:
        if step["state"] != "planned":
            yield f"the step {step['id']} counts as {step['state']}"
        named = [key for key in (*scene.others, *UNRELATED) if any(key in word for word in step["argv"])]
        if named:
            yield f"the step {step['id']} names {', '.join(named)}"


def uses_its_app(scene: Scene, ended: Ran) -> Iterator[str]:
    """The plan creates nothing: it finds the deployed app."""
    for step in _steps(ended):
        if step["creates"] and step["state"] not in ("already done", "done"):
            yield f"it would create {step['creates']}"


def _steps(ended: Ran) -> list[dict[str, Any]]:
    try:
        outcome = json.loads(ended.stdout)
    except ValueError:
        return []
    return [{"creates": "", **step} for step in outcome.get("steps", ())]


def _equal_names() -> Iterator[Attack]:
    same = partial(Attack, group="app", arrange=create_unrelated, names=("--adopt",))
    yield same(name="an app of the derived name exists already, dry run")
    yield same(name="an app of the derived name exists already", options=RUN)
    named = partial(Attack, group="app", arrange=_named, names=("--adopt",))
    for title, options in {
        "named once": ("--deployed-project-name", "same-name"),
        "named once, with files to be replaced": ("--deployed-project-name", "same-name", "--replace-files"),
        "named once, without a look at Git": ("--deployed-project-name", "same-name", "--ignore-unclean-git"),
    }.items():
        yield named(name=f"an unrelated app is {title}, dry run", options=(*DRY, *options))
        yield named(name=f"an unrelated app is {title}", options=(*RUN, *options))
    yield named(
        name="an unrelated app is named, and adopted",
        options=(*DRY, "--deployed-project-name", "same-name", "--adopt"),
        statuses=frozenset({0}),
    )
    yield Attack(
        group="app",
        name="--adopt without a name",
        options=(*DRY, "--adopt"),
        names=("--deployed-project-name",),
        statuses=frozenset({1, 2}),
    )
    yield Attack(
        group="app", name="--adopt with a name that no app has",
        options=(*DRY, "--adopt", "--deployed-project-name", "no-such-app-here"), statuses=ALWAYS,
    )  # fmt: skip
    yield Attack(
        group="app", name="the name belongs to someone else on the platform", arrange=_strangers,
        options=(*RUN, "--deployed-project-name", "same-name"), platforms=("heroku",), names=("taken", "stranger"),
    )  # fmt: skip
    yield Attack(
        group="app", name="the name belongs to someone else, and --adopt is given", arrange=_strangers,
        options=(*RUN, "--deployed-project-name", "same-name", "--adopt"), platforms=("heroku",),
    )  # fmt: skip
    yield Attack(
        group="app", name="two projects have the same title", arrange=_two_titles,
        options=(*RUN, "--deployed-project-name", "same-name", "--adopt"), platforms=UPSUN,
    )  # fmt: skip


def _strangers(scene: Scene) -> None:
    _named(scene)
    with scene.run.emulator.store(scene.run.box.root).change() as platform:
        platform["apps"]["same-name"]["owner"] = STRANGER


def _two_titles(scene: Scene) -> None:
    _named(scene)
    _named(scene)


def _replace_folder(scene: Scene, *words: str) -> None:
    """Replace the project's folder with a clone of itself."""
    original = scene.folder.with_name("original")
    scene.folder.rename(original)
    scene.run.box.run(["git", "clone", "--quiet", *words, original.as_uri(), scene.folder], cwd=original.parent)


def _renamed(scene: Scene) -> None:
    target = scene.folder.with_name("another-folder")
    scene.folder.rename(target)
    scene.folder = target


def _without_remotes(scene: Scene) -> None:
    for name in scene.git("remote").split():
        scene.git("remote", "remove", name)


def _without_receipt(scene: Scene) -> None:
    (scene.folder / LOGS / "receipt.json").unlink()


def _both(*arrangements: Callable[[Scene], object]) -> Callable[[Scene], None]:
    def arrange(scene: Scene) -> None:
        for one in arrangements:
            one(scene)

    return arrange


def _new_history(scene: Scene) -> None:
    scene.git("checkout", "--quiet", "--orphan", "fresh")
    scene.commit("Start again")
    scene.git("branch", "--quiet", "--delete", "--force", "main")
    scene.git("branch", "--quiet", "--move", "main")


def _merged_history(scene: Scene) -> None:
    scene.git("checkout", "--quiet", "--orphan", "other")
    scene.git("rm", "--quiet", "-r", "--cached", ".")
    scene.git("commit", "--quiet", "--allow-empty", "--message", "Another beginning", "--date", "2001-01-01T00:00:00Z")
    scene.git("checkout", "--quiet", "--force", "main")
    scene.git("merge", "--quiet", "--allow-unrelated-histories", "--message", "Merge", "other")


def _copies() -> Iterator[Attack]:
    copy = partial(Attack, group="app", deployed=True, statuses=ALWAYS, verify=uses_its_app)
    arrangements: dict[str, Callable[[Scene], object]] = {
        "as it is": lambda scene: None,
        "in another folder": _renamed,
        "without its Git remotes": _without_remotes,
        "without its receipt": _without_receipt,
        "without remotes and receipt": _both(_without_remotes, _without_receipt),
        "in another folder, without remotes and receipt": _both(_renamed, _without_remotes, _without_receipt),
        "as a clone": _replace_folder,
        "as a shallow clone": lambda scene: _replace_folder(scene, "--depth", "1"),
        "as a clone of one branch": lambda scene: _replace_folder(scene, "--single-branch"),
        "as a clone in another folder": _both(_replace_folder, _renamed),
        "as a shallow clone in another folder": _both(lambda s: _replace_folder(s, "--depth", "1"), _renamed),
        "with an unrelated history merged": _merged_history,
        "with an unrelated history merged, without remotes": _both(_merged_history, _without_remotes),
        "with a new first commit": _new_history,
        "with a new first commit, without remotes and receipt": _both(_new_history, _without_remotes, _without_receipt),
        "with its commit amended": lambda scene: scene.git("commit", "--quiet", "--amend", "--message", "Changed"),
        "on another branch": lambda scene: scene.git("checkout", "--quiet", "-b", "feature"),
        "with a renamed branch": lambda scene: scene.git("branch", "--move", "trunk"),
    }
    for how, arrange in arrangements.items():
        yield copy(name=f"a deployed project {how}", arrange=arrange)
    yield copy(
        name="a deployed project as a clone, beside an unrelated app",
        arrange=_both(_replace_folder, lambda scene: create_unrelated(scene, UNRELATED[1])),
    )


def _remote_url(scene: Scene, form: str) -> None:
    url = scene.git("remote", "get-url", "heroku").strip()
    app = url.removesuffix(".git").rpartition("/")[2]
    scene.git("remote", "set-url", "heroku", form.format(app=app))


def _links() -> Iterator[Attack]:
    link = partial(Attack, group="app", deployed=True, statuses=ALWAYS, verify=uses_its_app)
    for title, form in {
        "with a key in its address": "https://heroku:0123456789abcdef-key@git.heroku.com/{app}.git",
        "with a user in its address": "https://heroku@git.heroku.com/{app}.git",
        "in the form of ssh": "git@heroku.com:{app}.git",
        "in the long form of ssh": "ssh://git@heroku.com/{app}.git",
        "with capital letters": "https://git.heroku.com/{app}.GIT",
        "without .git": "https://git.heroku.com/{app}",
        "with a slash at its end": "https://git.heroku.com/{app}.git/",
        "with a port": "https://git.heroku.com:443/{app}.git",
    }.items():
        yield link(
            name=f"a Git remote {title}", platforms=("heroku",), arrange=partial(_remote_url, form=form),
        )  # fmt: skip
    yield link(
        name="a Git remote under another name", platforms=("heroku",),
        arrange=lambda scene: scene.git("remote", "rename", "heroku", "production"),
    )  # fmt: skip
    yield Attack(
        group="app", name="a Git remote that points to an app that is gone", platforms=("heroku",),
        arrange=lambda s: s.git("remote", "add", "heroku", "https://git.heroku.com/gone-long-ago.git"),
    )  # fmt: skip
    yield Attack(
        group="app", name="Git remotes of two apps", platforms=("heroku",), deployed=True, statuses=ALWAYS,
        arrange=lambda s: s.git("remote", "add", "second", "https://git.heroku.com/second-app.git"),
        verify=uses_its_app,
    )  # fmt: skip
    yield from _fly_links()
    for title, text in {
        "a project that does not exist": "id: abcdefghijklm\n",
        "nothing that can be read": "\0\1\2",
        "a list": "- a\n- b\n",
        "words that look like options": "id: --help\n",
    }.items():
        yield Attack(
            group="app", name=f"the CLI's link file names {title}", platforms=UPSUN, statuses=ALWAYS,
            arrange=partial(_link_file, text=text), verify=creates_or_refuses,
        )  # fmt: skip


def _link_file(scene: Scene, text: str) -> None:
    _named(scene)
    name = ".upsun/local/project.yaml" if scene.platform == "upsun" else ".platform/local/project.yaml"
    scene.write(name, text)
    scene.append(scene.folder / ".git" / "info" / "exclude", f"{name.rpartition('/')[0]}/\n")


def _fly_toml(scene: Scene, text: str) -> None:
    _named(scene)
    scene.write_and_commit("fly.toml", text)


def _fly_links() -> Iterator[Attack]:
    for title, text in {
        "a number": "app = 7\n",
        "a list": "app = ['a']\n",
        "nothing": "app = ''\n",
        "an option": "app = '--help'\n",
        "a command": "app = '$(touch pwned)'\n",
        "a control character": 'app = "a\\u001b[31mb"\n',
        "a path": "app = '../../x'\n",
        "an unknown app": "app = 'no-such-app-of-ours'\n",
    }.items():
        yield Attack(
            group="app", name=f"fly.toml names {title} as the app", platforms=("fly_io",), statuses=ALWAYS,
            arrange=partial(_fly_toml, text=text), verify=creates_or_refuses,
        )  # fmt: skip
    yield Attack(
        group="app", name="an unrelated app stands in an untracked fly.toml", platforms=("fly_io",),
        names=("--adopt", "fly.toml"),
        arrange=_untracked_fly_toml,
    )  # fmt: skip


def _untracked_fly_toml(scene: Scene) -> None:
    _named(scene)
    scene.write("fly.toml", "app = 'same-name'\n")
    scene.append(scene.folder / ".git" / "info" / "exclude", "fly.toml\n")


def _destroys() -> Iterator[Attack]:
    destroy = partial(Attack, group="app", options=("--destroy",))
    yield destroy(name="--destroy, and nothing was ever created")
    yield destroy(
        name="--destroy of an unrelated app by its name", arrange=_named,
        options=("--destroy", "--deployed-project-name", "same-name"),
    )  # fmt: skip
    yield destroy(
        name="--destroy --adopt of an unrelated app by its name", arrange=_named,
        options=("--destroy", "--adopt", "--deployed-project-name", "same-name"), statuses=frozenset({1, 2}),
    )  # fmt: skip
    yield destroy(name="--destroy without the name, with --yes", deployed=True)
    arrangements: dict[str, Callable[[Scene], object]] = {
        "says another app was created": _receipt_of_another,
        "was copied from another project": _copied_receipt,
        "says it was another account": partial(_receipt_says, account="stranger@example.com"),
        "says another platform": partial(_receipt_says, platform="nowhere"),
    }
    for title, arrange in arrangements.items():
        yield destroy(
            name=f"--destroy, and the receipt {title}", arrange=arrange, deployed=True,
            options=("--destroy", "--deployed-project-name", "same-name"),
        )  # fmt: skip
    yield destroy(
        name="--destroy after the app was replaced by another of its name", arrange=_recreated, deployed=True,
        statuses=ALWAYS, platforms=WITH_IDS,
    )  # fmt: skip


def _receipt_says(scene: Scene, **changed: str) -> None:
    _named(scene)
    scene.receipt(**changed)


def _receipt_of_another(scene: Scene) -> None:
    _named(scene)
    path = scene.folder / LOGS / "receipt.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    app = stored["runs"][-1]["app"]
    path.write_text(path.read_text(encoding="utf-8").replace(app, "same-name"), encoding="utf-8")


def _copied_receipt(scene: Scene) -> None:
    _receipt_of_another(scene)
    _without_remotes(scene)


def _recreated(scene: Scene) -> None:
    """Delete the app and create an unrelated one with its name."""
    app = json.loads((scene.folder / LOGS / "receipt.json").read_text(encoding="utf-8"))["runs"][-1]["app"]
    kept = Path(shutil.copytree(scene.folder, scene.folder.parent / "kept", symlinks=True))
    scene.destroyed = True
    scene.deploy("--destroy", "--deployed-project-name", app)
    scene.folder.rename(scene.folder.parent / "destroyed")
    kept.rename(scene.folder)
    create_unrelated(scene, app)
    scene.options = ("--destroy", "--deployed-project-name", app)


def _names() -> Iterator[Attack]:
    for title, name in {
        "is empty": "",
        "begins with a dash": "-x",
        "is an option": "--help",
        "has a blank": "my blog",
        "has a semicolon": "blog;touch pwned",
        "has a dollar sign": "blog$(touch pwned)",
        "has backticks": "blog`touch pwned`",
        "has a newline": "blog\nother",
        "has an escape character": "blog\x1b[31m",
        "has a slash": "../blog",
        "has a quote": "blog'",
        "is too long": "b" * 300,
        "has other letters": "блог",
        "turns its text around": "blog\u202egolb",
        "has braces": "{app}",
    }.items():
        yield Attack(
            group="app", name=f"a name for the app that {title}",
            options=(*DRY, f"--deployed-project-name={name}"), statuses=frozenset({0, 1, 2}),
            verify=nothing_ran,
        )  # fmt: skip


def nothing_ran(scene: Scene, ended: Ran) -> Iterator[str]:
    """A name that contains a command has run nothing."""
    if list(scene.folder.parent.rglob("pwned")):
        yield "a command in a name was run"


def _values() -> Iterator[Attack]:
    for name, value in {
        "DEBUG": "True",
        "SECRET_KEY": "django-insecure-0123456789",
        "SECRET_KEY ": "secret",
        "SECRET_KEY  ": "changeme",
    }.items():
        yield Attack(
            group="app", name=f"the app has {name.strip()}={value} set", platforms=("heroku",), deployed=True,
            arrange=partial(_set, name=name.strip(), value=value), statuses=frozenset({0}),
            verify=partial(_sets_again, name=name.strip()),
        )  # fmt: skip


def _set(scene: Scene, name: str, value: str) -> None:
    url = scene.git("remote", "get-url", "heroku").strip()
    scene.cli("config:set", f"{name}={value}", "--app", url.removesuffix(".git").rpartition("/")[2])


def _sets_again(scene: Scene, ended: Ran, name: str) -> Iterator[str]:
    planned = [step for step in _steps(ended) if step["state"] == "planned" and name in str(step)]
    if not planned:
        yield f"the plan leaves {name} as it is"
