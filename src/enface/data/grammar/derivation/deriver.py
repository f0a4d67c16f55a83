"""Where a derivation takes its chance and its anchors from."""

from random import Random

from enface.data.grammar.words import BLOCK


class Deriver:
    """The source of chance and of anchors for one sentence."""

    __slots__ = ("_last", "random")

    def __init__(self, random: Random) -> None:
        self.random = random
        self._last = 0

    def anchor(self) -> int:
        """The first anchor of a fresh block."""
        self._last += BLOCK
        return self._last

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.random.random() < probability

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1, all equally likely."""
        return int(self.random.random() * bound)
