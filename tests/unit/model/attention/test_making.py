import pytest

from enface.errors import ParamsError
from enface.model.attention import scores, selections, windows
from enface.model.attention.composition import NoAttention
from enface.model.attention.making import AttentionSection, make_attention
from enface.params import parse_section
from tests.unit.model import tiny

SCORES = {
    "additive": scores.AdditiveScore,
    "dot": scores.DotScore,
    "general": scores.GeneralScore,
    "concat": scores.ConcatScore,
    "scaled_dot": scores.ProjectedScore,
}
WINDOWS = {
    "global": windows.GlobalWindow,
    "local_monotonic": windows.LocalMonotonicWindow,
    "local_predictive": windows.LocalPredictiveWindow,
}
SELECTIONS = {
    "soft": selections.SoftSelection,
    "gumbel": selections.GumbelSelection,
    "reinforce": selections.SampledSelection,
}


def section(**changes):
    return parse_section(tiny.ATTENTION | changes, "params.yaml model.recurrent.attention", AttentionSection)


def refusal(**changes):
    with pytest.raises(ParamsError) as caught:
        section(**changes)
    return str(caught.value)


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("score", SCORES)
def test_every_score_window_and_selection_go_together(score, window, selection):
    named = section(score=score, window=window, selection=selection, window_radius=5)
    attention = make_attention(named, query_size=4, state_size=4)
    made = (attention.score, attention.window, attention.selection)
    assert tuple(map(type, made)) == (SCORES[score], WINDOWS[window], SELECTIONS[selection])
    assert window == "global" or attention.window.radius == 5


def test_the_baseline_is_an_attention_too():
    assert isinstance(make_attention(section(score="none"), query_size=4, state_size=6), NoAttention)


def test_sizes_are_those_asked_for():
    named = section(score="concat", window="local_predictive", size=9)
    attention = make_attention(named, query_size=4, state_size=6)
    shapes = {name: tuple(values.shape) for name, values in attention.named_parameters()}
    assert shapes == {
        "score.joined.weight": (9, 10),
        "score.energy.weight": (1, 9),
        "window.hidden.weight": (9, 4),
        "window.place.weight": (1, 9),
    }


@pytest.mark.parametrize(
    ("window", "selection"), [("local_monotonic", "soft"), ("local_predictive", "gumbel"), ("global", "reinforce")]
)
def test_without_attention_there_is_nothing_to_look_at(window, selection):
    assert refusal(score="none", window=window, selection=selection) == (
        f"params.yaml model.recurrent.attention: got score none with window {window} and selection {selection}; "
        "without attention nothing is looked at, so score none goes with window global and selection soft alone; every "
        "other score goes with window global | local_monotonic | local_predictive and selection soft | gumbel | "
        "reinforce"
    )


def test_unknown_names_are_refused_with_the_known_ones():
    said = refusal(score="aditive", window="local", selection="hard", size=0, window_radius=0, heads=2)
    place = "params.yaml model.recurrent.attention"
    assert said.splitlines() == [
        f"{place}.score: got 'aditive', need one of 'none', 'additive', 'dot', 'general', 'concat' or 'scaled_dot'",
        f"{place}.window: got 'local', need one of 'global', 'local_monotonic' or 'local_predictive'",
        f"{place}.selection: got 'hard', need one of 'soft', 'gumbel' or 'reinforce'",
        f"{place}.size: got 0, need >= 1",
        f"{place}.window_radius: got 0, need >= 1",
        f"{place}.heads: unknown setting; known are score, window, selection, size, window_radius",
    ]
