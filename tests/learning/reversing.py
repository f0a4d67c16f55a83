"""The task of reversing a sequence of random tokens, tiny models that learn it, and how well they do."""

import torch

from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator, search
from enface.model.seq2seq import Seq2Seq
from enface.training.reinforce import Reinforce, learns_from_samples
from enface.training.section import ReinforceSection
from tests.unit.model import tiny

SPECIAL = SpecialTokens(pad=0, begin=1, end=2)
VOCABULARY_SIZE = 14
SIZES = {"embedding_size": 24, "encoder_size": 16, "decoder_size": 32, "dropout": 0.0, "size": 24}
TRANSFORMER = {
    "network": "transformer", "size": 32, "heads": 2, "feedforward_size": 64, "encoder_layers": 1, "decoder_layers": 1,
    "dropout": 0.0,
}  # fmt: skip


def batch(size, *, shortest, longest):
    """Random sources with their end token, the same reversed, and their lengths without it."""
    lengths = torch.randint(shortest, longest + 1, (size, 1))
    positions = torch.arange(longest + 1)
    tokens = torch.randint(4, VOCABULARY_SIZE, (size, longest + 1))
    source = torch.where(positions < lengths, tokens, 0)
    target = torch.where(positions < lengths, source.gather(1, (lengths - 1 - positions).clamp(min=0)), 0)
    return source.scatter(1, lengths, SPECIAL.end), target.scatter(1, lengths, SPECIAL.end), lengths


def trained(*, steps, shortest=3, longest=8, seed=1, learning_rate=0.01, **changes):
    """A model that has seen `steps` batches of sequences of `shortest` to `longest` tokens."""
    torch.manual_seed(seed)
    sizes = TRANSFORMER if changes.get("network") == "transformer" else SIZES
    model = Seq2Seq(tiny.section(**sizes | changes), VOCABULARY_SIZE)
    reinforce = Reinforce(ReinforceSection(weight=1.0, entropy_weight=0.05)) if learns_from_samples(model) else None
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, total_iters=steps)
    for _ in range(steps):
        optimiser.zero_grad()
        loss_of(model, batch(64, shortest=shortest, longest=longest), reinforce).backward()
        optimiser.step()
        schedule.step()
    return model.eval()


def loss_of(model, pairs, reinforce):
    source, target, _ = pairs
    decoded = model(source, source != SPECIAL.pad, torch.nn.functional.pad(target, (1, -1), value=SPECIAL.begin))
    real = target != SPECIAL.pad
    losses = torch.nn.functional.cross_entropy(model.logits(decoded.readout[real]), target[real], reduction="none")
    if reinforce is None:
        return losses.mean()
    return losses.mean() + reinforce(losses, decoded.scores[real], decoded.weights[real]).loss


def share_reversed(model, *, length):
    """The share of 200 new sequences of this length that the model reverses without an error."""
    source, target, _ = batch(200, shortest=length, longest=length)
    found = search(BeamTranslator(model, SPECIAL), source, beam_size=1, max_length=length + 1, alpha=0.0)
    return (found.tokens[:, 0] == target).all(1).float().mean().item()


def share_opposite(model, *, length):
    """How often a word of 200 new sequences of this length looks at the one that it is, more than at any other."""
    source, _, lengths = batch(200, shortest=length, longest=length)
    found = search(BeamTranslator(model, SPECIAL), source, beam_size=1, max_length=length + 1, alpha=0.0)
    opposite = lengths - 1 - torch.arange(length)
    return (found.attention[:, 0, :length].argmax(-1) == opposite).float().mean().item()
