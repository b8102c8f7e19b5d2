"""Which environment variables settings read: their source → the variables, with their purpose."""

from __future__ import annotations

import pytest

from simple_deploy.inspect.settings_modules import modules
from simple_deploy.inspect.variables import variables
from simple_deploy.model import Variable

STARTS = ("blog/settings.py", "blog.wsgi")
ENVIRON = "import environ\nenv = environ.Env()\n"
ENVIRONS = "from environs import Env\nenv = Env()\n"
DECOUPLE = "from decouple import config\n"
CLASSES = "from configurations import Configuration, values\nclass Base(Configuration):\n"
PYDANTIC = "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n"


# A function that calls another one, which fails only if it is asked to.
WRAPPED = """from os import getenv
def read(name, required=False):
    if required and getenv(name) is None:
        raise OSError(name)
    return getenv(name)
def text(name, default="", required=False):
    return read(name, required) or default
"""


def found(text: str, files: dict[str, str] | None = None) -> dict[str, Variable]:
    texts = {"blog/settings.py": text, **(files or {})}
    content = {path: source.encode() for path, source in texts.items()}
    return {variable.name: variable for variable in variables(modules(content.get, STARTS, "."))}


# the text of the settings -> the variables that they read, and whether they need them
NEEDED = {
    'import os\nX = os.environ["A"]': {"A": "yes"},
    'from os import environ as e\nX = e["A"]': {"A": "yes"},
    'import os\nX = os.environ.get("A")\nY = os.getenv("B", "b")': {"A": "no", "B": "no"},
    'import os\nX = os.environ.pop("A")': {"A": "yes"},
    'import os\nenv = os.environ\nX = env["A"]\nY = env.get("B")': {"A": "yes", "B": "no"},
    'import os\nc = {**dotenv_values(".env"), **os.environ}\nX = c["A"]': {"A": "yes"},
    'import os\nc = dotenv_values(".env") | os.environ.copy()\nX = c["A"]\nY = d["B"]': {"A": "yes"},
    'import os\nSECRET_KEY = os.getenv("A")\nX = os.getenv("B")': {"A": "yes", "B": "no"},
    'import os\nSECRET_KEY: str = os.environ.get("A")': {"A": "yes"},
    'import os\nSECRET_KEY = os.environ.get("A", "x")': {"A": "no"},
    'import os\nX = os.getenv("A").split(",")\nY = (os.getenv("B") or "").split()': {"A": "yes", "B": "no"},
    'import os\nX = int(os.environ.get("A"))\nY = int(os.environ.get("B", 1))\nZ = bool(os.environ.get("C"))': {
        "A": "yes",
        "B": "no",
        "C": "no",
    },
    'import os\nX = "redis://" + os.getenv("A")\nY = f"redis://{os.getenv(\'B\')}"': {"A": "yes", "B": "no"},
    'import os\nX = os.getenv("A").split() if os.getenv("A") else []': {"A": "no"},
    'import os\nos.environ["A"] = "1"\nX = os.environ["A"]': {"A": "no"},
    'import os\nos.environ.setdefault("A", "1")\nX = os.environ["A"]': {"A": "no"},
    'import os\nif DEBUG:\n    X = os.environ["A"]': {"A": "perhaps"},
    'import os\nif "A" in os.environ:\n    X = os.environ["A"]': {"A": "no"},
    'import os\nif os.environ.get("A"):\n    X = os.environ["B"]': {"A": "no", "B": "perhaps"},
    'import os\nX = os.getenv("A") or os.environ["B"]': {"A": "no", "B": "perhaps"},
    'import os\ntry:\n    X = os.environ["A"]\nexcept KeyError:\n    X = 1': {"A": "no"},
    'import os\ntry:\n    X = os.environ["A"]\nexcept KeyError as e:\n    raise ValueError from e': {"A": "yes"},
    'import os\ndef later():\n    return os.environ["A"]': {"A": "perhaps"},
    'import os\ndef need(name):\n    return os.environ[name]\nX = need("A")': {"A": "yes"},
    "import os\ndef need(name):\n    try:\n        return os.environ[name]\n    except KeyError:\n        raise E\n"
    'X = need("A")': {"A": "yes"},
    WRAPPED + 'X = text("A")\nY = text("B", required=True)\nZ = text("C", "z")\n': {"A": "no", "B": "yes", "C": "no"},
    'import os\ndef get(name, d=None):\n    return os.environ.get(name, d)\nX = get("A")\nY = get("B", 1)': {
        "A": "no",
        "B": "no",
    },
    ENVIRON + 'X = env("A")\nY = env("B", default=1)\nZ = env("C", int)\n': {"A": "yes", "B": "no", "C": "yes"},
    ENVIRON + 'X = env.int("A", 1)\nY = env.bool("B")\nenv.read_env("x")': {"A": "no", "B": "yes"},
    ENVIRON + 'DATABASES = {"default": env.db()}\nX = env.cache("C", default="")': {"DATABASE_URL": "yes", "C": "no"},
    'from environ import Env\nenv = Env(A=(bool, False), B=int)\nX = env("A")\nY = env("B")': {"A": "no", "B": "yes"},
    ENVIRONS + 'X = env("A")\nY = env.str("B", "b")\nwith env.prefixed("P_"):\n    Z = env.int("C")': {
        "A": "yes",
        "B": "no",
        "P_C": "yes",
    },
    DECOUPLE + 'X = config("A")\nY = config("B", "b")\nZ = config("C", cast=bool, default=0)': {
        "A": "yes",
        "B": "no",
        "C": "no",
    },
    "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}": {"DATABASE_URL": "no"},
    CLASSES + "    SECRET_KEY = values.SecretValue()\n    X = values.Value('x')\n": {
        "DJANGO_SECRET_KEY": "yes",
        "DJANGO_X": "no",
    },
    CLASSES + "    X = values.Value(environ_name='A', environ_prefix=None, environ_required=True)": {"A": "yes"},
    CLASSES + "    X = values.SecretValue(environ_prefix='A')\n    Y = values.Value(environ=False)": {"A_X": "yes"},
    CLASSES + "    DATABASES = values.DatabaseURLValue()\n    EMAIL = values.EmailURLValue('console://')": {
        "DATABASE_URL": "no",
        "EMAIL_URL": "no",
    },
    PYDANTIC + "    api_key: str\n    port: int = 1": {"API_KEY": "yes", "PORT": "no"},
    PYDANTIC + "    model_config = SettingsConfigDict(env_prefix='my_')\n    key: str = Field(...)": {"MY_KEY": "yes"},
    PYDANTIC + "    key: str = Field(alias='THE_KEY', default='')": {"THE_KEY": "no"},
    'import os\nA_KEY = "A"\nclass Names:\n    B = "B"\nX = os.environ[A_KEY]\nY = os.getenv(Names.B)': {
        "A": "yes",
        "B": "no",
    },
    'import os\nP = "P_"\nX = os.environ[f"{P}A"]\nY = os.environ[P + "B"]\nZ = os.environ[f"{unknown}C"]': {
        "P_A": "yes",
        "P_B": "yes",
    },
    'import os\nA_KEY = "A"\nX = os.environ[A_KEY] if A_KEY in os.environ else ""': {"A": "no"},
    DECOUPLE + 'A_KEY = "A"\nX = config(A_KEY)': {"A": "yes"},
    'X = {}.get("A")\nY = registry["B"]\nZ = config("C")': {},
    "def broken(": {},
}


