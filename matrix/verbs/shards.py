"""Cells distributed over machines: shards of about equal length, and a simulation of such machines. Pure."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

MOST_JOBS = 256  # of one matrix of GitHub Actions
Item = TypeVar("Item")


class ShardError(ValueError):
    """There is no such shard."""


def parse(text: str) -> tuple[int, int]:
    """Read `i/n`, counted from 1; ShardError for anything else."""
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise ShardError(f"A shard is written i/n, from 1/n to n/n, not {text}.")
    return int(number), int(count)


def split(items: Iterable[Item], count: int, seconds: Callable[[Item], float]) -> tuple[tuple[Item, ...], ...]:
    """Every item in exactly one of `count` shards: the longest first, each to the shard with the least to do.

    It depends only on items and seconds, so that every machine computes the same.
    """
    shards: list[list[Item]] = [[] for _ in range(count)]
    loads = [(0.0, number) for number in range(count)]
    for item in sorted(items, key=lambda item: (-seconds(item), str(item))):
        load, number = heapq.heappop(loads)
        shards[number].append(item)
        heapq.heappush(loads, (load + seconds(item), number))
    return tuple(tuple(shard) for shard in shards)


def count_for(seconds: float, *, items: int, target: float, most: int = MOST_JOBS) -> int:
    """How many shards keep each at about `target` seconds: at least one, at most one per item and `most`."""
    return max(1, min(math.ceil(seconds / target), items, most))


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The result of a simulation: jobs and attempts, seconds until the last end, and how often each cell counted."""

    jobs: int
    attempts: int
    makespan: float
    busy: float
    recorded: Mapping[str, int]

    def lost(self, names: Iterable[str]) -> list[str]:
        """The cells without a result."""
        return [name for name in names if not self.recorded.get(name)]

    def twice(self) -> list[str]:
        """The cells with more than one."""
        return [name for name, count in self.recorded.items() if count > 1]


def simulate(
    seconds: Mapping[str, float],
    *,
    jobs: int,
    machines: int,
    set_up: float,
    dies: Callable[[int, int], float | None] = lambda shard, attempt: None,
) -> Schedule:
    """Work on the shards with that many machines at a time.

    `dies` returns the part of an attempt at a shard after which its machine dies, None for never. Everything that a
    machine has recorded by then is lost, which is the worst case: the next attempt runs the whole shard.
    """
    shards = split(seconds, jobs, seconds.__getitem__)
    free = [0.0] * machines
    waiting = [(number, 1) for number in range(jobs)]
    recorded: Counter[str] = Counter()
    attempts, busy, ended = 0, 0.0, 0.0
    while waiting:
        number, attempt = waiting.pop(0)
        begun = heapq.heappop(free)
        missing = [name for name in shards[number] if not recorded[name]]
        length = set_up + sum(seconds[name] for name in missing)
        attempts += 1
        if (part := dies(number, attempt)) is None:
            recorded.update(missing)
        else:
            length *= part
            waiting.append((number, attempt + 1))
        busy += length
        ended = max(ended, begun + length)
        heapq.heappush(free, begun + length)
    return Schedule(jobs=jobs, attempts=attempts, makespan=ended, busy=busy, recorded=dict(recorded))


# Machine failures: every n-th machine dies in the middle of its first attempt.
MISHAPS: Mapping[str, Callable[[int, int], float | None]] = {
    "no machine dies": lambda shard, attempt: None,
    "every tenth dies half-way": lambda shard, attempt: 0.5 if shard % 10 == 0 and attempt == 1 else None,
    "every one dies at its end, once": lambda shard, attempt: 1.0 if attempt == 1 else None,
}


def synthesized(durations: Sequence[float], count: int) -> dict[str, float]:
    """That many cells with the recorded durations, repeated."""
    return {f"cell{number:05}": durations[number % len(durations)] for number in range(count)}
