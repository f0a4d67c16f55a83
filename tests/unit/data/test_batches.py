from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.data import planning
from enface.data.batches import TrainingBatches, ValidationBatches, batch_indices, collate, pad
from enface.data.tokenizer import BOS, EOS, PAD

LENGTHS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60)


class ListedPairs:
    """Pairs of these lengths; source ids count from 100 + index, target ids from 200 + index."""

    def __init__(self, lengths):
        self.source_lengths = np.array([source for source, _ in lengths], np.int64)
        self.target_lengths = np.array([target for _, target in lengths], np.int64)

    def source(self, index):
        return np.arange(self.source_lengths[index], dtype=np.int32) + 100 + index

    def target(self, index):
        return np.arange(self.target_lengths[index], dtype=np.int32) + 200 + index


def random_pairs(count=200, seed=0):
    """Lengths spread as those of Multi30k's English and German subwords are."""
    random = np.random.default_rng(seed)
    sources = random.lognormal(2.61, 0.32, count)
    targets = sources * random.lognormal(0.02, 0.18, count)
    return ListedPairs(list(zip(np.ceil(sources), np.ceil(targets), strict=True)))


def indices_of(batches):
    return [batch.indices.tolist() for batch in batches]


def test_a_batch_begins_ends_and_is_padded_as_the_model_needs_it():
    batch = collate(ListedPairs([(3, 1), (1, 2), (9, 9)]), [1, 0])
    assert batch.source.tolist() == [[101, EOS, PAD, PAD], [100, 101, 102, EOS]]
    assert batch.source_valid.tolist() == [[True, True, False, False], [True] * 4]
    assert batch.target_input.tolist() == [[BOS, 201, 202], [BOS, 200, PAD]]
    assert batch.target_output.tolist() == [[201, 202, EOS], [200, EOS, PAD]]
    assert batch.target_valid.tolist() == [[True] * 3, [True, True, False]]
    assert batch.indices.tolist() == [1, 0]


def test_alignments_come_with_the_row_of_their_pair_where_they_are_asked_for():
    pairs = ListedPairs([(3, 1), (1, 2), (2, 2)])
    links = [np.array([[0, 0], [2, 0]], np.int32), np.zeros((0, 2), np.int32), np.array([[1, 0]], np.int32)]
    batch = collate(pairs, [2, 1, 0], links.__getitem__)
    assert batch.links.tolist() == [[0, 0, 1], [2, 0, 0], [2, 0, 2]]  # row, target, source
    assert collate(pairs, [1], links.__getitem__).links.shape == (0, 3)
    assert collate(pairs, [2, 1, 0]).links is None
    for asked in (None, links.__getitem__):
        (batch,) = TrainingBatches(pairs, batch_tokens=99, seed=1, links=asked)
        assert (batch.links is None) == (asked is None)


def test_rows_are_padded_on_the_right():
    rows, valid = pad([np.array([7], np.int32), np.array([8, 9, 8], np.int32)])
    assert rows.tolist() == [[7, PAD, PAD], [8, 9, 8]]
    assert (str(rows.dtype), valid.sum(1).tolist()) == ("torch.int64", [1, 3])


@given(lengths=LENGTHS, batch_tokens=st.integers(1, 200))
@settings(max_examples=150, deadline=None)
def test_every_pair_stands_in_one_batch_within_the_budget(lengths, batch_tokens):
    pairs = ListedPairs(lengths)
    batches = batch_indices(pairs.source_lengths, pairs.target_lengths, batch_tokens=batch_tokens)
    assert sorted(chain.from_iterable(batch.tolist() for batch in batches)) == list(range(len(lengths)))
    for batch in batches:
        widest = 1 + max(max(lengths[index]) for index in batch)
        assert len(batch) * widest <= batch_tokens or len(batch) == 1


