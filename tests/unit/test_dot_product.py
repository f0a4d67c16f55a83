"""Attention as a function of arrays."""

import subprocess
import sys
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import enface
from enface import attention

seeds, sizes = st.integers(0, 1000), st.integers(1, 6)


def some(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [3 * rng.standard_normal(shape) for shape in shapes]


def by_loops(queries, keys, values, valid):
    """The formula word for word, one query at a time: the context and the weights of arrays without leading axes."""
    weights = np.zeros((len(queries), len(keys)))
    for n, query in enumerate(queries):
        shares = {s: np.exp(query @ key / len(query) ** 0.5) for s, key in enumerate(keys) if valid[n, s]}
        for s, share in shares.items():
            weights[n, s] = share / sum(shares.values())
    context = [sum(weights[n, s] * value for s, value in enumerate(values)) for n in range(len(queries))]
    return np.array(context), weights


def test_the_example_of_the_textbook():
    words = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]])
    generator = np.random.RandomState(42)
    queries, keys, values = (words @ generator.randint(3, size=(3, 3)) for _ in range(3))
    np.testing.assert_array_equal(queries, [[2, 0, 2], [2, 0, 0], [4, 0, 2], [2, 1, 2]])
    np.testing.assert_array_equal(keys, [[2, 2, 2], [0, 2, 1], [2, 4, 3], [0, 1, 1]])
    np.testing.assert_array_equal(values, [[1, 1, 0], [0, 1, 1], [1, 2, 1], [0, 0, 0]])
    scores = queries @ keys.T
    np.testing.assert_array_equal(scores, [[8, 2, 10, 2], [4, 0, 4, 0], [12, 2, 14, 2], [10, 4, 14, 3]])
    exponentials = np.exp(scores / np.sqrt(3))
    context, weights = attention(queries, keys, values)
    np.testing.assert_allclose(weights, exponentials / exponentials.sum(axis=1, keepdims=True), rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        context,
        [
            [0.98522025, 1.74174051, 0.75652026],
            [0.90965265, 1.40965265, 0.5],
            [0.99851226, 1.75849334, 0.75998108],
            [0.99560386, 1.90407309, 0.90846923],
        ],
        rtol=0,
        atol=1e-8,
    )


@given(seeds, sizes, sizes, sizes, sizes)
def test_it_is_the_formula_wherever_a_query_may_look(seed, n, s, d, v):
    queries, keys, values = some(seed, (n, d), (s, d), (s, v))
    valid = np.random.default_rng(seed).random((n, s)) < 0.6
    context, weights = attention(queries, keys, values, valid=valid)
    expected_context, expected_weights = by_loops(queries, keys, values, valid)
    np.testing.assert_allclose(weights, expected_weights, rtol=0, atol=1e-12)
    np.testing.assert_allclose(context, expected_context, rtol=0, atol=1e-12)
    assert (weights[~valid] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), valid.any(axis=1), rtol=0, atol=1e-12)


