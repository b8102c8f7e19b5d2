"""The services that the settings name, and the text about one that production cannot reach.

Which variable each address comes from is found by loading the site again with another host in each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from ..messages import errors
from ..model import Problem, Variable
from ..production.build_only import REPLACED

_ADDRESS = re.compile(r".*(URL|URI|HOSTS?|SERVERS?|LOCATION|ADDR(ESS)?|BROKER|REDIS|MEMCACHED?|CACHE|ENDPOINT)(_\w+)?")
_PLAIN = re.compile("HOST|ADDR|SERVER")
_USUAL = ("REDIS_URL", "CACHE_URL", "CELERY_BROKER_URL", "REDIS_HOST")

# The setting of a broker that no setting names (child/parts/celery_broker.py).
_DEFAULT_BROKER = "Celery's default broker"

Service = dict[str, Any]


def traced(
    services: Iterable[Service],
    variables: Iterable[Variable],
    environment: Mapping[str, str],
    found_with: Callable[[Mapping[str, str]], Iterable[Service]],
) -> list[Service]:
    """Each service with the variable, and its place, that can change the address (None: none can), and whether the
    variable is `set`: by the user, or with a placeholder.

    `found_with` returns the services that the settings name with these variables.
    """
    read = {one.name: one for one in variables}
    # A package that makes the settings may read these, and Celery reads its own; where the code reads another one, that
    # one may change more than this address.
    usual = [Variable(name=name, place="", needed="no") for name in _USUAL if name not in read]
    sources: dict[tuple[str, str], Variable] = {}
    for asked in ([*read.values()], usual):
        if any((one["setting"], one["name"]) not in sources for one in services):
            sources = {**_sources(filter(_may_be_address, asked), found_with), **sources}
    sources = {**sources, **_of_several(sources.values(), found_with)}
    known = []
    for service in services:
        source = sources.get((service["setting"], service["name"]))
        variable = [source.name, source.place or service["place"]] if source else None
        known.append({**service, "variable": variable, "set": source is not None and source.name in environment})
    return known


def _of_several(
    named: Iterable[Variable], found_with: Callable[[Mapping[str, str]], Iterable[Service]]
) -> dict[tuple[str, str], Variable]:
    """The services whose address comes from the variable of another one, unless a variable of their own is set:
    `broker = env("BROKER_URL", default=REDIS_URL)`.
    """
    each = {one.name: one for one in named}
    found = [_sources([one], found_with) for one in each.values()] if len(each) > 1 else []
    shared: dict[tuple[str, str], Variable] = {}
    for reached in sorted(found, key=len):
        shared |= reached if len(reached) > 1 else {}
    return shared


def _sources(
    asked: Iterable[Variable], found_with: Callable[[Mapping[str, str]], Iterable[Service]]
) -> dict[tuple[str, str], Variable]:
    """The variable that changes the address of each service, for those that one of these changes."""
    hosts = {f"variable-{number}": one for number, one in enumerate(asked)}
    values = {one.name: host if _is_host(one) else f"redis://{host}:6379/0" for host, one in hosts.items()}
    changed = found_with(values) if values else ()
    named = {(one["setting"], one["name"]): re.search(r"variable-\d+", one["address"]) for one in changed}
    return {key: hosts[host[0]] for key, host in named.items() if host}


def unknown(services: Iterable[Service], known: Set[str], given: Set[str]) -> list[Service]:
    """Without those whose address stands for one that is not known here: that of a placeholder, or, for what pages do
    not need, of a variable that the site has already. What pages need and the user has `given` stays.
    """

    def stays(one: Service) -> bool:
        name = one["variable"][0] if one["variable"] else ""
        return one["needed"] and name in given if one["set"] else bool(one["needed"] or name not in known)

    return [one for one in services if stays(one)]


def unsent(mail: Mapping[str, Any] | None, variables: Iterable[Variable], known: Set[str]) -> Mapping[str, Any] | None:
    """The same, unless the site has a variable already that may change it: its value is not known here."""
    settings = {one.setting for one in variables if one.name in known}
    kinds = {one.kind for one in variables if one.name in known}
    return None if mail is None or mail["setting"] in settings or "mail" in kinds else mail


def problem(service: Mapping[str, Any], platform: str) -> Problem:
    """The problem of a service that pages need, at an address that production cannot reach."""
    setting, address = service["setting"], service["address"]
    if setting == _DEFAULT_BROKER:
        return errors.no_broker(platform=platform, address=address)
    name = "MEMCACHED_LOCATION" if "memcache" in service["backend"].lower() else "REDIS_URL"
    default = address if "://" in address or name != "REDIS_URL" else f"redis://{address}"
    return errors.service_unreachable(
        platform=platform, setting=setting, place=service["place"], address=address, variable=name, default=default
    )


def aside(service: Mapping[str, Any]) -> str:
    """What to note about a service that pages do not need."""
    named = f"; {service['variable'][0]} can change it" if service["variable"] else ""
    return f"{service['setting']} ({service['place']}): {service['address']}{named}"


def _may_be_address(variable: Variable) -> bool:
    fits = variable.kind in ("text", "cache", "address") and variable.setting not in REPLACED
    return fits and bool(_ADDRESS.fullmatch(variable.name))


def _is_host(variable: Variable) -> bool:
    return variable.kind == "text" and bool(_PLAIN.search(variable.name))
