import numpy as np
import pytest

from enface.data import planning
from enface.data.planning import Plan, batch_indices


def lengths(count, seed=0, longest=40):
    random = np.random.default_rng(seed)
    return random.integers(1, longest, count), random.integers(1, longest, count)


@pytest.fixture
def sharded(monkeypatch):
    monkeypatch.setattr(planning, "SHARD_PAIRS", 300)
    monkeypatch.setattr(planning, "_BLOCK_PAIRS", 16)


def one_by_one(source_lengths, target_lengths, batch_tokens):
    """How many pairs each batch has where pairs are added one after another for as long as the budget lasts."""
    sizes, count = [], 0
    for longer in np.sort(np.maximum(source_lengths, target_lengths) + 1).tolist():
        if count and longer * (count + 1) > batch_tokens:
            sizes.append(count)
            count = 0
        count += 1
    return [*sizes, count] if count else sizes


@pytest.mark.parametrize("batch_tokens", [1, 17, 60, 400, 10**6])
@pytest.mark.parametrize("count", [0, 1, 2, 50, 333])
def test_batches_are_filled_for_as_long_as_the_budget_lasts(count, batch_tokens):
    sources, targets = lengths(count, seed=batch_tokens)
    batches = batch_indices(sources, targets, batch_tokens=batch_tokens)
    assert [len(batch) for batch in batches] == one_by_one(sources, targets, batch_tokens)
    assert sorted(index for batch in batches for index in batch) == list(range(count))


def test_every_pair_is_there_once_an_epoch_in_other_batches_and_as_many(sharded):
    plan = Plan(*lengths(1000, longest=4), batch_tokens=40, seed=1)  # many of equal length, as in a shard of full size
    epochs = [list(plan.batches(epoch)) for epoch in range(3)]
    for batches in epochs:
        assert sorted(np.concatenate(batches).tolist()) == list(range(1000))
        assert len(batches) == len(plan)
    assert len({tuple(sorted(batch.tolist())) for batches in epochs for batch in batches}) > 2 * len(plan)


def test_an_epoch_goes_on_from_any_batch(sharded):
    plan = Plan(*lengths(1000), batch_tokens=200, seed=1)
    whole = [batch.tolist() for batch in plan.batches(2)]
    for position in (0, 1, len(plan) // 2, len(plan) - 1, len(plan)):
        again = Plan(*lengths(1000), batch_tokens=200, seed=1)
        assert [batch.tolist() for batch in again.batches(2, position)] == whole[position:]


def test_a_batch_comes_from_all_over_the_corpus(sharded):
    plan = Plan(*lengths(1000), batch_tokens=400, seed=1)
    spread = [np.ptp(batch) for batch in plan.batches(0) if len(batch) > 8]
    assert np.mean(spread) > 600


def test_a_corpus_of_one_shard_is_planned_as_a_whole():
    sources, targets = lengths(500)
    random = np.random.default_rng((7, 3))
    shuffled = random.permutation(500)
    grouped = batch_indices(sources[shuffled], targets[shuffled], batch_tokens=150)
    expected = [shuffled[grouped[number]].tolist() for number in random.permutation(len(grouped))]
    assert [batch.tolist() for batch in Plan(sources, targets, batch_tokens=150, seed=7).batches(3)] == expected


def of_devices(parts, **settings):
    return [Plan(*lengths(1000), seed=1, rank=rank, parts=parts, **settings) for rank in range(parts)]


@pytest.mark.parametrize("parts", [2, 3, 8])
def test_each_device_reads_shards_of_its_own_and_all_together_every_pair_once(sharded, parts):
    devices = of_devices(parts, batch_tokens=200)
    for epoch in range(2):
        read = [list(device.batches(epoch)) for device in devices]
        assert [len(batches) for batches in read] == list(map(len, devices)) == [len(devices[0])] * parts
        assert all(len(batch) for batches in read for batch in batches)
        own = [np.concatenate(batches) for batches in read]
        assert sorted(np.concatenate(own).tolist()) == list(range(1000))
        blocks = [set((pairs // planning._BLOCK_PAIRS).tolist()) for pairs in own]
        assert sum(map(len, blocks)) == len(set().union(*blocks))
        assert np.ptp(list(map(len, blocks))) <= 2


def test_devices_are_at_about_one_length_in_a_step(sharded):
    sources, targets = lengths(5000)
    longer = np.maximum(sources, targets)
    plans = [Plan(sources, targets, batch_tokens=600, seed=1, rank=rank, parts=2) for rank in range(2)]
    widths = np.array([[longer[batch].max() for batch in plan.batches(0)] for plan in plans])
    assert np.abs(widths[0] - widths[1]).mean() < 2
    assert widths.std() > 5


def test_a_device_goes_on_from_any_step_in_shards_of_its_own(sharded):
    plan = of_devices(3, batch_tokens=200)[1]
    whole = [batch.tolist() for batch in plan.batches(2)]
    for position in (0, 1, len(plan) // 2, len(plan)):
        assert [batch.tolist() for batch in plan.batches(2, position)] == whole[position:]
