import numpy as np
from numpy.testing import assert_allclose

from enface.explaining.explanation import END, make_side
from enface.explaining.views import view
from tests.unit.explaining import made


def test_subwords_are_shown_as_they_are():
    explanation = made.by_hand()
    shown = view(explanation, "subword")
    (seen,) = shown.seen
    assert shown.source == ["▁do", "gs", "▁bark", END]
    assert [step.token for step in shown.steps] == ["▁Hund", "e", "▁bellen", END]
    assert [step.probability for step in shown.steps] == [0.5, 0.4, 0.9, 1.0]
    assert [step.word for step in shown.steps] == [0, 0, 1, 2]
    assert_allclose(seen.weights, explanation.lookings[0].weights)
    assert_allclose(seen.scores, explanation.lookings[0].scores)
    assert_allclose(seen.centres, [0, 1, 2, 3])


def test_words_have_the_sums_over_source_subwords_and_the_means_over_target_subwords():
    shown = view(made.by_hand(), "word")
    (seen,) = shown.seen
    assert shown.source == ["dogs", "bark", END]
    assert_allclose(seen.weights, [[0.875, 0.125, 0], [0, 1, 0], [0, 0.5, 0.5]])
    assert_allclose(seen.states[0], view(made.by_hand(), "subword").seen[0].states[:2].mean(axis=0))
    assert_allclose(seen.contexts[0], view(made.by_hand(), "subword").seen[0].contexts[:2].mean(axis=0))
    assert_allclose(seen.centres, [0, 1, 2])


def test_a_words_score_is_that_of_its_subwords_together_where_any_is_in_reach():
    (seen,) = view(made.by_hand(), "word").seen
    assert_allclose(seen.scores[0], [(np.log(0.75) + np.log(1.0)) / 2, np.log(0.25), -np.inf])
    assert_allclose(seen.scores[1], [-np.inf, 0, -np.inf])


def test_a_words_probability_is_the_product_and_its_candidates_are_those_of_its_first_subword():
    hunde, bellen, end = view(made.by_hand(), "word").steps
    assert (hunde.token, bellen.token, end.token) == ("Hunde", "bellen", END)
    assert hunde.probability == 0.2
    assert [piece.piece for piece in hunde.pieces] == ["▁Hund", "e"]
    assert [one.piece for one in hunde.candidates] == ["▁Hund", "▁Katz"]
    assert [step.word for step in (hunde, bellen, end)] == [0, 1, 2]


def test_each_models_rows_sum_to_one_at_either_level():
    explanation = made.explanation(made.model(network="transformer"))
    for unit in ("word", "subword"):
        shown = view(explanation, unit)
        for seen in shown.seen:
            assert seen.weights.shape == seen.scores.shape == (len(shown.steps), len(shown.source))
            assert_allclose(seen.weights.sum(axis=1), 1.0, rtol=1e-5)


def test_nothing_written_is_nothing_shown():
    explanation = made.explanation(made.model(end=99.0))
    assert [step.token for step in view(explanation, "word").steps] == [END]
    assert view(explanation, "word").seen[0].weights.shape[0] == 1


def test_a_side_of_white_space_has_one_word():
    side = make_side("", ["▁"], [(0, 0)], ended=True)
    assert (side.words, side.word_of) == (["", END], [0, 1])


def test_a_side_says_in_which_direction_it_is_read():
    assert make_side("כלב", ["▁כלב"], [(0, 3)], ended=True).right_to_left
    assert not make_side("dog", ["▁dog"], [(0, 3)], ended=True).right_to_left
