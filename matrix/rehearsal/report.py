"""What a rehearsal is asked for, and its result."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..engine.run import Json
from ..proving.holding import Keep
from ..record.results import StageResult
from ..visitor import Sight


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is rehearsed and how: `variables` are the deployed project's, `options` go to simple_deploy.

    `offered` are those of development files (`env_files`); simple_deploy decides which are used. `by_hand` deploys
    nothing: a person gets a shell in the prepared copy instead. `packages` are those that the developer has besides the
    declared ones.
    """

    project: Path
    platform: str
    python: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, str] = field(default_factory=dict)
    env_files: tuple[Path, ...] = ()
    options: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    keep: Keep = field(default_factory=Keep)
    by_hand: bool = False
    screenshots: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The result of a rehearsal. `files` are the changes with their diffs, `sights` the site's responses, `not_working`
    what simple_deploy says of the parts of the site that production lacks, `notes` what it says for the user's
    attention, and what it leaves to the user.

    `python` is the interpreter's path and `python_source` what asked for it; `failure` is the text about a failure, and
    `evidence` the folder with everything that explains it.
    """

    project: str
    platform: str
    python: str | None
    python_source: str
    stages: tuple[StageResult, ...]
    url: str | None
    files: tuple[Json, ...]
    sights: tuple[Sight, ...]
    not_working: tuple[str, ...]
    notes: tuple[str, ...]
    log: str
    failure: str = ""
    evidence: str | None = None
    screenshots: tuple[str, ...] = ()

    @property
    def served(self) -> bool:
        """Whether the site was actually served."""
        return any(stage.name == "look" and stage.status == "pass" for stage in self.stages)

    @property
    def passed(self) -> bool:
        """Whether every stage passed."""
        return all(stage.status == "pass" for stage in self.stages)

    def as_json(self) -> Json:
        """The report as data."""
        return {"served": self.served, "passed": self.passed, **asdict(self)}
