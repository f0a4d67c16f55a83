"""From a model and a sentence to its explanation: search, then lead the model through what was found and watch it.

The search is the one that serves (`enface.decoding`), so that what is explained is what is answered. Watching happens
in one pass of teacher forcing over its best hypothesis.
"""

import numpy as np
import torch
from torch import Tensor

from enface.alignment.words import Span
from enface.data.tokenizer import BOS, EOS, PAD, UNK, Tokenizer
from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator, search
from enface.errors import ParamsError, RequestError
from enface.explaining.explanation import END, Candidate, Explanation, Looking, Side, make_side
from enface.explaining.recording import Look, source_attentions, watched
from enface.model.attention.composition import NoAttention
from enface.model.seq2seq import Seq2Seq
from enface.model.transformer import AlignmentHead, TransformerDecoder

CANDIDATES = 5
"""How many of a step's likeliest subwords are kept, besides the one produced where that is none of them."""

_SPECIAL = SpecialTokens(PAD, BOS, EOS)
_SPECIAL_PIECES = {PAD: "<pad>", BOS: "<s>", EOS: END, UNK: "<unk>"}


@torch.inference_mode()
def explain(
    model: Seq2Seq, tokenizer: Tokenizer, text: str, *, beam_size: int, max_length: int, length_penalty: float
) -> Explanation:
    """How `model` translates `text`.

    Args:
        model: in evaluation mode.
        tokenizer: that of the corpus that the model was trained on.
        text: a sentence.
        beam_size: hypotheses searched side by side; 1 is greedy.
        max_length: the most subwords of the translation, its end included.
        length_penalty: alpha of Wu et al. 2016, equation 14.

    Raises:
        RequestError: the text has no visible character.
        ParamsError: the tokenizer is not that of the model.
    """
    check_vocabulary(model, tokenizer)
    encoding = tokenizer.encode(text)
    if not encoding.ids:
        raise RequestError("text: got no visible character, need a sentence to explain")
    source = torch.tensor([[*encoding.ids, EOS]])
    found = search(
        BeamTranslator(model, _SPECIAL), source, beam_size=beam_size, max_length=max_length, alpha=length_penalty
    )
    ids = found.tokens[0, 0, : int(found.lengths[0, 0])]
    log_probabilities, looks = _replayed(model, source, ids)
    states = model.encode(source, source != PAD).states[0].float().numpy()
    lookings = [_looking(model, head, looks[head.layer], states) for head in model.alignment_heads()]
    return Explanation(
        source=make_side(text, encoding.pieces, encoding.spans, ended=True),
        target=_target(tokenizer, ids.tolist()),
        score=float(found.scores[0, 0]),
        states=states,
        candidates=_candidates(tokenizer, log_probabilities, ids),
        lookings=lookings,
        aligning=model.alignment_heads().index(_aligning(model)),
    )


def check_vocabulary(model: Seq2Seq, tokenizer: Tokenizer) -> None:
    """Nothing, if the model's subwords can be the tokenizer's.

    Raises:
        ParamsError: they are of different number.
    """
    size = model.embedding.num_embeddings
    if size != tokenizer.vocabulary_size:
        raise ParamsError(
            f"tokenizer: got one of {tokenizer.vocabulary_size} subwords, need one of {size}, which the model was "
            "trained with; name the corpus that it was trained on"
        )


def _replayed(model: Seq2Seq, source: Tensor, ids: Tensor) -> tuple[Tensor, list[Look]]:
    """Log probabilities (T, V) of the steps that lead through `ids`, and what each layer's attention did in them."""
    previous = torch.nn.functional.pad(ids[:-1], (1, 0), value=BOS).unsqueeze(0)
    with watched(model) as watches:
        decoded = model(source, source != PAD, previous)
    return torch.log_softmax(model.logits(decoded.readout), dim=-1)[0], [watch.look() for watch in watches]


def _target(tokenizer: Tokenizer, ids: list[int]) -> Side:
    """What was written; special ids, which an untrained model may say anywhere, are pieces without text."""
    decoded, ended = tokenizer.decode(ids), ids[-1] == EOS
    known = zip(decoded.pieces, decoded.spans, strict=True)
    pieces: list[str] = []
    spans: list[Span] = []
    for id in ids[:-1] if ended else ids:
        here = spans[-1][1] if spans else 0
        piece, span = (_SPECIAL_PIECES[id], (here, here)) if id in _SPECIAL_PIECES else next(known)
        pieces.append(piece)
        spans.append(span)
    return make_side(decoded.text, pieces, spans, ended=ended)


def _candidates(tokenizer: Tokenizer, log_probabilities: Tensor, ids: Tensor) -> list[list[Candidate]]:
    best = log_probabilities.topk(min(CANDIDATES, log_probabilities.shape[-1])).indices.tolist()
    steps = []
    for row, produced, likely in zip(log_probabilities.exp(), ids.tolist(), best, strict=True):
        shown = likely if produced in likely else [*likely, produced]
        steps.append([Candidate(_piece(tokenizer, id), float(row[id]), chosen=id == produced) for id in shown])
    return steps


def _piece(tokenizer: Tokenizer, id: int) -> str:
    return _SPECIAL_PIECES[id] if id in _SPECIAL_PIECES else tokenizer.decode([id]).pieces[0]


def _looking(model: Seq2Seq, head: AlignmentHead, look: Look, states: np.ndarray) -> Looking:
    """That head's part of a layer's look, or the mean of all of them."""
    heads = slice(None) if head.head is None else slice(head.head, head.head + 1)
    unseen = isinstance(source_attentions(model)[head.layer], NoAttention)
    return Looking(
        layer=head.layer,
        head=head.head,
        weights=look.weights[heads].mean(axis=0),
        scores=look.scores[heads].mean(axis=0),
        values=states if unseen else np.concatenate(look.values[heads], axis=-1),
        contexts=np.concatenate(look.contexts[heads], axis=-1),
        centres=look.centres,
    )


def _aligning(model: Seq2Seq) -> AlignmentHead:
    decoder = model.decoder
    return decoder.alignment_head if isinstance(decoder, TransformerDecoder) else AlignmentHead(0, None)
