import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from matrix.verbs.shards import MISHAPS, ShardError, count_for, parse, simulate, split, synthesized

DURATIONS = (8.0, 9.5, 11.0, 14.0, 22.0, 37.5)
KNOWN = synthesized(DURATIONS, 720)


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/2"])
def test_a_nonexistent_shard_is_rejected(text):
    with pytest.raises(ShardError, match="written i/n"):
        parse(text)


def test_a_shard_is_parsed():
    assert parse("2/5") == (2, 5)


@settings(max_examples=30)
@given(some.lists(some.floats(0.1, 100), min_size=1, max_size=60), some.integers(1, 12))
def test_every_cell_is_in_exactly_one_shard_and_shards_are_balanced(durations, count):
    seconds = {f"cell{number}": length for number, length in enumerate(durations)}
    shards = split(seconds, count, seconds.__getitem__)
    assert sorted(name for shard in shards for name in shard) == sorted(seconds)
    loads = [sum(seconds[name] for name in shard) for shard in shards]
    assert max(loads) <= min(loads) + max(durations) + 1e-6
    assert shards == split(dict(reversed(seconds.items())), count, seconds.__getitem__)


def test_the_number_of_shards_follows_the_seconds_up_to_jobs_or_cells():
    assert count_for(6000, items=100, target=600) == 10
    assert count_for(6000, items=4, target=600) == 4
    assert count_for(10**6, items=7200, target=600) == 256
    assert count_for(0, items=0, target=600) == 1


@pytest.mark.parametrize("cells", [720, 7200])
@pytest.mark.parametrize("mishap", MISHAPS)
def test_no_cell_is_lost_or_counted_twice_when_machines_die(cells, mishap):
    seconds = synthesized(DURATIONS, cells)
    seen = simulate(seconds, jobs=64, machines=20, set_up=60, dies=MISHAPS[mishap])
    assert seen.lost(seconds) == []
    assert seen.twice() == []
    assert seen.makespan >= (sum(seconds.values()) + 64 * 60) / 20


def test_a_simulation_reports_lost_and_duplicate_cells():
    seen = simulate(KNOWN, jobs=8, machines=4, set_up=60)
    assert seen.lost([*KNOWN, "another"]) == ["another"]
    assert type(seen)(jobs=1, attempts=1, makespan=1, busy=1, recorded={"a": 2, "b": 1}).twice() == ["a"]


def test_machines_that_die_cost_attempts_and_time():
    well = simulate(KNOWN, jobs=40, machines=20, set_up=60)
    dying = simulate(KNOWN, jobs=40, machines=20, set_up=60, dies=MISHAPS["every one dies at its end, once"])
    assert (well.attempts, dying.attempts) == (40, 80)
    assert dying.makespan > 1.9 * well.makespan
