"""Several models as one: what it says is the mean of what they say, whatever kinds they are."""

import pytest
import torch
from torch.testing import assert_close

from enface.model.ensemble import Ensemble
from tests.unit.model import tiny

KINDS = ["bahdanau-gru", "transformer", "input-feeding-lstm"]


@pytest.fixture
def members():
    made = [tiny.model(**tiny.KINDS[kind]) for kind in KINDS]
    for number, member in enumerate(made):  # seeded alike; now no two say the same
        member.output_bias.data += 0.3 * number * torch.randn(tiny.VOCABULARY_SIZE)
    return made


def said(model, source, target):
    """Log probabilities (T, B, V) and attention of each step, the model being led through `target` (B, T)."""
    memories, state = model.prepare(source, source != 0)
    log_probabilities, attention = [], []
    for time in range(target.shape[1]):
        readout, state, weights = model.step(target[:, time : time + 1], state, memories, torch.tensor(time))
        log_probabilities.append(model.log_probabilities(readout)[:, 0])
        attention.append(weights[:, 0])
    return torch.stack(log_probabilities), torch.stack(attention)


@torch.inference_mode()
def test_its_probabilities_are_the_mean_of_its_members_and_its_attention_that_of_the_one_named(members):
    source, _ = tiny.source_batch([5, 3])
    target = torch.randint(3, tiny.VOCABULARY_SIZE, (2, 6))
    each = [said(member, source, target) for member in members]
    for aligning in range(len(members)):
        together, attention = said(Ensemble(members, aligning=aligning), source, target)
        assert_close(together.exp(), torch.stack([log_probabilities.exp() for log_probabilities, _ in each]).mean(0))
        assert_close(attention, each[aligning][1])
    assert not torch.allclose(each[0][0], each[1][0], atol=0.1)


@torch.inference_mode()
def test_a_word_that_one_member_finds_impossible_is_left_to_the_others(members):
    source, _ = tiny.source_batch([4])
    members[0].output_bias.data[7] = -1e4
    (found, _), others = (
        said(model, source, torch.tensor([[1]]))
        for model in (Ensemble(members, aligning=0), Ensemble(members[1:], aligning=0))
    )
    assert_close(found[0, 0, 7].exp(), others[0][0, 0, 7].exp() * 2 / 3)