@given(seeds, st.lists(st.integers(1, 3), max_size=3))
def test_leading_axes_are_batches(seed, batch):
    queries, keys, values = some(seed, (*batch, 4, 3), (*batch, 5, 3), (*batch, 5, 2))
    valid = np.random.default_rng(seed).random((*batch, 5)) < 0.7
    context, weights = attention(queries, keys, values, valid=valid)
    assert (context.shape, weights.shape) == ((*batch, 4, 2), (*batch, 4, 5))
    for index in np.ndindex(*batch):
        alone = attention(queries[index], keys[index], values[index], valid=valid[index])
        np.testing.assert_allclose(context[index], alone[0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(weights[index], alone[1], rtol=0, atol=1e-12)


def test_a_row_for_all_queries_is_the_same_as_that_row_for_each():
    arrays = some(1, (2, 3, 4), (2, 5, 4), (2, 5, 4))
    valid = np.array([[True, True, False, True, True], [False, True, True, True, False]])
    found = attention(*arrays, valid=valid)
    each = attention(*arrays, valid=np.repeat(valid[:, None], 3, axis=1))
    for one, other in zip(found, each, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_not_valid_changes_nothing():
    queries, keys, values = some(2, (3, 4), (5, 4), (5, 2))
    padded = attention(queries, keys, values, valid=np.array([True, True, True, False, False]))
    alone = attention(queries, keys[:3], values[:3])
    np.testing.assert_allclose(padded[0], alone[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(padded[1][:, :3], alone[1], rtol=0, atol=1e-12)


def test_large_scores_do_not_overflow():
    context, weights = attention(np.array([[1e4]]), np.array([[1e4], [-1e4]]), np.array([[1.0], [2.0]]))
    np.testing.assert_array_equal(weights, [[1, 0]])
    np.testing.assert_array_equal(context, [[1]])


def test_a_query_that_may_look_nowhere_gets_nothing():
    queries, keys, values = some(3, (2, 3), (4, 3), (4, 2))
    context, weights = attention(queries, keys, values, valid=np.array([[True] * 4, [False] * 4]))
    assert weights[0].sum() == pytest.approx(1)
    assert not weights[1].any()
    assert not context[1].any()
    assert attention(queries, keys[:0], values[:0])[0].tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(("of", "expected"), [("int64", "float64"), ("float16", "float32"), ("float32", "float32")])
def test_number_formats(of, expected):
    arrays = [np.eye(3, dtype=of)] * 3
    context, weights = attention(*arrays, valid=np.array([True, True, False]))
    assert context.dtype == weights.dtype == expected


def test_what_is_not_a_number_is_not_hidden():
    context, _ = attention(np.array([[np.nan]]), np.array([[1.0], [2.0]]), np.array([[1.0], [2.0]]))
    assert np.isnan(context).all()


Q, K, V = np.ones((2, 4, 3)), np.ones((2, 5, 3)), np.ones((2, 5, 6))


@pytest.mark.parametrize(
    ("arrays", "valid", "message"),
    [
        ((Q[0, 0], K, V), None, "queries: got shape (3,), need 2 axes or more; a single vector is one row: x[None]"),
        ((Q, K, np.ones(5)), None, "values: got shape (5,), need 2 axes or more; a single vector is one row: x[None]"),
        ((Q, K + 1j, V), None, "keys: got complex128, need real numbers"),
        ((Q > 0, K, V), None, "queries: got bool, need real numbers"),
        ((Q[..., :0], K[..., :0], V), None, "queries: got shape (2, 4, 0), need vectors of 1 number or more"),
        (
            (Q, K[..., :2], V),
            None,
            "keys: got shape (2, 5, 2), need (2, 5, 3): the leading axes and the last are the queries'",
        ),
        (
            (Q, K[:1], V),
            None,
            "keys: got shape (1, 5, 3), need (2, 5, 3): the leading axes and the last are the queries'",
        ),
        (
            (Q, K, V[:, :4]),
            None,
            "values: got shape (2, 4, 6), need (2, 5, 6): one value for each key, the leading axes the queries'",
        ),
        ((Q, K, V), np.ones((2, 5)), "valid: got float64, need bool: True where a query may look"),
        (
            (Q, K, V),
            np.ones(5, dtype=bool),
            "valid: got shape (5,), need (2, 5), the same for all queries, or (2, 4, 5), for each its own",
        ),
    ],
)
def test_what_does_not_fit_is_refused(arrays, valid, message):
    with pytest.raises(ValueError, match="got") as error:
        attention(*arrays, valid=valid)
    assert str(error.value) == message


def test_it_is_offered_beside_the_translator_and_costs_nothing_before_it_is_asked_for():
    assert set(enface.__all__) == {"Translator", "attention"}
    code = (
        "import sys, enface; before = 'numpy' in sys.modules; enface.attention; "
        "sys.exit(before or any(name in sys.modules for name in ('torch', 'onnxruntime', 'tokenizers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_other_names_are_not_there():
    with pytest.raises(AttributeError, match=r"^module 'enface' has no attribute 'attend'$"):
        attrgetter("attend")(enface)
