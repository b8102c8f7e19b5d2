"""Every value that is passed between the stages. All are frozen; this module imports nothing from the rest of the
package.

Classes whose values are never compared or printed do without the methods for that: generating them takes more than half
the import time of this module, in every run.
"""

from __future__ import annotations

from .changes import FileChange, FileEdit, Rewrite
from .command import Argument, Deferred, Poll, Query, Ran, Record, Watch
from .dependencies import EVERY, OLD_SETUPTOOLS, Dependencies, Locking, Pinning
from .git import Git, GitEntry, Ignored
from .options import Choose, Options, Purpose
from .plan import HOST, Cost, Created, Ending, Json, Outcome, Plan, Step, VariableSource, VariableState
from .problem import Problem
from .project import Celery, Claim, FrontEnd, Project, Tried
from .settings import (
    FILE_STORAGE,
    SMTP_BACKEND,
    UNTRIED,
    Compresses,
    Settings,
    StaticFiles,
    StaticNames,
    Variable,
    VariableKind,
)
from .words import MASK, PLAIN, Line, Plain, Role, Secret

__all__ = [
    "EVERY",
    "FILE_STORAGE",
    "HOST",
    "MASK",
    "OLD_SETUPTOOLS",
    "PLAIN",
    "SMTP_BACKEND",
    "UNTRIED",
    "Argument",
    "Celery",
    "Choose",
    "Claim",
    "Compresses",
    "Cost",
    "Created",
    "Deferred",
    "Dependencies",
    "Ending",
    "FileChange",
    "FileEdit",
    "FrontEnd",
    "Git",
    "GitEntry",
    "Ignored",
    "Json",
    "Line",
    "Locking",
    "Options",
    "Outcome",
    "Pinning",
    "Plain",
    "Plan",
    "Poll",
    "Problem",
    "Project",
    "Purpose",
    "Query",
    "Ran",
    "Record",
    "Rewrite",
    "Role",
    "Secret",
    "Settings",
    "StaticFiles",
    "StaticNames",
    "Step",
    "Tried",
    "Variable",
    "VariableKind",
    "VariableSource",
    "VariableState",
    "Watch",
]
