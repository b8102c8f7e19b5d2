"""Makes the process find what production has, and nothing that it has not."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any


def as_in_production(order: dict[str, Any]) -> None:
    """Find the project in the tree and the fetched packages, and nothing that production does not install."""
    root, tree = Path(order.get("root", "")).resolve(), Path(order["tree"])
    # An editable installation points to the developer's own folder: production may not have that of the project itself.
    ours = set() if order.get("installed") else {root, root / "src"}
    if order.get("root"):
        # It may lead there through a link.
        sys.path[:] = [_copied(name, root, tree) for name in sys.path if Path(name).resolve() not in ours]
        for folders in maps_of_editable():
            kept = {name: folder for name, folder in folders.items() if Path(folder).resolve().parent not in ours}
            folders.clear()
            folders.update({name: _copied(str(folder), root, tree) for name, folder in kept.items()})
    sys.path[1:1] = [str(tree / name) for name in order.get("paths", ())]
    first = _first_of_packages()
    sys.path[first:first] = order.get("before", ())
    if order.get("packages"):
        sys.path.append(order["packages"])
    sys.path += [str(tree / name) for name in order.get("built", ()) if (tree / name).is_dir()]
    if own := order.get("own"):
        sys.meta_path.append(_Named(frozenset(own["names"]), [str(tree / name) for name in own["folders"]]))
    if order.get("pip") and not PathFinder.find_spec("pip"):
        # Production has it from installing; an environment that uv made here does not.
        sys.path += _bundled_pip()
    names = frozenset(order.get("withheld", ())) - sys.modules.keys()
    # Without the package, a folder of the project with the same name is the module, even an empty one.
    known = frozenset(name for name in sys.path if not Path(name).is_relative_to(tree))
    sys.meta_path[:] = [_Without(finder, names, known) for finder in sys.meta_path]


def maps_of_editable() -> list[dict[str, Any]]:
    """Where editable installations that do without `sys.path`, as setuptools makes them, find each package."""
    modules = [module for name, module in sys.modules.items() if name.startswith("__editable__")]
    return [found for module in modules if isinstance(found := getattr(module, "MAPPING", None), dict)]


def _bundled_pip() -> list[str]:
    """The wheel of pip that Python has for new environments; none if it comes without."""
    found = PathFinder.find_spec("ensurepip")
    folders = found.submodule_search_locations or [] if found else []
    return [str(wheel) for folder in folders for wheel in Path(folder, "_bundled").glob("pip-*.whl")]


def _copied(name: str, root: Path, tree: Path) -> str:
    place = Path(name).resolve()
    if not place.is_relative_to(root):
        return name
    copied = tree / place.relative_to(root)
    return str(copied) if copied.exists() else name


def _first_of_packages() -> int:
    """The index of the first folder with installed packages: Python's own modules stay before them."""
    named = (index for index, name in enumerate(sys.path) if Path(name).name in ("site-packages", "dist-packages"))
    return next(named, len(sys.path))


class _Named:
    """Finds only these `names` in the folders, from which production installs them one by one."""

    def __init__(self, names: frozenset[str], folders: list[str]) -> None:
        self._names = names
        self._folders = folders

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """See `importlib.abc.MetaPathFinder`."""
        return PathFinder.find_spec(name, self._folders, target) if name in self._names else None


class _Without:
    """A module finder that does not find what production does not have: these `names` in the `known` folders."""

    def __init__(self, finder: Any, names: frozenset[str], known: frozenset[str]) -> None:
        self._finder = finder
        self._names = names
        self._known = known

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """See `importlib.abc.MetaPathFinder`."""
        top = name.partition(".")[0]
        if top not in self._names or top in sys.modules:
            return self._finder.find_spec(name, path, target)
        # A package may add a folder with copies of what it needs, as pkg_resources does.
        return PathFinder.find_spec(name, [folder for folder in sys.path if folder not in self._known], target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)
