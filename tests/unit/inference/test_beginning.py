"""What is decided of a translation: on hypotheses made by hand, and step by step on the toy bundle."""

import numpy as np
import pytest

from enface.errors import RequestError
from enface.inference.beginning import agreed_length, begun
from enface.inference.options import TranslateOptions
from enface.inference.translation import Hypothesis, Side
from enface.inference.translator import Translator


@pytest.fixture(scope="module")
def translator(toy_bundle):
    return Translator(toy_bundle, threads=1)


@pytest.mark.parametrize(
    ("hypotheses", "length"),
    [
        ([[5, 6, 7]], 3),
        ([[5, 6, 7], [5, 6, 8]], 2),
        ([[5, 6, 7], [5, 2]], 1),
        ([[5, 6, 7], [5, 6]], 2),
        ([[5], [6]], 0),
        ([[5, 6, 7], [4, 6, 7]], 0),
    ],
)
def test_hypotheses_agree_up_to_where_two_of_them_differ(hypotheses, length):
    assert agreed_length([np.array(ids) for ids in hypotheses]) == length


def test_the_last_word_may_yet_grow():
    spans = [(0, 4), (5, 7), (7, 9), (9, 10)]
    agreed = Hypothesis("Zwei Hunde", 0.0, Side(["▁Zwei", "▁Hu", "nd", "e"], spans), np.eye(4), [(0, 0), (1, 1)])
    beginning = begun(Side([], []), agreed)
    assert beginning.target == Side(["▁Zwei"], [(0, 4)])
    assert beginning.links == [(0, 0)]
    assert beginning.to_dict()["alignment"] == {"matrix": [[1.0, 0.0, 0.0, 0.0]], "links": [[0, 0]]}
    assert beginning.weights == 4


def test_nothing_agreed_is_nothing_decided():
    beginning = begun(Side(["a"], [(0, 1)]), Hypothesis("", 0.0, Side([], []), None, []))
    assert beginning.to_dict() == {
        "source": {"tokens": ["a"], "spans": [[0, 1]]},
        "target": {"tokens": [], "spans": []},
        "translation": None,
    }


@pytest.mark.parametrize("kind", ["word", "subword", "none"])
@pytest.mark.parametrize("text", ["Two dogs are playing, and a child.", "日本語 ñandú", "a", " "])
def test_with_every_step_more_is_decided_until_it_is_the_translation(translator, text, kind):
    options = TranslateOptions(alignment=kind, n_best=2)
    [whole] = translator.translate([text], options)
    before = 0
    for steps in range(1, 100):
        [beginning] = translator.begin([text], options, steps=steps)
        count = len(beginning.target.tokens)
        assert count >= before
        assert beginning.target.spans == whole.target.spans[:count]
        assert beginning.target.tokens == whole.target.tokens[:count]
        assert beginning.links == [link for link in whole.links if link[1] < count]
        if whole.matrix is not None:
            assert np.array_equal(beginning.matrix, whole.matrix[:count])
        before = count
        if beginning.translation:
            break
    assert beginning.translation.to_dict() == whole.to_dict()


def test_a_search_cut_off_by_its_limit_has_ended(translator):
    options = TranslateOptions(max_length=2)
    [whole] = translator.translate(["Two dogs are playing."], options)
    [beginning] = translator.begin(["Two dogs are playing."], options, steps=2)
    assert beginning.translation.to_dict() == whole.to_dict()
    [beginning] = translator.begin(["Two dogs are playing."], options, steps=1)
    assert beginning.translation is None


def test_what_cannot_be_translated_is_refused_at_the_first_step(translator):
    with pytest.raises(RequestError, match="source subwords, need <="):
        translator.begin(["ß " * 5_000], steps=1)
