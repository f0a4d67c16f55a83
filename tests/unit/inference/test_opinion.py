from enface.inference.judge import Judge
from enface.inference.opinion import add_opinions


def test_each_answer_is_judged_with_its_own_source(toy_judge):
    judge = Judge(toy_judge, threads=1)
    entries = [{"text": "Ein Hund."}, {"text": "x", "alternatives": [{"text": "Zwei Hunde."}, {"text": " "}]}]
    add_opinions(judge, ["A dog.", "Two dogs are playing."], entries)
    pairs = [("A dog.", "Ein Hund."), ("Two dogs are playing.", "x"), ("Two dogs are playing.", "Zwei Hunde.")]
    one, other, second = [round(probability, 6) for probability in judge.probability(pairs).tolist()]
    third = {"text": " ", "judge": 0.0}
    assert entries[0] == {"text": "Ein Hund.", "judge": one}
    assert entries[1] == {
        "text": "x",
        "alternatives": [{"text": "Zwei Hunde.", "judge": second}, third],
        "judge": other,
    }


def test_of_nothing_nothing_is_said(toy_judge):
    entries = []
    add_opinions(Judge(toy_judge, threads=1), [], entries)
    assert entries == []
