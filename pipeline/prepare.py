"""The prepare stage: a corpus in, the prepared folder out (cleaned text, subwords, ids)."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from enface.data.corpus import CorpusSection, corpus_title, open_corpus
from enface.data.prepare import FilterSection, PrepareSection, prepare
from enface.data.sifting import Accepts
from enface.mapping.chunks import open_mapper
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
    with open_mapper(settings.ray) as mapper:
        prepare(
            open_corpus(section, corpus),
            out,
            title=corpus_title(section, corpus),
            languages=(section.source_language, section.target_language),
            settings=settings,
            open_judge=_judge(settings.judge, section),
            mapper=mapper,
        )


def _judge(settings: FilterSection, corpus: CorpusSection) -> Callable[[], Accepts] | None:
    """What opens the judge that the settings name, by its threshold; none where they name none."""
    if not settings.folder:
        return None
    from enface.inference.judge import Judge

    Judge(settings.folder).check_languages(corpus.source_language, corpus.target_language)
    logger.info("training pairs are put to the judge in %s, threshold %s", settings.folder, settings.threshold)
    return partial(_open_judge, settings)


def _open_judge(settings: FilterSection) -> Accepts:
    from enface.inference.judge import Judge

    judge = Judge(settings.folder)
    return lambda pairs: (judge.probability(pairs) >= settings.threshold).tolist()


if __name__ == "__main__":
    run_stage(main)
