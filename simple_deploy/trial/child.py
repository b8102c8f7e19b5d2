"""Runs in production's environment, in a copy of what Git will contain, and writes its results as JSON.

It is started by its path and imports nothing from simple_deploy, which production does not have. `argv`: the file with
the order, and the file for the answer, since the project's code may print. Both contain JSON.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def main(order: Json) -> Json:
    """The result of each part; the first failure ends the trial."""
    found: Json = {
        "tried": [],
        "failed": None,
        "settings": "",
        "static": [],
        "static_names": "plain",
        "static_while_loading": False,
        "compresses": False,
        "programs": [],
        "errors": [],
        "unmigrated": [],
        "untranslated": [],
        "without_migrations": [],
    }
    parts = {
        "settings": _settings,
        "application": _application,
        "static files": _static,
        "checks": _checks,
        "migrations": _migrations,
        "translations": _translations,
    }
    frozen = Frozen(order["tree"])
    sys.addaudithook(frozen.refuse)
    for name in order["parts"]:
        part = parts[name]
        # The build, which collects static files, may write.
        frozen.on = order.get("read_only", False) and name in ("settings", "application")
        try:
            part(order, found)
        except (Exception, SystemExit) as error:
            found["failed"] = {"part": name, **_told(error, Path(order["tree"]))}
            return found
        found["tried"].append(name)
    return found


class Frozen:
    """While it is `on`, what would change files below the folder fails as on a read-only file system."""

    _CHANGING = frozenset({"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"})

    def __init__(self, folder: str) -> None:
        self.on = False
        self._folder = os.path.realpath(folder) + os.sep

    def refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook. Raises OSError."""
        if self.on and (event in self._CHANGING or (event == "open" and self._writes(*arguments[1:3]))):
            name = arguments[0]
            if isinstance(name, (str, bytes, os.PathLike)) and self._is_below(os.fsdecode(name), event):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fsdecode(name))

    def _writes(self, mode: str | None, flags: int) -> bool:
        # Some audit events have no mode, others no flags.
        return bool(set(mode or "") & set("wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    def _is_below(self, name: str, event: str) -> bool:
        path = os.path.realpath(name)
        # A folder that exists is reported as such.
        return path.startswith(self._folder) and not (event == "os.mkdir" and Path(path).is_dir())


class _Without:
    """A module finder that does not find what production does not have."""

    def __init__(self, finder: Any, names: frozenset[str]) -> None:
        self._finder = finder
        self._names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """See `importlib.abc.MetaPathFinder`."""
        return None if name.partition(".")[0] in self._names else self._finder.find_spec(name, path, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)


def _as_in_production(order: Json) -> None:
    """Find the project in the tree and the fetched packages, and nothing that production does not install."""
    root, tree = Path(order.get("root", "")), Path(order["tree"])
    # An editable installation points to the developer's own folder.
    for index, name in enumerate(sys.path):
        if order.get("root") and Path(name).is_relative_to(root):
            copied = tree / Path(name).relative_to(root)
            sys.path[index] = str(copied) if copied.is_dir() else name
    sys.path[1:1] = [str(tree / name) for name in order.get("paths", ())]
    if order.get("packages"):
        sys.path.append(order["packages"])
    own = Path.cwd()
    names = frozenset(
        name
        for name in order.get("withheld", ())
        if not (name in sys.modules or (own / name).exists() or (own / f"{name}.py").exists())
    )
    sys.meta_path[:] = [_Without(finder, names) for finder in sys.meta_path]


def _settings(order: Json, found: Json) -> None:
    """Load the settings, as the application's script or manage.py does, and the apps."""
    _without_a_manifest(found)
    if "application" in order["parts"]:
        # The script chooses the settings, unless the environment does.
        importlib.import_module(order["application"].partition(":")[0])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", order["module"])
    import django
    from django.conf import settings

    django.setup()
    found["settings"] = settings.SETTINGS_MODULE


def _without_a_manifest(found: Json) -> None:
    """Allow static files to have URLs although they have not been collected; note if that happens while apps load."""
    from django.apps import apps
    from django.contrib.staticfiles.storage import HashedFilesMixin, StaticFilesStorage
    from django.core.files.storage import FileSystemStorage

    def noting(original: Any) -> Any:
        def url(self: Any, name: str, *words: Any, **more: Any) -> str:
            # collectstatic also loads the apps, before it has written the manifest.
            found["static_while_loading"] = found["static_while_loading"] or not apps.ready
            own = isinstance(self, FileSystemStorage)
            return str(FileSystemStorage.url(self, name) if own else original(self, name, *words, **more))

        return url

    for kind in (HashedFilesMixin, StaticFilesStorage):
        setattr(kind, "url", noting(kind.url))  # noqa: B010 - mypy lets no method be replaced


def _application(order: Json, found: Json) -> None:
    module, _, name = order["application"].partition(":")
    found_application = getattr(importlib.import_module(module), name.removesuffix("()") or "application")
    if name.endswith("()"):
        found_application()
    from django.urls import get_resolver

    # The first request would import these.
    _ = get_resolver().url_patterns


def _static(order: Json, found: Json) -> None:
    """Give static files hashed names, and look for the names in templates. Django's own files are known to work."""
    import django
    from django.contrib.staticfiles.finders import get_finders

    _compile_sass()
    files: dict[str, Any] = {}
    for finder in get_finders():
        for path, storage in finder.list([]):
            prefix = getattr(storage, "prefix", None)
            files.setdefault((f"{prefix}/{path}" if prefix else path).replace(os.sep, "/"), (storage, path))
    django_itself = str(Path(django.__file__).parent)
    own = [name for name, (storage, path) in files.items() if not storage.path(path).startswith(django_itself)]
    referring = [name for name in own if name.endswith((".css", ".js"))]
    missing = _unresolved(files, referring)
    named, computed = _named_in_templates(order, set(files))
    found["static"] += [*missing, *named]
    combining = _combining(order)
    found["compresses"] = bool(combining)
    found["programs"] += _missing_programs(order, combining) if combining and order["complete"] else []
    strict = not found["static"] and not computed and not found["static_while_loading"]
    collects = not missing or next(_failures(files, referring, tolerant=True), None) is None
    found["static_names"] = "hashed" if strict else "tolerant" if collects else "plain"


def _checks(order: Json, found: Json) -> None:
    """What stops `migrate` in production: errors of the system checks, for production's database engine."""
    from django.core import checks

    errors = [
        error
        for error in checks.run_checks(include_deployment_checks=True)
        if error.is_serious() and not error.is_silenced()
    ]
    found["errors"] += [f"{error.id}: {error.msg} ({error.obj})" for error in errors]


def _migrations(order: Json, found: Json) -> None:
    """The project's apps with models that are missing from the migrations in Git, found without a database."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    own = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(order["tree"]) and any(one._meta.managed for one in config.get_models())
    }
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found["without_migrations"] += sorted(own - {label for label, _ in loader.disk_migrations})
    if found["without_migrations"]:
        return
    loader.build_graph()
    changed = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    found["unmigrated"] += sorted(own & changed.keys())


def _translations(order: Json, found: Json) -> None:
    """What stops `compilemessages` in the build."""
    import io

    from django.core.management import CommandError, call_command

    said = io.StringIO()
    os.chdir(order["tree"])
    try:
        call_command("compilemessages", ignore_patterns=[".*"], no_color=True, stdout=io.StringIO(), stderr=said)
    except CommandError as error:
        text = said.getvalue().replace(f"{order['tree']}{os.sep}", "")
        found["untranslated"] += [line for line in text.splitlines() if ".po" in line] or [str(error)]


def _unresolved(files: Json, referring: list[str]) -> list[str]:
    """Files that refer to missing files; each is taken out, so that the next one is found."""
    missing: list[str] = []
    left = list(referring)
    while failed := next(_failures(files, left, tolerant=False), None):
        name, error = failed
        if name not in left:
            break
        # Django reports the missing file first, and its own storage after that.
        missing.append(f"{name}: {str(error).splitlines()[0].partition(' with <')[0]}")
        left.remove(name)
    return missing


def _failures(files: Json, names: list[str], *, tolerant: bool) -> Iterator[tuple[str, Exception]]:
    """What fails when these files get names with a hash, as with the settings block."""
    import tempfile

    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
    from django.core.exceptions import SuspiciousFileOperation

    class Found(ManifestStaticFilesStorage):
        """The storage of hashed names, which reads each file at its original place."""

        def exists(self, name: str) -> bool:
            return name in files or super().exists(name)

        def _open(self, name: str, mode: str = "rb") -> Any:
            if name not in files:
                return super()._open(name, mode)  # type: ignore[misc]
            storage, path = files[name]
            return storage.open(path)

        def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
            try:
                return super().hashed_name(name, content, filename)
            except (ValueError, SuspiciousFileOperation):
                if tolerant:
                    return name
                raise

    with tempfile.TemporaryDirectory(prefix="simple_deploy-") as folder:
        target = Found(location=folder, base_url="/static/")
        for name, _, error in target.post_process({name: (target, name) for name in names}):
            if isinstance(error, Exception):
                yield name, error


def _named_in_templates(order: Json, names: set[str]) -> tuple[list[str], bool]:
    """References to missing static files, and whether some templates compute their references."""
    import re

    literal = re.compile(r"""({%-?\s*static\s+|\bstatic\(\s*)(["'])([^"'{}]+)\2(?(1)\s*(?:%|as\b|\)))""")
    variable = re.compile(r"""{%-?\s*static\s+[^"'\s]""")
    found, computed = [], False
    for path, shown in _templates(Path(order["tree"])):
        text = path.read_text(encoding="utf-8", errors="replace")
        computed = computed or bool(variable.search(text))
        for match in literal.finditer(text):
            name = match[3].lstrip("/")
            if name not in names and not name.endswith("/"):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{shown}:{line}: {name}")
    return found, computed


def _compile_sass() -> None:
    """Write the style sheets that the build writes with django-sass-processor."""
    from django.apps import apps
    from django.core.management import call_command

    if apps.is_installed("sass_processor"):
        call_command("compilescss", verbosity=0)


def _combining(order: Json) -> list[str]:
    """The templates that combine files with django-compressor."""
    from django.apps import apps

    if not apps.is_installed("compressor"):
        return []
    texts = (path.read_text(encoding="utf-8", errors="replace") for path, _ in _templates(Path(order["tree"])))
    return [text for text in texts if "{% compress" in text]


def _missing_programs(order: Json, combining: list[str]) -> list[str]:
    """Programs that django-compressor starts and that no package of production installs, each with its setting."""
    from importlib.metadata import distributions

    withheld = set(order["withheld"].values())
    installed = {
        Path(file).stem
        for one in distributions()
        if one.metadata["Name"].lower() not in withheld
        for file in one.files or ()
        if Path(file).parent.name in ("bin", "Scripts")
    }
    # Where the interpreter runs, these run too.
    installed |= {"python", "python3", "sh", "env", "cat", "sed"}
    started = {**_precompilers(combining), **_filters()}
    return [f"{command.split()[0]} ({name})" for name, command in started.items() if not _is_in(command, installed)]


def _is_in(command: str, installed: set[str]) -> bool:
    program = Path(command.split()[0])
    return program.stem in installed or (not program.is_absolute() and program.is_file())


def _precompilers(combining: list[str]) -> dict[str, str]:
    """The commands, not the classes, for the kinds of file that these templates combine."""
    from compressor.utils import get_mod_func  # type: ignore[import-not-found]
    from django.conf import settings

    found = {}
    for kind, command in settings.COMPRESS_PRECOMPILERS:
        try:
            importlib.import_module(get_mod_func(command)[0])
        except (ImportError, TypeError, ValueError):
            if any(kind in text for text in combining):
                found[f"COMPRESS_PRECOMPILERS, {kind}"] = command
    return found


def _filters() -> dict[str, str]:
    """The commands of filters that start one."""
    from compressor.filters import CompilerFilter  # type: ignore[import-not-found]
    from django.conf import settings
    from django.utils.module_loading import import_string

    found = {}
    for name in {one for names in settings.COMPRESS_FILTERS.values() for one in names}:
        kind = import_string(name)
        if issubclass(kind, CompilerFilter) and kind.command:
            found[f"COMPRESS_FILTERS, {name}"] = str(dict(kind.options).get("binary") or kind.command)
    return found


def _templates(tree: Path) -> Iterator[tuple[Path, str]]:
    """Templates, and code that may name static files: the project's own, and the templates of packages it uses."""
    import django
    from django.template.utils import get_app_template_dirs

    for path in sorted(tree.rglob("*")):
        if path.suffix in (".html", ".htm", ".jinja", ".jinja2", ".j2", ".txt", ".py") and path.is_file():
            yield path, path.relative_to(tree).as_posix()
    ours = (tree, Path(django.__file__).parent)
    for folder in get_app_template_dirs("templates"):
        if not any(Path(folder).is_relative_to(place) for place in ours):
            for path in sorted(Path(folder).rglob("*.html")):
                yield path, path.relative_to(Path(folder).parent.parent).as_posix()


def _told(error: BaseException, tree: Path) -> Json:
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 9:
        chain += [parent.__name__ for parent in type(cause).__mro__[:-3]]
        cause = cause.__cause__ or cause.__context__
    filename = error.filename if isinstance(error, OSError) else None
    name = str(Path.cwd() / filename) if isinstance(filename, (str, os.PathLike)) else ""
    return {
        "type": type(error).__name__,
        "kinds": chain,
        "message": str(error),
        "missing": getattr(error, "name", None) if isinstance(error, ImportError) else None,
        "file": name,
        "folder": bool(name) and Path(name).parent.is_dir(),
        "place": _place(error, tree),
        "by_django": _raised_by(error).startswith("django."),
    }


def _raised_by(error: BaseException) -> str:
    """The module whose code raised the error."""
    raised = error.__traceback__
    while raised and raised.tb_next:
        raised = raised.tb_next
    return str(raised.tb_frame.f_globals.get("__name__", "")) if raised else ""


def _place(error: BaseException, tree: Path) -> str:
    """The last line of the project's own code, as its path below the tree."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    for name, line in reversed(frames):
        path = Path(name)
        if path.is_absolute() and path.is_relative_to(tree):
            return f"{path.relative_to(tree).as_posix()}:{line}"
    return ""


if __name__ == "__main__":
    order_file, answer_file = map(Path, sys.argv[1:])
    given = json.loads(order_file.read_text(encoding="utf-8"))
    # As gunicorn does with --chdir: the folder of manage.py comes first, and this script's own is not included.
    sys.path[0] = str(Path.cwd())
    sys.dont_write_bytecode = True
    _as_in_production(given)
    answer_file.write_text(json.dumps(main(given)), encoding="utf-8")
