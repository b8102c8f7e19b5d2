"""The page that visitors get at "/", and where it leads them: requested as the server requests it, with an empty
database.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from ..empty_database import answer_nothing
from ..failure import told
from ..no_network import hosts
from ..out_of_reach import within
from ..setting_place import setting_place
from ..template_line import template_line
from ..visit import Visit, answer_at
from . import Inconclusive
from .addresses import addresses
from .filled import is_filled
from .static_files import only_copies

_SECONDS = 5
# Names that django-compressor makes, or that have a hash; finders refuse the last ones.
_MADE = re.compile(r"^CACHE/|\.[0-9a-f]{12}\.|\.\.")
_REFERRED = re.compile(rb"""\b(?:src|href)\s*=\s*["'](/[^"'?#\s]+)""")


def attempt(order: dict[str, Any], found: dict[str, Any]) -> None:
    """Note how the page fails. What comes after something that a trial does not have says nothing about production."""
    tree = Path(order["tree"])
    visit, looked_up = Visit(host_of(order), answer_nothing()), len(hosts)
    ran = within(order["tree"], _SECONDS, visit.follow)
    if not ran.ended or (ran.missed and not visit.failed_before(ran)):
        if not ran.ended or visit.lacks_a_server(tree):
            _needed(found["services"], {*hosts[looked_up:]})
        raise Inconclusive
    if visit.error:
        found["home"] = _told(visit, visit.error, tree)
        if order.get("collected") and Path(found["home"]["file"]).is_relative_to(tree / order["collected"]):
            # The build of production has collected it.
            found["home"]["file"] = ""
    found["local_files"] += visit.local_files
    if visit.local_files:
        found["dev_server"] = _dev_server(visit.local_files[0], found["settings"], tree)
    found["unserved"] += _unserved(visit, order) if not visit.error else ()
    found["static"] += _missing_static(visit, found["static"])
    found["no_home"] = visit.missing
    if visit.away:
        found["away"] = _away(visit)
    if visit.refused and visit.host == _own_host(order):
        found["refused"] = {**_told(visit, visit.refused, tree), "host": visit.host}


def _dev_server(file: str, module: str, tree: Path) -> str:
    """The setting that sends pages to the server of a front end in development, with its line; "" if none is seen."""
    from django.conf import settings

    server = urlsplit(file).netloc
    for name in filter(settings.is_overridden, filter(str.isupper, dir(settings))):
        value = getattr(settings, name)
        if "'dev_mode': True" in repr(value) or server in repr(value) or ("DEV_MODE" in name and value is True):
            return f"{name} ({setting_place(tree, module, name)})"
    return ""


def _needed(services: list[dict[str, Any]], hosts: set[str]) -> None:
    """A page that fails without a cache, or waits for it, needs it."""
    for service in services:
        if service["setting"] == "CACHES" and any(one.host in hosts for one in addresses(service["address"])):
            service["needed"] = True


def _unserved(visit: Visit, order: dict[str, Any]) -> list[str]:
    """The files to which the page refers, and which only the URLs of development serve: Django's static() makes none
    without DEBUG.
    """
    from django.conf import settings

    places = [] if order.get("uploads") else [(settings.MEDIA_URL, settings.MEDIA_ROOT)]
    # Without a build, the same may hold for static files.
    places += [] if order.get("collected") else [(settings.STATIC_URL, settings.STATIC_ROOT)]
    known = [(url, Path(root)) for url, root in places if url and root]
    unserved = []
    for address in dict.fromkeys(one.decode(errors="replace") for one in _REFERRED.findall(visit.page)):
        files = [root / unquote(address.removeprefix(url)) for url, root in known if address.startswith(url)]
        if any(map(Path.is_file, files)):
            unserved += [address] if answer_at(address, visit.host).status_code == 404 else []
    return unserved


def _missing_static(visit: Visit, known: Collection[str]) -> list[str]:
    """The static files to which the page refers and that no app has, besides the known ones: a template may compute a
    name.
    """
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.files.storage import FileSystemStorage

    prefix, is_folder = str(settings.STATIC_URL or ""), isinstance(staticfiles_storage, FileSystemStorage)
    if not prefix.startswith("/") or prefix == "/" or not is_folder or not only_copies(staticfiles_storage):
        return []
    addresses = dict.fromkeys(one.decode(errors="replace") for one in _REFERRED.findall(visit.page))
    names = [unquote(one.removeprefix(prefix)) for one in addresses if one.startswith(prefix)]
    names = [name for name in names if not _MADE.search(name)]
    lost = (name for name in names if PurePosixPath(name).suffix and not finders.find(name))
    # What the project has there in Git is there in production too.
    root = settings.STATIC_ROOT
    lost = (name for name in lost if not (root and Path(root, name).is_file()))
    return [f"the page at {visit.address}: {name}" for name in lost if not any(name in one for one in known)]


def _told(visit: Visit, error: BaseException, tree: Path) -> dict[str, Any]:
    failed = told(error, tree)
    return {
        **failed,
        "type": type(error).__qualname__,
        # Without what the page had caught before: a missing template, for example.
        "own_kinds": [parent.__name__ for parent in type(error).__mro__],
        "address": visit.address,
        "place": template_line(error, tree) or failed["place"],
        "queries": len(visit.models),
        "own_rows": is_filled((), tree),
        "filled": bool(visit.written) or (bool(visit.models) and is_filled(visit.models, tree)),
        "absent": _absent(error, tree),
        "template_folders": _lacking_folders(tree) if type(error).__name__ == "TemplateDoesNotExist" else [],
    }


def _away(visit: Visit) -> dict[str, Any]:
    """Where visitors are sent. `own` is whether the settings allow that host, or may for a domain of the user's."""
    from django.conf import settings

    allowed = [str(one) for one in settings.ALLOWED_HOSTS]
    domains = [one for one in allowed if one.startswith(("www.", ".")) and not visit.host.endswith(one)]
    own = bool(domains) or visit.away in allowed
    return {"host": visit.away, "sent_from": visit.host, "by_setting": bool(settings.PREPEND_WWW), "own": own}


def _own_host(order: dict[str, Any]) -> str:
    """The site's host on the platform, which the settings block names; "" if the block has no effect."""
    from django.conf import settings

    named = getattr(sys.modules.get(order["module"]), "_hosts", None)
    return str(named[0]) if isinstance(named, list) and named and named[0] in settings.ALLOWED_HOSTS else ""


def host_of(order: dict[str, Any]) -> str:
    """The site's own host; else one that the settings allow."""
    from django.conf import settings

    if own := _own_host(order):
        return own
    first = str(next(filter(None, settings.ALLOWED_HOSTS), "localhost"))
    return "localhost" if first == "*" else f"site{first}" if first.startswith(".") else first


def _lacking_folders(tree: Path) -> list[str]:
    """The folders of templates that the settings name and that are not there."""
    from django.conf import settings

    named = (Path(folder) for engine in settings.TEMPLATES for folder in engine.get("DIRS", ()))
    below = str(tree) + os.sep
    return [str(folder).removeprefix(below) for folder in named if not folder.is_dir()]


def _absent(error: BaseException, tree: Path) -> list[str]:
    """The files below the tree where Django looked for a missing template."""
    each = [error, *(getattr(error, "chain", None) or ())]
    names = [Path(origin.name) for one in each for origin, _ in getattr(one, "tried", None) or ()]
    return [path.relative_to(tree).as_posix() for path in names if path.is_relative_to(tree)]
