"""The prepare stage: a corpus in, the prepared folder out (cleaned text, subwords, ids)."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from enface.data.cleaning import Accepts
from enface.data.corpus import CorpusSection, corpus_title, open_corpus
from enface.data.prepare import FilterSection, PrepareSection, prepare
from enface.params import load_section
from pipeline.stage import run_stage

logger = logging.getLogger(__name__)


def main(
    corpus: Annotated[Path, typer.Option(help="The corpus's file or folder.")],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    params: Annotated[Path, typer.Option(help="The settings: sections corpus and prepare.")] = Path("params.yaml"),
) -> None:
    """Cleans a corpus, learns its subwords and encodes it."""
    section = load_section(params, "corpus", CorpusSection)
    settings = load_section(params, "prepare", PrepareSection)
    prepare(
        open_corpus(section, corpus),
        out,
        title=corpus_title(section, corpus),
        languages=(section.source_language, section.target_language),
        settings=settings,
        accepts=_judge(settings.judge, section),
    )


def _judge(settings: FilterSection, corpus: CorpusSection) -> Accepts | None:
    """The judge that the settings name, by its threshold; none where they name none."""
    if not settings.folder:
        return None
    from enface.inference.judge import Judge

    judge = Judge(settings.folder)
    judge.check_languages(corpus.source_language, corpus.target_language)
    logger.info("training pairs are put to the judge in %s, threshold %s", settings.folder, settings.threshold)
    return lambda pairs: (judge.probability(pairs) >= settings.threshold).tolist()


if __name__ == "__main__":
    run_stage(main)
