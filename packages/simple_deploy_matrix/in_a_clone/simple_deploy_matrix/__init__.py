"""The harness under its installed name, for a clone: each module here is the one in `matrix/`, not a second copy.

A plug-in imports the kit as `simple_deploy_matrix`, while a clone runs the harness as `matrix`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

_CLONE = str(Path(__file__).resolve().parents[4])
_PREFIX = f"{__name__}."


class _TheSameModule(MetaPathFinder, Loader):
    """Finds `simple_deploy_matrix.x` as `matrix.x`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname.startswith(_PREFIX) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(f"matrix.{spec.name.removeprefix(_PREFIX)}")
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        module.__spec__ = spec.loader_state if spec else None


if _CLONE not in sys.path:
    sys.path.append(_CLONE)
sys.meta_path.insert(0, _TheSameModule())
sys.modules[__name__] = importlib.import_module("matrix")
