"""The task of reversing a sequence of random tokens, a tiny model that learns it, and how well it does."""

import torch

from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator, search
from enface.model.seq2seq import Seq2Seq
from tests.unit.model import tiny

SPECIAL = SpecialTokens(pad=0, begin=1, end=2)
VOCABULARY_SIZE = 14


def batch(size, *, shortest, longest):
    """Random sources with their end token, the same reversed, and their lengths without it."""
    lengths = torch.randint(shortest, longest + 1, (size, 1))
    positions = torch.arange(longest + 1)
    tokens = torch.randint(4, VOCABULARY_SIZE, (size, longest + 1))
    source = torch.where(positions < lengths, tokens, 0)
    target = torch.where(positions < lengths, source.gather(1, (lengths - 1 - positions).clamp(min=0)), 0)
    return source.scatter(1, lengths, SPECIAL.end), target.scatter(1, lengths, SPECIAL.end), lengths


def trained(attention, decoder, *, steps, longest):
    """A model that has seen `steps` batches of sequences of 3 to `longest` tokens."""
    torch.manual_seed(1)
    section = tiny.section(
        score=attention, decoder=decoder, embedding_size=24, encoder_size=32, decoder_size=32, size=24, dropout=0.0
    )
    model = Seq2Seq(section, VOCABULARY_SIZE)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.005)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, total_iters=steps)
    for _ in range(steps):
        source, target, _ = batch(64, shortest=3, longest=longest)
        shifted = torch.nn.functional.pad(target, (1, -1), value=SPECIAL.begin)
        logits = model.logits(model(source, source != SPECIAL.pad, shifted).readout)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=SPECIAL.pad)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return model.eval()


def share_reversed(model, *, length):
    """The share of 200 new sequences of this length that the model reverses without an error."""
    source, target, _ = batch(200, shortest=length, longest=length)
    found = search(BeamTranslator(model, SPECIAL), source, beam_size=1, max_length=length + 1, alpha=0.0)
    return (found.tokens[:, 0] == target).all(1).float().mean().item()
