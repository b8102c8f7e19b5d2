"""How the project declares its requirements, and how their versions are locked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .changes import FileEdit

# In place of names of packages: all of them.
EVERY = ":all:"
# A setuptools with pkg_resources, which version 81 removed.
OLD_SETUPTOOLS = "setuptools<81"


@dataclass(frozen=True, kw_only=True)
class Dependencies:
    """How the project declares its requirements, and the facts about them that platforms may use.

    `manifest` and `lock` (None: there is no such thing) are relative to the Git root; `table` is the part of the
    manifest with the requirements ("": all of it); `closed` is why nothing can be added to the manifest ("": it can).
    `others` are files of package managers that production does not use. `passed_over` is the requirements file for
    production beside the one for development that requirements.txt leads to.

    `declared` are PEP 503 names that production installs; `not_for_production` are names that the manifest has for
    other environments only, where no second entry is possible. `versions` holds the known specifiers of packages,
    `allowed` those of the manifest for packages from an index, where a lock file has the versions, `extras` their
    declared extras (psycopg: binary), `from_source` the names of those whose wheels the project rejects
    (or EVERY); `pinned` is whether the manifest pins every package to one version. `python` is which versions of Python
    the project itself allows (PEP 440; "": any).

    For platforms: `files` are the project's files that an installation needs (".": all of them). `install` are the
    commands that install it into a fresh virtual environment at `.venv`, with `install_env` in their environment, where
    the package manager itself is on PATH; `tool` installs it (PEP 508). `requirement` is the line of a requirements.txt
    at the Git root that would install the same ("": it exists, or no requirements file is used).

    `own` is how production installs the project's own package: "editable" or as a "copy" ("": not, or with other
    packages in folders of the project).

    `lacks_django` is whether no declared package brings Django, `old_setuptools` which package, the web
    server or a declared one, imports what newer versions of setuptools lack, `unpackaged` whether the project has no
    package that its package manager could install, and does not declare that.

    `listed` are the requirements that requirements.txt gets, because no platform finds them: those of `listed_in`, or
    ("") what the code imports. `undeclared` are requirements (PEP 508) of modules that the site loads and no declared
    package has, each with what was found; they are added to the manifest. `fallback_version` is the file that
    gets a version for builds without Git, and in pyproject.toml the path of the key (empty: it is not needed),
    `version_file` the module with the version that a build writes into the project ("": none).
    """

    package_manager: str
    manifest: str
    declared: frozenset[str]
    files: tuple[str, ...]
    install: tuple[tuple[str, ...], ...]
    install_env: Mapping[str, str] = field(default_factory=dict)
    tool: tuple[str, ...] = ()
    lock: str | None = None
    table: str = ""
    closed: str = ""
    not_for_production: frozenset[str] = frozenset()
    requirement: str = ""
    own: str = ""
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    allowed: Mapping[str, str] = field(default_factory=dict)
    from_source: frozenset[str] = frozenset()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pinned: bool = False
    others: tuple[str, ...] = ()
    passed_over: str = ""
    lacks_django: bool = False
    old_setuptools: str = ""
    unpackaged: bool = False
    listed: tuple[str, ...] = ()
    listed_in: str = ""
    undeclared: Mapping[str, str] = field(default_factory=dict)
    fallback_version: tuple[str, ...] = ()
    version_file: str = ""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Pinning:
    """How packages are added to a lock by a manager that would upgrade the others.

    `renew` runs on a manifest with `pins` only: everything that is locked, at its version. `merge` creates the lock
    from the result, and `finish` has the manager adjust it to the actual manifest.
    """

    pins: FileEdit
    merge: Callable[[bytes], bytes]
    finish: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Locking:
    """How a lock file is checked against its manifest, and renewed with the smallest change.

    `program` is the manager's command. `package` has it on the package index, if every version writes the same lock.
    `check` exits with status 1 if the lock is out of date with the manifest; `renew` writes the lock again, upgrading
    nothing that is locked. `fresh` does the same check without starting a program where it can; None means that it
    cannot tell. Both commands run in `folder`, below the Git root, with `env` added to their environment. `pinning` is
    for a manager that cannot add without upgrading. `current` is a fresh lock as the manager of today writes it, if
    that rejects the one of an older manager.
    """

    program: str
    install: str
    package: str = ""
    renew: tuple[str, ...]
    check: tuple[str, ...] = ()
    fresh: bool | None = None
    folder: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    pinning: Pinning | None = None
    current: bytes | None = None
