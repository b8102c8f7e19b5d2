"""System libraries that a project's packages need at build time or run time, by their Debian names. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field

from ..model import EVERY, Project
from .requirements import driver

_COMPILER = "build-essential"


@dataclass(frozen=True, kw_only=True)
class Native:
    """What packages need: `build` until they are installed, `run` as long as the site runs. `why` has what each of them
    needs, without the compiler.
    """

    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    build: tuple[str, ...] = ()
    run: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Both, without the compiler."""
        return tuple(dict.fromkeys(name for name in (*self.build, *self.run) if name != _COMPILER))

    def needing(self, names: Collection[str]) -> str:
        """The packages that need one of these, as a list to read."""
        return ", ".join(package for package, needs in self.why.items() if not set(needs).isdisjoint(names))


# Packages without wheels for Linux, and those that load a system library or start a program (from their installation
# pages, and the libraries that their wheels name).
_OPENCV = Native(run=("libgl1", "libglib2.0-0"))
_RRDTOOL = Native(build=(_COMPILER, "librrd-dev"), run=("librrd8",))
_BY_PACKAGE = {
    "cairocffi": Native(run=("libcairo2",)),
    "cairosvg": Native(run=("libcairo2",)),
    "ffmpeg-python": Native(run=("ffmpeg",)),
    "graphviz": Native(run=("graphviz",)),
    "mysqlclient": Native(build=(_COMPILER, "default-libmysqlclient-dev", "pkg-config"), run=("libmariadb3",)),
    "opencv-contrib-python": _OPENCV,
    "opencv-python": _OPENCV,
    "pdf2image": Native(run=("poppler-utils",)),
    "psycopg-c": Native(build=(_COMPILER, "libpq-dev"), run=("libpq5",)),
    "psycopg2": Native(build=(_COMPILER, "libpq-dev"), run=("libpq5",)),
    "pycairo": Native(build=(_COMPILER, "libcairo2-dev", "pkg-config"), run=("libcairo2",)),
    "pydub": Native(run=("ffmpeg",)),
    "pygraphviz": Native(run=("graphviz",)),
    "pyodbc": Native(run=("unixodbc",)),
    "pypandoc": Native(run=("pandoc",)),
    "pytesseract": Native(run=("tesseract-ocr",)),
    "python-ldap": Native(build=(_COMPILER, "libldap-dev", "libsasl2-dev"), run=("libldap2", "libsasl2-2")),
    "python-magic": Native(run=("libmagic1",)),
    "pyzbar": Native(run=("libzbar0",)),
    "rrdtool": _RRDTOOL,
    "rrdtool-bindings": _RRDTOOL,
    "uwsgi": Native(build=(_COMPILER,)),
    "wand": Native(run=("imagemagick",)),
    "weasyprint": Native(run=("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")),
    "xmlsec": Native(build=(_COMPILER, "libxmlsec1-dev", "pkg-config"), run=("libxmlsec1-openssl",)),
}
# The same for packages that have wheels, if the project rejects them or none is for production's Python.
_FROM_SOURCE = {
    "cffi": Native(build=(_COMPILER, "libffi-dev"), run=("libffi8",)),
    "cryptography": Native(build=(_COMPILER, "libffi-dev", "libssl-dev", "pkg-config", "cargo")),
    "lxml": Native(build=(_COMPILER, "libxml2-dev", "libxslt1-dev", "zlib1g-dev"), run=("libxml2", "libxslt1.1")),
    "pillow": Native(build=(_COMPILER, "libjpeg-dev", "zlib1g-dev"), run=("libjpeg62-turbo",)),
    "psycopg2-binary": Native(build=(_COMPILER, "libpq-dev"), run=("libpq5",)),
    "pyyaml": Native(build=(_COMPILER, "libyaml-dev"), run=("libyaml-0-2",)),
}
# The program depends on the libraries GDAL, GEOS and PROJ, whatever their versions (Django docs, "GeoDjango").
_GEOGRAPHY = Native(run=("gdal-bin",))


def _compiled(project: Project, installed: Set[str]) -> Iterator[str]:
    """What is built from source. If that is everything, only some of it is known to need more than a compiler."""
    rejected = project.dependencies.from_source
    yield from sorted(rejected - {EVERY})
    yield from (pin.partition("==")[0] for pin in project.tried.compiled)
    if EVERY in rejected:
        yield from sorted(_FROM_SOURCE.keys() & installed)
        yield "other packages from source"


def native(project: Project) -> Native:
    """The combined needs of everything that production installs."""
    added = {"psycopg-c"} if any("[c]" in name for name in driver(project)) else set()
    installed = {*project.dependencies.declared, *project.dependencies.versions, *project.tried.installed, *added}
    found = {name: needs for name, needs in _BY_PACKAGE.items() if name in installed}
    for name in _compiled(project, installed):
        found.setdefault(name, _BY_PACKAGE.get(name) or _FROM_SOURCE.get(name, Native(build=(_COMPILER,))))
    if "psycopg" in installed and not {"psycopg-binary", "psycopg-c"} & installed:
        found["psycopg"] = Native(run=("libpq5",))
    settings = project.settings
    if "django.contrib.gis" in settings.installed_apps or settings.database_engine.startswith("django.contrib.gis"):
        found["django.contrib.gis"] = _GEOGRAPHY
    return Native(
        why={name: needs.all for name, needs in found.items()},
        build=tuple(dict.fromkeys(name for needs in found.values() for name in needs.build)),
        run=tuple(dict.fromkeys(name for needs in found.values() for name in needs.run)),
    )
