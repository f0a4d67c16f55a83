"""Stage train: a prepared corpus goes in; a trained model, its measures and their history come out."""

import logging
import shutil
from pathlib import Path
from typing import Annotated

import torch
import typer
from safetensors import SafetensorError

from enface.data.prepared import META, TOKENIZER, TRAIN, VALIDATION, PreparedFolder
from enface.errors import TrainingError
from enface.evaluation.heatmap import heat_map
from enface.model.folder import weights_sha256
from enface.model.section import ModelSection
from enface.model.seq2seq import Seq2Seq
from enface.model.weights import save_model
from enface.outputs import is_first_process, whole_folder, write_json
from enface.params import load_section
from enface.tracking.run import MODEL_TAG, Run, TrackingSection, start_run
from enface.training.bleu import AttentionExample, MapObserver, ValidationBleu
from enface.training.fit import fit
from enface.training.scratch import close_scratch, open_scratch, remember_run, resume_path
from enface.training.section import TrainSection
from enface.training.starting import start_from_vectors, vectors_sha256
from enface.training.task import TranslationTask
from enface.training.watching import Clock, History
from pipeline.stage import run_stage

logger = logging.getLogger(__name__)


def main(
    corpus: Annotated[Path, typer.Option(help="the folder that prepare wrote")],
    scratch: Annotated[Path, typer.Option(help="where checkpoints stand while training goes on; no DVC output")],
    out: Annotated[Path, typer.Option(help="the folder to write")],
    report: Annotated[Path, typer.Option(help="the JSON file of minutes and speed to write")],
    params: Annotated[Path, typer.Option(help="the settings")] = Path("params.yaml"),
) -> None:
    """Trains the model that params.yaml describes; killed and started again, it goes on from its last checkpoint.

    Once its output is written there is nothing left to go on with: started again, it trains again.
    """
    section = load_section(params, "train", TrainSection)
    model_section = load_section(params, "model", ModelSection)
    prepared = PreparedFolder(corpus)
    described = {
        "corpus": prepared.meta.model_dump(),
        "model": model_section.model_dump(),
        "train": section.model_dump(),
        "vectors": vectors_sha256(section.vectors),
    }
    run_id = open_scratch(scratch, described)
    torch.manual_seed(section.seed)
    model = Seq2Seq(model_section, prepared.meta.vocabulary_size)
    if not resume_path(scratch).exists():
        start_from_vectors(model.embedding, section.vectors, prepared)
    logger.info("%d pairs, %.2f million parameters", len(prepared.split(TRAIN)), _parameters(model) / 1e6)

    with start_run(load_section(params, "tracking", TrackingSection), resume_id=run_id) as run:
        remember_run(scratch, run.run_id)
        run.log_params({**described, "model.parameters": _parameters(model)})
        bleu = ValidationBleu(
            prepared.split(VALIDATION),
            prepared.tokenizer,
            every_epochs=section.bleu_every_epochs,
            sentences=section.bleu_sentences,
            maps=section.map_sentences,
            observe=_maps_to(run),
        )
        clock = Clock()
        history = fit(
            TranslationTask(model, section),
            prepared,
            scratch=scratch,
            callbacks=[bleu, clock],
            log_to=run.lightning_logger(),
        )
        if is_first_process():
            _write(out, model, model_section, history, corpus=corpus)
            write_json(report, clock.told())
            logger.info("the weights: SHA-256 %s", weights_sha256(out))
            run.log_metrics({f"train/{name}_in_all": value for name, value in clock.told().items()})
            run.set_tags({MODEL_TAG: weights_sha256(out)})
            close_scratch(scratch)


def _write(out: Path, model: Seq2Seq, section: ModelSection, history: History, *, corpus: Path) -> None:
    """Writes the stage's output.

    Raises:
        TrainingError: the disk is full or failed; the training is done and its checkpoints are kept.
    """
    try:
        with whole_folder(out) as draft:
            save_model(draft, model, section)
            for name in (TOKENIZER, META):
                shutil.copyfile(corpus / name, draft / name)
            history.write(draft / "history.csv")
            measured = {"parameters": _parameters(model), "weights_sha256": weights_sha256(draft)}
            write_json(draft / "metrics.json", {**measured, **history.last()})
    except (OSError, SafetensorError) as error:
        raise TrainingError(
            f"{out}: the trained model could not be written ({error}); make room, and the same command writes it from "
            "the checkpoints without training again"
        ) from error


def _maps_to(run: Run) -> MapObserver:
    """Draws the attention of each example and logs it under its sentence's number, a step for every epoch."""

    def observe(epoch: int, examples: list[AttentionExample]) -> None:
        for example in examples:
            figure = heat_map(example.source, example.target, example.matrix.weights)
            run.log_figure(figure, f"attention/validation_{example.number}", step=epoch + 1)

    return observe


def _parameters(model: Seq2Seq) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


if __name__ == "__main__":
    run_stage(main)