@pytest.mark.parametrize("text", NEEDED)
def test_a_variable_without_a_default_is_needed(text: str) -> None:
    assert {name: variable.needed for name, variable in found(text).items()} == NEEDED[text]


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ('X = os.getenv("K")', True),
        ('X = {"KEY": os.environ.get("K")}', True),
        ('X = os.getenv("K", "x")', False),
        ('X = os.getenv("K", None)', True),
        ('from decouple import config\nX = config("K", default=None)', True),
        ('import environ\nenv = environ.Env()\nX = env.str("K", None)', True),
        ('X = os.getenv("K") or "x"', False),
        ('X = os.getenv("K") == "True"', False),
        ('X = os.environ["K"]', False),
        ('if os.getenv("K"):\n    X = 1', False),
        ('X = os.getenv("K")\nY = os.getenv("K", "y")', False),
    ],
)
def test_a_variable_without_which_a_setting_is_none_is_absent(text: str, absent: bool) -> None:
    assert found(f"import os\n{text}")["K"].absent == absent


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ('import os\nX = os.getenv("K", "")', True),
        ("import os\nX = os.getenv(\"K\", '') or None", True),
        (f'{WRAPPED}X = text("K")', True),
        (f'{WRAPPED}X = text("K", "x")', False),
        ('import os\nX = os.getenv("K", "x")', False),
        ('import os\nX = os.getenv("K")', False),
        ('import os\nX = os.environ["K"]', False),
        (ENVIRON + 'X = env("K", default="")', True),
        (ENVIRON + 'X = env("K", default="")\nY = env("K", default="y")', False),
        (DECOUPLE + 'X = config("K", default="")', True),
    ],
)
def test_a_default_may_be_an_empty_text(text: str, empty: bool) -> None:
    assert found(text)["K"].empty == empty


