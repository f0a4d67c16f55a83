"""The prepare stage: a corpus in, the prepared folder out (cleaned text, subwords, ids)."""

from pathlib import Path
from typing import Annotated

import typer

from enface.data.corpus import CorpusSection, corpus_title, open_corpus
from enface.data.prepare import PrepareSection, prepare
from enface.params import load_section
from pipeline.stage import run_stage


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
    )


if __name__ == "__main__":
    run_stage(main)
