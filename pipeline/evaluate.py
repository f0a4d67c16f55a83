"""The evaluate stage: a bundle and the prepared corpus in, scores, plots and a report out.

    python -m pipeline.evaluate --bundle artifacts/export --corpus artifacts/prepare --model artifacts/train \
        --out artifacts/evaluate

The bundle is asked through the same Translator that serves it, and says itself how it searches. What is written repeats
byte for byte, but for speed.json. The model itself is read for the picture of its word vectors alone.
"""

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from enface.alignment.error_rate import AlignmentScores
from enface.bundle import GRAPHS, Manifest
from enface.data.prepared import PreparedFolder
from enface.errors import DataError
from enface.evaluation.engine import ask_all, latency_ms
from enface.evaluation.folder import write_findings
from enface.evaluation.gold import GoldPair, Pair, gold_of_split, read_gold, score_gold
from enface.evaluation.report import Subject, report
from enface.evaluation.results import Findings, SplitResult, choose_samples, flat, metrics, score_split
from enface.evaluation.scores import Score, bleu
from enface.evaluation.section import EvaluateSection
from enface.evaluation.wordmap import word_map
from enface.evaluation.wordplot import WordMap
from enface.inference.translator import Translator
from enface.model.folder import load_embedding, weights_sha256
from enface.outputs import whole_folder, write_json
from enface.params import load_section
from enface.tracking.run import TrackingSection, continue_run
from pipeline.stage import run_stage

logger = logging.getLogger(__name__)

_TIMED_SENTENCES = 100


def main(
    bundle: Annotated[Path, typer.Option(help="The bundle, as the export stage wrote it.")],
    corpus: Annotated[Path, typer.Option(help="The prepared corpus.")],
    model: Annotated[Path, typer.Option(help="The trained model that the bundle was made from.")],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    params: Annotated[Path, typer.Option(help="The settings.")] = Path("params.yaml"),
) -> None:
    """Translate every test split, score the translations and their alignments, and report."""
    section = load_section(params, "evaluate", EvaluateSection)
    tracking = load_section(params, "tracking", TrackingSection)
    prepared = PreparedFolder(corpus)
    translator = Translator(bundle)
    _check_languages(translator.manifest, prepared)
    words = _words(model, translator.manifest, prepared, section)
    findings, speed = _evaluate(bundle, translator, prepared, section)
    findings = replace(findings, words=words)
    with whole_folder(out) as draft:
        write_findings(draft, findings)
        (draft / "report.html").write_text(report(_subject(translator.manifest), findings), encoding="utf-8")
        write_json(draft / "speed.json", speed)
    numbers = {split: flat(found) for split, found in metrics(findings).items()}
    for split, found in numbers.items():
        logger.info("%s: %s", split, ", ".join(f"{name} {number:.3g}" for name, number in found.items()))
    with continue_run(tracking, model_sha256=translator.manifest.lineage.model_sha256) as run:
        for split, found in numbers.items():
            run.log_metrics({f"{split}/{name}": number for name, number in found.items()})
        run.log_metrics(speed)
        run.log_params({"evaluate": section.model_dump()})
        run.log_file(out, "evaluation")


def _evaluate(
    bundle: Path, translator: Translator, prepared: PreparedFolder, section: EvaluateSection
) -> tuple[Findings, dict[str, float]]:
    """The findings, and how fast sentences were translated with alignments: together, and one by one."""
    pairs = {name: _pairs(prepared, name) for name in prepared.test_splits}
    gold = {name: _gold(prepared, name, pairs[name]) for name in pairs}
    by_hand = _gold_by_hand(translator.manifest, section, [pair for found in pairs.values() for pair in found])
    seconds = -time.perf_counter()
    answers = {name: ask_all(translator.translate, [text for text, _ in pairs[name]], what=name) for name in pairs}
    seconds += time.perf_counter()
    splits = [
        score_split(
            name,
            answers[name],
            pairs=pairs[name],
            language=translator.manifest.target_language,
            alignment=_aligned(translator, gold[name]),
            section=section,
        )
        for name in pairs
    ]
    findings = Findings(
        splits=splits,
        samples=choose_samples(splits[0], section.examples),
        gold=_aligned(translator, by_hand),
        int8=_int8(bundle, translator.manifest, splits[0], section),
    )
    alone = latency_ms(translator.translate, splits[0].sentences.sources[:_TIMED_SENTENCES])
    together = sum(map(len, answers.values())) / seconds
    return findings, {"translations_per_second": round(together, 1), "latency_ms": round(alone, 2)}


