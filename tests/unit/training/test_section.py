import pytest

from enface.errors import ParamsError
from enface.params import parse_section
from enface.training.section import TrainSection
from tests.unit.training.made import TRAIN


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("batch_tokens", 0, "params.yaml train.batch_tokens: got 0, need >= 1, or auto"),
        ("batch_tokens", "many", "params.yaml train.batch_tokens: got 'many', need >= 1, or auto"),
        ("label_smoothing", 1.0, "params.yaml train.label_smoothing: got 1.0, need < 1"),
        ("learning_rate", 0.0, "params.yaml train.learning_rate: got 0.0, need > 0"),
        ("guided_weight", -0.1, "params.yaml train.guided_weight: got -0.1, need >= 0"),
        ("reinforce", {"weight": 1.0, "entropy_weight": -1.0}, "train.reinforce.entropy_weight: got -1.0, need >= 0"),
        ("max_minutes", 0.0, "params.yaml train.max_minutes: got 0.0, need > 0"),
        ("max_minutes", float("inf"), "params.yaml train.max_minutes: got inf, need <= 1000000"),
        ("seed", 20240101123456, "params.yaml train.seed: got 20240101123456, need < 4294967296"),
        ("decay", "cosine", "params.yaml train.decay: got 'cosine', need"),
        ("precision", "fp16", "params.yaml train.precision: got 'fp16', need"),
        ("averaging", {"kind": "best", "count": 0}, "params.yaml train.averaging.count: got 0, need >= 1"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name, value, message):
    with pytest.raises(ParamsError) as error:
        parse_section({**TRAIN, name: value}, "params.yaml train", TrainSection)
    assert message in str(error.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(ParamsError) as error:
        parse_section({**TRAIN, "seed": -1, "devices": 0, "lerning_rate": 1}, "params.yaml train", TrainSection)
    for part in ("train.seed", "train.devices", "lerning_rate", "learning_rate"):
        assert part in str(error.value)
