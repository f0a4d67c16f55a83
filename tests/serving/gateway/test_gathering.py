"""The queue in front of an engine: which tasks share a batch, and what becomes of those that wait."""

import asyncio

import pytest

from serving.gateway.gathering import MOST_TOGETHER, Answered, Gathering
from serving.gateway.metrics import Metrics
from serving.tasks import parse_task


class Batches:
    """Answers batches when it is let; it keeps the texts of each."""

    def __init__(self):
        self.seen = []
        self.go = asyncio.Event()

    async def together(self, tasks, ids):
        self.seen.append([task.inputs[0] for task in tasks])
        await self.go.wait()
        if "fault" in self.seen[-1]:
            raise KeyError
        return Answered([(200, each.encode()) for each in ids], 0.001)


@pytest.fixture
def asked(manifest):
    return lambda text, **options: parse_task("translate", {"text": text} | options, manifest)


def run(act, **settings):
    """What `act` gives, with batches and a queue in front of them."""

    async def main():
        batches = Batches()
        gathering = Gathering(batches.together, Metrics(), **settings)
        try:
            return await act(batches, gathering)
        finally:
            await gathering.stop()

    return asyncio.run(main())


async def put(gathering, *tasks):
    """The answers to come; all tasks wait, or are being answered."""
    coming = [asyncio.create_task(gathering.answer(task, f"id {task.inputs[0]}")) for task in tasks]
    await asyncio.sleep(0.01)
    return coming


def test_a_batch_has_tasks_of_one_way_and_begins_with_the_first_that_waits(asked):
    async def act(batches, gathering):
        coming = await put(gathering, asked("first"))
        coming += await put(gathering, asked("a"), asked("b", n_best=2), asked("c"), asked("d", n_best=2))
        batches.go.set()
        assert [content for _, content in await asyncio.gather(*coming)] == [
            b"id first",
            b"id a",
            b"id b",
            b"id c",
            b"id d",
        ]
        return batches.seen

    assert run(act) == [["first"], ["a", "c"], ["b", "d"]]


def test_a_batch_has_so_many_tasks_and_so_many_characters(asked):
    async def act(batches, gathering):
        short, middle, long = "s", "m" * 3_998, "l" * 4_001
        coming = await put(gathering, asked("first"))
        coming += await put(gathering, asked(middle), asked(long), *(asked(short) for _ in range(MOST_TOGETHER + 1)))
        batches.go.set()
        await asyncio.gather(*coming)
        return [[len(text) for text in batch] for batch in batches.seen]

    assert run(act) == [[5], [3_998, 1, 1], [4_001], [1] * (MOST_TOGETHER - 1)]


def test_what_waits_is_shared_out_among_those_that_are_free(asked):
    async def act(batches, gathering):
        coming = await put(gathering, *(asked(str(number)) for number in range(7)))
        coming += await put(gathering, *(asked(str(number)) for number in range(7, 20)))
        batches.go.set()
        await asyncio.gather(*coming)
        return [len(batch) for batch in batches.seen]

    assert run(act, at_once=3) == [3, 2, 2, 5, 4, 4]


def test_alone_each_is_a_batch(asked):
    async def act(batches, gathering):
        batches.go.set()
        await asyncio.gather(*await put(gathering, asked("a"), asked("b"), asked("c")))
        return batches.seen

    assert run(act, most=1) == [["a"], ["b"], ["c"]]


def test_a_fault_is_told_to_the_requests_of_its_batch_alone(asked):
    async def act(batches, gathering):
        first, fault, beside, given_up, other = await put(
            gathering, asked("first"), asked("fault", n_best=2), asked("b", n_best=2), asked("c", n_best=2), asked("d")
        )
        given_up.cancel()
        batches.go.set()
        found = await asyncio.gather(first, fault, beside, other, return_exceptions=True)
        return [type(each) for each in found], batches.seen

    assert run(act) == ([tuple, KeyError, KeyError, tuple], [["first", "d"], ["fault", "b"]])
