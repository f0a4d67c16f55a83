import itertools

import numpy as np
import pytest

from enface.alignment.lexicon import learn_lexicon

DAS, HAUS, BUCH, EIN = 4, 5, 6, 7
THE, HOUSE, BOOK, A = 14, 15, 16, 17
TEXTS = [((DAS, HAUS), (THE, HOUSE)), ((DAS, BUCH), (THE, BOOK)), ((EIN, BUCH), (A, BOOK))]
PAIRS = [tuple(np.array(side) for side in pair) for pair in TEXTS]


def written_out(rounds):
    """Model 1 as its equations stand, word by word; None is the empty word."""
    table = dict.fromkeys(itertools.product([None, DAS, HAUS, BUCH, EIN], [THE, HOUSE, BOOK, A]), 1.0)
    for _ in range(rounds):
        counts = dict.fromkeys(table, 0.0)
        for given, generated in TEXTS:
            for word in generated:
                total = sum(table[other, word] for other in (*given, None))
                for other in (*given, None):
                    counts[other, word] += table[other, word] / total
        totals = {given: sum(counts[given, word] for word in (THE, HOUSE, BOOK, A)) for given, _ in table}
        table = {(given, word): count / totals[given] for (given, word), count in counts.items()}
    return table


def test_it_is_model_1():
    lexicon, table = learn_lexicon(PAIRS), written_out(rounds=5)
    for given, generated in TEXTS:
        shares = lexicon.posteriors(np.array(given), np.array(generated))
        for row, word in zip(shares, generated, strict=True):
            expected = np.array([table[other, word] for other in (*given, None)])
            np.testing.assert_allclose(row, expected / expected.sum())


def test_words_that_often_meet_belong_together():
    shares = learn_lexicon(PAIRS).posteriors(np.array([DAS, BUCH]), np.array([THE, BOOK]))
    assert shares[:, :2].argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize("word", [99, 0])
def test_a_word_never_seen_comes_from_none(word):
    shares = learn_lexicon(PAIRS).posteriors(np.array([DAS, BUCH]), np.array([word]))
    assert shares.tolist() == [[0.0, 0.0, 1.0]]


def test_without_any_given_word_all_come_from_none():
    shares = learn_lexicon(PAIRS).posteriors(np.zeros(0, np.int32), np.array([THE, BOOK]))
    assert shares.tolist() == [[1.0], [1.0]]
