"""sacreBLEU's scores."""

import pytest
import sacrebleu

from enface.errors import DataError
from enface.evaluation.scores import bleu, corpus_scores
from tests.unit.evaluation.made import REFERENCES


def test_a_perfect_translation_has_perfect_scores_and_intervals():
    scores = corpus_scores(REFERENCES, REFERENCES, language="de", bootstrap_samples=20)
    assert set(scores) == {
        *("bleu", "bleu_lowercased", "bleu_moses_lowercased", "chrf", "chrf_lowercased", "ter", "ter_lowercased")
    }
    for name, score in scores.items():
        best = 0 if name.startswith("ter") else 100
        assert (score.value, score.low, score.high) == pytest.approx((best, best, best))


def test_the_values_are_sacrebleus_own():
    hypotheses = [reference.replace("ein", "kein", 1) for reference in REFERENCES]
    scores = corpus_scores(hypotheses, REFERENCES, language="de", bootstrap_samples=50)
    assert scores["bleu"].value == pytest.approx(sacrebleu.corpus_bleu(hypotheses, [REFERENCES]).score)
    assert scores["chrf"].value == pytest.approx(sacrebleu.corpus_chrf(hypotheses, [REFERENCES]).score)
    assert scores["ter_lowercased"].value == pytest.approx(sacrebleu.corpus_ter(hypotheses, [REFERENCES]).score)
    for score in scores.values():
        assert score.low < score.value < score.high


def test_only_lowercased_scores_forgive_case():
    scores = corpus_scores([text.lower() for text in REFERENCES], REFERENCES, language="de", bootstrap_samples=20)
    for name in ("bleu", "chrf"):
        assert scores[name].value < scores[f"{name}_lowercased"].value == pytest.approx(100)
    assert scores["ter"].value > scores["ter_lowercased"].value == 0


def test_on_moses_tokens_quotation_marks_are_one_and_the_article_stands_alone_in_french():
    hypothesis, reference = ["L'homme dit « bon ami » ."], ['l’homme dit "bon ami".']
    french = corpus_scores(hypothesis, reference, language="fr", bootstrap_samples=20)
    assert french["bleu_moses_lowercased"].value == pytest.approx(100)
    assert french["bleu_lowercased"].value < 60


def test_signatures_say_case_tokens_and_bootstrap():
    scores = corpus_scores(REFERENCES, REFERENCES, language="de", bootstrap_samples=20)
    assert scores["bleu"].signature.startswith("nrefs:1|bs:20|seed:12345|case:mixed|eff:no|tok:13a|smooth:exp|version:")
    assert "case:lc|eff:no|tok:moses" in scores["bleu_moses_lowercased"].signature
    assert "case:lc" in scores["ter_lowercased"].signature
    assert "case:mixed" in scores["ter"].signature


def test_scores_repeat():
    hypotheses = [text.replace("e", "", 1) for text in REFERENCES]
    again = [corpus_scores(hypotheses, REFERENCES, language="de", bootstrap_samples=50) for _ in range(2)]
    assert again[0] == again[1]


def test_a_score_of_zero_has_an_interval_of_nothing():
    score = bleu(["x"], ["Ein Mann schläft tief."], bootstrap_samples=20)
    assert (score.value, score.low, score.high) == (0, 0, 0)


def test_translations_that_are_nearly_all_empty_are_scored():
    scores = corpus_scores(["", "", "", REFERENCES[3]], REFERENCES, language="de", bootstrap_samples=20)
    assert 0 < scores["chrf"].value < 100
    assert scores["chrf"].low < scores["chrf"].high


def test_nothing_to_score_is_refused():
    with pytest.raises(DataError) as error:
        bleu([], [], bootstrap_samples=20)
    assert str(error.value) == "got no sentences to score, need at least one; look for an empty test split"


def test_unequal_counts_are_refused():
    with pytest.raises(DataError) as error:
        bleu(["a"], ["a", "b"], bootstrap_samples=20)
    assert str(error.value) == "got 1 translations of 2 sentences, need one each"