# the settings -> for each variable, the only setting that uses it, and how it is parsed
PURPOSE = {
    'DATABASES = {"default": {"ENGINE": os.environ["K"]}}': ("DATABASES", "engine"),
    'DATABASES["default"]["ENGINE"] = "django.db.backends." + os.environ["K"]': ("DATABASES", "engine name"),
    'DATABASES = {"default": {"ENGINE": f"x.{os.environ[\'K\']}"}}': ("DATABASES", "engine name"),
    'DATABASES = {"default": {"ENGINE": "x", "NAME": os.environ["K"]}}': ("DATABASES", "text"),
    'SECRET_KEY = os.environ["K"]': ("SECRET_KEY", "text"),
    'DEBUG = os.environ["K"] == "True"': ("DEBUG", "text"),
    "DATABASES = {'default': {'NAME': os.environ['K']}}": ("DATABASES", "text"),
    "DATABASES['default']['PORT'] = int(os.environ['K'])": ("DATABASES", "integer"),
    'K = os.environ["K"]\nDATABASES = {"default": {"NAME": K}}': ("DATABASES", "text"),
    'K = os.environ["K"]\nDATABASES = {"default": {"NAME": K}}\nprint(K)': ("", "text"),
    'K = os.getenv("K")\nif K:\n    DATABASES = {"default": {"NAME": K}}\nelse:\n    DATABASES = {}': (
        "DATABASES",
        "text",
    ),
    'K = os.getenv("K")\nif K:\n    DATABASES = {}\nelif X:\n    OTHER = 1': ("", "text"),
    'K = os.getenv("K")\nif K:\n    DATABASES = {}\n    print()': ("", "text"),
    'SECRET_KEY = os.environ["K"]\nOTHER = os.environ["K"]': ("", "text"),
    'SECRET_KEY = os.getenv("K")\nif not SECRET_KEY:\n    raise ValueError\nJWT = {"KEY": SECRET_KEY}': (
        "SECRET_KEY",
        "text",
    ),
    'TOKEN = os.environ["K"]': ("TOKEN", "text"),
    'import dj_database_url\nDATABASES = {"default": dj_database_url.parse(os.environ["K"])}': (
        "DATABASES",
        "database",
    ),
    ENVIRON + 'DEBUG = env.bool("K")': ("DEBUG", "boolean"),
    PYDANTIC + "    k: SecretStr\nDATABASES = {'default': {'NAME': S().k.get_secret_value()}}": ("DATABASES", "text"),
    PYDANTIC + "    k: int\n    @property\n    def db(self):\n        return {'PORT': self.k}\n"
    "c = S()\nDATABASES = {'default': c.db}": ("DATABASES", "integer"),
    PYDANTIC + "    k: str\nc = S()\nDATABASES = {'default': {'NAME': c.k}}\nprint(c.k)": ("", "text"),
    PYDANTIC + "    k: list[str]\nc = S()\nALLOWED_HOSTS = c.k": ("ALLOWED_HOSTS", "list"),
    PYDANTIC + "    k: Optional[HttpUrl] = None": ("", "address"),
    PYDANTIC + "    k: Annotated[int, Field(gt=0)]": ("", "integer"),
    PYDANTIC + "    k: pydantic.PostgresDsn | None": ("", "postgresql"),
    PYDANTIC + "    k: dict[str, str]": ("", "json"),
    PYDANTIC + "    k: Literal['a']": ("", "text"),
    DECOUPLE + 'DEBUG = config("K", cast=bool)': ("DEBUG", "boolean"),
    'def read():\n    key = os.getenv("K", "")\n    return Config(key=key, debug=False)\nSECRET_KEY = read().key': (
        "SECRET_KEY",
        "text",
    ),
    'c = Config(key=os.environ["K"])\nSECRET_KEY = c.key': ("SECRET_KEY", "text"),
    'c = Config(key=os.environ["K"])\nSECRET_KEY = c.key\nJWT = c.key': ("", "text"),
}


