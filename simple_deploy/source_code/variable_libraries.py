"""Libraries that read environment variables: their classes and methods, and how each parses a value."""

from __future__ import annotations

from ..model import VariableKind

# Settings classes of django-environ and environs, whose instances read variables.
READERS = {"environ.Env": "environ", "environ.FileAwareEnv": "environ", "environs.Env": "environs"}
DECOUPLE = frozenset({"decouple.AutoConfig", "decouple.Config", "starlette.config.Config"})
# Methods that read a particular variable: django-environ ("Supported types"), environs ("Django usage").
OWN_NAMES = {
    "db": "DATABASE_URL",
    "db_url": "DATABASE_URL",
    "dj_db_url": "DATABASE_URL",
    "cache": "CACHE_URL",
    "cache_url": "CACHE_URL",
    "dj_cache_url": "CACHE_URL",
    "email": "EMAIL_URL",
    "email_url": "EMAIL_URL",
    "dj_email_url": "EMAIL_URL",
    "search_url": "SEARCH_URL",
    "channels": "CHANNELS_URL",
    "channels_url": "CHANNELS_URL",
}
NO_READS = frozenset({"read_env", "prefixed", "seal", "dump", "parser_for", "parser", "add_parser"})
KINDS: dict[str, VariableKind] = {
    "int": "integer",
    "float": "integer",
    "bool": "boolean",
    "strtobool": "boolean",
    "db": "database",
    "db_url": "database",
    "dj_db_url": "database",
    "dj_database_url.parse": "database",
    "cache": "cache",
    "cache_url": "cache",
    "dj_cache_url": "cache",
    "email": "mail",
    "email_url": "mail",
    "dj_email_url": "mail",
    "json": "json",
    "dict": "json",
    "url": "address",
    "json.loads": "json",
    "BooleanValue": "boolean",
    "IntegerValue": "integer",
    "PositiveIntegerValue": "integer",
    "DatabaseURLValue": "database",
    "CacheURLValue": "cache",
    "EmailURLValue": "mail",
    "URLValue": "address",
}
# The annotation of a field of pydantic-settings.
FIELD_KINDS: dict[str, VariableKind] = {
    "int": "integer",
    "float": "integer",
    "bool": "boolean",
    "AnyUrl": "address",
    "AnyHttpUrl": "address",
    "HttpUrl": "address",
    "EmailStr": "mail address",
    "PostgresDsn": "postgresql",
    "RedisDsn": "redis",
    "AmqpDsn": "amqp",
    **dict.fromkeys(("list", "List", "set", "Set", "tuple", "Tuple", "Sequence"), "list"),
    **dict.fromkeys(("dict", "Dict", "Mapping"), "json"),
}
# Functions that fail with None as their first argument.
NOT_OF_NONE = frozenset(
    {"int", "float", "Path", "pathlib.Path", "json.loads", "ast.literal_eval", "dj_database_url.parse"}
)
# Settings that Django rejects without a value: "The SECRET_KEY setting must not be empty."
NOT_NONE = frozenset({"SECRET_KEY"})
# Values of django-configurations with names of their own: the name, and its prefix.
VALUES = {
    "DatabaseURLValue": ("DATABASE_URL", ""),
    "CacheURLValue": ("CACHE_URL", ""),
    "EmailURLValue": ("EMAIL_URL", ""),
    "SearchURLValue": ("SEARCH_URL", ""),
}
