import math

import numpy as np
import pytest
import torch

from enface.model.attention.windows import CausalWindow, GlobalWindow, LocalMonotonicWindow, LocalPredictiveWindow

LENGTHS = [4, 1, 7]
VALID = torch.arange(7) < torch.tensor(LENGTHS).unsqueeze(1)
QUERY, QUERIES = 5, 9
STEPS = torch.arange(QUERIES)
RADII = [1, 2, 6, 50]


def windowed(window, queries=None, *, positions=STEPS, valid=VALID):
    """Random scores before and after the window, as arrays."""
    scores = torch.randn(len(LENGTHS), QUERIES, 7, dtype=torch.float64)
    if queries is None:
        queries = torch.randn(len(LENGTHS), QUERIES, QUERY, dtype=torch.float64)
    return scores.numpy(), window(scores, queries, positions, valid).detach().numpy()


def kept(scores, inside):
    """`scores` where `inside(sentence, step, position)`, -inf elsewhere."""
    return np.array(
        [
            [[score if inside(b, t, s) else -math.inf for s, score in enumerate(row)] for t, row in enumerate(rows)]
            for b, rows in enumerate(scores)
        ]
    )


def test_a_global_window_reaches_every_real_token():
    scores, found = windowed(GlobalWindow())
    np.testing.assert_array_equal(found, kept(scores, lambda b, t, s: s < LENGTHS[b]))
    scores, found = windowed(GlobalWindow(), valid=None)
    np.testing.assert_array_equal(found, scores)


@pytest.mark.parametrize("radius", RADII)
def test_local_m_reaches_those_around_the_step_and_past_the_end_those_around_the_last(radius):
    scores, found = windowed(LocalMonotonicWindow(radius))
    np.testing.assert_array_equal(
        found, kept(scores, lambda b, t, s: s < LENGTHS[b] and abs(s - min(t, LENGTHS[b] - 1)) <= radius)
    )


def test_local_m_by_hand():
    _, found = windowed(LocalMonotonicWindow(1))
    reached = [["".join(".x"[int(place)] for place in row) for row in np.isfinite(rows)] for rows in found]
    assert reached[0] == ["xx.....", "xxx....", ".xxx...", "..xx...", *["..xx..."] * 5]
    assert reached[1] == ["x......"] * 9
    assert reached[2][5:] == ["....xxx", ".....xx", ".....xx", ".....xx"]


def test_local_m_of_a_search_has_all_hypotheses_at_one_step():
    scores, found = windowed(LocalMonotonicWindow(1), positions=torch.tensor([2]))
    np.testing.assert_array_equal(
        found, kept(scores, lambda b, t, s: s < LENGTHS[b] and abs(s - min(2, LENGTHS[b] - 1)) <= 1)
    )


def test_local_m_without_padding_is_a_band_along_the_diagonal():
    scores, found = windowed(LocalMonotonicWindow(2), valid=None)
    np.testing.assert_array_equal(found, kept(scores, lambda b, t, s: abs(s - min(t, 6)) <= 2))


def predictive(radius, *, pull=1.0):
    """A window whose places spread over the whole source; those of a strong `pull` lie at its edges."""
    window = LocalPredictiveWindow(radius, query_size=QUERY, size=8).double()
    window.place.weight.data.mul_(4.0 * pull)
    return window


def places(window, queries):
    """p_t = S sigmoid(v_p . tanh(W_p h_t)) of each sentence and query."""
    hidden, place = window.hidden.weight.detach().numpy(), window.place.weight.detach().numpy()[0]
    return np.array(
        [
            [length / (1 + math.exp(-place @ np.tanh(hidden @ query))) for query in rows]
            for length, rows in zip(LENGTHS, queries.numpy(), strict=True)
        ]
    )


@pytest.mark.parametrize("pull", [1.0, 100.0])
@pytest.mark.parametrize("radius", RADII)
def test_local_p_multiplies_the_weights_by_the_gaussian_around_the_predicted_place(radius, pull):
    window, queries = predictive(radius, pull=pull), torch.randn(3, QUERIES, QUERY, dtype=torch.float64)
    scores, found = windowed(window, queries)
    centres, sigma = places(window, queries), radius / 2
    weights = torch.softmax(torch.from_numpy(found), -1).numpy()
    for b, length in enumerate(LENGTHS):
        for t, centre in enumerate(centres[b]):
            inside = np.array([s < length and abs(s - centre) <= radius for s in range(7)])
            np.testing.assert_array_equal(np.isfinite(found[b, t]), inside)
            gaussian = np.exp(-((np.arange(7) - centre) ** 2) / (2 * sigma**2))
            expected = np.exp(scores[b, t]) * gaussian * inside
            np.testing.assert_allclose(weights[b, t], expected / expected.sum(), rtol=0, atol=1e-6)


def test_local_p_reaches_a_real_token_at_both_edges():
    window, queries = predictive(1, pull=200.0), torch.randn(3, QUERIES, QUERY, dtype=torch.float64)
    centres = places(window, queries)
    assert (centres < 1e-3).any()
    assert (np.abs(centres - np.array(LENGTHS)[:, None]) < 1e-3).any()
    _, found = windowed(window, queries)
    for b, length in enumerate(LENGTHS):
        for centre, row in zip(centres[b], found[b], strict=True):
            if centre < 1e-3:
                assert np.flatnonzero(np.isfinite(row)).tolist() in ([0], [0, 1][:length])
            if length - centre < 1e-3:
                assert length - 1 in np.flatnonzero(np.isfinite(row))


def test_local_p_predicts_with_the_real_length_whatever_the_padding():
    window, queries = predictive(2), torch.randn(3, QUERIES, QUERY, dtype=torch.float64)
    _, found = windowed(window, queries)
    scores = torch.randn(1, QUERIES, 4, dtype=torch.float64)
    alone = window(scores, queries[:1], STEPS, None)
    assert torch.equal(torch.isfinite(alone)[0], torch.from_numpy(np.isfinite(found[0, :, :4])))


def test_local_p_learns_where_to_look():
    window, queries = predictive(2), torch.randn(3, QUERIES, QUERY, dtype=torch.float64)
    scores = torch.zeros(3, QUERIES, 7, dtype=torch.float64)
    torch.softmax(window(scores, queries, STEPS, VALID), -1)[..., 0].sum().backward()
    assert window.hidden.weight.grad.isfinite().all()
    assert window.place.weight.grad.abs().min() > 0


@pytest.mark.parametrize("radius", [None, 1, 3, 50])
def test_a_causal_window_reaches_back_alone(radius):
    scores, found = windowed(CausalWindow(radius), valid=None)
    far = math.inf if radius is None else radius
    np.testing.assert_array_equal(found[:, :7], kept(scores, lambda b, t, s: 0 <= t - s <= far)[:, :7])
