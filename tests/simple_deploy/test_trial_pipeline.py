"""The programs that django-pipeline starts, with a small package in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Checkout

PACKAGE = {
    "__init__.py": "",
    "compressors/__init__.py": "class SubProcessCompressor: ...\n\nclass NoopCompressor: ...\n",
    "compressors/yuglify.py": "from . import SubProcessCompressor\n\n"
    "class YuglifyCompressor(SubProcessCompressor): ...\n",
    "compilers/__init__.py": "class SubProcessCompiler:\n    def __init__(self, verbose, storage): ...\n\n"
    "    def match_file(self, name):\n        return name.endswith(self.ending)\n",
    "compilers/sass.py": "from . import SubProcessCompiler\n\n"
    "class SassCompiler(SubProcessCompiler):\n    ending = '.scss'\n",
    "compilers/less.py": "from . import SubProcessCompiler\n\n"
    "class LessCompiler(SubProcessCompiler):\n    ending = '.less'\n",
    "storage.py": "from django.contrib.staticfiles.storage import StaticFilesStorage\n\n"
    "class Packing(StaticFilesStorage):\n    packing = True\n",
    "conf.py": "from django.conf import settings as project\n\n"
    "class Settings(dict):\n    __getattr__ = dict.get\n\n\n"
    "settings = Settings({'STYLESHEETS': {}, 'JAVASCRIPT': {}, 'COMPILERS': [], **project.PIPELINE,\n"
    "    'YUGLIFY_BINARY': ('/usr/bin/env', 'yuglify'), 'SASS_BINARY': ('/opt/sass', '-q')})\n",
}
CSS = "pipeline.compressors.yuglify.YuglifyCompressor"
COMPILERS = ["pipeline.compilers.sass.SassCompiler", "pipeline.compilers.less.LessCompiler"]
STYLES = {"all": {"source_filenames": ["a.scss", "b.css"]}}


@pytest.mark.parametrize(
    ("pipeline", "backend", "missing"),
    [
        ({"CSS_COMPRESSOR": CSS, "STYLESHEETS": STYLES}, "Packing", ["yuglify (PIPELINE, YUGLIFY_BINARY)"]),
        ({"CSS_COMPRESSOR": CSS, "JS_COMPRESSOR": None, "JAVASCRIPT": STYLES}, "Packing", []),
        ({"CSS_COMPRESSOR": "pipeline.compressors.NoopCompressor", "STYLESHEETS": STYLES}, "Packing", []),
        ({"COMPILERS": COMPILERS, "STYLESHEETS": STYLES}, "Packing", ["/opt/sass (PIPELINE, SASS_BINARY)"]),
        ({"CSS_COMPRESSOR": CSS, "STYLESHEETS": STYLES}, "StaticFilesStorage", []),
    ],
)
def test_programs_that_packing_starts(
    checkout: Checkout, pipeline: dict[str, object], backend: str, missing: list[str]
) -> None:
    for name, text in PACKAGE.items():
        (checkout.root / "pipeline" / name).parent.mkdir(parents=True, exist_ok=True)
        checkout.write(f"pipeline/{name}", text)
    module = "pipeline.storage" if backend == "Packing" else "django.contrib.staticfiles.storage"
    added = f"INSTALLED_APPS.append('pipeline')\nPIPELINE = {pipeline!r}\nSTATIC_ROOT = BASE_DIR / 'collected'\n"
    added += f"STORAGES = {{'staticfiles': {{'BACKEND': '{module}.{backend}'}}}}\n"
    checkout.write("blog/settings.py", checkout.read("blog/settings.py") + added)
    order = {"complete": True, "withheld": {}, "asynchronous": False, "read_only": False}
    answer = checkout.tried("settings", "static files", **order)
    assert (answer["failed"], answer["programs"]) == (None, missing)
