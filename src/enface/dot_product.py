"""Attention as a function of arrays: `from enface import attention`.

The formula alone, on numpy, for looking at and for comparing with. What is trained stands in `enface.model.attention`;
this module knows no network, no text and no file.
"""

import numpy as np
from jaxtyping import Bool, Float, Num

_REAL = "iuf"


def attention(
    queries: Num[np.ndarray, "*batch N D"],
    keys: Num[np.ndarray, "*batch S D"],
    values: Num[np.ndarray, "*batch S V"],
    *,
    valid: Bool[np.ndarray, "*batch S"] | Bool[np.ndarray, "*batch N S"] | None = None,
) -> tuple[Float[np.ndarray, "*batch N V"], Float[np.ndarray, "*batch N S"]]:
    """Context and weights: softmax(q k / sqrt(D)) and the mean of the values under it, for each of N queries.

    Vaswani et al. (2017), section 3.2.1, equation 1, with Q our queries, K keys, V values and d_k our D. Whole numbers
    are computed with as float64; float32 stays float32.

    Args:
        queries: what is looked for.
        keys: what each of S positions is found by.
        values: what each position gives.
        valid: where a query may look: the same positions for all queries, or positions for each. All, if not given.

    Returns:
        The context, and the weights: rows that sum to 1 and are exactly 0 where not valid. A query that may look
        nowhere has weights and context of 0.

    Raises:
        ValueError: the shapes do not fit each other, or an array is not of real numbers, `valid` not of bool.
    """
    arrays = {"queries": np.asarray(queries), "keys": np.asarray(keys), "values": np.asarray(values)}
    _check_each(arrays)
    queries, keys, values = (array.astype(_number_format(arrays), copy=False) for array in arrays.values())
    _check_shapes(queries, keys, values)
    scores = queries @ np.swapaxes(keys, -1, -2) / np.sqrt(queries.shape[-1], dtype=queries.dtype)
    weights = _softmax(scores, _each_query(valid, scores.shape))
    return weights @ values, weights


def _softmax(scores: Float[np.ndarray, "*batch N S"], valid: Bool[np.ndarray, "*batch N S"]) -> np.ndarray:
    """The shares of the exponentials of the valid scores; the largest score is taken off first, so none overflows."""
    seen = np.where(valid, scores, -np.inf)
    largest = seen.max(axis=-1, keepdims=True, initial=-np.inf)
    exponentials = np.exp(seen - np.where(largest == -np.inf, 0, largest))
    sums = exponentials.sum(axis=-1, keepdims=True)
    shares: np.ndarray = np.divide(exponentials, sums, out=np.zeros_like(scores), where=sums != 0)
    return shares


def _each_query(valid: np.ndarray | None, shape: tuple[int, ...]) -> Bool[np.ndarray, "*batch N S"]:
    """Where each query may look, in the `shape` of the scores."""
    if valid is None:
        return np.ones(shape, dtype=bool)
    valid = np.asarray(valid)
    if valid.dtype != bool:
        raise ValueError(f"valid: got {valid.dtype}, need bool: True where a query may look")
    for_all = (*shape[:-2], shape[-1])
    if valid.shape not in (for_all, shape):
        raise ValueError(
            f"valid: got shape {valid.shape}, need {for_all}, the same for all queries, or {shape}, for each its own"
        )
    return np.broadcast_to(valid[..., None, :] if valid.shape == for_all else valid, shape)


def _check_each(arrays: dict[str, np.ndarray]) -> None:
    for name, array in arrays.items():
        if array.dtype.kind not in _REAL:
            raise ValueError(f"{name}: got {array.dtype}, need real numbers")
        if array.ndim < 2:
            raise ValueError(
                f"{name}: got shape {array.shape}, need 2 axes or more; a single vector is one row: x[None]"
            )


def _number_format(arrays: dict[str, np.ndarray]) -> np.dtype:
    """The format that all are computed in, of 32 bits at least."""
    return np.result_type(*arrays.values(), np.float32)


def _check_shapes(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> None:
    *batch, _, size = queries.shape
    if size == 0:
        raise ValueError(f"queries: got shape {queries.shape}, need vectors of 1 number or more")
    _check_shape("keys", keys, (*batch, keys.shape[-2], size), why="the leading axes and the last are the queries'")
    expected = (*batch, keys.shape[-2], values.shape[-1])
    _check_shape("values", values, expected, why="one value for each key, the leading axes the queries'")


def _check_shape(name: str, array: np.ndarray, expected: tuple[int, ...], *, why: str) -> None:
    if array.shape != expected:
        raise ValueError(f"{name}: got shape {array.shape}, need {expected}: {why}")