@given(lengths=LENGTHS, batch_tokens=st.integers(1, 200), parts=st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_devices_share_the_batches_of_one_with_as_many_tokens_in_all(lengths, batch_tokens, parts):
    pairs = ListedPairs(lengths)
    for kind, options in ((TrainingBatches, {"seed": 1}), (ValidationBatches, {})):
        alone = kind(pairs, batch_tokens=batch_tokens * parts, **options)
        devices = [kind(pairs, batch_tokens=batch_tokens, rank=rank, parts=parts, **options) for rank in range(parts)]
        assert [len(device) for device in devices] == [len(alone)] * parts
        for _ in range(2):
            shared = list(zip(*map(indices_of, devices), strict=True))
            whole = indices_of(alone)
            assert [sorted(chain.from_iterable(step)) for step in shared] == [sorted(step) for step in whole]
            assert sorted(chain.from_iterable(whole)) == list(range(len(lengths)))


def test_a_device_without_a_pair_of_the_batch_has_one_that_counts_for_nothing():
    links = [np.array([[0, 0]], np.int32)]
    pairs = ListedPairs([(3, 1)])
    first, second = (
        next(iter(TrainingBatches(pairs, batch_tokens=9, seed=1, rank=rank, parts=2, links=links.__getitem__)))
        for rank in range(2)
    )
    assert (first.indices.tolist(), int(first.target_valid.sum()), len(first.links)) == ([0], 2, 1)
    assert (second.indices.tolist(), int(second.target_valid.sum()), len(second.links)) == ([], 0, 0)
    assert second.source.tolist() == first.source.tolist()
    assert second.source_valid.all()


def test_a_device_at_the_end_of_its_own_shards_has_one_that_counts_for_nothing(monkeypatch):
    monkeypatch.setattr(planning, "SHARD_PAIRS", 2)
    monkeypatch.setattr(planning, "_BLOCK_PAIRS", 1)
    pairs = ListedPairs([(3, 1)] * 3)
    devices = [list(TrainingBatches(pairs, batch_tokens=1, seed=1, rank=rank, parts=2)) for rank in range(2)]
    assert sorted(map(len, chain(*map(indices_of, devices)))) == [0, 1, 1, 1]
    assert [int(batch.target_valid.any()) for batch in chain(*devices)] == [
        len(each.indices) for each in chain(*devices)
    ]


def test_the_order_is_the_seeds_and_the_epochs():
    def order(seed, epochs=2):
        batches = TrainingBatches(random_pairs(), batch_tokens=200, seed=seed)
        return [indices_of(batches) for _ in range(epochs)]

    first, second = order(1)
    assert order(1) == [first, second]
    assert order(2)[0] != first
    assert second != first
    assert {frozenset(batch) for batch in second} != {frozenset(batch) for batch in first}


def test_little_of_a_batch_is_padding():
    cells = real = 0
    for batch in TrainingBatches(random_pairs(29_000), batch_tokens=2048, seed=1):
        cells += batch.source_valid.numel() + batch.target_valid.numel()
        real += int(batch.source_valid.sum() + batch.target_valid.sum())
    assert 1 - real / cells < 0.05


@pytest.mark.parametrize("taken", [0, 1, 7, -1])
def test_training_goes_on_from_the_batch_it_stopped_at(taken):
    def batches():
        return TrainingBatches(random_pairs(), batch_tokens=200, seed=1, rank=1, parts=2)

    stopped = batches()
    running = iter(stopped)
    begun = [next(running).indices.tolist() for _ in range(taken % len(stopped))]
    resumed = batches()
    resumed.load_state_dict(stopped.state_dict())
    rest = indices_of(resumed)
    assert rest == indices_of(running)
    assert begun + rest == indices_of(batches())
    assert indices_of(resumed) == indices_of(stopped) != begun + rest


def test_training_stopped_after_an_epochs_last_batch_goes_on_with_the_next_epoch():
    stopped, resumed, straight = (TrainingBatches(random_pairs(), batch_tokens=200, seed=1) for _ in range(3))
    running = iter(stopped)
    for _ in range(len(stopped)):
        next(running)
    resumed.load_state_dict(stopped.state_dict())
    first, second = indices_of(straight), indices_of(straight)
    assert indices_of(resumed) == second != first


@pytest.mark.parametrize("parts", [1, 3])
def test_validation_sees_every_pair_once_shortest_first(parts):
    pairs = random_pairs(50)
    devices = [ValidationBatches(pairs, batch_tokens=100, rank=rank, parts=parts) for rank in range(parts)]
    assert sorted(chain.from_iterable(chain.from_iterable(map(indices_of, devices)))) == list(range(50))
    for device in devices:
        widths = [max(batch.source_valid.shape[1], batch.target_valid.shape[1]) for batch in device]
        assert widths == sorted(widths)
        assert len(widths) == len(device)
        assert indices_of(device) == indices_of(device)
