from pathlib import Path

import pytest

from matrix.proving.imports import ImportGraph

FILES = {
    "simple_deploy/__init__.py": "",
    "simple_deploy/pipeline.py": "from . import plan\nfrom .platforms import load\n",
    "simple_deploy/plan.py": "def lazily():\n    from simple_deploy.model import Plan\n",
    "simple_deploy/model.py": "import os\n",
    "simple_deploy/typed.py": "",
    "simple_deploy/trial/__init__.py": "from pathlib import Path\nCHILD = Path(__file__).with_name('child.py')\n",
    "simple_deploy/trial/child.py": "PROGRAM = 'program'\nNOT_ONE = 'apart'\n",
    "simple_deploy/trial/program/__init__.py": "",
    "simple_deploy/trial/program/__main__.py": "",
    "simple_deploy/trial/apart/__init__.py": "",
    "simple_deploy/trial/page.html": "<p>",
    "simple_deploy/trial/README.md": "",
    "simple_deploy/trial/templates/deep/Procfile": "web:",
    "simple_deploy/platforms/__init__.py": 'import_module(f"{__name__}.{name}")\nORDER = ("small",)\n',
    "simple_deploy/platforms/small.py": "",
    "simple_deploy/platforms/large.py": "",
    "matrix/__init__.py": "",
    "matrix/shop.py": 'box.install("from matrix.shop.cli import main; main()")\nfrom matrix import never\n',
    "matrix/_shared/__init__.py": "",
    "matrix/_shared/deep/__init__.py": "",
    "matrix/_shared/deep/part.py": "",
    "matrix/program/__init__.py": "",
    "matrix/program/__main__.py": "",
    "matrix/axes.toml": "",
    "matrix/results/a.json": "{}",
}


@pytest.fixture
def graph(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return ImportGraph(tmp_path)


def source(graph, text):
    (graph.root / "matrix/asked.py").write_text(text, encoding="utf-8")
    return graph.reached(["matrix.asked"]) - {"matrix.asked", "matrix"}


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("import simple_deploy.model", {"simple_deploy", "simple_deploy.model"}),
        ("from simple_deploy.model import Plan", {"simple_deploy", "simple_deploy.model"}),
        ("from simple_deploy import plan", {"simple_deploy", "simple_deploy.plan", "simple_deploy.model"}),
        ("if TYPE_CHECKING:\n    import simple_deploy.typed\n", set()),
        (
            "if TYPE_CHECKING:\n    pass\nelse:\n    import simple_deploy.typed\n",
            {"simple_deploy", "simple_deploy.typed"},
        ),
        ("run('python', '-m', 'matrix.program')", {"matrix.program", "matrix.program.__main__"}),
        ("import matrix.program", {"matrix.program"}),
        ("CODE = f'from {__package__}.shop import main; main()'", {"matrix.shop"}),
        ("CODE = f'from {package}.shop import main; main()'", set()),
        ("CODE = 'from simple_deploy.typed import x; x()'", {"simple_deploy", "simple_deploy.typed"}),
        ("import os, json", set()),
        ("import matrix._shared", {"matrix._shared", "matrix._shared.deep", "matrix._shared.deep.part"}),
    ],
)
def test_modules_reached_by_imports(graph, text, reached):
    assert source(graph, text) == reached


def test_programs_next_to_a_module_and_members_imported_by_name_are_reached(graph):
    assert graph.reached(["simple_deploy.trial"]) == {
        "simple_deploy",
        "simple_deploy.trial",
        "simple_deploy.trial.child",
        "simple_deploy.trial.program",
        "simple_deploy.trial.program.__main__",
    }
    assert "simple_deploy.platforms.small" in graph.reached(["simple_deploy.pipeline"])
    assert "simple_deploy.platforms.large" not in graph.reached(["simple_deploy.pipeline"])


def test_a_package_includes_its_other_files_except_readmes_records_and_choices(graph):
    names = {path.relative_to(graph.root).as_posix() for path in graph.files(["simple_deploy.trial", "matrix"])}
    assert names == {
        "matrix/__init__.py",
        "simple_deploy/trial/__init__.py",
        "simple_deploy/trial/page.html",
        "simple_deploy/trial/templates/deep/Procfile",
    }


def test_every_module_started_by_name_is_found():
    graph = ImportGraph(Path(__file__).resolve().parents[2])
    reached = graph.reached(["simple_deploy.__main__", "matrix.proving.prove", *graph.below("matrix.emulators.upsun")])
    assert {
        "simple_deploy.trial.child.__main__",
        "simple_deploy.trial.child.parts.migrations",
        "simple_deploy.inspect.__main__",
        "matrix.emulators._upsun.receive",
    } <= reached
    assert not [name for name in reached if "heroku" in name or "fly_io" in name]
