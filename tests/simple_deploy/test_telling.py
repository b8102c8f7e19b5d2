"""Which values are secrets, and what is masked in other people's text."""

from __future__ import annotations

import pytest

from simple_deploy.masking.known_secrets import variables
from simple_deploy.masking.redact import Redactor, in_strings, visible
from simple_deploy.masking.telling import named, secrets_in, telling
from simple_deploy.model import Secret

M = "********"
# Django's own names and those of well-known packages, with values as real projects have them.
SETTINGS = {
    "SECRET_KEY": "django-insecure-1$x)w_9(y+ab",
    "SECRET_KEY_FALLBACKS": ["old-k3y-of-last-year"],
    "AUTH_USER_MODEL": "accounts.User",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    "AUTH_PASSWORD_VALIDATORS": [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}],
    "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"],
    "CSRF_COOKIE_NAME": "csrftoken",
    "SESSION_COOKIE_NAME": "sessionid",
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "PASSWORD_RESET_TIMEOUT": 259200,
    "ROOT_URLCONF": "myproject.urls",
    "DATABASES": {
        "default": {"NAME": "myproject", "USER": "myproject", "PASSWORD": "myproject", "HOST": "localhost"},
        "other": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "hunter2!", "USER": "postgres"},
        "third": {"PASSWORD": "postgres", "OPTIONS": {"sslmode": "require", "passfile": "/srv/blog/.pgpass"}},
    },
    "CACHES": {"default": {"LOCATION": "redis://:r3dis%2Fpw@cache.internal:6379/1", "KEY_PREFIX": "myproject"}},
    "EMAIL_HOST_USER": "postmaster@example.com",
    "EMAIL_HOST_PASSWORD": "m4il-pass",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCY",
    "SENTRY_DSN": "https://0123456789abcdef@o1.ingest.sentry.io/42",
    "TOKEN_MODEL": "authtoken.Token",
    "SIMPLE_JWT": {"SIGNING_KEY": "s1gning-key", "ALGORITHM": "HS256", "AUTH_HEADER_TYPES": ("Bearer",)},
    "SOCIALACCOUNT_PROVIDERS": {"google": {"APP": {"client_id": "abc.apps", "secret": "g00gle-s", "key": ""}}},
    "API_KEYS": {"stripe": "sk_live_51H", "user": "stranger"},
    "SOCIAL_AUTH_URL_NAMESPACE": "social-login",
    "AUTH_LDAP_BIND_DN": "cn=agent,dc=example,dc=com",
    "GOOGLE_APPLICATION_CREDENTIALS": "/run/secrets/google.json",
    "USE_TOKEN": "true",
    "PIN_PASSWORD": "1234567",
    "BINARY_TOKEN": b"byt3s-token",
    "SESSION_KEY": None,
}
FOUND = {
    "django-insecure-1$x)w_9(y+ab",
    "old-k3y-of-last-year",
    "hunter2!",
    "r3dis%2Fpw",
    "r3dis/pw",
    "m4il-pass",
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCY",
    "0123456789abcdef",
    "s1gning-key",
    "g00gle-s",
    "sk_live_51H",
    "byt3s-token",
}


def test_a_secret_value_is_found_whatever_its_name() -> None:
    """Values of --env, whatever their names."""
    assert [secret.reveal() for secret in secrets_in({"X": Secret("zq7Canary-41c0f36d")})] == ["zq7Canary-41c0f36d"]


