"""`python -m simple_deploy.inspect MODULE MANAGE_PY ROOT` prints the settings of MODULE as JSON.

For a module other than the one that the calling process has loaded: Django loads one in its life.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .settings_reader import read_loaded, to_json

if __name__ == "__main__":
    module, manage_py, root = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    sys.stdout.write(to_json(read_loaded(module, Path(manage_py), Path(root))) + "\n")
