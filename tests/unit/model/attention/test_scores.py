import numpy as np
import pytest
import torch
from jaxtyping import TypeCheckError
from torch.testing import assert_close

from enface.model.attention.scores import (
    AdditiveScore,
    ConcatScore,
    DotScore,
    GeneralScore,
    ProjectedScore,
    ScaledDotScore,
)

BATCH, QUERIES, STATES = 2, 3, 4
QUERY, STATE, SIZE = 5, 6, 7


def additive(w, s, h):
    return w["energy.weight"][0] @ np.tanh(w["query.weight"] @ s + w["key.weight"] @ h + w["key.bias"])


def concat(w, s, h):
    return w["energy.weight"][0] @ np.tanh(w["joined.weight"] @ np.concatenate([s, h]))


FORMULAS = {
    "additive": (AdditiveScore(query_size=QUERY, state_size=STATE, size=SIZE), additive),
    "general": (GeneralScore(query_size=QUERY, state_size=STATE), lambda w, s, h: s @ w["key.weight"] @ h),
    "concat": (ConcatScore(query_size=QUERY, state_size=STATE, size=SIZE), concat),
    "scaled_dot": (
        ProjectedScore(ScaledDotScore(), query_size=QUERY, state_size=STATE, size=SIZE),
        lambda w, s, h: (w["query.weight"] @ s) @ (w["key.weight"] @ h) / SIZE**0.5,
    ),
    "projected_dot": (
        ProjectedScore(DotScore(), query_size=QUERY, state_size=STATE, size=SIZE),
        lambda w, s, h: (w["query.weight"] @ s) @ (w["key.weight"] @ h),
    ),
    "dot": (DotScore(), lambda w, s, h: s @ h),
    "scaled_dot_of_states": (ScaledDotScore(), lambda w, s, h: s @ h / STATE**0.5),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_score_is_its_papers_formula(name):
    score, formula = FORMULAS[name]
    score = score.double()
    query_size = QUERY if list(score.parameters()) else STATE
    queries = torch.randn(BATCH, QUERIES, query_size, dtype=torch.float64)
    states = torch.randn(BATCH, STATES, STATE, dtype=torch.float64)
    weights = {name: values.detach().numpy() for name, values in score.named_parameters()}
    expected = [[[formula(weights, s, h) for h in states[b].numpy()] for s in queries[b].numpy()] for b in range(BATCH)]
    found = score(queries, score.prepare(states)).detach().numpy()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", FORMULAS)
def test_queries_and_states_do_not_see_one_another(name):
    score, _ = FORMULAS[name]
    score = score.float()
    query_size = QUERY if list(score.parameters()) else STATE
    queries, states = torch.randn(BATCH, QUERIES, query_size), torch.randn(BATCH, STATES, STATE)
    whole = score(queries, score.prepare(states))
    assert_close(score(queries[:, 1:2], score.prepare(states[:, 2:])), whole[:, 1:2, 2:])


def test_a_wrong_shape_is_caught_by_the_signature():
    """Shapes in signatures are executed while testing: see addopts in pyproject.toml."""
    score = DotScore()
    with pytest.raises(TypeCheckError, match="keys"):
        score(torch.randn(2, 1, STATE), torch.randn(2, 3, QUERY))