def test_exactly_the_secrets_of_real_settings_are_found() -> None:
    assert {secret.reveal() for secret in secrets_in(SETTINGS)} == FOUND


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD",
        "passwd",
        "DB_PWD",
        "db_pass",
        "PASSPHRASE",
        "SECRET",
        "client_secret",
        "API_TOKEN",
        "tokens",
        "apiKey",
        "STRIPE_KEY",
        "CREDENTIALS",
        "BASIC_AUTH",
        "SENTRY_DSN",
        "GITHUB_PAT",
        "X-Api-Key",
        "AWS_SECRET_ACCESS_KEY_2",
        "SECRET_KEY_FALLBACKS",
        "DBPASSWORD",
    ],
)
def test_names_that_indicate_a_secret(name: str) -> None:
    assert telling(name)


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "PWD",
        "OLDPWD",
        "MONKEY",
        "COMPASS",
        "AUTHOR",
        "TOKENIZER",
        "KEY_PREFIX",
        "AUTH_USER_MODEL",
        "PASSWORD_HASHERS",
        "TOKEN_TYPE",
        "7",
        "PATTERN",
        "AUTH_LDAP_SERVER",
        "SSH_AUTH_SOCK",
        "KEYCLOAK_REALM",
        "DEFAULT_AUTO_FIELD",
        "PASS_THROUGH",
    ],
)
def test_names_that_do_not_indicate_a_secret(name: str) -> None:
    assert not telling(name)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("SECRET_KEY: other", f"SECRET_KEY: {M}"),
        ("MAILGUN_PASSWORD=abc, B=c", f"MAILGUN_PASSWORD={M}, B=c"),
        ('"HEROKU_API_KEY": "abc"', f'"HEROKU_API_KEY": {M}'),
        ("    'PASSWORD': 'postgres',", f"    'PASSWORD': {M},"),
        ('SECRET_KEY = r"a\\"b" + x', f"SECRET_KEY = {M} + x"),
        ('KEY = """multi', f"KEY = {M}"),
        ('env("SECRET_KEY", default="abc")', f'env("SECRET_KEY", default={M})'),
        ("os.environ.get('API_TOKEN', 'abc')", f"os.environ.get('API_TOKEN', {M})"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {M}"),
        ("authorization=Basic dXNlcg==", f"authorization=Basic {M}"),
        ("password: hunter22", f"password: {M}"),
        ("DEBUG: FALSE", "DEBUG: FALSE"),
        ("token: invalid", "token: invalid"),
        ('SECRET_KEY = os.environ["SECRET_KEY"]', 'SECRET_KEY = os.environ["SECRET_KEY"]'),
        ('REQUIRED = ["SECRET_KEY", "DATABASE_URL"]', 'REQUIRED = ["SECRET_KEY", "DATABASE_URL"]'),
        ('AUTH_USER_MODEL = "a.User"', 'AUTH_USER_MODEL = "a.User"'),
        ("KeyError: 'SECRET_KEY'", "KeyError: 'SECRET_KEY'"),
        ('"password": os.environ.get("EMAIL_HOST_PASSWORD", ""),',) * 2,
    ],
)
def test_a_value_is_masked_next_to_its_name(text: str, masked: str) -> None:
    assert named(text) == masked


def test_an_expression_in_code_is_not_masked() -> None:
    assert named("PASSWORD = from_the_vault", literals_only=True) == "PASSWORD = from_the_vault"
    assert named("PASSWORD = from_the_vault") == f"PASSWORD = {M}"


def test_dotenv_files_are_parsed_like_their_libraries_do() -> None:
    text = "# A_KEY=x\nexport API_TOKEN='t0ken #1'\r\n DB_PASSWORD = s3cret-pw # mine\nEMPTY=\nURL=redis://:pw@h\n"
    assert variables(text) == {
        "API_TOKEN": "t0ken #1",
        "DB_PASSWORD": "s3cret-pw",
        "EMPTY": "",
        "URL": "redis://:pw@h",
    }


@pytest.mark.parametrize(
    "text, value",
    [
        ('A="two\nlines"\n', "two\nlines"),
        ("A='two\r\nlines' # more\r\n", "two\r\nlines"),
        (r'A="a\nb \"c\" \d \\"', 'a\nb "c" \\d \\'),
        (r"A='a\nb it\'s'", r"a\nb it's"),
        ('A="never closed\nB="x"\n', '"never closed'),
    ],
)
def test_a_quoted_value_in_a_dotenv_file_may_have_lines_and_escapes(text: str, value: str) -> None:
    assert variables(text)["A"] == value


@pytest.mark.parametrize(
    "said", ["a p@ss/w0rd\"x' b", "p%40ss%2Fw0rd%22x%27", '{"a": "p@ss/w0rd\\"x\'"}', repr("p@ss/w0rd\"x'")]
)
def test_a_secret_is_masked_in_every_form(said: str) -> None:
    masked = Redactor(secrets_in({"PASSWORD": "p@ss/w0rd\"x'"}))(said)
    assert M in masked
    assert "w0rd" not in masked


def test_a_short_secret_is_masked_only_as_a_whole_word_and_longer_ones_first() -> None:
    redact = Redactor(secrets_in({"A_KEY": "abc123", "B_KEY": "abc123-and-more"}))
    assert redact("abc123 xabc123 abc1234 abc123-and-more") == f"{M} xabc123 abc1234 {M}"


