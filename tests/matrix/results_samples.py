"""Results for tests; every field can be replaced."""

from dataclasses import replace

from matrix.cells import Cell, read_axes
from matrix.record.published import Published
from matrix.record.results import STAGES, CellResult, StageResult, overall

FLAT = Cell(platform="heroku", layout="flat", package_manager="pip", django="5.2", python="3.12")
NESTED = replace(FLAT, layout="nested")
AXES = read_axes(
    {
        "axes": {
            "platform": {"default": ["heroku"]},
            "layout": {"default": ["flat", "nested"]},
            "package_manager": {"default": ["pip"]},
            "django": {"default": ["5.2"]},
            "python": {"default": ["3.12"]},
            "settings_style": {"default": ["single"]},
        }
    }
)
KINDS = ("emulated", "emulated, real client", "live", "emulated in halves")
MANAGERS = ("pip", "pip-tools", "poetry", "poetry-classic", "pipenv", "uv")
PUBLISHED = Published(
    day="2006-11-25",
    commit="0123456789ab",
    sources={f"heroku {package_manager} {kind}": "s" * 64 for package_manager in MANAGERS for kind in KINDS},
)


def stages(*, failed=None):
    names = STAGES
    broken = names.index(failed) if failed else len(names)
    status = ["pass"] * broken + ["fail"] + ["skip"] * len(names)
    return tuple(StageResult(name=name, status=status[i], seconds=1.5) for i, name in enumerate(names))


def result(cell=FLAT, *, failed=None, **changes):
    ran = stages(failed=failed)
    passing = CellResult(
        cell=cell,
        status=overall(ran),
        stages=ran,
        evidence="emulated",
        isolation="bubblewrap",
        system="Linux",
        versions={"python": "3.12.1", "django": "5.2.19"},
        commit="0123456789ab",
        when="2006-11-22T10:00:00Z",
        fingerprint="f" * 64,
        sources="s" * 64,
    )
    return replace(passing, **changes)
