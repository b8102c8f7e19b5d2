"""Placeholder values for a build, for a trial, and for settings that the settings block overrides."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ..masking.unsafe import turns_off
from ..model import Variable, VariableKind
from .hosts import has_domains

# Settings that the block overrides while the site runs, so the project's own value has no effect.
REPLACED = frozenset({"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASES"})
SETTINGS = "DJANGO_SETTINGS_MODULE"
# Variables that every process has, or that Django's own scripts set before the settings are loaded.
ALWAYS = frozenset({SETTINGS, "HOME", "PATH", "PWD"})

# It has the format of a key but signs nothing that is kept.
BUILD_ONLY_KEY = "build-only-" + "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
# Other keys: 32 bytes in URL-safe base64, as Fernet needs them.
_OTHER_KEY = "build-only-0123456789abcdefghijklmnopqrstuv="
# It has the format of an address, but there is no database. Projects may refuse a password such as "password".
BUILD_ONLY_DATABASE_URL = "postgres://user:build-only-0123456789@localhost:5432/site"

# The value of a variable about which nothing is known.
UNKNOWN = "build-only"


def off(kind: VariableKind) -> str:
    """The value that turns a switch off: one that is read as a number cannot read a word."""
    return "0" if kind == "integer" else "False"


_BY_KIND: dict[VariableKind, str] = {
    "integer": "1",
    "boolean": off("boolean"),
    "database": "sqlite:///:memory:",
    "cache": "locmemcache://",
    "mail": "consolemail://",
    "json": "{}",
    "address": "http://localhost",
    "engine": "django.db.backends.postgresql",
    "engine name": "postgresql",
    "list": "[]",
    "mail address": "site@example.com",
    "postgresql": BUILD_ONLY_DATABASE_URL,
    "redis": "redis://localhost:6379/0",
    "amqp": "amqp://localhost",
}
# As JSON.
_ENCODED: frozenset[VariableKind] = frozenset({"json", "list"})
ENGINES = frozenset({_BY_KIND["engine"], _BY_KIND["engine name"]})
_BY_SETTING = {
    "SECRET_KEY": BUILD_ONLY_KEY,
    "ALLOWED_HOSTS": "localhost",
    "CSRF_TRUSTED_ORIGINS": "https://localhost",
    "LANGUAGE_CODE": "en",
    "TIME_ZONE": "UTC",
}
_SWITCH = re.compile(r"(.*_)?DEBUG|USE_.*|.*_ENABLED?")
# Libraries read these on import and reject values of another format.
_BY_NAME = (
    (re.compile(r"(.*_)?SECRET_KEY"), BUILD_ONLY_KEY),
    (re.compile(r".*_?(KEY|SALT|PEPPER)"), _OTHER_KEY),
    (re.compile(r".*DATABASE_URL|DB_URL"), "sqlite:///:memory:"),
    (re.compile(r".*(REDIS|BROKER|CELERY|CHANNEL).*(URL|URI)|.*RESULT_BACKEND"), "redis://localhost:6379/0"),
    (re.compile(r"CLOUDINARY_URL"), "cloudinary://0:build-only@build-only"),
    (re.compile(r".*_?DSN"), "https://public@localhost/1"),
    (re.compile(r".*(URL|URI|ORIGINS?|ENDPOINT)"), "http://localhost"),
    (re.compile(r".*PORT"), "1"),
    (re.compile(r"(.*_)?(DB|DATABASE|SQL)_?ENGINE"), _BY_KIND["engine"]),
    (_SWITCH, off("text")),
)


_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\b")


# "set the OPENAI_API_KEY environment variable", "set CLOUDINARY_URL variable", "Environment variable 'TOKEN' not set"
_NAME = r"[`'\"]?([A-Z][A-Z0-9_]{2,})\b[`'\"]?"
_CALLED_VARIABLE = re.compile(
    rf"{_NAME}(?:(?:,| or| and)+ {_NAME.replace('(', '(?:', 1)})*,? (?:environment |env )?variable"
    rf"|[Vv]ariables?:? (?:named |called )?{_NAME}"
)


def called_variables(message: str) -> list[str]:
    """Names that an error calls variables."""
    return [name for found in _CALLED_VARIABLE.findall(message) for name in found if name]


def named_in(message: str) -> list[str]:
    """Possible variable names in an error from settings that lack a variable."""
    return _VARIABLE.findall(message)


def demanded(message: str, read: Iterable[Variable], places: Iterable[str] = ()) -> dict[str, str]:
    """A value for each variable that an error means, by its own name or by its setting's: "SECRET_KEY must be set".

    In the order of the message: what it begins with is missing, the rest may be conditions. Last, what the first of the
    `places` that reads any reads there. Its default does not fit: decouple's config("ALLOWED_HOSTS", default=[],
    cast=Csv()), or a function of the project's own, which the next place calls.
    """
    known = list(read)
    names = named_in(message)
    pairs = [(name, one) for name in names for one in known if name in (one.name, one.setting)]
    # The project's variables may have a prefix that its settings lack.
    pairs = pairs or [(name, one) for name in names if "_" in name for one in known if one.name.endswith(f"_{name}")]
    reads_at = ([one for one in known if one.place == place] for place in places)
    there = next(filter(None, reads_at), [])
    return {one.name: build_only_value(one) for one in [*(one for _, one in pairs), *there]}


def has_effect(variable: Variable, value: str, replaced: Collection[str] = REPLACED) -> bool:
    """Whether the user's value has an effect in production although the block sets the settings in `replaced`: it does
    so after the project's settings, which may have made others of the value.
    """
    if variable.setting == "DEBUG":
        return turns_off(value) or "DEBUG" not in replaced
    # The block keeps the hosts of the settings.
    hosts = variable.setting == "ALLOWED_HOSTS" and has_domains(value)
    return hosts or variable.setting == "SECRET_KEY" or variable.setting not in replaced


def build_only_value(variable: Variable) -> str:
    """A value with which the settings should load, judging by their source. It is not a secret and gives no access."""
    if variable.setting == "DEBUG" or (variable.kind == "integer" and _SWITCH.fullmatch(variable.name)):
        return off(variable.kind)
    by_setting, by_kind = _BY_SETTING.get(variable.setting), _BY_KIND.get(variable.kind)
    found = by_kind if variable.kind in _ENCODED else by_setting or by_kind
    return found or next((value for name, value in _BY_NAME if name.fullmatch(variable.name)), UNKNOWN)


def placeholders(names: Iterable[str]) -> dict[str, str]:
    """A value for each variable of which only the name is known."""
    return {name: build_only_value(Variable(name=name, place="", needed="yes")) for name in names}


def build_only(variables: Iterable[Variable], besides: Collection[str]) -> dict[str, str]:
    """A value for each variable that has no default, except those that are set in any case."""
    return {
        variable.name: build_only_value(variable)
        for variable in variables
        if variable.needed != "no" and variable.in_build and variable.name not in {*besides, *ALWAYS}
    }
