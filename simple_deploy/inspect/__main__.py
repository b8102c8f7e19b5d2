"""`python -m simple_deploy.inspect MODULE MANAGE_PY ROOT` prints the settings of MODULE as JSON.

For a module other than the one that the calling process has loaded: Django loads only one per process.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .own_line import own_lines
from .settings import reason
from .settings_classes import load_classes
from .settings_reader import OutsideRepository, read_loaded, to_json

if __name__ == "__main__":
    module, manage_py, root = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    try:
        load_classes()
        found = to_json(read_loaded(module, Path(manage_py), Path(root)))
    except OutsideRepository:
        raise
    except Exception as error:  # whatever a project's settings may raise
        found = json.dumps({"failed": reason(error, Path(root)), "places": [*own_lines(error, Path(root))]})
    sys.stdout.write(found + "\n")
