"""The files of a project on Fly.io: fly.toml, the image, and what is excluded from it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from simple_deploy.contract import BUILD_ONLY_DATABASE_URL, BUILD_ONLY_KEY, Claim, FileEdit, Project, Site, slug

from . import databases, fly_toml
from .dockerfile import dockerfile
from .fly_toml import CONFIGURATION
from .left_out import dockerignore
from .own_image import image_file, listens_at, manage_py


def claims(project: Project) -> tuple[Claim, ...]:
    """The app named in fly.toml, if the file is committed and not a proposal of ours that was never deployed."""
    added = any(entry.path == CONFIGURATION and entry.state == "added" for entry in project.git.entries)
    if added or CONFIGURATION not in project.ignored.tracked:
        return ()
    app = fly_toml.of(project).get("app")
    proposed = fly_toml.PROPOSED.encode() in (project.files.get(CONFIGURATION) or b"").replace(b"\r\n", b"\n")
    return (Claim(app=str(app), said_by=CONFIGURATION, committed=True),) if app and not proposed else ()


def app_name(project: Project, account: str | None) -> str:
    """The name of a new app: the one that fly.toml proposes, else a deterministic one."""
    proposed = fly_toml.of(project).get("app")
    return str(proposed) if proposed else slug(project.name, project.git.first_commit or "", longest=30)


def environment(site: Site) -> Mapping[str, str]:
    """The variables of a machine (Fly docs: the Machine runtime environment), of fly.toml, and from the steps."""
    named = {str(name): str(value) for name, value in fly_toml.table(fly_toml.of(site.project), "env").items()}
    return {
        **({} if databases.kind(site) == databases.NONE else {"DATABASE_URL": BUILD_ONLY_DATABASE_URL}),
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


def files(site: Site) -> tuple[FileEdit, ...]:
    """fly.toml, and the image with its .dockerignore, unless fly.toml names another image."""

    def edit(text: str | None) -> str:
        try:
            return configured(text, site)
        except ValueError:
            # `check` reports the reason.
            return text or ""

    toml = FileEdit(path=CONFIGURATION, edit=edit, why="how Fly.io builds, migrates and runs the site")
    image = image_file(site)
    return (toml, *(_image(site, image) if image else ()))


def configured(text: str | None, site: Site) -> str:
    """The intended content of fly.toml. Raises ValueError if it cannot be edited safely."""
    given = fly_toml.of(site.project).get("primary_region")
    region = site.options.region or databases.of(site.remote).region or given
    path, recipe = manage_py(site), site.recipe
    shell, *release = (
        shlex.join(path if word == recipe.manage_py else word for word in argv)
        for argv in (recipe.manage("shell"), *recipe.release, *recipe.upload)
    )
    values = {"shell": shell, "migrate": _release(release)}
    return fly_toml.edited(
        text,
        app=site.app,
        proposed=not site.remote.surveyed,
        region=region,
        values=values,
        image=image_file(site),
    )


def _image(site: Site, path: str) -> tuple[FileEdit, ...]:
    return (
        FileEdit(
            path=path,
            edit=lambda text: dockerfile(site, listens_at(site.project)),
            why="the image that Fly.io builds and runs",
            whole=True,
        ),
        FileEdit(
            path=".dockerignore",
            edit=lambda text: dockerignore(text, site),
            why="Fly.io builds the whole folder: this keeps secrets, databases and virtual environments out of the "
            "image",
        ),
    )


def _release(commands: Sequence[str]) -> str:
    """The release command, which no shell runs (superfly/flyctl, appconfig)."""
    return commands[0] if len(commands) == 1 else shlex.join(("sh", "-c", " && ".join(commands)))
