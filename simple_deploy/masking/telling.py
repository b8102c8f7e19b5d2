"""Which values are secrets: those whose name indicates it, wherever they are kept. Pure.

A value is masked wherever it appears, so it must not be a word that is used otherwise. Masking `true`, `postgres`, a
dotted path or the project's own name would make ordinary text unreadable; such a value is masked only next to its name
(`named`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ..model import MASK, Secret

_ENDINGS = ("PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "APIKEY", "ACCESSKEY", "PRIVATEKEY")
_WORDS = frozenset({"KEY", "KEYS", "PWD", "DSN"})
# Indicate a secret only as the last word: AUTH_LDAP_BIND_DN, PASS_THROUGH.
_LAST = frozenset({"AUTH", "PASS", "PAT", "SALT"})
# The last word shows that these are about a secret, but not one: AUTH_USER_MODEL, PASSWORD_HASHERS, KEY_PREFIX.
_ABOUT = re.compile(
    "AGE|ALGORITHMS?|ALPHABET|AUDIENCE|BACKENDS?|CHARACTERS|CHARS|CLAIM|CLASS|CLASSES|COOKIE|COUNT|DAYS|DIR"
    "|DOMAIN|EMAIL|ENABLED|ERROR|EXPIRATION|EXPIRY"
    "|FIELDS?|FILE|FORM|FORMAT|FORMS|FUNCTION|HASHERS?|HEADERS?|HOST|HOURS|ISSUER|LENGTH|LIFETIME|METHODS?|MIDDLEWARE"
    "|MINUTES|MODE|MODELS?|NAMES?|NAMESPACE|PATH|PIPELINE|PORT|PREFIX|REALM|REGION|REQUIRED|ROOT|SCHEME|SCOPES?|SECONDS"
    "|SERIALIZERS?|SOCK|STORAGE|TEMPLATE|TIME|TIMEOUT|TTL|TYPES?|URI|URL|USER|USERNAME|VALIDATORS?|VERSION|VIEWS?"
)
# The shell's own: its current and previous folder.
_FOLDERS = frozenset({"PWD", "OLDPWD"})
_ORDINARY = re.compile("changeme|development|localhost|password1?|postgres|postgresql|production|required|username")
_WORDLIKE = re.compile(r"[A-Za-z]+(?:[ _-][A-Za-z]+)*")
# A module's parts are lower-case, and the name inside it comes last: blog.models.User.
_DOTTED = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*\.[A-Za-z_]\w*")
_PATH = re.compile(r"~?(?:/[a-z0-9._-]+)+/?")
_LOGIN = re.compile(r"\b[a-z][a-z0-9+.-]*://(?P<user>[^\s/?#:@]*)(?::(?P<password>[^\s/?#]*))?@", re.IGNORECASE)
_LITERAL = r"""[rbfuRBFU]{0,2}(?:\"{3}.*?(?:\"{3}|$)|'{3}.*?(?:'{3}|$)|"(?:\\.|[^"\\\n])+"|'(?:\\.|[^'\\\n])+')"""
_ASSIGNED = re.compile(
    rf"(?P<before>\b(?P<name>[A-Za-z][\w-]*)[\"']?\]?\s*(?::|=>?)\s*)(?P<value>{_LITERAL})", re.MULTILINE
)
# env("SECRET_KEY", default="..."), os.environ.get("SECRET_KEY", "...")
_DEFAULT = re.compile(rf"(?P<before>\(\s*[\"'](?P<name>\w+)[\"']\s*,\s*(?:default\s*=\s*)?)(?P<value>{_LITERAL})")
_BARE = re.compile(
    r"(?P<before>\b(?P<name>[A-Za-z][\w-]*)[\"']?\s*[:=]\s*)(?P<value>[^\s,;\"'()\[\]{}]+)(?=[\s,;\"'}]|$)",
    re.MULTILINE,
)
# What a shell replaces by other variables, as in "${SECRET_KEY:-$PLATFORM_PROJECT_ENTROPY}". Passwords may begin so.
_VARIABLE = r"\$[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_REFERENCE = re.compile(rf"""["']?(?:{_VARIABLE}|\$\{{[A-Z][A-Z0-9_]*(?::-{_VARIABLE})?\}})["']?""")
_HEADER = re.compile(
    r"(?P<before>\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic|token|digest)\s+)?)[^\s\"',]+", re.IGNORECASE
)

# A name and its value in a table: in a line of two or more columns.
_CELL = re.compile(
    r"(?P<before>(?:^|[|│]|[ \t])[ \t]*(?P<name>[A-Za-z][\w-]*)(?: {2,}|\t+| *[|│] *))(?P<value>[^\s|│<\[{(][^\s|│]*)"
    r"(?= *(?:$|[|│\t\r]| {2}))",
    re.MULTILINE,
)
_OPTION = re.compile(r"(?P<before>(?<![\w-])--(?P<name>[A-Za-z][\w-]*) )(?P<value>[^\s<>\[\]{}|,;()\"'-][^\s,;)\"']*)")


def secrets_in(values: Mapping[str, Any]) -> list[Secret]:
    """Every secret in settings or an environment, in nested settings too."""
    public = frozenset(_public(values))
    return [Secret(text) for text in dict.fromkeys(_found(values)) if _worth_masking(text, public)]


def telling(name: str) -> bool:
    """Whether the name indicates that its value is a secret."""
    if name in _FOLDERS:
        return False
    words = [word.upper() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    if not words or _ABOUT.fullmatch(words[-1]):
        return False
    return words[-1] in _LAST or any(word in _WORDS or word.removesuffix("S").endswith(_ENDINGS) for word in words)


def named(text: str, *, literals_only: bool = False) -> str:
    """Text from other programs, with each value masked that is next to a name that indicates a secret.

    In code, a value without quotes is an expression: with `literals_only` it is left alone.
    """
    text = _HEADER.sub(rf"\g<before>{MASK}", text)
    text = _DEFAULT.sub(_masked, _ASSIGNED.sub(_masked, text))
    if literals_only:
        return text
    return _OPTION.sub(_masked_cell, _CELL.sub(_masked_cell, _BARE.sub(_masked_bare, text)))


def _masked(match: re.Match[str]) -> str:
    secret = telling(match["name"]) and not _REFERENCE.fullmatch(match["value"])
    return match["before"] + MASK if secret else match[0]


def _masked_bare(match: re.Match[str]) -> str:
    # "token: expired" is a sentence, API_TOKEN=expired is not.
    plain = match["name"].isupper() or _worth_masking(match["value"], frozenset())
    return _masked(match) if plain and match["value"] != MASK else match[0]


def _masked_cell(match: re.Match[str]) -> str:
    # In a help text, a word follows it: "--token string", "TOKEN   SCOPE".
    variable = match["name"].isupper() and "_" in match["name"]
    word = re.fullmatch(r"[A-Za-z]+", match["value"])
    return _masked(match) if match["value"] != MASK and (variable or not word) else match[0]


def _found(value: Any) -> Iterator[str]:
    """Values whose name indicates a secret, and passwords in addresses."""
    for text, secret in _texts(value):
        yield from _logins(text)
        if secret and not _LOGIN.search(text):
            yield from (text, *_lines(text))


def _texts(value: Any, secret: bool = False) -> Iterator[tuple[str, bool]]:
    """Every text, and whether its name indicates a secret. A list or dictionary passes its name on."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(part, telling(str(key)) or (secret and _goes_on(str(key))))
    elif isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from _texts(part, secret)
    elif isinstance(value, Secret):
        yield value.reveal(), True
    elif isinstance(value, str | bytes):
        yield value if isinstance(value, str) else value.decode("utf-8", "replace"), secret


def _goes_on(name: str) -> bool:
    """Whether a secret's dictionary makes the value of this key a secret: {"KEYS": {"stripe": ..., "user": ...}}."""
    return not _ABOUT.fullmatch(name.upper().rpartition("_")[2])


def _logins(text: str) -> Iterator[str]:
    for match in _LOGIN.finditer(text):
        # A user alone is a key, as in a DSN; next to a password it is a name.
        secret = match["password"] or ("" if match["password"] is not None else match["user"])
        yield from (secret, unquote(secret))


def _lines(text: str) -> Iterator[str]:
    """The lines of a multi-line key, since a diff shows each one separately."""
    if "\n" in text.strip():
        yield from (line.strip() for line in text.splitlines() if not line.startswith("-----"))


def _public(value: Any) -> Iterator[str]:
    """Values under other names: the project's names, users, hosts and paths."""
    for text, secret in _texts(value):
        if not secret and not _LOGIN.search(text):
            yield from (text, *re.findall(r"[\w-]+", text), *re.findall(r"\w+", text))


def _worth_masking(text: str, public: Iterable[str]) -> bool:
    """Whether the text is nothing but the secret, so that it can be masked wherever it appears."""
    if len(text) < 6 or _ORDINARY.fullmatch(text.lower()) or (text.isdecimal() and len(text) < 8):
        return False
    if _DOTTED.fullmatch(text) or _PATH.fullmatch(text) or (len(text) < 16 and text in public):
        return False
    return len(text) >= 8 or not _WORDLIKE.fullmatch(text)