@pytest.mark.parametrize("text", PURPOSE)
def test_the_purpose_of_a_variable(text: str) -> None:
    variable = found(f"import os\n{text}")["K"]
    assert (variable.setting, variable.kind) == PURPOSE[text]


@pytest.mark.parametrize("line", ["from .base import *", "from .base import config", "from blog.base import config"])
def test_a_function_that_reads_variables_comes_from_another_module(line: str) -> None:
    """Settings for production often have only the names of the module that they extend."""
    names = found(f'{line}\nCACHE = config("REDIS_URL", default="")', {"blog/base.py": "from decouple import config\n"})
    assert [*names] == ["REDIS_URL"]


def test_a_variable_is_found_in_every_module_that_the_settings_import() -> None:
    names = found(
        "from .base import *\nfrom conf.env import env\nif 1:\n    from .local import *\ninclude('parts.py')\n"
        'X = env("IMPORTED")',
        {
            "blog/base.py": 'import os\nfrom ..shared import *\nX = os.environ["BASE"]',
            "blog/local.py": 'import os\nX = os.environ["LOCAL"]',
            "blog/parts.py": 'import os\nX = os.environ["PART"]',
            "blog/wsgi.py": 'import os\nX = os.environ["SERVER"]',
            "blog/__init__.py": 'import os\nX = os.environ["PACKAGE"]',
            "conf/env.py": ENVIRON,
            "shared.py": 'import os\nX = os.environ["OUTSIDE"]',
            "blog/other.py": 'import os\nX = os.environ["UNUSED"]',
        },
    )
    assert {name: variable.needed for name, variable in names.items()} == {
        **dict.fromkeys(("BASE", "IMPORTED", "OUTSIDE", "PACKAGE", "PART", "SERVER"), "yes"),
        "LOCAL": "perhaps",
    }
    assert names["BASE"].place == "blog/base.py:3"


@pytest.mark.parametrize(
    "text",
    [
        'include(f"{ENV}.py")',
        'include("base.py", "{0}.py".format(ENV))',
        'include("%s.py" % ENV)',
        'SETTINGS = ["base.py", f"{ENV}.py"]\ninclude(*SETTINGS)',
        'SETTINGS: tuple[str, ...] = ("base.py", f"{ENV}.py", optional("local.py"))\ninclude(*SETTINGS)',
    ],
)
def test_a_variable_is_found_in_a_file_whose_name_is_computed(text: str) -> None:
    files = ("base", "local", "other", "production", "staging")
    names = found(
        f'import os\nENV = os.environ.get("DJANGO_ENV", "staging")\n{text}',
        {f"blog/{name}.py": f'import os\nX = os.environ["{name.upper()}"]' for name in files},
    )
    needed = {name: variable.needed for name, variable in names.items()}
    assert needed == {
        **({"BASE": "yes"} if "base.py" in text else {}),
        **dict.fromkeys(("PRODUCTION", "STAGING"), "perhaps"),
        "DJANGO_ENV": "no",
    }


def test_circular_imports_end() -> None:
    assert set(found("from .a import *", {"blog/a.py": 'from .settings import *\nimport os\nos.environ["A"]'})) == {"A"}


def test_variables_of_an_example_file_are_known() -> None:
    content = {"blog/settings.py": b"", ".env.example": b"# mail\nexport MAIL_KEY=''\nPORT = 1\n"}
    known = variables(modules(content.get, STARTS, "."))
    assert [(one.name, one.place, one.needed) for one in known] == [
        ("MAIL_KEY", ".env.example", "no"),
        ("PORT", ".env.example", "no"),
    ]


def test_a_value_in_a_settings_ini_is_a_default() -> None:
    text = "from decouple import config\nA = config('A')\nB = config('B')"
    for path in ("blog/settings.ini", "settings.ini"):
        assert {one.name: one.needed for one in found(text, {path: "[settings]\nA=1%\n"}).values()} == {
            "A": "no",
            "B": "yes",
        }
    for other in ("[other]\nA=1\n", "A=1\n", ""):
        assert found(text, {"settings.ini": other})["A"].needed == "yes"


def test_a_nested_project_imports_from_the_folder_of_manage_py() -> None:
    content = {
        "site/conf/settings/prod.py": b"from conf.settings.parts import *",
        "site/conf/settings/parts.py": b'import os\nX = os.environ["A"]',
    }
    for start in ("site/conf/settings/prod.py", "conf.settings.prod"):
        assert [one.place for one in variables(modules(content.get, [start], "site"))] == [
            "site/conf/settings/parts.py:2"
        ]
