"""A function over the chunks of something long, in order: one after another in this process, or many at once on Ray.

Whoever has much to do cuts it into chunks and hands over the function; the answers come back in the chunks' order, so
that where it was done cannot be seen in what is written. Nothing here knows what a chunk is. `on_ray.py` knows Ray.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")

HERE, LOCAL = "", "local"
"""Names of where to work: this process; a Ray cluster of this machine, begun for the purpose. Others are addresses."""


class Mapper(Protocol):
    """Works on chunks somewhere."""

    def map(self, make: Callable[[], Callable[[Chunk], Answer]], chunks: Iterable[Chunk]) -> Iterator[Answer]:
        """The function's answer to each chunk, in order, as they are asked for.

        Args:
            make: makes the function; called once wherever it is to run, so that what it opens is opened there.
            chunks: read once, perhaps in another process. Like `make`, the chunks and the answers, it can be pickled.
        """
        ...


class InProcess:
    """Works on one chunk after another, here."""

    def map(self, make: Callable[[], Callable[[Chunk], Answer]], chunks: Iterable[Chunk]) -> Iterator[Answer]:
        """The function's answer to each chunk, in order; each is worked on when it is asked for."""
        return map(make(), chunks)


@contextlib.contextmanager
def open_mapper(where: str, *, cores: int = 1) -> Iterator[Mapper]:
    """What works there, for as long as the block lasts.

    Args:
        where: `HERE`, `LOCAL`, or the address of a Ray cluster, such as 10.0.0.1:6379.
        cores: how many each copy of the function uses; Ray makes as many copies as there are cores for.

    Raises:
        ParamsError: Ray is wanted and not installed, or there is no cluster of that address.
    """
    if where == HERE:
        yield InProcess()
        return
    from enface.mapping.on_ray import connected

    with connected(where, cores=cores) as mapper:
        yield mapper
