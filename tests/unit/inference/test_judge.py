import numpy as np
import pytest

from enface.data.tokenizer import EOS, Tokenizer
from enface.errors import BundleError, ParamsError
from enface.inference import judge as module
from enface.inference.judge import Judge, joined_ids
from enface.judge_folder import TOKENIZER

PAIRS = [("A dog.", "Ein Hund."), ("", "Ein Hund."), ("Two dogs are playing.", "x"), ("A dog.", " \t"), ("a", "b")]


@pytest.fixture
def judge(toy_judge):
    return Judge(toy_judge, threads=1)


def lengths(folder, pairs):
    tokenizer = Tokenizer.from_file(folder / TOKENIZER)
    return [sum(map(len, tokenizer.encode_ids(pair))) + 1 for pair in pairs]


def test_each_pair_has_its_probability_and_a_pair_with_an_empty_side_none(judge, toy_judge):
    expected = [
        0 if not all(map(str.strip, pair)) else 1 / min(n, 16)
        for pair, n in zip(PAIRS, lengths(toy_judge, PAIRS), strict=True)
    ]
    np.testing.assert_allclose(judge.probability(PAIRS), expected, rtol=1e-6)
    assert judge.probability([]).shape == (0,)


def test_what_is_beside_a_pair_changes_nothing(judge, monkeypatch):
    together = judge.probability(PAIRS)
    monkeypatch.setattr(module, "_BATCH_CELLS", 1)
    monkeypatch.setattr(module, "_TEXTS_AT_ONCE", 2)
    np.testing.assert_array_equal(judge.probability(PAIRS), together)
    assert judge.probability(PAIRS[:1]) == together[0]


def test_memory_is_bounded_by_the_batch(judge, monkeypatch):
    monkeypatch.setattr(module, "_BATCH_CELLS", 300)
    shapes = []

    class Watching:
        def __init__(self, session):
            self.session = session

        def run(self, names, feeds):
            shapes.append(feeds["tokens"].shape)
            return self.session.run(names, feeds)

    monkeypatch.setattr(judge, "_session", Watching(judge._session))
    judge.probability([("a " * n, "b") for n in range(1, 12)] * 3)
    assert len(shapes) > 3
    assert all(rows == 1 or rows * width**2 <= 300 for rows, width in shapes)


def test_a_pair_is_one_sequence_with_the_end_of_sentence_between(toy_judge):
    tokenizer = Tokenizer.from_file(toy_judge / TOKENIZER)
    source, target = tokenizer.encode_ids(["A dog.", "Ein Hund."])
    assert joined_ids(tokenizer, [("A dog.", "Ein Hund.")], 512) == [[*source, EOS, *target]]
    assert joined_ids(tokenizer, [("", "Ein Hund."), ("A dog.", "\0")], 512) == [None, None]


def test_each_side_of_a_long_pair_keeps_its_share(toy_judge):
    tokenizer = Tokenizer.from_file(toy_judge / TOKENIZER)
    source, target = tokenizer.encode_ids(["dog " * 60, "dog " * 30])
    assert len(source) == 2 * len(target)
    (row,) = joined_ids(tokenizer, [("dog " * 60, "dog " * 30)], 31)
    assert row == [*source[:20], EOS, *target[:10]]
    (row,) = joined_ids(tokenizer, [("dog " * 1000, "dog")], 31)
    assert len(row) == 31
    assert row[-1] != EOS


def test_a_look_names_the_tokens_and_its_rows_sum_to_1(judge):
    look = judge.look("A dog.", "Ein Hund.")
    assert "".join(look.tokens).replace("▁", " ") == " A dog.</s> Ein Hund."
    assert look.weights.shape == (len(look.tokens),) * 2
    np.testing.assert_allclose(look.weights.sum(axis=1), 1, rtol=1e-6)


def test_a_look_at_a_long_pair_has_a_name_for_each_token(judge):
    look = judge.look("A dog is playing. " * 5, "Ein Hund spielt. " * 5)
    assert look.weights.shape == (len(look.tokens),) * 2 == (16, 16)


def test_other_languages_are_refused(judge, toy_judge):
    judge.check_languages("en", "de")
    with pytest.raises(BundleError) as caught:
        judge.check_languages("en", "fr")
    assert str(caught.value) == (
        f"{toy_judge}: judges pairs of en and de, need one for en and fr; train it on a corpus of these: "
        "dvc repro judge"
    )


def test_an_unknown_device_is_refused(toy_judge):
    with pytest.raises(ParamsError, match="device: got 'gpu'"):
        Judge(toy_judge, device="gpu")
