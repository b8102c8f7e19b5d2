"""The site, loaded with one set of packages or another, and what each attempt shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from ..contract import Platform, Site, plain
from ..model import Problem, Record, Tried
from . import cache, environments, services, starts, verdict
from .case import Case, Json
from .checkout import apart
from .loading import seen
from .order import isolated, order
from .own_modules import OwnModules
from .packages import Fetched

Result = tuple[Tried, tuple[Problem, ...]]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What loading the site has shown (`answer`); None with the `reason` why it was not loaded."""

    order: Json
    answer: Json | None
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether the site was loaded, and every part of the trial reached its end."""
        return self.answer is not None and not self.answer["failed"] and not self.answer["undeclared"]

    @property
    def raising(self) -> str:
        """The top-level module that raised the error; "" if there is none, or it is not known."""
        return self.answer["failed"]["by"] if self.answer and self.answer["failed"] else ""

    @property
    def contested(self) -> list[Any]:
        """The modules in use that several packages install."""
        return self.answer["contested"] if self.answer else []

    def settled(self) -> Attempt:
        """The same, with nothing contested."""
        return replace(self, answer=self.answer and {**self.answer, "contested": []})


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """What every attempt has: the site with the values that the run decided on, and the plan's files (`contents`).

    `guessed` are the variables with placeholder values. `own` are the modules of the project that production installs,
    if its package leaves out others (None: it leaves out none, or that is unknown).
    """

    site: Site
    platform: Platform
    contents: Mapping[str, bytes]
    requirements: Sequence[str]
    guessed: Set[str]
    record: Record
    own: OwnModules | None = None

    def load(self, fetched: Fetched) -> Attempt:
        """Load the site with these packages, now or in an earlier run."""
        site, platform = self.site, self.platform
        static = site.recipe.static if site.recipe.build else None
        asked = order(
            site.project,
            self.requirements,
            fetched,
            whole=site.options.deploys,
            read_only=platform.read_only(site),
            writable=platform.writable(site),
            collected=static.root if static else "",
            uploads=site.recipe.media_path if platform.serves_folders(site) else "",
            starts=starts.wanted(site, platform),
            search_paths=platform.search_paths,
            own=self.own,
        )
        answer = self._answer(asked)
        if isinstance(answer, str):
            return Attempt(order=asked, answer=None, reason=answer)
        return Attempt(order=asked, answer=answer)

    def judged(self, one: Attempt, *, works_otherwise: bool = False) -> Result:
        """What was tried, and what would fail in production. `works_otherwise`: the site can be loaded here with other
        packages.
        """
        if one.answer is None:
            return Tried(untried=(f"the site: {one.reason}",)), ()
        there, read = self.site.remote.variables, self.site.project.variables
        given = {name for name, value in self.site.options.variables.items() if plain(value)}
        left = services.unknown(one.answer["services"], there, given - self.guessed)
        unsent = services.unsent(one.answer["unsent"], read, there | self.guessed)
        # The variable that replaces it has a value.
        in_code = [found for found in one.answer["code_addresses"] if found["variable"] not in there | given]
        return verdict.read(
            Case(
                {**one.answer, "services": left, "unsent": unsent, "code_addresses": in_code},
                self.site.project,
                one.order,
                self.platform.name,
                guessed=self.guessed,
                given=tuple(map(plain, self.site.options.variables.values())),
                fetches=self.site.options.deploys,
                released=self.site.remote.deployed is not None,
                works_otherwise=works_otherwise,
                python=self.site.recipe.python.series,
            )
        )

    def _answer(self, asked: Json) -> Json | str:
        """What loading the site has shown; or why it was not loaded."""
        site, platform = self.site, self.platform
        environment = environments.environment(site, platform, bare=bool(asked["lacking"]))
        # A configuring run does not have the values that the user will give.
        knows = site.options.deploys or not platform.variables_in_build
        building = environments.building(site, platform) if knows and not asked["lacking"] else {}
        offered = environments.offered(site, platform)
        envs = {**environment, **{f"build {name}": value for name, value in building.items()}}
        envs |= {f"offered {name}": value for name, value in offered.running.items()}
        sent, left_out = apart(site.project.root, self.contents, platform.left_out(site), self.record)
        key = cache.key(sent, asked, envs)
        if kept := cache.load(key):
            return kept
        placed = {**isolated(asked), "left_out": left_out, "watched": sorted(offered.running)}
        try:
            found = seen(site.project, self.contents, placed, environment, building, offered, self.record)
        except OSError as error:
            return error.strerror or str(error)
        if found is None:
            return "it did not respond in time"
        cache.store(key, found)
        return found
