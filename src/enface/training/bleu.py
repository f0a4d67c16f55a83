"""Validation BLEU and attention maps of fixed sentences, every few epochs of training."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytorch_lightning as lightning
import sacrebleu
import torch
from torch import Tensor

from enface.alignment.matrix import AlignmentMatrix, from_attention, to_words, words_of
from enface.alignment.words import split_words, word_spans
from enface.data.batches import source_batches
from enface.data.prepared import EncodedSplit
from enface.data.tokenizer import BOS, EOS, PAD, UNK, Tokenizer
from enface.decoding.beam import Hypotheses, SpecialTokens
from enface.decoding.translate import BeamTranslator, search
from enface.model.seq2seq import Seq2Seq
from enface.training.task import TranslationTask

_SENTENCES_AT_ONCE = 128


class AttentionExample(NamedTuple):
    """One greedily translated validation sentence and where the model looked."""

    number: int
    source: list[str]  # words
    target: list[str]
    matrix: AlignmentMatrix  # of the words


MapObserver = Callable[[int, list[AttentionExample]], None]


class ValidationBleu(lightning.Callback):
    """Logs `validation/bleu` (greedy, cased, 13a) of the first sentences and shows `observe` the maps of a few."""

    def __init__(
        self,
        split: EncodedSplit,
        tokenizer: Tokenizer,
        *,
        every_epochs: int,
        sentences: int,
        maps: int,
        observe: MapObserver,
    ) -> None:
        self._split = split
        self._tokenizer = tokenizer
        self._every_epochs = every_epochs
        self._count = min(sentences, len(split))
        self._maps = min(maps, self._count)
        self._observe = observe

    def on_validation_epoch_end(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Translates on the first device; the others wait for the figure."""
        if trainer.sanity_checking or (trainer.current_epoch + 1) % self._every_epochs:
            return
        assert isinstance(task, TranslationTask)
        bleu = self._measure(task.model, trainer.current_epoch, task.device) if trainer.is_global_zero else 0.0
        task.log("validation/bleu", trainer.strategy.broadcast(bleu), rank_zero_only=False)

    def _measure(self, model: Seq2Seq, epoch: int, device: torch.device) -> float:
        hypotheses: dict[int, str] = {}
        examples: list[AttentionExample] = []
        for indices, found in self._translate(model, device):
            for row, index in enumerate(indices):
                ids = found.tokens[row, 0, : int(found.lengths[row, 0])]
                hypotheses[index] = self._tokenizer.decode(ids.tolist()).text
                if index < self._maps:
                    examples.append(self._example(index, ids, found.attention[row, 0]))
        self._observe(epoch, sorted(examples, key=lambda example: example.number))
        references = self._split.target_sentences()[: self._count]
        return float(sacrebleu.corpus_bleu([hypotheses[index] for index in range(self._count)], [references]).score)

    def _translate(self, model: Seq2Seq, device: torch.device) -> Iterator[tuple[list[int], Hypotheses]]:
        translator = BeamTranslator(model, SpecialTokens(PAD, BOS, EOS))
        for indices, source in source_batches(self._split, self._count, at_once=_SENTENCES_AT_ONCE):
            longest = 2 * source.shape[1] + 10
            yield indices, search(translator, source.to(device), beam_size=1, max_length=longest, alpha=0.0)

    def _example(self, index: int, ids: Tensor, attention: Tensor) -> AttentionExample:
        source = self._split.source_sentences()[index]
        encoded, decoded = self._tokenizer.encode(source), self._tokenizer.decode(ids.tolist())
        read = attention[: len(ids)][ids > UNK]  # what `decode` reads; other ids have no piece
        rows = read[:, : len(encoded.ids) + 1].float().cpu().numpy()
        matrix = to_words(
            from_attention(rows),
            source_words=words_of(encoded.spans, word_spans(source)),
            target_words=words_of(decoded.spans, word_spans(decoded.text)),
        )
        return AttentionExample(index, split_words(source), split_words(decoded.text), matrix)
