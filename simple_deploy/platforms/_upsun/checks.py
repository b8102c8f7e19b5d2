"""Problems on Upsun, notes for the user, and what no step does."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from simple_deploy.contract import (
    Problem,
    Site,
    Ways,
    allows,
    left_everywhere,
    newer_python,
    not_executable,
    untranslated,
)

from . import texts
from .deploy_hook import FINISHED
from .extensions import not_enabled
from .flavour import Flavour
from .mounts import hidden, media, mounted
from .own_file import hook_is_ours, lacking, migrates, own_text, read_only, unread, unrelated
from .python import DEPRECATED, PYTHONS, SUPPORTED, choose
from .variables import has_own_secret, of

WAYS = Ways(
    worker='give the app a key "workers" in its configuration, with the start command ".venv/bin/{command}"',
    worker_cost="the resources of one more container",
    redis_cost="the resources of one more container",
    schedule='give the app a key "crons" in its configuration',
    # Expected from the hosts of other relationships (database.internal), not seen on a real project. The docs of Redis
    # advise to read it at run time, so PLATFORM_RELATIONSHIPS decides.
    redis='add a service of the type redis and the relationship "redis" to it, and set {names} to {parts}'
    "redis://redis.internal:6379, or what PLATFORM_RELATIONSHIPS has for it (--env in the next run)",
)
_OWN_HOSTS = r".*\.(platformsh|upsun)\.(site|app)|.*\.upsunapp\.com"


def check(flavour: Flavour, site: Site) -> tuple[Problem, ...]:
    """What would make the build or the site fail, as far as it can be seen locally."""
    return (*_check_python(flavour, site), *_check_own_file(flavour, site))


def _check_own_file(flavour: Flavour, site: Site) -> Iterator[Problem]:
    """A user's own configuration is kept, so it must do what ours would."""
    if reasons := lacking(flavour, site):
        yield texts.unsuitable_file(file=flavour.app_file, reasons=reasons, see=f"{flavour.docs}/languages/python.html")
    if missing := not_enabled(flavour, site):
        yield texts.extensions(
            file=flavour.service_file, missing=missing, see=f"{flavour.docs}/add-services/postgresql.html#extensions"
        )
    yield from not_executable(site.project, flavour.app_file, own_text(flavour, site) or "")


def _check_python(flavour: Flavour, site: Site) -> tuple[Problem, ...]:
    version, dependencies = choose(site).version, site.project.dependencies
    django = site.project.settings.django_version
    see = f"{flavour.docs}/languages/python.html"
    if version:
        return ()
    if django < (4, 2):
        given = {"name": flavour.name, "version": PYTHONS.value[0], "django": "{}.{}".format(*django), "see": see}
        return (texts.unsupported_django(**given),)
    supported = " and ".join("{}.{}".format(*version) for version in SUPPORTED)
    given = {"manifest": dependencies.manifest, "allowed": dependencies.python, "see": see}
    return (texts.excluded_python(name=flavour.name, supported=supported, **given),)


def not_working(flavour: Flavour, site: Site) -> tuple[str, ...]:
    """What works in development, and here only after the user has changed something."""
    return tuple(_not_working(flavour, site))


def _not_working(flavour: Flavour, site: Site) -> Iterator[str]:
    if _has_uploads(flavour, site) and not mounted(flavour, site):
        yield _lost_uploads(flavour, site)
    if not migrates(flavour, site):
        yield (
            f"your own {flavour.app_file} is kept, and its deploy hook does not migrate the database. Add a line: "
            f"{shlex.join(site.recipe.release[0])}"
        )


def _has_uploads(flavour: Flavour, site: Site) -> bool:
    """Whether visitors may upload files, and only a mount can have them."""
    return bool(site.project.uploads) and read_only(flavour, site)


def notes(flavour: Flavour, site: Site) -> tuple[str, ...]:
    """What the user should know although it does not stop the run."""
    return tuple(_notes(flavour, site))


def _notes(flavour: Flavour, site: Site) -> Iterator[str]:
    yield from _python_notes(flavour, site)
    yield from untranslated(
        site, "The build compiles them if the image has msgfmt, which the documentation does not say"
    )
    needs = site.recipe.system
    if needs.all:
        yield (
            f"{needs.needing(needs.all)} may need system packages: {', '.join(needs.all)}. If one is missing during "
            "the build or at run time, add it with a composable image: "
            f"{flavour.docs}/create-apps/app-reference/composable-image.html"
        )
    if mounted(flavour, site) and _has_uploads(flavour, site):
        yield _kept_uploads(flavour, site)
    if site.project.tried.unsent:
        yield (
            f"{flavour.name} has a mail server that needs no login. To use it, read EMAIL_HOST in your settings from "
            f"the variable PLATFORM_SMTP_HOST; the port is 25, without TLS. {flavour.docs}/development/email.html"
        )
    yield from _variable_notes(flavour, site)
    remote, region = site.remote, of(site.remote).region
    if remote.exists and site.options.region and site.options.region != region:
        yield f"the project {remote.app} is already in the region {region} and stays there."
    if not hook_is_ours(flavour, site):
        yield (
            f"your own deploy hook is kept. A failing hook does not fail a push. End it with `echo '{FINISHED}'` to "
            "let simple_deploy detect a failure."
        )
    if why := unread(flavour, site):
        yield (
            f"your own {flavour.app_file} is kept, and was not checked because it has {why}. The app of this site must "
            "install the packages, collect static files, migrate the database, start on $PORT, and have a relationship "
            'called "database".'
        )


