"""Stage export: a trained model goes in; a bundle around one ONNX graph comes out, proved equal to the model."""

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from enface.bundle import GRAPHS, TOKENIZER, AlignmentSettings, Description, Lineage, write_bundle
from enface.data.prepared import VALIDATION, PreparedFolder
from enface.data.tokenizer import BOS, EOS, PAD
from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator
from enface.export.alignment import AlignmentChoice, choose_alignment
from enface.export.graph import write_graph
from enface.export.members import load_others, load_trained
from enface.export.parity import best_of_graph, best_of_model, bleu_of, check_parity
from enface.export.quantise import write_quantised
from enface.export.section import AlignmentSection, ExportSection
from enface.model.ensemble import Ensemble
from enface.model.folder import weights_sha256
from enface.model.seq2seq import Seq2Seq
from enface.outputs import write_json
from enface.params import load_section
from enface.tracking.run import TrackingSection, continue_run
from pipeline.stage import run_stage

logger = logging.getLogger(__name__)

SPECIAL = SpecialTokens(PAD, BOS, EOS)

_CHOICES_TOLD = 5


def main(
    model: Annotated[Path, typer.Option(help="the folder that train wrote")],
    corpus: Annotated[Path, typer.Option(help="the folder that prepare wrote")],
    out: Annotated[Path, typer.Option(help="the bundle to write")],
    report: Annotated[Path, typer.Option(help="the JSON file of measures to write")],
    params: Annotated[Path, typer.Option(help="the settings")] = Path("params.yaml"),
) -> None:
    """Writes encoder, attention and beam search as one ONNX graph, and compares it with PyTorch."""
    section = load_section(params, "export", ExportSection)
    prepared = PreparedFolder(corpus)
    network = load_trained(model, prepared)
    members = [network, *load_others(section.ensemble, prepared)]
    sha256 = weights_sha256(model)
    with (
        continue_run(load_section(params, "tracking", TrackingSection), model_sha256=sha256) as run,
        tempfile.TemporaryDirectory() as drafts,
    ):
        run.log_params({"export": section.model_dump()})
        choice = _choose_alignment(members, prepared, section.alignment)
        translating = Ensemble(members, aligning=choice.member) if len(members) > 1 else network
        translator = BeamTranslator(translating, SPECIAL, shift=choice.shift)
        files = _write_graphs(Path(drafts), translator, int8=section.int8)
        measures = _compare(translator, files, prepared, section) | {"alignment_error_rate": choice.error_rate}
        files[TOKENIZER] = prepared.path / TOKENIZER
        alignment = _alignment_settings(choice, section.alignment)
        write_bundle(out, files, description=_describe(prepared, section, alignment, sha256))
        write_json(report, measures)
        run.log_metrics({f"export/{name}": value for name, value in measures.items()})


def _choose_alignment(
    members: Sequence[Seq2Seq], prepared: PreparedFolder, section: AlignmentSection
) -> AlignmentChoice:
    """The best choice, which its model is set to; the next best are logged too."""
    choices = choose_alignment(members, prepared, sentences=section.sentences, link_threshold=section.link_threshold)
    for choice in choices[:_CHOICES_TOLD]:
        logger.info(
            "as word alignment: %slayer %d, %s, row of step t + %d: error rate %.1f",
            f"model {choice.member}, " if len(members) > 1 else "",
            choice.head.layer,
            "mean of heads" if choice.head.head is None else f"head {choice.head.head}",
            choice.shift,
            choice.error_rate,
        )
    return choices[0]


def _write_graphs(folder: Path, translator: BeamTranslator, *, int8: bool) -> dict[str, Path]:
    logger.info("exporting encoder, attention and beam search as one graph")
    graph = folder / GRAPHS["float32"]
    write_graph(graph, translator)
    files = {graph.name: graph}
    if int8:
        quantised = folder / GRAPHS["int8"]
        write_quantised(graph, quantised)
        files[quantised.name] = quantised
    return files


def _compare(
    translator: BeamTranslator, files: dict[str, Path], prepared: PreparedFolder, section: ExportSection
) -> dict[str, Any]:
    """Measures of the graphs on validation sentences; raises where the float32 graph is not the model."""
    split = prepared.split(VALIDATION)
    count = min(section.parity_sentences, len(split))
    logger.info("comparing it with PyTorch on %d validation sentences", count)
    expected = best_of_model(translator, split, count, section.search)
    found = best_of_graph(files[GRAPHS["float32"]], split, count, section.search)
    differences = check_parity(expected, found, tolerance=section.parity_tolerance)
    measures = {"sentences": count, **differences, "bleu": bleu_of(found, split, prepared.tokenizer)}
    if section.int8:
        quantised = best_of_graph(files[GRAPHS["int8"]], split, count, section.search)
        measures["int8_bleu"] = bleu_of(quantised, split, prepared.tokenizer)
        measures["int8_bleu_difference"] = measures["int8_bleu"] - measures["bleu"]
    logger.info("equal: %s", ", ".join(f"{name} {value:.3g}" for name, value in measures.items()))
    return measures


def _alignment_settings(choice: AlignmentChoice, section: AlignmentSection) -> AlignmentSettings:
    return AlignmentSettings(
        member=choice.member,
        layer=choice.head.layer,
        head=choice.head.head,
        shift=choice.shift,
        link_threshold=section.link_threshold,
    )


def _describe(
    prepared: PreparedFolder, section: ExportSection, alignment: AlignmentSettings, sha256: str
) -> Description:
    meta = prepared.meta
    lineage = Lineage(
        corpus=meta.corpus,
        corpus_sha256=meta.sha256,
        model_sha256=sha256,
        ensemble_sha256=[weights_sha256(Path(folder)) for folder in section.ensemble],
        commit=None,
        run_id=None,
    )
    return Description(
        name=section.name,
        source_language=meta.source_language,
        target_language=meta.target_language,
        search=section.search,
        alignment=alignment,
        lineage=lineage,
    )


if __name__ == "__main__":
    run_stage(main)
