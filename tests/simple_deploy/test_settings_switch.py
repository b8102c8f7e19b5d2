"""A variable that chooses among the settings is found in the source, with its value for production."""

from __future__ import annotations

import pytest

from simple_deploy.inspect.settings_switch import Switch, switch

START = "import os\nfrom importlib import import_module\nfrom .base import *\n"
FILES = {
    "site/settings/base.py": "import environ\nenv = environ.Env()\nMODE = env('SITE_MODE', default='dev')\n",
    "site/settings/dev.py": "",
    "site/settings/prod.py": "",
    "site/settings/parts/production.py": "",
}


def found(text: str, **files: str) -> Switch | None:
    every = {**FILES, "site/settings/__init__.py": START + text, **files}
    return switch(lambda path: every[path].encode() if path in every else None, "site.settings", ".")


CHOOSES_MODULES = {
    "compared, and imported": (
        "name = os.environ.get('APP_ENV', 'dev')\nif name == 'production':\n    from .prod import *\n",
        ("APP_ENV", "production", "site/settings/__init__.py:4"),
    ),
    "read in the comparison": (
        "if os.getenv('APP_ENV') == 'prod':\n    from .prod import *\nelse:\n    from .dev import *\n",
        ("APP_ENV", "prod", "site/settings/__init__.py:4"),
    ),
    "only development is compared": (
        "if os.getenv('APP_ENV', 'dev') == 'dev':\n    from .dev import *\nelse:\n    from .prod import *\n",
        ("APP_ENV", "prod", "site/settings/__init__.py:4"),
    ),
    "one of several names": (
        "if os.getenv('APP_ENV', '').lower() in ('prod', 'live'):\n    from .prod import *\n",
        ("APP_ENV", "prod", "site/settings/__init__.py:4"),
    ),
    "match": (
        "match os.getenv('APP_ENV'):\n    case 'Production':\n        from .prod import *\n",
        ("APP_ENV", "Production", "site/settings/__init__.py:4"),
    ),
    "read by a reader of another module": (
        "if MODE == 'prod':\n    from .prod import *\n",
        ("SITE_MODE", "prod", "site/settings/base.py:3"),
    ),
    "a relative module": (
        "name = os.environ['APP_ENV']\nimport_module(f'.{name}', __name__)\n",
        ("APP_ENV", "prod", "site/settings/__init__.py:4"),
    ),
    "a module by its whole name": (
        "import_module('site.settings.' + os.environ['APP_ENV'])\n",
        ("APP_ENV", "prod", "site/settings/__init__.py:4"),
    ),
    "formatted": (
        "name = os.environ['APP_ENV']\nimport_module('site.settings.{}'.format(name))\n",
        ("APP_ENV", "prod", "site/settings/__init__.py:4"),
    ),
    "formatted with %": (
        "name = os.environ['APP_ENV']\nimport_module('site.settings.%s' % name)\n",
        ("APP_ENV", "prod", "site/settings/__init__.py:4"),
    ),
    "a file": (
        "from split_settings.tools import include\nname = os.environ['APP_ENV']\ninclude(f'parts/{name}.py')\n",
        ("APP_ENV", "production", "site/settings/__init__.py:5"),
    ),
}


ADDS = "if DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n"
ENVIRON = "import environ\nenv = environ.Env(DEBUG=(bool, True))\n"
ENVIRONS = "from environs import Env\nenv = Env()\n"
PYDANTIC = (
    "from pydantic_settings import BaseSettings\nclass Variables(BaseSettings):\n    debug: bool = True\n"
    "variables = Variables()\n"
)


