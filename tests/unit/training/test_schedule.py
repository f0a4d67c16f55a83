import pytest

from enface.training.schedule import learning_rate_factor


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        ("linear", {0: 1 / 4, 1: 1 / 2, 3: 1, 4: 1, 8: 2 / 3, 10: 1 / 2, 16: 0, 20: 0}),
        ("inverse_sqrt", {0: 1 / 4, 3: 1, 4: 1, 16: 1 / 2, 64: 1 / 4}),
        ("constant", {0: 1 / 4, 2: 3 / 4, 3: 1, 4: 1, 100: 1}),
    ],
)
def test_it_warms_up_in_a_line_and_decays_as_told(decay, expected):
    factor = learning_rate_factor(decay, warmup_steps=4, total_steps=16)
    assert {step: factor(step) for step in expected} == pytest.approx(expected)


@pytest.mark.parametrize(("decay", "later"), [("linear", 0.5), ("inverse_sqrt", 0.5**0.5), ("constant", 1.0)])
def test_without_a_warm_up_it_begins_at_the_highest(decay, later):
    factor = learning_rate_factor(decay, warmup_steps=0, total_steps=4)
    assert (factor(0), factor(2)) == pytest.approx((1.0, later))


def test_a_training_shorter_than_its_warm_up_never_gets_there_and_never_fails():
    factor = learning_rate_factor("linear", warmup_steps=10, total_steps=5)
    assert [factor(step) for step in (4, 9, 10)] == pytest.approx([0.5, 1.0, 0.0])
