"""Evaluations of one test split beside one another, and whether their BLEU differs from the first one's by chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from enface.errors import DataError
from enface.evaluation.buckets import LengthBucket, bleu_by_length
from enface.evaluation.folder import Evaluation
from enface.evaluation.results import flat
from enface.evaluation.scores import bleu_metric


@dataclass(frozen=True)
class Comparison:
    """By the name of each system: its scores, its buckets, and the p-value of its BLEU against the first system's.

    Scores against hand-made alignments are called `gold_...`, measures of the attention `attention/...`.
    """

    split: str
    values: Mapping[str, Mapping[str, float]]
    buckets: Mapping[str, Sequence[LengthBucket]]
    p_values: Mapping[str, float | None]


def compare_evaluations(
    evaluations: Mapping[str, Evaluation], *, split: str | None, bootstrap_samples: int
) -> Comparison:
    """The evaluations compared on one test split.

    The p-value is of sacreBLEU's paired bootstrap test (Koehn, 2004); none for the first system, which the others are
    tested against. All are put into the first one's length buckets.

    Args:
        evaluations: by the name of the system.
        split: the test split; by default the first that all have.
        bootstrap_samples: for the test and the intervals.

    Raises:
        DataError: they have no such split in common, or not the same sentences in it.
    """
    first = next(iter(evaluations.values()))
    name = _common_split(evaluations, split)
    _check_sentences(evaluations, name)
    return Comparison(
        split=name,
        values={
            system: flat(evaluation.metrics[name])
            | {f"gold_{score}": value for score, value in flat(evaluation.metrics.get("gold", {})).items()}
            for system, evaluation in evaluations.items()
        },
        buckets={
            system: bleu_by_length(evaluation.sentences[name], first.bucket_ends, bootstrap_samples=bootstrap_samples)
            for system, evaluation in evaluations.items()
        },
        p_values=_p_values(evaluations, name, bootstrap_samples),
    )


def _common_split(evaluations: Mapping[str, Evaluation], split: str | None) -> str:
    splits = [list(evaluation.sentences) for evaluation in evaluations.values()]
    common = [name for name in splits[0] if all(name in others for others in splits)]
    if split is None and common:
        return common[0]
    if split not in common:
        told = "; ".join(
            f"{evaluation.path} has {', '.join(evaluation.sentences)}" for evaluation in evaluations.values()
        )
        raise DataError(f"{f'test split {split}' if split else 'test splits'}: not in all the evaluations: {told}")
    return split


def _check_sentences(evaluations: Mapping[str, Evaluation], split: str) -> None:
    first, *others = evaluations.values()
    expected = first.sentences[split]
    for other in others:
        found = other.sentences[split]
        if (found.sources, found.references) != (expected.sources, expected.references):
            raise DataError(
                f"{other.path} {split}: its source or reference sentences are not those of {first.path}; "
                "need evaluations of the same corpus"
            )


def _p_values(evaluations: Mapping[str, Evaluation], split: str, bootstrap_samples: int) -> dict[str, float | None]:
    from sacrebleu.significance import PairedTest, Result

    systems = [(name, evaluation.sentences[split].hypotheses) for name, evaluation in evaluations.items()]
    references = [list(next(iter(evaluations.values())).sentences[split].references)]
    if len(systems) == 1:
        return {systems[0][0]: None}
    test = PairedTest(systems, {"BLEU": bleu_metric()}, references, test_type="bs", n_samples=bootstrap_samples)
    _, results = test()
    found = [result.p_value for result in results["BLEU"] if isinstance(result, Result)]
    of_first = systems[0][1]
    return {
        name: 1.0 if number and hypotheses == of_first else p_value  # sacreBLEU counts no difference as one
        for number, ((name, hypotheses), p_value) in enumerate(zip(systems, found, strict=True))
    }
