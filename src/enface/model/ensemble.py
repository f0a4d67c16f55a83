"""Several models that translate as one: each says how likely it finds each next word, and the mean is what counts.

An `Ensemble` is searched and exported as a `Seq2Seq` is. Its members may be of any kinds; they share the vocabulary.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from enface.model.decoder import Memories
from enface.model.seq2seq import Seq2Seq
from enface.model.state import State


class MemberMemories(NamedTuple):
    """What one member attends to, and how many tensors of the ensemble's state are its own and shared ones."""

    memories: Memories
    own: int
    shared: int


class PreparedEnsemble(NamedTuple):
    """A source batch ready for decoding by all members."""

    memories: tuple[MemberMemories, ...]
    state: State  # those of all members, one after another


class Ensemble(nn.Module):
    """The mean of the members' probabilities, p(y | ...) = 1/M sum_m p_m(y | ...), and the attention of one of them."""

    def __init__(self, members: Sequence[Seq2Seq], *, aligning: int) -> None:
        """Joins `members`; the attention of number `aligning`, from 0, is shown as that of all."""
        super().__init__()
        assert len({member.embedding.num_embeddings for member in members}) == 1
        self.members = nn.ModuleList(members)
        self.aligning = aligning

    def prepare(self, source: Int[Tensor, "B S"], source_valid: Bool[Tensor, "B S"]) -> PreparedEnsemble:
        """The source as each member encodes it."""
        each_its_own = [source_valid.clone() for _ in self.members]  # as an exported loop takes no tensor in two guises
        prepared = [member.prepare(source, its) for member, its in zip(self._members(), each_its_own, strict=True)]
        memories = [MemberMemories(memories, len(state.own), len(state.shared)) for memories, state in prepared]
        return PreparedEnsemble(tuple(memories), _joined([state for _, state in prepared]))

    def step(
        self, tokens: Int[Tensor, "B N"], state: State, memories: tuple[MemberMemories, ...], time: Int[Tensor, ""]
    ) -> tuple[Float[Tensor, "B N E"], State, Float[Tensor, "B N S"]]:
        """As of `Seq2Seq`; the readouts of all members stand behind one another."""
        steps = [
            member.step(tokens, its_state, its.memories, time)
            for member, its, its_state in zip(self._members(), memories, _parts(state, memories), strict=True)
        ]
        readouts, states, weights = zip(*steps, strict=True)
        return torch.cat(readouts, dim=-1), _joined(states), weights[self.aligning]

    def log_probabilities(self, readout: Float[Tensor, "... E"]) -> Float[Tensor, "... V"]:
        """Log of the mean of the members' probabilities of the words."""
        sizes = [member.embedding.embedding_dim for member in self._members()]
        each = [
            member.log_probabilities(part)
            for member, part in zip(self._members(), torch.split(readout, sizes, dim=-1), strict=True)
        ]
        mean: Tensor = torch.logsumexp(torch.stack(each), dim=0) - math.log(len(each))
        return mean

    def _members(self) -> Iterator[Seq2Seq]:
        for member in self.members:
            assert isinstance(member, Seq2Seq)
            yield member


def _joined(states: Sequence[State]) -> State:
    own = tuple(part for state in states for part in state.own)
    return State(own, tuple(part for state in states for part in state.shared))


def _parts(state: State, memories: tuple[MemberMemories, ...]) -> Iterator[State]:
    """The state of each member."""
    own, shared = iter(state.own), iter(state.shared)
    for its in memories:
        yield State(tuple(next(own) for _ in range(its.own)), tuple(next(shared) for _ in range(its.shared)))
