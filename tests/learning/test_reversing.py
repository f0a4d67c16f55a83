"""Whether the parts together learn: with attention a tiny model reverses sequences, and it looks where it should."""

import pytest
import torch

from enface.decoding.translate import BeamTranslator, search
from tests.learning.reversing import SPECIAL, batch, share_reversed, trained

BUDGET = {"steps": 300, "longest": 10}


@pytest.fixture(scope="module", params=["bahdanau", "luong"])
def attending(request):
    return trained("additive", request.param, **BUDGET)


def test_a_model_with_attention_learns_to_reverse_sequences(attending):
    assert [share_reversed(attending, length=length) > 0.9 for length in (3, 6, 10)] == [True] * 3


def test_its_attention_is_anti_diagonal(attending):
    source, _, lengths = batch(200, shortest=3, longest=10)
    attention = search(BeamTranslator(attending, SPECIAL), source, beam_size=1, max_length=11, alpha=0.0).attention[
        :, 0, :10
    ]
    opposite = (lengths - 1 - torch.arange(10)).clamp(min=0)
    real = torch.arange(10) < lengths
    assert attention.gather(2, opposite.unsqueeze(-1))[..., 0][real].mean() > 0.55
    assert (attention.argmax(-1) == opposite)[real].float().mean() > 0.95


def test_without_attention_long_sequences_are_beyond_the_same_budget():
    baseline = trained("none", "bahdanau", **BUDGET)
    assert share_reversed(baseline, length=3) > 0.8
    assert share_reversed(baseline, length=10) < 0.5
