"""What a project needs for Fly.io: its files, its requirements, and what stands in the way."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from ..contract import BUILD_ONLY_KEY, Claim, FileEdit, Options, Problem, Project, Remote, slug
from . import databases, fly_toml, problems
from .dockerfile import dockerfile
from .dockerignore import Ignore
from .left_out import dockerignore, sent

CONFIGURATION = "fly.toml"
# A host name's label has 63 characters at most, and "-db" is added to it.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_REGION = re.compile(r"[a-z]{3}")


def configuration(project: Project) -> fly_toml.Document:
    """The content of the user's fly.toml; nothing if there is none, or if it cannot be read."""
    try:
        return fly_toml.loads((project.files.get(CONFIGURATION) or b"").decode("utf-8-sig"))
    except ValueError:
        return {}


def claims(project: Project) -> tuple[Claim, ...]:
    """The app that fly.toml names, if the file is committed and no proposal of ours that no deployment has used."""
    added = any(entry.path == CONFIGURATION and entry.state == "added" for entry in project.git.entries)
    if added or CONFIGURATION not in project.ignored.tracked:
        return ()
    app = configuration(project).get("app")
    proposed = fly_toml.PROPOSED.encode() in (project.files.get(CONFIGURATION) or b"").replace(b"\r\n", b"\n")
    return (Claim(app=str(app), said_by=CONFIGURATION, committed=True),) if app and not proposed else ()


def app_name(project: Project, account: str | None) -> str:
    """The name of a new app: the one that fly.toml proposes, else one that is the same in every run."""
    proposed = configuration(project).get("app")
    return str(proposed) if proposed else slug(project.name, project.git.first_commit or "", longest=30)


def environment(project: Project, options: Options, remote: Remote) -> Mapping[str, str]:
    """The variables of a machine (Fly docs: the Machine runtime environment), of fly.toml, and what the steps set."""
    named = {str(name): str(value) for name, value in fly_toml.table(configuration(project), "env").items()}
    url = "postgres://user:password@localhost:5432/site"
    return {
        **({} if databases.kind(options, remote) == databases.NONE else {"DATABASE_URL": url}),
        "FLY_APP_NAME": "site",
        "FLY_MACHINE_ID": "0123456789abcd",
        "FLY_PRIVATE_IP": "fdaa::1",
        "FLY_REGION": "fra",
        "ON_FLY_IO": "1",
        "PORT": str(fly_toml.PORT),
        "PRIMARY_REGION": "fra",
        "SECRET_KEY": BUILD_ONLY_KEY,
        **named,
    }


def file_edits(project: Project, options: Options, remote: Remote) -> tuple[FileEdit, ...]:
    """fly.toml, and the image with what stays out of it, unless fly.toml names another image."""

    def edit(text: str | None) -> str:
        try:
            return _configured(text, project, options, remote)
        except ValueError:
            # `check` says why it cannot be.
            return text or ""

    toml = FileEdit(path=CONFIGURATION, edit=edit, why="how Fly.io builds, migrates and runs the site")
    return (toml, *(() if other_image(project) else _image(project, options)))


def _configured(text: str | None, project: Project, options: Options, remote: Remote) -> str:
    """fly.toml as it shall be. Raises ValueError where that cannot be done safely."""
    region = options.region or remote.facts.get("region") or configuration(project).get("primary_region")
    run = f"python {shlex.quote(project.manage_py)}"
    values = {"shell": f"{run} shell", "migrate": f"{run} migrate --noinput"}
    proposed = remote.version is None
    return fly_toml.edited(text, app=str(remote.app), proposed=proposed, region=region, values=values)


def _image(project: Project, options: Options) -> tuple[FileEdit, ...]:
    return (
        FileEdit(
            path="Dockerfile",
            edit=lambda text: dockerfile(project, options),
            why="the image that Fly.io builds and runs",
            whole=True,
        ),
        FileEdit(
            path=".dockerignore",
            edit=lambda text: dockerignore(text, project),
            why="Fly.io builds the whole folder: this keeps secrets, databases and virtual environments out of the "
            "image",
        ),
    )


def other_image(project: Project) -> str:
    """What fly.toml builds or runs in place of the Dockerfile at the Git root; "" if nothing."""
    build = fly_toml.table(configuration(project), "build")
    others = [f"{key} = {build[key]!r}" for key in ("image", "builder", "buildpacks") if build.get(key)]
    if str(build.get("dockerfile", "Dockerfile")).removeprefix("./") != "Dockerfile":
        others.append(f"dockerfile = {build['dockerfile']!r}")
    return ", ".join(others)


def sent_although_ignored(project: Project) -> list[str]:
    """What Git ignores and Fly.io's builder gets, with the .dockerignore as the plan leaves it."""
    text = _dockerignore(project)
    return [] if text is None else sent(project, text)


def _dockerignore(project: Project) -> str | None:
    """The .dockerignore as the plan leaves it; None if nothing is built, so nothing is sent."""
    if fly_toml.table(configuration(project), "build").get("image"):
        return None
    raw = project.files.get(".dockerignore")
    text = raw.decode("utf-8", "replace") if raw is not None else None
    return (text or "") if other_image(project) else dockerignore(text, project)


def _left_out(project: Project) -> list[str]:
    """The files that the image needs and the .dockerignore leaves out."""
    text = _dockerignore(project)
    if text is None:
        return []
    patterns, dependencies = Ignore(text), project.dependencies
    named = (dependencies.manifest, dependencies.lock, *dependencies.files, project.manage_py, project.settings.path)
    needed = {path: None for name in named if name not in (None, ".") for path in (name, project.real(name))}
    return [path for path in needed if patterns.leaves_out(path)]


def check(project: Project, options: Options, remote: Remote) -> tuple[Problem, ...]:
    """What would make the build or the creation fail, seen from here."""
    return tuple(_check(project, options, remote))


def _check(project: Project, options: Options, remote: Remote) -> Iterator[Problem]:
    name = str(remote.app)
    if not _NAME.fullmatch(name):
        yield problems.impossible_name(name)
    if options.region and remote.version is None and not _REGION.fullmatch(options.region):
        yield problems.impossible_region(options.region)
    own_database = "DATABASE_URL" in options.variables and databases.kind(options, remote) not in (
        databases.NONE,
        databases.OTHER,
    )
    if own_database:
        yield problems.two_databases()
    special = [path for path in project.dependencies.files if set("$'\"\\[*?") & set(path)]
    if special and not other_image(project):
        yield problems.not_copied(special)
    if left_out := _left_out(project):
        yield problems.left_out(left_out)
    present = project.files.get(CONFIGURATION)
    try:
        _configured(present.decode("utf-8-sig") if present else None, project, options, remote)
    except UnicodeDecodeError:
        pass  # The deployer says it of every file that is no text.
    except ValueError as error:
        yield problems.closed_configuration(str(error))
