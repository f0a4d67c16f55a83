"""The translator: a bundle, opened, that turns texts into translations with alignments.

The command line, the serving handler, the MLflow model and the evaluation all call this one class, so that what was
scored is what is served. It imports ONNX Runtime, tokenizers and numpy, never torch; one translator may be called by
several threads at once. It logs nothing, and no message it raises holds any of a text.

A text without a visible character has the empty translation: no tokens, an empty matrix, score 0.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from enface.bundle import GRAPHS, Manifest, Precision, open_bundle
from enface.data.tokenizer import EOS, Encoding, Tokenizer
from enface.errors import ParamsError, RequestError
from enface.inference.assembly import Assembly, Beams, beams_of
from enface.inference.batches import FREE, Job, batches, check_sizes, padded
from enface.inference.beginning import Beginning, ended
from enface.inference.options import TranslateOptions, rounded_up, search_for
from enface.inference.session import GraphSession, Search
from enface.inference.source import Source, check_carried, read_source
from enface.inference.texts import check_texts
from enface.inference.translation import Translation

_DEFAULT = TranslateOptions()


class Translator:
    """Translates and aligns with one bundle.

    Args:
        bundle: the bundle's folder.
        device: "cpu", "cuda", or "cuda:1" for another GPU than the first.
        threads: threads of one call; 0 takes as many as this process has cores.
        precision: "float32", or "int8" for the smaller graph beside it.

    Raises:
        BundleError: the folder is no bundle, altered, or without a graph of that precision.
        ParamsError: no such precision, or no such device here.
    """

    def __init__(
        self, bundle: Path | str, *, device: str = "cpu", threads: int = 0, precision: Precision = "float32"
    ) -> None:
        if precision not in GRAPHS:
            raise ParamsError(f"precision: got {precision!r}, need one of {', '.join(GRAPHS)}")
        opened = open_bundle(Path(bundle))
        self._manifest = opened.manifest
        self._session = GraphSession(opened.graph(precision), device=device, threads=threads)
        self._tokenizer = Tokenizer.from_file(opened.tokenizer)

    @property
    def manifest(self) -> Manifest:
        """What the bundle says of itself: name, version, languages, settings and lineage."""
        return self._manifest

    def check(self, texts: Sequence[str]) -> None:
        """Nothing, if `translate` takes these texts.

        Raises:
            RequestError: one line for each text that is over the bundle's length or cannot be UTF-8.
        """
        check_texts(texts, self._manifest.search.max_source_characters)

    def translate(self, texts: Sequence[str], options: TranslateOptions = _DEFAULT) -> list[Translation]:
        """A translation of each text, in order; source spans are character offsets into the text as given.

        A text's translation does not depend on the other texts beside it.

        Raises:
            RequestError: as `check`; or a text has too many subwords for so wide a beam and so long an answer.
        """
        sources, encodings, jobs = self._jobs(texts, options)
        assembly, beams = self._assembly(options), self._search(jobs, options, align=_carry(sources))
        return [
            assembly.translation(source, encoding, beams.get(index), n_best=options.n_best)
            for index, (source, encoding) in enumerate(zip(sources, encodings, strict=True))
        ]

    def begin(self, texts: Sequence[str], options: TranslateOptions = _DEFAULT, *, steps: int) -> list[Beginning]:
        """What is decided of each text's translation after so many steps of its search, one step a subword.

        Where the search ends within them, that is the translation itself. Each call searches from the start. Of a text
        with tags, placeholders or terms to carry over nothing is decided before the end.

        Args:
            texts: as for `translate`.
            options: as for `translate`.
            steps: 1 or more.

        Raises:
            RequestError: as `translate`.
        """
        sources, encodings, jobs = self._jobs(texts, options)
        limits = {job.index: job.search.max_length for job in jobs}
        begun = [replace(job, search=replace(job.search, max_length=min(steps, limits[job.index]))) for job in jobs]
        assembly, beams = self._assembly(options), self._search(begun, options, align=_carry(sources))
        return [
            assembly.beginning(source, encoding, found)
            if (found := beams.get(index)) and steps < limits[index] and not found.ended
            else ended(assembly.translation(source, encoding, found, n_best=options.n_best))
            for index, (source, encoding) in enumerate(zip(sources, encodings, strict=True))
        ]

    def align(self, pairs: Sequence[tuple[str, str]], options: TranslateOptions = _DEFAULT) -> list[Translation]:
        """Each pair's target as if it were the translation found, with its score and alignment.

        Nothing is searched: the model is led through the target and asked where it looks. The spans are character
        offsets into the two texts as given; a pair with an empty side has score 0 and no links.

        Args:
            pairs: source and target sentences.
            options: only `length_penalty`, `alignment` and `confidence` apply.

        Raises:
            RequestError: a text as in `check`, a pair of too many subwords, or an option that does not apply.
        """
        self._check_pairs(pairs, options)
        sources = self._tokenizer.encode_batch([source for source, _ in pairs])
        targets = self._tokenizer.encode_batch([target for _, target in pairs])
        encodings = list(zip(sources, targets, strict=True))
        jobs = [
            self._forced(index, source.ids, target.ids, options)
            for index, (source, target) in enumerate(encodings)
            if source.ids and target.ids
        ]
        check_sizes(jobs, "pair[{}]")
        assembly, beams = self._assembly(options), self._search(jobs, options)
        return [assembly.given(pairs[index], both, beams.get(index)) for index, both in enumerate(encodings)]

    def _jobs(self, texts: Sequence[str], options: TranslateOptions) -> tuple[list[Source], list[Encoding], list[Job]]:
        """What of every text is translated, the subwords of that, and a search for each that has any."""
        self.check(texts)
        sources = [read_source(text, options) for text in texts]
        check_carried(sources, n_best=options.n_best)
        encodings = self._tokenizer.encode_batch([source.text for source in sources])
        jobs = [
            Job(index, [*encoding.ids, EOS], [FREE], search_for(options, self._manifest.search, len(encoding.ids)))
            for index, encoding in enumerate(encodings)
            if encoding.ids
        ]
        check_sizes(jobs, "text[{}]")
        return sources, encodings, jobs

    def _check_pairs(self, pairs: Sequence[tuple[str, str]], options: TranslateOptions) -> None:
        for name in ("beam_size", "n_best", "max_length", "format", "protect", "glossary"):
            if getattr(options, name) != getattr(_DEFAULT, name):
                given = "one" if name == "glossary" else getattr(options, name)  # terms are text of the caller's
                raise RequestError(f"{name}: got {given}, but a given pair is aligned without one")
        limit = self._manifest.search.max_source_characters
        check_texts([source for source, _ in pairs], limit, label="source[{}]")
        check_texts([target for _, target in pairs], limit, label="target[{}]")

    def _forced(self, index: int, source: list[int], target: list[int], options: TranslateOptions) -> Job:
        length_penalty = search_for(options, self._manifest.search, len(source)).length_penalty
        length = rounded_up(len(target) + 1)
        prefix = [*target, EOS, *[FREE] * (length - len(target) - 1)]
        return Job(index, [*source, EOS], prefix, Search(beam_size=1, max_length=length, length_penalty=length_penalty))

    def _assembly(self, options: TranslateOptions) -> Assembly:
        return Assembly(self._tokenizer, options, self._manifest.alignment.link_threshold)

    def _search(self, jobs: Sequence[Job], options: TranslateOptions, *, align: bool = False) -> dict[int, Beams]:
        """What was found for each job, by its index; `align` where more is aligned than the answer tells."""
        attention = align or options.alignment != "none" or options.confidence
        found: dict[int, Beams] = {}
        for batch in batches(jobs):
            source, prefix = padded([job.source for job in batch]), padded([job.prefix for job in batch], FREE)
            answer = self._session.run(
                source, prefix, batch[0].search, attention=attention, log_probabilities=options.confidence
            )
            found |= {job.index: beams_of(answer, row, len(job.source)) for row, job in enumerate(batch)}
        return found


def _carry(sources: Sequence[Source]) -> bool:
    return any(source.carries for source in sources)
