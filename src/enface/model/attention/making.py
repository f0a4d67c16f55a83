"""From settings to an attention: one `match` for each of score, window and selection."""

from typing import Literal

from pydantic import Field, model_validator

from enface.model.attention.composition import AnyAttention, Attention, NoAttention
from enface.model.attention.scores import (
    AdditiveScore,
    ConcatScore,
    DotScore,
    GeneralScore,
    ProjectedScore,
    ScaledDotScore,
    Score,
)
from enface.model.attention.selections import GumbelSelection, SampledSelection, Selection, SoftSelection
from enface.model.attention.windows import GlobalWindow, LocalMonotonicWindow, LocalPredictiveWindow, Window
from enface.params import Section

ScoreName = Literal["none", "additive", "dot", "general", "concat", "scaled_dot"]
WindowName = Literal["global", "local_monotonic", "local_predictive"]
SelectionName = Literal["soft", "gumbel", "reinforce"]


class AttentionSection(Section):
    """`model.recurrent.attention` of params.yaml: score x window x selection."""

    score: ScoreName  # none: the encoder's last state alone
    window: WindowName
    selection: SelectionName
    size: int = Field(ge=1)  # hidden layer of additive and concat, projection of scaled_dot, place of local_predictive
    window_radius: int = Field(ge=1)  # D of the local windows, in source tokens

    @model_validator(mode="after")
    def _baseline_alone(self) -> "AttentionSection":
        if self.score == "none" and (self.window, self.selection) != ("global", "soft"):
            raise ValueError(
                f"got score none with window {self.window} and selection {self.selection}; without attention nothing "
                "is looked at, so score none goes with window global and selection soft alone; every other score goes "
                "with window global | local_monotonic | local_predictive and selection soft | gumbel | reinforce"
            )
        return self


def make_attention(section: AttentionSection, *, query_size: int, state_size: int) -> AnyAttention:
    """The attention that `section` describes, of queries and encoder states of these sizes."""
    if section.score == "none":
        return NoAttention()
    score = _make_score(section, query_size=query_size, state_size=state_size)
    return Attention(score, _make_window(section, query_size), _make_selection(section.selection))


def _make_score(section: AttentionSection, *, query_size: int, state_size: int) -> Score:
    match section.score:
        case "additive":
            return AdditiveScore(query_size=query_size, state_size=state_size, size=section.size)
        case "dot":
            return DotScore()
        case "general":
            return GeneralScore(query_size=query_size, state_size=state_size)
        case "concat":
            return ConcatScore(query_size=query_size, state_size=state_size, size=section.size)
        case "scaled_dot":
            return ProjectedScore(ScaledDotScore(), query_size=query_size, state_size=state_size, size=section.size)
        case "none":
            raise AssertionError("the baseline has no score")


def _make_window(section: AttentionSection, query_size: int) -> Window:
    match section.window:
        case "global":
            return GlobalWindow()
        case "local_monotonic":
            return LocalMonotonicWindow(section.window_radius)
        case "local_predictive":
            return LocalPredictiveWindow(section.window_radius, query_size=query_size, size=section.size)


def _make_selection(name: SelectionName) -> Selection:
    match name:
        case "soft":
            return SoftSelection()
        case "gumbel":
            return GumbelSelection()
        case "reinforce":
            return SampledSelection()
