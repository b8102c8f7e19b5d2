"""The settings block as Python: the loaded settings and a platform's facts → text.

Every platform's block is rendered here, so the blocks cannot diverge; a platform supplies expressions only. The values
of the settings as loaded here say little about production, where a condition may take another branch: so the block
itself checks each of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..masking.unsafe import ON
from ..model import Settings
from .platform_expressions import Production
from .running_settings import caches_elsewhere, while_running, without_a_server
from .static_files import serves_static, static_files

SECURITY = "django.middleware.security.SecurityMiddleware"


def render(
    settings: Settings,
    production: Production,
    *,
    platform: str,
    engine: str = "",
    building_engine: str = "",
    read_only: bool = False,
) -> str:
    """The body of the block: lines ending in a newline, each setting below its reason.

    `engine` is what dj_database_url needs to be told about the engine, and `building_engine` that of a build where the
    project's own is not used (`production.database`). `read_only` is whether the running site cannot write below the
    project's folder.
    """
    lines = [
        f"# Production settings for {platform}. They take effect only there.",
        "# Run simple_deploy again to update them. Keep your own lines above or below the two markers.",
        "import os  # noqa: E402",
        "from pathlib import Path  # noqa: E402",
        "",
        f"if {production.building or production.running}:  # while building and while running",
        *_indented(_while_building(settings)),
        "",
        f"if {production.running}:  # while running only: web, release and one-off processes",
        *_indented(while_running(settings, production, engine=engine)),
        *_indented(caches_elsewhere() if read_only and settings.file_caches else iter(())),
    ]
    if building_engine:
        lines += [f"elif {production.building or production.running}:  # while building only"]
        lines += _indented(without_a_server(building_engine))
    if settings.configuration:
        lines += ["", f"if {production.building or production.running}:", *_indented(_into_class())]
    return "".join(f"{line}\n" for line in lines)


def _indented(lines: Iterator[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _from_class() -> Iterator[str]:
    """With django-configurations, the settings of the module become those of the class after this block."""
    yield "# Your settings are a class. These are its values."
    yield "from configurations.utils import uppercase_attributes"
    yield ""
    yield '_class = globals()[os.environ["DJANGO_CONFIGURATION"]]'
    yield "_class.pre_setup()"
    yield "_class.setup()"
    yield "for _name, _value in uppercase_attributes(_class()).items():"
    yield '    _called = callable(_value) and not getattr(_value, "pristine", False)'
    yield "    globals()[_name] = _value() if _called else _value"
    yield "_before = dict(globals())"


def _into_class() -> Iterator[str]:
    yield "# The class gets what is different here."
    yield "for _name, _value in list(globals().items()):"
    yield "    if _name.isupper() and _value is not _before.get(_name):"
    yield "        setattr(_class, _name, _value)"


def _while_building(settings: Settings) -> Iterator[str]:
    if settings.configuration:
        yield from _from_class()
    yield "# Debug pages show code and settings to visitors: off, unless the variable DEBUG turns them on."
    on = ", ".join(f'"{value}"' for value in ON)
    yield f'DEBUG = os.environ.get("DEBUG", "").strip().lower() in {{{on}}}'
    yield "# Your settings up to this line. A setting that is defined under a condition may be missing."
    yield "_given = globals()"
    if any(app.partition(".")[0] == "simple_deploy" for app in settings.installed_apps):
        yield "# simple_deploy is a development tool; production does not install it."
        yield 'INSTALLED_APPS = [app for app in INSTALLED_APPS if app.partition(".")[0] != "simple_deploy"]'
    yield "# Redirects to https and the security headers below need this middleware."
    yield f'_security = "{SECURITY}"'
    yield 'MIDDLEWARE = list(_given.get("MIDDLEWARE") or [])'
    yield "if _security not in MIDDLEWARE:"
    yield "    MIDDLEWARE.insert(0, _security)"
    if settings.log_files:
        yield from _log_to_console()
    if serves_static(settings):
        yield from static_files(settings)


def _log_to_console() -> Iterator[str]:
    yield "# What your LOGGING writes to files goes to the console: files are lost here, or cannot be written."
    yield 'if _given.get("LOGGING"):'
    yield "    LOGGING = {"
    yield "        **LOGGING,"
    yield '        "handlers": {'
    yield "            _name: {"
    yield '                "class": "logging.StreamHandler",'
    yield '                **{_key: _handler[_key] for _key in ("level", "formatter", "filters") if _key in _handler},'
    yield "            }"
    yield '            if "filename" in _handler'
    yield "            else _handler"
    yield '            for _name, _handler in LOGGING.get("handlers", {}).items()'
    yield "        },"
    yield "    }"
