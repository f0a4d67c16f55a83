"""The queue in front of the translator: what gathers is answered together, what was given up not at all."""

import asyncio
import json
import threading

import pytest

from serving.gateway.inprocess import MOST_TOGETHER, InProcessEngine
from serving.gateway.metrics import Metrics
from serving.tasks import parse_task


class SlowTranslator:
    """The toy translator, whose first call after the warm-up waits; it keeps the texts of every call."""

    def __init__(self, translator):
        self.manifest = translator.manifest
        self.calls = []
        self.go = threading.Event()
        self._translator = translator

    def translate(self, texts, options=None):
        self.calls.append(list(texts))
        if len(self.calls) == 2:
            assert self.go.wait(10)
        return self._translator.translate(texts) if options is None else self._translator.translate(texts, options)


@pytest.fixture
def slow(translator):
    return SlowTranslator(translator)


def asked(translator, text):
    return parse_task("translate", {"text": text}, translator.manifest)


def run(slow, metrics, act, *, workers=1):
    """What `act` gives, run with an engine that has started."""

    async def main():
        engine = InProcessEngine(slow, metrics, workers=workers)
        await engine.start()
        try:
            assert await engine.is_ready()
            return await act(engine)
        finally:
            slow.go.set()
            await engine.stop()

    return asyncio.run(main())


def test_what_gathers_while_one_is_translated_is_translated_together(slow):
    metrics = Metrics()

    async def act(engine):
        first = asyncio.create_task(engine.answer(asked(slow, "first"), "1"))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(engine.answer(asked(slow, f"other {n}"), str(n))) for n in range(40)]
        given_up = asyncio.create_task(engine.answer(asked(slow, "given up"), "x"))
        await asyncio.sleep(0)
        given_up.cancel()
        slow.go.set()
        return await asyncio.gather(first, *others)

    replies = run(slow, metrics, act)
    texts = [json.loads(content)["translations"][0]["text"] for _, content in replies]
    assert texts == ["first", *(f"other {n}" for n in range(40))]
    assert [len(call) for call in slow.calls] == [1, 1, MOST_TOGETHER, 40 - MOST_TOGETHER]
    assert b'enface_batch_size_bucket{le="32.0"} 41.0' in metrics.text()
    assert b'enface_stage_seconds_count{stage="queue"} 41.0' in metrics.text()


def test_one_that_is_given_up_while_it_is_translated_harms_nobody(slow):
    async def act(engine):
        first = asyncio.create_task(engine.answer(asked(slow, "first"), "1"))
        await asyncio.sleep(0.05)
        first.cancel()
        second = asyncio.create_task(engine.answer(asked(slow, "second"), "2"))
        slow.go.set()
        return await second

    status, content = run(slow, Metrics(), act)
    assert (status, json.loads(content)["translations"][0]["text"]) == (200, "second")


def test_two_workers_translate_side_by_side(slow):
    async def act(engine):
        first = asyncio.create_task(engine.answer(asked(slow, "first"), "1"))
        await asyncio.sleep(0.05)
        status, _ = await engine.answer(asked(slow, "second"), "2")
        assert not first.done()
        slow.go.set()
        await first
        return status

    assert run(slow, Metrics(), act, workers=2) == 200


def test_while_what_was_given_up_is_finished_the_others_go_on(slow):
    async def act(engine):
        given_up = asyncio.create_task(engine.answer(asked(slow, "given up"), "1"))
        await asyncio.sleep(0.05)
        given_up.cancel()
        stopping = asyncio.create_task(engine.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()
        slow.go.set()
        await stopping

    run(slow, Metrics(), act)


def test_a_model_that_cannot_translate_is_a_failure(slow, caplog):
    def broken(texts, options):
        raise RuntimeError("out of memory")

    slow.translate = broken

    async def main():
        engine = InProcessEngine(slow, Metrics())
        await engine.start()
        await engine.stop()
        return engine

    engine = asyncio.run(main())
    assert str(engine.failure) == "the model cannot translate; the log has the reason under warm-up"
    assert not engine.is_warm
    assert "Requests warm-up failed on a RuntimeError:" in caplog.text


def test_requests_of_one_batch_have_their_own_replies(slow):
    async def act(engine):
        long = "ß " * 5_000
        tasks = [
            asked(slow, "a"),
            asked(slow, long),
            parse_task("align", {"source": "a", "target": "b"}, slow.manifest),
        ]
        slow.align = slow._translator.align
        return await asyncio.gather(*(engine.answer(task, "id") for task in tasks))

    slow.go.set()
    assert [status for status, _ in run(slow, Metrics(), act)] == [200, 400, 200]