def _check_languages(manifest: Manifest, prepared: PreparedFolder) -> None:
    found = (prepared.meta.source_language, prepared.meta.target_language)
    expected = (manifest.source_language, manifest.target_language)
    if found != expected:
        raise DataError(
            f"{prepared.path}: got a corpus of {found[0]} to {found[1]}, need {expected[0]} to {expected[1]}, which "
            "the bundle translates; run: dvc repro"
        )
    if not prepared.test_splits:
        raise DataError(f"{prepared.path}: has no test split to score on; give the corpus one and run: dvc repro")


def _words(model: Path, manifest: Manifest, prepared: PreparedFolder, section: EvaluateSection) -> WordMap:
    """The picture of the word vectors of the model that the bundle was made from."""
    embedding = load_embedding(model)
    if weights_sha256(model) != manifest.lineage.model_sha256:
        raise DataError(f"{model}: is not the model that the bundle was made from; run: dvc repro")
    return word_map(prepared, embedding, words=section.word_map_words)


def _pairs(prepared: PreparedFolder, name: str) -> list[Pair]:
    split = prepared.split(name)
    return list(zip(split.source_sentences(), split.target_sentences(), strict=True))


def _gold(prepared: PreparedFolder, name: str, pairs: list[Pair]) -> list[GoldPair]:
    """The gold pairs of a split; none where the corpus has no links."""
    lines = prepared.split(name).gold_links()
    return [] if lines is None else gold_of_split(pairs, lines, where=str(prepared.path / f"{name}.links"))


def _gold_by_hand(manifest: Manifest, section: EvaluateSection, known: list[Pair]) -> list[GoldPair]:
    return read_gold(section.gold, (manifest.source_language, manifest.target_language), known=known)


def _aligned(translator: Translator, gold: list[GoldPair]) -> AlignmentScores | None:
    return score_gold(translator.align, gold, what="aligning") if gold else None


def _int8(bundle: Path, manifest: Manifest, split: SplitResult, section: EvaluateSection) -> Score | None:
    """The BLEU of the 8-bit graph on the first test split, where the bundle has one."""
    if GRAPHS["int8"] not in manifest.files:
        return None
    translator = Translator(bundle, precision="int8")
    answers = ask_all(translator.translate, split.sentences.sources, what=f"{split.name}, 8-bit")
    hypotheses = [answer.text for answer in answers]
    return bleu(hypotheses, split.sentences.references, bootstrap_samples=section.bootstrap_samples)


def _subject(manifest: Manifest) -> Subject:
    lineage, search = manifest.lineage, manifest.search
    told = {
        "bundle": f"{manifest.name} {manifest.version}",
        "corpus": lineage.corpus,
        "corpus SHA-256": lineage.corpus_sha256,
        "model SHA-256": lineage.model_sha256,
        "together with": ", ".join(lineage.ensemble_sha256) or None,
        "commit": lineage.commit,
        "tracked run": lineage.run_id,
        "search": f"beam size {search.beam_size}, length penalty {search.length_penalty}",
        "link threshold": str(manifest.alignment.link_threshold),
    }
    return Subject(
        title=f"{manifest.name} {manifest.version}, evaluated",
        source_language=manifest.source_language,
        target_language=manifest.target_language,
        lineage={name: value for name, value in told.items() if value is not None},
    )


if __name__ == "__main__":
    run_stage(main)
