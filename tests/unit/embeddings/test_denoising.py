"""What is noise and what is not, on matrices whose noise is known."""

import numpy as np
import pytest

from enface.embeddings.denoising import denoise


def noise(*shape, strength=1.0, seed=0):
    return np.random.default_rng(seed).normal(size=shape) * strength


def of_rank(rank, *shape):
    chance = np.random.default_rng(7)
    return chance.normal(size=(shape[0], rank)) @ chance.normal(size=(rank, shape[1]))


@pytest.mark.parametrize("shape", [(600, 150), (150, 600), (200, 200)])
@pytest.mark.parametrize("strength", [0.03, 5.0])
def test_of_noise_alone_little_or_nothing_is_left_and_its_strength_is_told(shape, strength):
    noisy = noise(*shape, strength=strength)
    found = denoise(noisy)
    assert found.noise == pytest.approx(strength, rel=0.03)
    assert found.directions <= 1
    assert np.linalg.norm(found.matrix) < 0.2 * np.linalg.norm(noisy)


def test_what_few_directions_hold_is_found_again_under_noise():
    clean = of_rank(3, 500, 100)
    noisy = clean + noise(500, 100)
    found = denoise(noisy)
    assert found.directions == 3
    assert found.noise == pytest.approx(1.0, rel=0.05)
    assert np.linalg.norm(found.matrix - clean) < 0.25 * np.linalg.norm(noisy - clean)


def test_it_is_better_than_the_same_directions_unshortened():
    clean = 0.4 * of_rank(3, 500, 100)
    noisy = clean + noise(500, 100)
    left, values, right = np.linalg.svd(noisy, full_matrices=False)
    cut = (left[:, :3] * values[:3]) @ right[:3]
    assert np.linalg.norm(denoise(noisy).matrix - clean) < np.linalg.norm(cut - clean)


def test_a_square_matrix_follows_the_closed_form():
    """Gavish and Donoho's own example: with sides n, y becomes sqrt(y^2 - 4 n noise^2)."""
    noisy = of_rank(2, 300, 300) + noise(300, 300)
    found = denoise(noisy)
    before, after = (np.linalg.svd(matrix, compute_uv=False)[:2] for matrix in (noisy, found.matrix))
    assert after == pytest.approx(np.sqrt(before**2 - 4 * 300 * found.noise**2), rel=1e-9)


def test_scaling_the_matrix_scales_the_answer():
    noisy = of_rank(2, 80, 30) + noise(80, 30)
    assert denoise(8 * noisy).matrix == pytest.approx(8 * denoise(noisy).matrix)


def test_a_matrix_without_noise_stays_as_it_is():
    clean = of_rank(2, 60, 40)
    clean[:, 1:] = 0
    assert denoise(clean).matrix == pytest.approx(clean)
    assert denoise(np.zeros((5, 3))).matrix == pytest.approx(np.zeros((5, 3)))