@pytest.mark.parametrize(
    "text, value",
    [
        (
            "DEBUG = os.environ.get('DEBUG', 'True') == 'True'\nif DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n",
            "False",
        ),
        ("DEBUG = int(os.environ.get('DEBUG', 1))\nif DEBUG:\n    MIDDLEWARE.append('x')\n", "0"),
        (
            "DEBUG = os.environ['DEBUG'] == '1'\nif DEBUG:\n    from .dev import *\nelse:\n    from .prod import *\n",
            "False",
        ),
        ("DEBUG = os.environ.get('DEBUG', True) != 'False'\nif not DEBUG:\n    from .prod import *\n", "False"),
        (ENVIRON + "DEBUG = env('DEBUG')\n" + ADDS, "False"),
        (ENVIRON + "DEBUG = env.bool('DEBUG')\n" + ADDS, "False"),
        (ENVIRON + "if env('DEBUG'):\n    INSTALLED_APPS += ['debug_toolbar']\n", "False"),
        (ENVIRON.replace("True", "False") + "DEBUG = env('DEBUG')\n" + ADDS, None),
        (ENVIRONS + "with env.prefixed('DJANGO_'):\n    DEBUG = env.bool('DEBUG', default=True)\n" + ADDS, "False"),
        (ENVIRONS + "DEBUG = env.bool('DEBUG', False)\n" + ADDS, None),
        ("from decouple import config\nDEBUG = config('DEBUG', default=True, cast=bool)\n" + ADDS, "False"),
        ("from decouple import config\nDEBUG = config('DEBUG', default=False, cast=bool)\n" + ADDS, None),
        (PYDANTIC + "DEBUG = variables.debug\n" + ADDS, "False"),
        (PYDANTIC + "if variables.debug:\n    INSTALLED_APPS += ['debug_toolbar']\n", "False"),
        (PYDANTIC.replace("True", "False") + "DEBUG = variables.debug\n" + ADDS, None),
        ("DEBUG = bool(int(os.getenv('DEBUG') or '1'))\n" + ADDS, "0"),
        ("DEBUG = os.environ.get('DEBUG') == '1'\nif DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n", None),
        ("DEBUG = os.environ.get('DEBUG', '1') == '1'\nif DEBUG:\n    INTERNAL_IPS = ['127.0.0.1']\n", None),
    ],
)
def test_debug_chooses_what_is_loaded_unless_it_is_off_by_default(text: str, value: str | None) -> None:
    chosen = found(text)
    assert (chosen.value if chosen else None) == value
    assert chosen is None or (chosen.name.removeprefix("DJANGO_"), chosen.modules) == ("DEBUG", True)


ON = "DEBUG = os.environ.get('DEBUG', 'True') == 'True'\n"


@pytest.mark.parametrize(
    "text, chooses",
    [
        (ON + "VITE_DEV_MODE = DEBUG\n", True),
        (ON + "LEVEL = 'DEBUG' if DEBUG else 'INFO'\n", True),
        (ON + "if not DEBUG:\n    SECURE_SSL_REDIRECT = True\n", True),
        (ON + "if DEBUG:\n    MAIL = 'console'\nelse:\n    MAIL = 'smtp'\n", True),
        (ON, False),
        (ON.replace("'True')", "'False')") + "VITE_DEV_MODE = DEBUG\n", False),
        (ON, False),
        ("DEBUG = os.environ.get('DEBUG', 'True').lower() in {'1', 'true'}\n", False),
        ("DEBUG = os.environ.get('DEBUG', 'True').lower() in {'1', 'true'}\nLEVEL = int(DEBUG)\n", True),
        ("DEBUG = True\nVITE_DEV_MODE = DEBUG\n", False),
    ],
)
def test_debug_chooses_values_that_are_made_of_it(text: str, chooses: bool) -> None:
    chosen = found(text)
    assert (chosen and (chosen.name, chosen.value, chosen.modules)) == (("DEBUG", "False", False) if chooses else None)


@pytest.mark.parametrize("case", CHOOSES_MODULES)
def test_a_variable_that_chooses_modules_is_found(case: str) -> None:
    text, (name, value, place) = CHOOSES_MODULES[case]
    assert found(text) == Switch(name=name, value=value, place=place, modules=True)


def test_a_variable_that_only_chooses_values_is_told_apart() -> None:
    text = "LOCAL = os.getenv('APP_ENV', 'local')\nif LOCAL == 'production':\n    SECURE_SSL_REDIRECT = True\n"
    assert found(text) == Switch(name="APP_ENV", value="production", place="site/settings/__init__.py:4", modules=False)


def test_a_variable_that_chooses_modules_comes_first() -> None:
    text = (
        "if os.getenv('MAILS') == 'production':\n    EMAIL_PORT = 25\n"
        "if os.getenv('APP_ENV') == 'prod':\n    from .prod import *\n"
    )
    seen = found(text)
    assert seen and seen.name == "APP_ENV"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "if os.getenv('APP_ENV', 'production') == 'production':\n    from .prod import *\n",
        "if os.getenv('PAY_MODE') == 'live':\n    KEY = 1\n",
        "if DEBUG:\n    from .dev import *\n",
        "if os.getenv('APP_ENV') == 'test':\n    from .dev import *\n",
        "log = f\"logs/{os.environ['APP_ENV']}.log\"\n",
        "if os.getenv('DJANGO_SETTINGS_MODULE') == 'production':\n    from .prod import *\n",
    ],
)
def test_other_code_has_no_such_variable(text: str) -> None:
    assert found(text) is None