def test_a_multi_line_key_is_masked_line_by_line() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\n"
    assert Redactor(secrets_in({"PRIVATE_KEY": key}))("+MIIEvQIBADANBg") == f"+{M}"


def test_learned_secrets_are_masked_from_then_on() -> None:
    redact = Redactor([])
    assert redact("abc123") == "abc123"
    redact.learn(secrets_in({"A_KEY": "abc123"}))
    assert redact("abc123") == M


@pytest.mark.parametrize("url", ["postgres://me:p@ss@host/db", "https://token@host/x", "redis://:pw@host"])
def test_logins_in_addresses_are_masked(url: str) -> None:
    scheme, _, rest = url.partition("://")
    assert Redactor([])(f"see {url}") == f"see {scheme}://{M}@{rest.rpartition('@')[2]}"


def test_an_address_without_a_login_is_unchanged() -> None:
    assert Redactor([])("see https://example.com/a@b?c=d@e") == "see https://example.com/a@b?c=d@e"


HOSTILE = "a\x1b[31mb\x1b]52;c;ZWNobw==\x07c\x9b2Jd\x08\re\u202ef\u2066g\x00h"


def test_control_characters_are_escaped() -> None:
    shown = Redactor([])(HOSTILE)
    assert shown == ("a\\x1b[31mb\\x1b]52;c;ZWNobw==\\x07c\\x9b2Jd\\x08\\re\\u202ef\\u2066g\\x00h")
    assert visible("a\tb\nc\r\nä €") == "a\tb\nc\r\nä €"


def test_output_loses_its_colours_and_keeps_its_lines() -> None:
    assert Redactor([])(Redactor([]).output("\x1b[1mdone\x1b[0m\n\x1b]0;title\x07next\u202e")) == "done\nnext\\u202e"


def test_a_secret_between_colours_is_masked() -> None:
    assert Redactor(secrets_in({"A_KEY": "abc123-and"})).output("\x1b[1mabc\x1b[0m123-and") == M


def test_every_string_in_data_is_changed() -> None:
    value = {"a": ["x", {"b": "x"}], "n": 1, "none": None, "t": ("x",)}
    assert in_strings(value, str.upper) == {"a": ["X", {"b": "X"}], "n": 1, "none": None, "t": ["X"]}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("DATABASE_PASSWORD   hunter", "DATABASE_PASSWORD   ********"),
        ("  API_TOKEN\tab12cd34\n", "  API_TOKEN\t********\n"),
        ("| SECRET_KEY | x9-y8 | app |", "| SECRET_KEY | ******** | app |"),
        (
            "NAME         VALUE    LEVEL\nSECRET_KEY   x9y8z7   app",
            "NAME         VALUE    LEVEL\nSECRET_KEY   ********   app",
        ),
        ("fly x --password hunter2 --org me", "fly x --password ******** --org me"),
        ("x --token FlyV1-abc, then", "x --token ********, then"),
        ("x --token=FlyV1-abc", "x --token=********"),
    ],
)
def test_a_value_in_a_table_or_after_an_option_is_masked(said: str, shown: str) -> None:
    assert named(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "  -t, --access-token string   Fly API Access Token",
        "  --password PASSWORD    the password of the database",
        "  --token <token>  A token; see --token-file PATH1",
        "Use --token or log in. With --password, it asks.",
        "TOKEN   SCOPE   EXPIRES",
        "  tokens        Manage Fly.io API tokens",
        "  keys  [command]  Manage keys of the account",
        "PASSWORD_HASHERS   2",
    ],
)
def test_help_texts_and_headings_are_not_masked(said: str) -> None:
    assert named(said) == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('export SECRET_KEY="${SECRET_KEY:-$PLATFORM_PROJECT_ENTROPY}"', True),
        ('SECRET_KEY="$OTHER_KEY"', True),
        ('SECRET_KEY="${OTHER_KEY}"', True),
        ('SECRET_KEY="$ecret1"', False),
        ('SECRET_KEY="$ECRET1"', False),
        ('SECRET_KEY="${OTHER:-hunter2}"', False),
        ('SECRET_KEY="a$OTHER_KEY"', False),
    ],
)
def test_a_reference_to_another_variable_is_no_secret(text: str, shown: bool) -> None:
    assert (named(text, literals_only=True) == text) is shown
