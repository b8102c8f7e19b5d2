"""The project's variables that matter in production: which have unsafe values, and which cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from simple_deploy.contract import Argument, Remote, Secret, Site, Step, assignment, compared, unsafe

from .flavour import Flavour

NAMES = ("DEBUG", "SECRET_KEY")
# A variable of the environment overrides one of the project (Upsun docs, "Use variables").
_LEVELS = ("environment", "project")
# Variables with this prefix are environment variables of the site; the others are not.
_PREFIX = "env:"
COLUMNS = "name,level,value,is_enabled"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`unsafe`: variables with the reason. `levels`: those at which each is unsafe, the one in effect first.

    `unseen`: variables whose value the CLI does not show. `places`: every variable with its effective level. `same`:
    those that already have the value from the options. `differing`: those that are shown with another one.
    """

    unsafe: Mapping[str, str]
    levels: Mapping[str, tuple[str, ...]]
    unseen: tuple[str, ...]
    places: Mapping[str, str]
    same: frozenset[str]
    differing: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What only Upsun has: the project, the organization that owns it or will own it, the branch of production, and the
    parts of `Seen` for its variables.
    """

    id: str = ""
    region: str = ""
    organization: str = ""
    branch: str = "main"
    unseen: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def of(remote: Remote) -> Found:
    """Upsun's own facts; without a survey, those of a new project."""
    return remote.facts if isinstance(remote.facts, Found) else Found()


def seen(rows: Iterable[list[str]], committed: Iterable[Secret], given: Mapping[str, str | Secret]) -> Seen:
    """What variable:list shows in COLUMNS. The value of a sensitive variable is empty (`VariableListCommand`)."""
    values = {(name.removeprefix(_PREFIX), level): value for name, level, value, on in rows if _counts(name, on)}
    reasons: dict[str, str] = {}
    levels: dict[str, tuple[str, ...]] = {}
    unseen = []
    for name in NAMES:
        for level in (level for level in _LEVELS if (name, level) in values):
            value = values[name, level]
            reason = unsafe({name: value}, committed).get(name, "") if value else ""
            unseen += [] if value else [name]
            if not reason:
                break
            reasons.setdefault(name, reason)
            levels[name] = (*levels.get(name, ()), level)
    places = dict(sorted(values, key=lambda place: _LEVELS[::-1].index(place[1])))
    same, differing = compared(given, {place[0]: values[place] for place in places.items() if values[place]})
    return Seen(unsafe=reasons, levels=levels, unseen=tuple(unseen), places=places, same=same, differing=differing)


def _counts(name: str, enabled: str) -> bool:
    return name.startswith(_PREFIX) and enabled != "false"


def has_own_secret(site: Site) -> bool:
    """Whether the site has a SECRET_KEY without the variable: from .environment, which may be the user's own."""
    present = site.project.files.get(".environment")
    return present is None or site.options.replace_files or b"PLATFORM_PROJECT_ENTROPY" in present


def repairs(flavour: Flavour, site: Site) -> tuple[Step, ...]:
    """Set the user's values, turn DEBUG off, and delete an unsafe SECRET_KEY."""
    levels = of(site.remote).levels
    debug = levels.get("DEBUG", ())[:1]
    keys = levels.get("SECRET_KEY", ()) if has_own_secret(site) else ()
    return (
        *_given(flavour, site),
        *(_debug(flavour, site.remote, level) for level in debug),
        *(_secret_key(flavour, site.remote, level) for level in keys),
    )


def _given(flavour: Flavour, site: Site) -> Iterator[Step]:
    """The user's variables: for the running site, never for a build. Those of the project wait for a deployment."""
    remote, places = site.remote, of(site.remote).places
    for name, value in sorted(site.options.variables.items()):
        if name in remote.same:
            continue
        # One word: the CLI takes a word of its own that begins with "-" for an option.
        word = assignment("--value", value)
        of_project = ("--project", of(remote).id) if remote.exists else ()
        known: tuple[Argument, ...]
        if name in places:
            known = ("variable:update", f"env:{name}", word, *_at(places[name], remote))
        else:
            sensitive = "true" if isinstance(value, Secret) else "false"
            known = (
                *("variable:create", "--level", "project", "--prefix", "env", "--name", name, word),
                *("--sensitive", sensitive, "--visible-build", "false", *of_project),
            )
        yield Step(
            id=f"variable-{name}",
            title=f"Set the variable {name}",
            why="the settings read it",
            argv=(flavour.executable, *known, "--no-interaction"),
            timeout=3600,
            sets={name: value},
        )


def _debug(flavour: Flavour, remote: Remote, level: str) -> Step:
    return Step(
        id="debug",
        title=f"Turn off the variable DEBUG of the {level}",
        why=remote.unsafe["DEBUG"],
        argv=(flavour.executable, "variable:update", "env:DEBUG", "--value=False", *_at(level, remote)),
        timeout=3600,
    )


def _secret_key(flavour: Flavour, remote: Remote, level: str) -> Step:
    """The CLI takes values only as arguments (`VariableUpdateCommand`), where other programs can see them; so no value
    is set, and the site uses the project's own secret.
    """
    return Step(
        id=f"secret-key-{level}",
        title=f"Delete the variable SECRET_KEY of the {level}",
        why=f"{remote.unsafe['SECRET_KEY']}. The site then uses the project's own secret (PLATFORM_PROJECT_ENTROPY), "
        "and users have to log in again",
        argv=(flavour.executable, "variable:delete", "env:SECRET_KEY", *_at(level, remote), "--yes"),
        timeout=3600,
    )


def _at(level: str, remote: Remote) -> tuple[str, ...]:
    of_environment = ("--environment", ".") if level == "environment" else ()
    return ("--level", level, "--project", of(remote).id, *of_environment)
