"""`python whole_texts.py`: write the complete texts for users again: the settings block, and each platform's steps.

Its output is compared in test_whole_texts.py; look at the difference before you commit it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from test_claims import FLY, HEAD, HEROKU, UPSUN, make, wanted
from test_settings_block import SECURITY, a_project
from test_steps import NEW, ON_FLY, ON_HEROKU, REMOTE, nobody

from simple_deploy.contract import Platform, Remote, Site
from simple_deploy.model import GitEntry, Options, Secret, Step
from simple_deploy.platforms._upsun.variables import Found as UpsunFound
from simple_deploy.platforms.fly_io.databases import Found as FlyFound
from simple_deploy.production.database import engine
from simple_deploy.production.settings_block import render
from simple_deploy.text.shell import shown

FOLDER = Path(__file__).with_name("whole_texts")
ON_UPSUN = replace(NEW, exists=True, facts=UpsunFound(id="abcdefghijkl2", region="eu-5"), deployed=HEAD)
STATES = {
    HEROKU: (NEW, ON_HEROKU, replace(ON_HEROKU, unsafe={"DEBUG": "it is on", "SECRET_KEY": "it is short"})),
    FLY: (NEW, ON_FLY, replace(NEW, facts=FlyFound(organization="personal", kind="managed"))),
    UPSUN: (NEW, ON_UPSUN, replace(ON_UPSUN, unsafe={"DEBUG": "it is on"})),
}
SHAPES = {
    "new": a_project(installed_apps=("simple_deploy", "django.contrib.staticfiles"), prints_mail=True),
    "old": a_project(django_version=(3, 2), static_root="public/static", path="code/blog/settings.py", depth=2),
    "between": a_project(django_version=(4, 2), staticfiles_dirs=("/srv/blog/staticfiles/",), middleware=(SECURITY,)),
    "plain": a_project(installed_apps=("rest_framework",), database_engine="django.contrib.gis.db.backends.postgis"),
}


def texts() -> Iterator[tuple[str, str]]:
    """Each file's name, and its expected content."""
    for platform, remotes in STATES.items():
        yield f"{platform.id}_steps.txt", "\n".join(_states(platform, remotes))
        yield f"{platform.id}_block.txt", render(SHAPES["new"], platform.production, platform=platform.name)
    for shape in ("old", "between", "plain"):
        told = engine(SHAPES[shape], named=False)
        yield f"{shape}_block.txt", render(SHAPES[shape], HEROKU.production, platform="Heroku", engine=told)


def _states(platform: Platform, remotes: tuple[Remote, ...]) -> Iterator[str]:
    project = make(Path("/srv/blog"), remotes=REMOTE if platform is HEROKU else {})
    given = {"region": "eu"} if platform is HEROKU else {"region": "ams", "organization": "acme"}
    for number, remote in enumerate(remotes):
        yield f"== state {number}\n"
        for commits in (True, False)[: 2 if number else 1]:
            yield from map(
                _told, platform.steps(Site(project=project, options=_options(given), remote=remote, commits=commits))
            )
    yield "== with variables, uncommitted changes, and DEBUG in the platform's own file\n"
    entries = (GitEntry(path="notes.txt", state="modified"),)
    own = {"fly.toml": b"app = 'blog'\n\n[env]\n  DEBUG = 'true'\n"}
    soiled = make(Path("/srv/blog"), entries=entries, files={**project.files, **own})
    more = {**given, "ignore_unclean_git": True, "variables": {"GREETING": "hello you", "TOKEN": Secret("a\nb")}}
    yield from map(_told, platform.steps(Site(project=soiled, options=_options(more), remote=remotes[1])))
    watched = platform.watch("blog")
    yield f"watch: {shown(watched.log)}; {shown(watched.crashed.argv) if watched.crashed else 'nothing'}\n"
    yield from (
        f"{name}: {value}\n"
        for name, value in platform.placeholders(Site(project=project, options=_options(given), remote=NEW)).items()
    )
    created = [
        made
        for step in platform.steps(Site(project=project, options=_options(given), remote=NEW, commits=True))
        for made in step.makes
    ]
    yield "== destroy\n"
    yield from map(
        _told, platform.destroy(nobody, Site(project=project, options=_options(given), remote=remotes[1]), created)
    )
    yield from (f"remove {made.kind}: {shown(platform.removal('blog', made))}\n" for made in created)


def _options(given: Mapping[str, Any]) -> Options:
    return replace(wanted(**given), secret_key=Secret("s3cret", prefix="SECRET_KEY=", recipe="secrets.token_hex()"))


def _told(step: Step) -> str:
    """Every non-empty field of the step, one per line."""
    fields = {name: value for name, value in vars(step).items() if value not in ("", (), {}, None, False)}
    fields["argv"] = shown(step.argv)
    fields |= {"makes": ", ".join(f"{made.kind} {made.name}" for made in step.makes)} if step.makes else {}
    fields |= {"stdin": ", ".join(map(str, step.stdin))} if step.stdin else {}
    fields |= {"explain": shown(step.explain)} if step.explain else {}
    fields |= {"cost": f"{step.cost.cents}: {step.cost.text}"} if step.cost else {}
    fields |= {"identity": shown(step.identity.argv)} if step.identity else {}
    fields |= {"poll": f"{step.poll.timeout} s, every {step.poll.interval} s"} if step.poll else {}
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