def _kept_uploads(flavour: Flavour, site: Site) -> str:
    copied = " Files that Git has there are copied into it, unless it has them." if hidden(flavour, site) else ""
    return (
        f"uploads are kept in {media(site)} (MEDIA_ROOT), a mount: nothing else below /app can be written while the "
        f"site runs.{copied} {_served_uploads(flavour, site)}"
    )


def _served_uploads(flavour: Flavour, site: Site) -> str:
    """Who serves them."""
    if site.recipe.media_path:
        return f"{flavour.name} serves them at {site.recipe.media_path}/, as your URLs do in development."
    if site.project.tried.uploads == "guarded":
        return f"A location for them in {flavour.app_file} would give them to visitors without a login too."
    if site.project.tried.uploads:
        return "Your URLs serve them."
    return (
        f"Django does not serve them without DEBUG; your URLs, or a location in {flavour.app_file}, have to: "
        f"{flavour.docs}/create-apps/image-properties/web.html"
    )


def _lost_uploads(flavour: Flavour, site: Site) -> str:
    """How uploads can be kept: our file has the lines for it, a user's own may not."""
    folder = media(site)
    if not site.recipe.media:
        return (
            f"uploads would go to {site.project.settings.media_root} (MEDIA_ROOT), which is not below the project, and "
            "nothing outside of mounts can be written while the site runs. Let production's settings name a folder of "
            'the project, such as BASE_DIR / "media", and run simple_deploy again.'
        )
    way = (
        f"Add a key `mounts` with the folder {folder} to your own {flavour.app_file}"
        if own_text(flavour, site) is not None
        else f"The commented lines at the end of the `app` section in {flavour.app_file} make {folder} writable and "
        "persistent: uncomment them"
    )
    return (
        "uploads go to a folder (MEDIA_ROOT), and everything below /app is read-only while the site runs. "
        f"{way}. A mount hides what Git has in that folder. {flavour.docs}/create-apps/image-properties/mounts.html"
    )


def _python_notes(flavour: Flavour, site: Site) -> Iterator[str]:
    choice = choose(site)
    if choice.raised:
        # Django's FAQ, "What Python version can I use with Django?": 3.13 since 5.1.
        old = site.project.settings.django_version < (5, 1)
        unsupported = ", which your version of Django does not officially support" if old else ""
        yield (
            f"{flavour.name} does not support Python {choice.wanted}, so the site runs on {choice.version}"
            f"{unsupported}. Try your tests with it; your own environment stays as it is."
        )
    elif choice.version in DEPRECATED.value:
        yield (
            f"{flavour.name} has deprecated Python {choice.version}. It still works; {_upgrade(site)} before it is "
            "removed."
        )
    if choice.version and PYTHONS.lacks_newer(choice.version):
        yield newer_python(PYTHONS, flavour.name, choice.version)


def _upgrade(site: Site) -> str:
    """What the user has to do for a Python that is not deprecated."""
    newer = PYTHONS.value[0]
    if site.project.settings.django_version < (4, 2):
        return "upgrade to Django 4.2 or newer"
    if not allows(site.project.dependencies.python, SUPPORTED[0]):
        return f"allow Python {newer} in {site.project.dependencies.manifest}"
    return f"try your tests with Python {newer}, and write {newer} into .python-version"


def _variable_notes(flavour: Flavour, site: Site) -> Iterator[str]:
    if unseen := of(site.remote).unseen:
        yield (
            f"the Upsun CLI does not show sensitive values, so {', '.join(unseen)} could not be checked. To change "
            f"one: {flavour.executable} variable:update env:NAME --value=VALUE"
        )
    if "SECRET_KEY" in site.remote.unsafe and not has_own_secret(site):
        yield (
            f"the variable SECRET_KEY is unsafe: {site.remote.unsafe['SECRET_KEY']}. It is not replaced, because your "
            "own .environment is kept, and gives the site no other one. Add this line to it, and the next run deletes "
            'the variable: export SECRET_KEY="${SECRET_KEY:-$PLATFORM_PROJECT_ENTROPY}"'
        )


def not_done(flavour: Flavour, site: Site) -> tuple[str, ...]:
    """What users might expect of the run, but have to do themselves."""
    return tuple(
        left_everywhere(
            site,
            own_hosts=_OWN_HOSTS,
            answers="answers at its generated address",
            ways=WAYS,
            nowhere=unrelated(flavour, site),
        )
    )
