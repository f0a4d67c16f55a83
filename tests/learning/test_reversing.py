"""Whether the parts together learn: every attention reverses sequences, and it looks where it should.

Sequences are long enough that the decoder's state alone does not hold them, which the baseline shows; so what reverses
them has attended. Each budget was enough with three seeds.
"""

import pytest

from tests.learning.reversing import share_opposite, share_reversed, trained

RECURRENT = {"steps": 300, "longest": 8}
HARD = {"steps": 500, "longest": 6, "score": "general"}
LOCAL = {"steps": 300, "shortest": 8, "longest": 8, "score": "general", "window_radius": 2}
KINDS = {
    "additive": RECURRENT | {"score": "additive"},
    "bahdanau": RECURRENT | {"score": "additive", "decoder": "bahdanau", "steps": 400},
    "dot": RECURRENT | {"score": "dot"},
    "general-input-feeding": RECURRENT | {"score": "general", "input_feeding": True},
    "concat": RECURRENT | {"score": "concat"},
    "scaled_dot": RECURRENT | {"score": "scaled_dot"},
    "gumbel": HARD | {"selection": "gumbel"},
    "reinforce": HARD | {"selection": "reinforce"},
    "local_predictive": LOCAL | {"window": "local_predictive"},
    "encoder-self-attention": RECURRENT | {"score": "general", "encoder_self_attention": "global"},
    "transformer": {"network": "transformer", "steps": 500, "longest": 8},
    "transformer-rotary": {
        "network": "transformer", "positions": "rotary", "encoder_layers": 2, "steps": 600, "longest": 8,
        "learning_rate": 0.003,
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def attending(request):
    budget = KINDS[request.param]
    return trained(**budget), budget.get("shortest", 3), budget["longest"]


def test_with_attention_sequences_of_any_length_are_reversed(attending):
    model, shortest, longest = attending
    assert share_reversed(model, length=shortest) > 0.95
    assert share_reversed(model, length=longest) > 0.75


def test_the_attention_is_anti_diagonal(attending):
    model, _, longest = attending
    shares = []
    for head in model.alignment_heads():
        model.align_with(head)
        shares.append(share_opposite(model, length=longest))
    assert max(shares) > 0.85


def test_a_transformer_that_sees_only_neighbours_learns_it_too():
    """Its states know their neighbours, so that it may as well look beside the word that it writes."""
    model = trained(network="transformer", self_attention="local", encoder_layers=2, steps=700, longest=8)
    assert share_reversed(model, length=3) > 0.95
    assert share_reversed(model, length=8) > 0.75


def test_without_attention_long_sequences_are_beyond_the_same_budget():
    baseline = trained(**RECURRENT, score="none")
    assert share_reversed(baseline, length=3) > 0.8
    assert share_reversed(baseline, length=8) < 0.2


def test_a_window_that_moves_on_with_the_steps_cannot_follow_a_reversed_order():
    """local-m sees only what stands about as far from the beginning; local-p, above, predicts where to look."""
    monotonic = trained(**LOCAL, window="local_monotonic")
    assert share_reversed(monotonic, length=8) < 0.2
    assert share_opposite(monotonic, length=8) < 0.3
