"""How many operations a target token costs: the matrix products that its network needs, forward and backward."""

import itertools

import torch
from torch.nn.functional import cross_entropy
from torch.utils.flop_counter import FlopCounterMode

from enface.data.batches import ValidationBatches
from enface.data.prepared import VALIDATION, PreparedFolder
from enface.model.section import ModelSection
from enface.model.seq2seq import Seq2Seq

_BATCHES, _BATCH_TOKENS = 4, 512


def operations_per_token(section: ModelSection, prepared: PreparedFolder) -> float:
    """Floating point operations for each real target token, two for each multiplication and addition.

    Counted on validation batches of pairs of like length, so that next to nothing of them is padding, and without the
    projection of padding onto the vocabulary: what a tool computes beyond that is no use of the machine. The number is
    that of the architecture, for every tool.
    """
    torch.manual_seed(1)
    model = Seq2Seq(section, prepared.meta.vocabulary_size)
    batches = list(ValidationBatches(prepared.split(VALIDATION), batch_tokens=_BATCH_TOKENS))
    tokens, counter = 0, FlopCounterMode(display=False)
    with counter:
        for batch in itertools.islice(batches, 0, None, max(len(batches) // _BATCHES, 1)):
            decoded = model(batch.source, batch.source_valid, batch.target_input)
            logits = model.logits(decoded.readout[batch.target_valid])
            cross_entropy(logits, batch.target_output[batch.target_valid]).backward()
            tokens += int(batch.target_valid.sum())
    return counter.get_total_flops() / tokens
