"""What Upsun requires of a project besides its files, what stands in the way, and what is left to the user."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping

from ..contract import BUILD_ONLY_KEY, Options, Problem, Project, Remote, left_everywhere, native, newer_python
from . import python_version
from .deploy_hook import FINISHED
from .files import uploads
from .flavour import Flavour
from .problems import excluded_python, unsupported_django
from .variables import has_own_secret

_OWN_HOSTS = r".*\.(platformsh|upsun)\.(site|app)|.*\.upsunapp\.com"


def app_name(project: Project, account: str | None) -> str:
    """The title of a new project."""
    return project.name


def environment(project: Project, options: Options, remote: Remote) -> Mapping[str, str]:
    """The variables of a running site (Upsun docs, "Use variables"), and those of our file .environment."""
    database = {"username": "user", "password": "password", "host": "localhost", "port": 5432, "path": "site"}
    own = {"DATABASE_URL": "postgres://user:password@localhost:5432/site", "SECRET_KEY": BUILD_ONLY_KEY}
    return {
        "PLATFORM_APPLICATION": _encoded({"name": "app"}),
        "PLATFORM_APPLICATION_NAME": "app",
        "PLATFORM_APP_DIR": "/app",
        "PLATFORM_BRANCH": "main",
        "PLATFORM_ENVIRONMENT": "main-bvxea6i",
        "PLATFORM_ENVIRONMENT_TYPE": "production",
        "PLATFORM_PROJECT": "abcdefghijkl2",
        "PLATFORM_PROJECT_ENTROPY": BUILD_ONLY_KEY,
        "PLATFORM_RELATIONSHIPS": _encoded({"database": [database]}),
        "PLATFORM_ROUTES": _encoded({"https://main.example.com/": {"type": "upstream"}}),
        "PLATFORM_SMTP_HOST": "",
        "PLATFORM_TREE_ID": "0123456789abcdef",
        "PORT": "8888",
        **(own if has_own_secret(project, options) else {}),
    }


def _encoded(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def hook_is_ours(flavour: Flavour, project: Project, options: Options) -> bool:
    """Whether the deploy hook says when it has finished: ours does, a user's own may."""
    present = project.files.get(flavour.app_file)
    return present is None or options.replace_files or f"echo '{FINISHED}'".encode() in present


def check(flavour: Flavour, project: Project, options: Options, remote: Remote) -> tuple[Problem, ...]:
    """What would make the build fail, seen from here."""
    version = python_version.choose(project, options).version
    if version and project.settings.django_version < (4, 2):
        return (unsupported_django(flavour, version, "{}.{}".format(*project.settings.django_version)),)
    if version:
        return ()
    return (excluded_python(flavour, project.dependencies.manifest, project.dependencies.python),)


def notes(flavour: Flavour, project: Project, options: Options, remote: Remote) -> tuple[str, ...]:
    """What the user should know although it does not stop the run."""
    return tuple(_notes(flavour, project, options, remote))


def _notes(flavour: Flavour, project: Project, options: Options, remote: Remote) -> Iterator[str]:
    choice = python_version.choose(project, options)
    if choice.raised:
        # Django's FAQ, "What Python version can I use with Django?": 3.13 since 5.1.
        old = project.settings.django_version < (5, 1)
        unsupported = ", which your version of Django does not officially support" if old else ""
        yield (
            f"{flavour.name} {_verdict(choice)}, so the site runs on {choice.version}"
            f"{unsupported}. Try your tests with it; your own environment stays as it is."
        )
    if choice.version and python_version.PYTHONS.lacks_newer(choice.version):
        yield newer_python(python_version.PYTHONS, flavour.name, choice.version)
    needs = native(project)
    if needs.all:
        yield (
            f"{', '.join(needs.why)} may need system packages: {', '.join(needs.all)}. If one is missing during the "
            "build or at run time, add it with a composable image: "
            f"{flavour.docs}/create-apps/app-reference/composable-image.html"
        )
    if project.settings.media_root:
        yield (
            f"the project accepts uploads (MEDIA_ROOT), but everything below /app is read-only while the site runs. "
            f"The commented lines at the end of the `app` section in {flavour.app_file} make {uploads(project)} "
            f"writable and persistent: uncomment them. {flavour.docs}/create-apps/image-properties/mounts.html"
        )
    yield from _variable_notes(flavour, project, options, remote)
    region = remote.facts.get("region")
    if remote.exists and options.region and options.region != region:
        yield f"the project {remote.app} is already in the region {region} and stays there."
    if not hook_is_ours(flavour, project, options):
        yield (
            f"your own deploy hook is kept. A failing hook does not fail a push. End it with `echo '{FINISHED}'` to "
            "let simple_deploy detect a failure."
        )


def _verdict(choice: python_version.Choice) -> str:
    deprecated = choice.wanted in python_version.DEPRECATED.value
    return f"has deprecated Python {choice.wanted}" if deprecated else f"does not support Python {choice.wanted}"


def _variable_notes(flavour: Flavour, project: Project, options: Options, remote: Remote) -> Iterator[str]:
    unseen = remote.facts.get("unseen")
    if unseen:
        yield (
            f"the Upsun CLI does not show sensitive values, so {unseen} could not be checked. To change one: "
            f"{flavour.executable} variable:update env:NAME --value VALUE"
        )
    if "SECRET_KEY" in remote.unsafe and not has_own_secret(project, options):
        yield (
            f"the variable SECRET_KEY is unsafe: {remote.unsafe['SECRET_KEY']}. It is not replaced, because your own "
            ".environment is kept, and gives the site no other one. Add this line to it, and the next run deletes the "
            'variable: export SECRET_KEY="${SECRET_KEY:-$PLATFORM_PROJECT_ENTROPY}"'
        )


def not_done(project: Project, remote: Remote) -> tuple[str, ...]:
    """What one might expect of the run, and what is left to the user."""
    return tuple(_not_done(project, remote))


def _not_done(project: Project, remote: Remote) -> Iterator[str]:
    yield from left_everywhere(project, remote, own_hosts=_OWN_HOSTS, answers="answers at its generated address")
    if project.settings.media_root:
        yield "No folder for uploads is created; the notes explain how to add one."
