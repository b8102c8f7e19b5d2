"""What works in development, and in production only after the user has changed something. Nothing of it stops a run."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract import Platform, Site
from ..model import Settings, Tried
from ..production.static_files import is_strict
from .notes import named


def not_working(site: Site, platform: Platform) -> Iterator[str]:
    """One for each part of the site. What only the platform knows is its own `not_working`."""
    yield from of_trial(site.project.tried, site.project.settings)
    yield from _printed_mail(site)
    yield from platform.not_working(site)
    yield from unserved_uploads(site, platform)


def of_trial(tried: Tried, settings: Settings) -> Iterator[str]:
    """What the trial of the site has shown."""
    storage = settings.staticfiles_backend
    if tried.missing_static:
        said = (
            f"Your storage ({storage}) raises an error for such a name, so these pages, or the build, fail"
            if is_strict(settings)
            else "Visitors do not get what is missing; every other file is served"
        )
        names = named(list(tried.missing_static))
        yield f"these refer to static files that production does not have, or cannot read: {names}. {said}."
    if tried.home_page:
        yield f"{tried.home_page}."
    if tried.unmigrated:
        yield (
            f"models of {named(list(tried.unmigrated))} differ from what the migrations in Git make, so the "
            "tables in production would not fit them. Run manage.py makemigrations and commit the result."
        )
    if tried.unmanaged:
        yield (
            f"no migration makes the tables of {named(list(tried.unmanaged))} (managed = False). Create them in the "
            "database of production, for example with your own SQL, or the pages that use them fail."
        )
    if tried.out_of_reach:
        yield (
            f"production cannot reach these addresses, so what uses them fails there: {'; '.join(tried.out_of_reach)}."
        )
    if tried.unsent and not settings.prints_mail:
        yield f"{tried.unsent}."
    yield from (f"{one}." for one in tried.short_lived)
    if tried.file_values:
        yield (
            f"the settings find no value of {named(list(tried.file_values))} in production: they look in a file that "
            'Git does not have, and in no variable. {**dotenv_values(".env"), **os.environ} has both.'
        )
    if tried.local_addresses:
        yield (
            "settings or code have an address of your computer, or a made-up one, so what uses it fails in production: "
            f"{named(list(tried.local_addresses))}."
        )
    if tried.cache_of_a_process:
        yield (
            "your code stores values in Django's cache, and each process has one for itself (LocMemCache): what one "
            "has stored, another does not find. DatabaseCache is one for all, and needs no other service."
        )
    if tried.sockets:
        yield (
            f"browsers open no WebSocket at ws:// from a page that has https: {named(list(tried.sockets))}. Use "
            "wss:// there, or let location.protocol decide."
        )


def _printed_mail(site: Site) -> Iterator[str]:
    """Mail that the settings print, and the settings block sends (Django 6.1: MAILERS)."""
    known = site.remote.variables.union(site.options.variables)
    if site.project.settings.prints_mail and "EMAIL_HOST" not in known:
        yield (
            "the project only prints its mail to the console. To send mail in production, set EMAIL_HOST, EMAIL_PORT, "
            "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD to an SMTP server; until then, sending mail fails."
        )


def unserved_uploads(site: Site, platform: Platform) -> Iterator[str]:
    """Uploads, and files in Git among them, that the site has in development only."""
    project, folder = site.project, site.project.uploads
    if folder and not project.media and not platform.read_only(site):
        yield (
            f"{folder} (MEDIA_ROOT) is not below the project, so the site may not be allowed to write there, and an "
            "upload fails then."
        )
    answers = project.tried.uploads
    # Files of Git are lost, although the site takes no more.
    has_some = bool(folder) or project.git.tracks_uploads
    if not has_some or not project.serves_uploads or answers in ("served", "checked"):
        return
    if answers == "guarded":
        yield (
            "your URLs serve uploads in development only (Django's static() does nothing without DEBUG), to visitors "
            "whom your middleware lets pass. No server gets them here, which would give them to everybody: serve them "
            "with a view of yours, such as one that returns a FileResponse."
        )
        return
    if platform.serves_folders(site):
        return
    why = "in development only: Django's static() does nothing without DEBUG, so visitors do not get them"
    if project.git.tracks_uploads:
        yield (
            f"your URLs serve uploads, and the files that Git has in {project.media} (MEDIA_ROOT), {why}. Move what "
            "belongs to the code to the static files, and store uploads in a bucket."
        )
    else:
        yield f"your URLs serve uploads {why}. From a bucket, they do."
