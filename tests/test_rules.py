"""The rules of this repository that no linter covers, each with a small bad example that fails."""

import ast
import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

from simple_deploy.platforms import load

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = sorted(path.name for path in (ROOT / "simple_deploy/platforms").glob("[a-z]*") if path.is_dir())
# Each platform as people write it.
PLATFORM_NAMES = {name: load(name).name for name in PLATFORMS}
# Possible platform names that are also words in the product.
VERBS = {"render", "deploy", "railway"}
PACKAGE_MANAGERS = {"pip", "poetry", "pipenv", "uv"}
PRODUCT = ("simple_deploy/*",)
OURS = ("simple_deploy/*", "matrix/*", "tests/*", "plugins/*", "noxfile.py")

Finding = tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A pattern that must not occur in some files. `find` yields (line, what) for each occurrence."""

    name: str
    files: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    find: Callable[[str], Iterator[Finding]]
    bad: str
    good: str = "x = 1\n"


@functools.cache  # many rules read the same files
def nodes(source: str) -> tuple[tuple[ast.AST, int, str], ...]:
    """Every node that has a position, with its line and its dotted text."""
    return tuple(
        (node, node.lineno, _dotted(node))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.expr | ast.stmt | ast.arg | ast.keyword | ast.ExceptHandler)
    )


def _dotted(node: ast.AST) -> str:
    """The text of a name with its attributes; "?" for anything else. `ast.unparse` takes ten times as long."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value) or '?'}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(source: str) -> Iterator[Finding]:
    for node, line, _ in nodes(source):
        if isinstance(node, ast.Import):
            yield from ((line, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((line, f"{node.module or ''}.{alias.name}") for alias in node.names)


def starts_processes(source: str) -> Iterator[Finding]:
    yield from ((line, name) for line, name in imported(source) if name.split(".")[0] in ("subprocess", "pty"))
    for _, line, dotted in nodes(source):
        if re.fullmatch(
            r"os\.(system|popen|exec\w+|spawn\w+|posix_spawnp?|startfile)|.*\.create_subprocess_\w+", dotted
        ):
            yield line, dotted


def imports_commands(source: str) -> Iterator[Finding]:
    # Django prescribes the name of the folder management/commands.
    pattern = re.compile(r"(?<!management\.)\bcommands\b")
    yield from ((line, name) for line, name in imported(source) if pattern.search(name))


def imports_beyond_the_contract(source: str) -> Iterator[Finding]:
    """For a module in `platforms/NAME/`: `.` is its own folder, and `.._name` is shared by several platforms."""
    for node, line, _ in nodes(source):
        if isinstance(node, ast.ImportFrom):
            inside = node.level == 1 or (node.level == 2 and re.match(r"_[a-z]+$", node.module or ""))
            ours = (node.module or "").partition(".")[0] == "simple_deploy"
            foreign = node.level == 0 and (not ours or node.module == "simple_deploy.contract")
            if not inside and not foreign:
                yield line, ast.unparse(node)
        elif isinstance(node, ast.Import):
            yield from ((line, a.name) for a in node.names if a.name.partition(".")[0] == "simple_deploy")


def imports_beyond_the_public_door(source: str) -> Iterator[Finding]:
    """For a plug-in: of our modules it may use the contract, and for its emulator the kit and the sandbox."""
    for node, line, _ in nodes(source):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            ours = name.partition(".")[0] in ("simple_deploy", "simple_deploy_matrix", "matrix")
            door = r"simple_deploy\.contract|simple_deploy_matrix\.(emulators\._kit|sandbox)(\.\w+)*"
            if ours and not re.fullmatch(door, name):
                yield line, ast.unparse(node)


WRITING_METHODS = {
    *("write_text", "write_bytes", "unlink", "mkdir", "rename", "rmdir", "touch", "chmod"),
    *("symlink_to", "hardlink_to", "makedirs", "removedirs"),
}


def writes_files(source: str) -> Iterator[Finding]:
    for node, line, _ in nodes(source):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        method = called.rpartition(".")[2]
        # `str.replace` takes two arguments, `Path.replace` one.
        replaces_a_path = method == "replace" and len(node.args) == 1 and not node.keywords
        by_module = re.fullmatch(r"os\.(remove|replace)|shutil\.(copy|move|rm|chown)\w*|tempfile\.\w+", called)
        if method in WRITING_METHODS or by_module or replaces_a_path:
            yield line, called
        elif method == "open" and re.search(r"""['"][rbt]*[wax+]""", ast.unparse(node)):
            yield line, ast.unparse(node)


def names_a_platform(source: str, names: Mapping[str, str] = PLATFORM_NAMES) -> Iterator[Finding]:
    """An ID in quotation marks, or as a word if it is not an English word; the name as people write it.

    A sentence may begin with a verb that is also a platform's name.
    """
    for identity, name in names.items():
        plain = "|".join((rf"(?<![a-z]){identity}(?![a-z])", re.escape(name)))
        as_word = rf"""["']{identity}["']|(?<=[a-z,;(] ){re.escape(name)}(?![a-z])"""
        pattern = re.compile(as_word) if identity in VERBS else re.compile(plain, re.IGNORECASE)
        for number, text in enumerate(source.splitlines(), 1):
            if pattern.search(text):
                yield number, text.strip()


def branches_on_a_package_manager(source: str) -> Iterator[Finding]:
    for node, line, _ in nodes(source):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            constants = {c.value for o in operands for c in ast.walk(o) if isinstance(c, ast.Constant)}
            if constants & PACKAGE_MANAGERS:
                yield line, ast.unparse(node)
        elif isinstance(node, ast.Match):
            patterns = {c.value for case in node.cases for c in ast.walk(case.pattern) if isinstance(c, ast.Constant)}
            if patterns & PACKAGE_MANAGERS:
                yield line, "match"


BANNED = re.compile(r"(?i:_?(utils?|helpers?|common|base|manager|handler|data|info|process))|_?do_[a-z]\w*")


def has_banned_names(source: str) -> Iterator[Finding]:
    for node, line, _ in nodes(source):
        name = ""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        if BANNED.fullmatch(name):
            yield line, name


def uses_a_shell(source: str) -> Iterator[Finding]:
    for node, line, _ in nodes(source):
        if isinstance(node, ast.keyword) and node.arg == "shell" and ast.unparse(node.value) != "False":
            yield line, f"shell={ast.unparse(node.value)}"


TEST_WORDS = re.compile(r"(?i)(^|_)(test(s|ing|_mode)?|pytest\w*|emulat\w+|sandbox|fake|mock|dummy|ci)(_|$)")

# A prefix of variables that the product leaves to their tool: it neither reads them nor asks for them.
NEVER_ASKED = {"PYTEST_"}


def knows_of_tests(source: str) -> Iterator[Finding]:
    for node, line, dotted in nodes(source):
        if isinstance(node, ast.Name | ast.arg | ast.keyword):
            name = dotted or getattr(node, "arg", None) or ""
            if TEST_WORDS.search(name):
                yield line, name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = re.findall(r"\A\w+\Z", node.value)
            yield from ((line, word) for word in words if word not in NEVER_ASKED and TEST_WORDS.search(word))


POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios", "tty", "syslog"}
POSIX_CALLS = re.compile(
    r"os\.(fork\w*|killpg|setsid|setpgid|setpgrp|getpgid|getuid|geteuid|getgid|chown|lchown|mkfifo|mknod|nice|uname"
    r"|wait|waitid|set(e|re)?[ug]id|getpgrp|tcsetpgrp|ttyname)"
    r"|signal\.(SIGKILL|SIGALRM|SIGHUP|SIGQUIT|SIGUSR[12]|SIGCHLD|SIGSTOP|SIGPIPE|alarm|setitimer|pause|pthread_\w+)"
)


def without_posix_branches(source: str) -> str:
    """The source without the `else` of `if sys.platform == "win32"`, where Windows has its own branch."""

    if "sys.platform" not in source:  # most of them; `ast.unparse` takes long
        return source

    class Guards(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST:
            self.generic_visit(node)
            if ast.unparse(node.test) == "sys.platform == 'win32'":
                node.orelse = []
            return node

    return ast.unparse(Guards().visit(ast.parse(source)))


def needs_posix(source: str) -> Iterator[Finding]:
    source = without_posix_branches(source)
    yield from ((line, name) for line, name in imported(source) if name.split(".")[0] in POSIX_MODULES)
    for node, line, dotted in nodes(source):
        if POSIX_CALLS.fullmatch(dotted):
            yield line, dotted
        elif isinstance(node, ast.keyword) and node.arg in ("preexec_fn", "start_new_session"):
            yield line, node.arg


def replaces_our_code(source: str) -> Iterator[Finding]:
    yield from ((line, name) for line, name in imported(source) if re.match(r"unittest\.mock|mock\b|pytest_mock", name))
    for _, line, dotted in nodes(source):
        if re.fullmatch(r"(monkeypatch|mp)\.(setattr|delattr|setitem)|mocker\b.*", dotted):
            yield line, dotted


def sleeps_outside_a_loop(source: str) -> Iterator[Finding]:
    def sleeps(node: ast.AST) -> Iterator[ast.Call]:
        for child in ast.walk(node):
            if isinstance(child, ast.Call) and re.fullmatch(r"(\w+\.)?sleep", _dotted(child.func)):
                yield child

    if "sleep" not in source:
        return
    tree = ast.parse(source)
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.While | ast.For | ast.AsyncFor)]
    polling = {call for loop in loops for call in sleeps(loop)}
    yield from ((call.lineno, ast.unparse(call)) for call in sleeps(tree) if call not in polling)


RECENT_DAY = re.compile(r"(?<!\d)20[2-4]\d-(0[1-9]|1[0-2])(?!\d)|\bdate(time)?\(\s*(year=)?20[2-4]\d\b")


def names_a_recent_day(source: str) -> Iterator[Finding]:
    """A test that compares such a date with today's passes only until that date; 2006 is as good for a fixed input."""
    for number, line in enumerate(source.splitlines(), 1):
        if found := RECENT_DAY.search(line):
            yield number, found.group()


RULES = [
    Rule(
        name="processes are started in one place",
        files=PRODUCT,
        # `outside` only passes control to the project's interpreter, `ending` ends what `commands` has started.
        allowed=("simple_deploy/effects/commands.py", "simple_deploy/effects/ending.py", "simple_deploy/outside.py"),
        find=starts_processes,
        bad="import subprocess\n",
        good="import shutil\n",
    ),
    Rule(
        name="only inspect, survey, lock, trial, deploy and deployed run commands",
        files=PRODUCT,
        allowed=tuple(
            f"simple_deploy/{stage}"
            for stage in (
                "effects/fetching.py",
                "inspect/*",
                "survey.py",
                "lock.py",
                "trial/*",
                "deploy.py",
                "deployed/*",
            )
        ),
        find=imports_commands,
        bad="from .effects.commands import run\n",
        good="from .management.commands.simple_deploy import Command\n",
    ),
    Rule(
        name="only apply writes into the user's project (others into folders of their own)",
        files=PRODUCT,
        allowed=tuple(
            f"simple_deploy/{name}.py"
            for name in (
                "apply",
                "effects/fetching",
                "effects/log",
                "effects/own_folder",
                "effects/run_lock",
                "effects/seal",
                "inspect/commit_trial",
                "lock",
                "receipt/backups",
                "receipt/store",
                "summary/__init__",
                "trial/cache",
                "trial/checkout",
                "trial/child/__main__",
                "trial/child/parts/static_files",
                "trial/loading",
                "trial/front_end/__init__",
                "trial/own_build",
                "trial/resolution",
            )
        ),
        find=writes_files,
        bad="path.write_text('x', encoding='utf-8')\n",
        good="text = text.replace('a', 'b')\nwith path.open('rb') as stream:\n    pass\n",
    ),
    Rule(
        name="the core names no platform",
        files=PRODUCT,
        allowed=("simple_deploy/platforms/*",),
        find=names_a_platform,
        bad="if platform == 'heroku':\n    pass\n",
    ),
    Rule(
        name="a platform imports the public contract only",
        files=("simple_deploy/platforms/*/*",),
        find=imports_beyond_the_contract,
        bad="from ...production.settings_file import with_block\n",
        good="import json\nfrom simple_deploy.contract import Step\nfrom .._shared import a\nfrom .texts import HINT\n",
    ),
    Rule(
        name="a plug-in imports the contract and the kit only",
        files=("plugins/*/simple_deploy_*",),
        find=imports_beyond_the_public_door,
        bad="from simple_deploy.production.recipe import Recipe\n",
        good="from simple_deploy.contract import Step\nfrom simple_deploy_matrix.emulators._kit.store import Store\n"
        "from .texts import HINT\nimport json\n",
    ),
    Rule(
        name="no module branches on a package manager",
        files=PRODUCT,
        allowed=("simple_deploy/package_managers/*",),
        find=branches_on_a_package_manager,
        bad="if project.package_manager == 'poetry':\n    pass\n",
        good="install = package_managers['pip'].install_commands\n",
    ),
    Rule(
        name="banned names",
        files=OURS,
        find=has_banned_names,
        bad="def process(data):\n    return data\n",
        good="package_manager = 'pip'\ndef do_GET(self): ...\n",
    ),
    Rule(
        name="no shell strings",
        files=OURS,
        find=uses_a_shell,
        bad="run('ls', shell=True)\n",
        good="run(['ls'], shell=False)\n",
    ),
    Rule(
        name="the product knows nothing of tests",
        files=PRODUCT,
        find=knows_of_tests,
        bad="import os\nskip = os.environ.get('SIMPLE_DEPLOY_TEST_MODE')\n",
        good="latest = os.environ['DATABASE_URL']\n",
    ),
    Rule(
        name="POSIX-only calls live in matrix/sandbox, or in the branch beside that of Windows",
        files=OURS,
        allowed=("matrix/sandbox/*", "tests/matrix/test_sandbox_*"),
        find=needs_posix,
        bad="import os, sys\nif sys.platform != 'win32':\n    os.killpg(1, 9)\n",
        good="import sys\nif sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl\n",
    ),
    Rule(
        name="our own code is never replaced in a test",
        files=("tests/*", "matrix/*"),
        find=replaces_our_code,
        bad="def test_x(monkeypatch):\n    monkeypatch.setattr(deploy, 'run', lambda: 0)\n",
        good="def test_x(monkeypatch):\n    monkeypatch.chdir('x')\n",
    ),
    Rule(
        name="no sleep without a loop that has a deadline",
        files=OURS,
        find=sleeps_outside_a_loop,
        bad="import time\ntime.sleep(1)\n",
        good="import time\nwhile time.monotonic() < deadline:\n    time.sleep(0.1)\n",
    ),
    Rule(
        name="no test names a recent day",
        files=("tests/*",),
        find=names_a_recent_day,
        # In halves, so that this file does not match itself.
        bad="started = '20" + "26-11-22T10:00:00Z'\n",
        good="started = datetime(2006, 11, 22)\nversion = '2026.8.21'\nprices = 2026\n",
    ),
]


def tracked() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def text(name: str) -> str:
    return (ROOT / name).read_bytes().decode("utf-8")


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_is_kept(rule: Rule) -> None:
    files = [
        name
        for name in tracked()
        if name.endswith(".py") and matches(name, rule.files) and not matches(name, rule.allowed)
    ]
    assert files
    assert [f"{name}:{line}: {what}" for name in files for line, what in rule.find(text(name))] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_fails_a_bad_example_and_passes_a_good_one(rule: Rule) -> None:
    assert list(rule.find(rule.bad))
    assert list(rule.find(rule.good)) == []


def test_a_platform_whose_name_is_a_verb_is_found_only_as_a_name() -> None:
    named = {"render": "Render"}
    meant = ["if platform == 'render':", "# the build on Render has no services"]
    verbs = ["def render(settings: Settings) -> str:", '"""Render the page."""', "text = html.render(page)"]
    assert [len(list(names_a_platform(line, named))) for line in (*meant, *verbs)] == [1, 1, 0, 0, 0]
    assert list(names_a_platform("# as Fly.io has it"))
    assert list(names_a_platform("heroku_build = 1"))


def test_no_module_has_a_banned_name() -> None:
    banned = [name for name in tracked() if name.endswith(".py") and BANNED.fullmatch(Path(name).stem)]
    assert banned == []
    assert BANNED.fullmatch("utils")


def broken_import_contracts(tree: Path) -> str:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program
    completed = subprocess.run([program, "--no-cache"], cwd=tree, capture_output=True, encoding="utf-8", check=False)
    return "" if completed.returncode == 0 else completed.stdout


WRONG_IMPORTS = {
    "simple_deploy/model/problem.py": ("import simple_deploy.messages.errors", "The product's imports run one way"),
    "simple_deploy/plan.py": ("import matrix.cells", "The product does not know the harness"),
    "matrix/sandbox/machine.py": ("import matrix.engine.stages", "The harness's imports run one way"),
    "matrix/record/tables.py": ("import matrix.sandbox.machine", "Results and tables need no machine"),
    "simple_deploy/platforms/second/__init__.py": (
        "import simple_deploy.platforms.heroku",
        "Platforms do not know each other",
    ),
    "matrix/emulators/second/__init__.py": ("import matrix.emulators.heroku", "Emulators do not know each other"),
}


def test_the_import_contracts_are_kept_and_fail_on_wrong_imports(tmp_path: Path) -> None:
    for package in ("simple_deploy", "matrix"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert broken_import_contracts(tmp_path) == ""
    for module, (line, _) in WRONG_IMPORTS.items():
        (tmp_path / module).parent.mkdir(exist_ok=True)
        with (tmp_path / module).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    report = broken_import_contracts(tmp_path)
    assert [contract for _, contract in WRONG_IMPORTS.values() if f"{contract} BROKEN" not in report] == []


# Words and phrases that are not plain English, each with an example. `~` is removed: this file must not match itself.
NOT_PLAIN = {
    "me~nd(s|ed|ing)?": "Me~nd the cause.",
    "no~body (?=[a-z])": "No~body is asked.",
    "some~body": "Some~body is logged in.",
    r"all the sa~me(?! \w)": "It is kept all the sa~me.",
    "wis~hed": "Stopped, as you wis~hed.",
    "an~ew": "It is built an~ew.",
    "af~resh": "It is built af~resh.",
    "belongs? in~to": "It belongs in~to the settings.",
    "for~mer": "in place of the for~mer one",
    "eld~er": "the eld~er file",
    "spa~red": "Your files are spa~red.",
    "for ev~er": "It waits for ev~er.",
    "wan~ts": "The app wan~ts a port.",
    "sh~all": "what the file sh~all hold",
    "in va~in": "It looks in va~in for a package.",
    "for wa~nt of": "It sleeps for wa~nt of visitors.",
    "at any ra~te": "They are logged at any ra~te.",
    "(hears?|heard) o~f": "It hears o~f every step.",
    "(is|are) to~ld of": "Users are to~ld of the folder.",
    "in the pla~ce of": "a link in the pla~ce of the log",
    "tak(es?|en|ing) the pla~ce of": "A token takes the pla~ce of a login.",
    "how it sta~nds": "It records how it sta~nds with a step.",
    "stands? be~side": "A value stands be~side its name.",
    "(that|which) is no~ne": "a file that is no~ne",
    "of which (every|ea~ch|no~thing)": "a run of which ea~ch answer is lost",
    "(is|are) there al~ready": "a step whose result is there al~ready",
    "answers? with (what|its|th~eir) (?=[a-z])": "It answers with th~eir ids.",
}
FOREIGN_ENGLISH = re.compile(r"\b(" + "|".join(NOT_PLAIN).replace("~", "") + r")\b", re.IGNORECASE)
# "what the message says" and the like, where users read it.
WHAT_IT_SAYS = re.compile(r"\bwhat (?:[\w`'.-]+ ){1,6}sa" + r"ys?\b", re.IGNORECASE)
READ_BY_USERS = ("simple_deploy/*", "docs/*", "*.md")
# Texts by others, and recorded or generated ones.
WRITTEN_BY_OTHERS = (
    *("matrix/results/*", "matrix/grammar/*", "matrix/emulators/*/buildpack/messages.txt", "tests/schemas/*"),
    *("tests/matrix/recordings/*", "docs/will_it_work.md", "*LICENSE", "*.svg", "*.png"),
)


def foreign_english(source: str, *, read_by_users: bool) -> list[str]:
    found = list(FOREIGN_ENGLISH.finditer(source))
    found += WHAT_IT_SAYS.finditer(source) if read_by_users else []
    return [f"line {source.count(chr(10), 0, match.start()) + 1}: {match.group()}" for match in found]


def test_texts_are_in_plain_english() -> None:
    ours = [name for name in tracked() if not matches(name, WRITTEN_BY_OTHERS)]
    found = {name: foreign_english(text(name), read_by_users=matches(name, READ_BY_USERS)) for name in ours}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(("phrase", "example"), [*NOT_PLAIN.items(), ("", "what the log sa~ys")])
def test_a_foreign_phrase_is_found(phrase: str, example: str) -> None:
    line = example.replace("~", "")
    assert re.search(phrase.replace("~", ""), line, re.IGNORECASE)
    assert foreign_english(line, read_by_users=True)
    assert foreign_english("Fix the cause, and run the same command again.", read_by_users=True) == []


# Written in halves, so that this file does not match itself.
FOREIGN = re.compile(
    "|".join(
        [
            re.escape("pypi" + ".org"),
            re.escape("pythonhosted" + ".org"),
            re.escape("registry.npmjs" + ".org"),
            "/ho" + r"me/\w+",
            "/Us" + r"ers/\w+",
            r"(?<![\w.~}>-])/ro" + r"ot\b",
            r"(?<![\w.~}>-])/wo" + r"rk\b",
            r"[A-Z]:\\\\?Us" + "ers",
        ]
    )
)


def foreign(source: str) -> list[str]:
    return [found.group() for found in FOREIGN.finditer(source)]


def test_no_tracked_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    readable = [name for name in tracked() if Path(name).suffix not in {".png", ".ico", ".gif", ".whl"}]
    assert {name: foreign(text(name)) for name in readable if foreign(text(name))} == {}


@pytest.mark.parametrize(
    "line",
    ["https://pypi" + ".org/simple", "open('/ho" + "me/ann/x')", "cd /wo" + "rk/blog", "C:\\Us" + "ers\\ann"],
)
def test_a_package_index_or_machine_path_is_found(line: str) -> None:
    assert foreign(line)
