"""From a prepared corpus to a judge in its folder: learnt, exported, compared with the graph, and measured."""

import logging
import sys
from pathlib import Path

import torch

from enface.data.prepared import TRAIN, VALIDATION, PreparedFolder
from enface.errors import DataError
from enface.inference.judge import Judge
from enface.judging.calibration import Measures
from enface.judging.folder import check_graph, make_classifier, write_judge
from enface.judging.learning import Learner, Observer
from enface.judging.pairs import pairs_of
from enface.judging.report import ALL, judge_held_out, look_at_example, write_report
from enface.judging.section import JudgeSection
from enface.training.machine import keep_freed_memory

logger = logging.getLogger(__name__)

_COMPARED_PAIRS = 200


def make_judge(
    prepared: PreparedFolder, folder: Path, section: JudgeSection, *, observe: Observer
) -> dict[str, Measures]:
    """The measures by kind of wrong pair of a judge that is trained and written into `folder`, which is there.

    It is measured on the first test split, by the graph that was written.

    Raises:
        DataError: the corpus has no test split.
        TrainingError: training failed.
        ExportError: the graph could not be made, or is not the model.
    """
    if not prepared.test_splits:
        raise DataError(f"{prepared.path}: has no test split to measure a judge on; give the corpus one: dvc repro")
    if sys.platform == "linux":
        keep_freed_memory()
    torch.manual_seed(section.seed)
    model = make_classifier(
        section.model, vocabulary_size=prepared.meta.vocabulary_size, max_length_tokens=section.max_length_tokens
    )
    learner = Learner(model, prepared.tokenizer, section)
    training, validation, test = (
        pairs_of(prepared, split, most=section.max_pairs) for split in (TRAIN, VALIDATION, prepared.test_splits[0])
    )
    logger.info("%d pairs, %.2f million parameters", len(training), sum(p.numel() for p in model.parameters()) / 1e6)
    learner.learn(training, validation, observe)
    write_judge(folder, model, section.model, prepared=prepared, max_length_tokens=section.max_length_tokens)
    judge = Judge(folder)
    check_graph(judge, validation[:_COMPARED_PAIRS], learner.logits(validation[:_COMPARED_PAIRS]))
    measured = judge_held_out(judge, test)
    write_report(folder, measured, look_at_example(judge, test))
    logger.info("%.1f %% of held-out pairs judged rightly", measured[ALL].accuracy)
    return measured
