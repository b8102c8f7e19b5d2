"""What a platform consists of. A platform imports this module and nothing else from simple_deploy.

A platform is a `Platform` record under the entry point group `simple_deploy.platforms`. Its functions are pure, except
those that query its CLI. They take a `Site`: the project with its recipe, the options, and what already exists.
"""

from __future__ import annotations

from ..masking.unsafe import unsafe
from ..messages.errors import cli_failed
from ..messages.message import Message
from ..model import (
    Argument,
    Choose,
    Claim,
    Cost,
    Created,
    Deferred,
    FileEdit,
    FrontEnd,
    Ignored,
    Options,
    Poll,
    Problem,
    Project,
    Query,
    Ran,
    Secret,
    Step,
    Watch,
)
from ..production.build_only import BUILD_ONLY_DATABASE_URL, BUILD_ONLY_KEY
from ..production.not_covered import Ways
from ..production.platform_expressions import Production
from ..production.python_version import NEWEST_PYTHON, allows, unsupported
from ..production.recipe import HEALTH, Recipe
from ..text.shape import Shape, check_types
from ..text.template import filled, filled_text
from ..text.toml_file import loads as toml_content
from ..text.toml_merge import merged_toml, toml_head
from .default_files import default_file, kept_processes, own_file, own_processes, with_processes
from .facts import Fact, facts, newer_python, oldest_year
from .git_remotes import GitRemotes
from .guide import Guide, HowTo, Link
from .platform import VERSION, Cli, Platform
from .site import Ask, Live, Question, Remote, Site, Start
from .words import (
    assignment,
    compared,
    fixed_port,
    hides_https,
    https_hidden,
    is_for_a_shell,
    left_everywhere,
    named_scripts,
    not_executable,
    plain,
    slug,
    untranslated,
)
from .workflow import Workflow

__all__ = [
    "BUILD_ONLY_DATABASE_URL",
    "BUILD_ONLY_KEY",
    "HEALTH",
    "NEWEST_PYTHON",
    "VERSION",
    "Argument",
    "Ask",
    "Choose",
    "Claim",
    "Cli",
    "Cost",
    "Created",
    "Deferred",
    "Fact",
    "FileEdit",
    "FrontEnd",
    "GitRemotes",
    "Guide",
    "HowTo",
    "Ignored",
    "Link",
    "Live",
    "Message",
    "Options",
    "Platform",
    "Poll",
    "Problem",
    "Production",
    "Project",
    "Query",
    "Question",
    "Ran",
    "Recipe",
    "Remote",
    "Secret",
    "Shape",
    "Site",
    "Start",
    "Step",
    "Watch",
    "Ways",
    "Workflow",
    "allows",
    "assignment",
    "check_types",
    "cli_failed",
    "compared",
    "default_file",
    "facts",
    "filled",
    "filled_text",
    "fixed_port",
    "hides_https",
    "https_hidden",
    "is_for_a_shell",
    "kept_processes",
    "left_everywhere",
    "merged_toml",
    "named_scripts",
    "newer_python",
    "not_executable",
    "oldest_year",
    "own_file",
    "own_processes",
    "plain",
    "slug",
    "toml_content",
    "toml_head",
    "unsafe",
    "unsupported",
    "untranslated",
    "with_processes",
]
