"""Package managers from which no platform installs, detected so that no second list of packages is created."""

from __future__ import annotations

from ..messages import errors
from ..model import Problem
from . import pdm, project_table
from .files import Files

_CONDA = ("environment.yml", "environment.yaml", "conda-lock.yml")
_PDM_REMEDY = (
    "Export what production installs: pdm export --prod --output requirements.txt\n"
    "Commit that file, and export it again when packages change. pdm.lock can stay."
)


def problem(files: Files) -> Problem | None:
    """What to do instead, if the project uses one of them."""
    if file := next((file for file in _CONDA if files.read(file) is not None), None):
        return errors.platforms_refuse(
            name="conda",
            file=file,
            remedy="List the packages that production needs in a requirements.txt, by their names on pip\n"
            f"(python -m pip list shows what is installed here), and commit it. {file} can stay.",
        )
    if file := _only_for_pdm(files):
        return errors.platforms_refuse(name="PDM", file=file, remedy=_PDM_REMEDY)
    return None


def _only_for_pdm(files: Files) -> str:
    """What only PDM installs from; "" if there is nothing, because [project] alone names what production installs."""
    if files.read(pdm.LOCK) is not None:
        return pdm.LOCK
    document = project_table.document(files)
    table = document.get("tool", {}).get("pdm")
    if table is None or ("project" in document and not pdm.CHOICES & table.keys()):
        return ""
    key = min(pdm.CHOICES & table.keys(), default="")
    return f"[tool.pdm{f'.{key}' if key else ''}] in {project_table.FILE}"
