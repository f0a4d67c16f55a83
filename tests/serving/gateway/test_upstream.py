"""TorchServe as the gateway's engine, with a stand-in that answers what TorchServe was seen to answer."""

import asyncio
from types import SimpleNamespace

import httpx
import pytest

from enface.errors import ServingError
from serving import parcels
from serving.bodies import BATCH_SECONDS_HEADER
from serving.gateway import upstream as module
from serving.gateway.errors import RefusedError
from serving.gateway.loopback import Answer
from serving.gateway.metrics import Metrics
from serving.gateway.upstream import TorchServeEngine
from serving.parcels import PARCEL_TYPE, REPLIES_HEADER, joined, unpacked
from serving.tasks import parse_task

READY, STARTING = ([{"workers": [{"status": status}]}] for status in ("READY", "LOADING"))


class NoAuth(httpx.Auth):
    def auth_flow(self, request):
        yield request

    def headers(self):
        return {"Authorization": "Bearer token"}


def ours(*replies):
    """What the handler answers."""
    told, content = joined(replies)
    return Answer(200, {REPLIES_HEADER.lower(): told, BATCH_SECONDS_HEADER.lower(): "0.004"}, content)


SERVER = SimpleNamespace(
    address="http://127.0.0.1:8080/predictions/enface",
    management_address="http://127.0.0.1:8081/models/enface",
    metrics_address="http://127.0.0.1:8082/metrics",
    ports=SimpleNamespace(inference=8080),
    auth=NoAuth(),
    management_auth=NoAuth(),
)


class StandIn:
    """In place of the connections: what `answer` says to each body."""

    def __init__(self, answer):
        self.answer = answer

    async def post(self, path, headers, content):
        assert path == "/predictions/enface"
        assert headers == {"Content-Type": PARCEL_TYPE, "Authorization": "Bearer token"}
        return self.answer(content)

    def close(self):
        pass


def run(manifest, answer, act, *, server=SERVER, metrics=None):
    """What `act` gives with an engine to which TorchServe says what `answer` does."""

    async def main():
        supervised = SimpleNamespace(current=server, failure=None)
        engine = TorchServeEngine(manifest, supervised, metrics or Metrics())
        await engine.start()
        await engine._client.aclose()
        engine._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        engine._served, engine._connections = server, StandIn(answer)
        try:
            return await act(engine)
        finally:
            await engine.stop()

    return asyncio.run(main())


def asking(manifest, value=None):
    return lambda engine: engine.answer(parse_task("translate", value or {"text": "A dog."}, manifest), "id")


@pytest.mark.parametrize("status", [200, 400, 413, 500])
def test_the_handlers_reply_passes_as_it_is(manifest, status):
    metrics, seen = Metrics(), []

    def answer(content):
        seen.append(unpacked(content))
        return ours((status, b'{"any": 1}'))

    value = {"text": ["A dog."], "n_best": 2}
    assert run(manifest, answer, asking(manifest, value), metrics=metrics) == (status, b'{"any": 1}')
    assert seen == [([{"task": "translate"} | value], ["id"])]
    assert b"enface_batch_size_sum 1.0" in metrics.text()
    assert b'enface_stage_seconds_sum{stage="compute"} 0.004' in metrics.text()


def in_turn(manifest, *texts):
    """All of them asked at once."""
    tasks = [parse_task("translate", {"text": text}, manifest) for text in texts]
    return lambda engine: asyncio.gather(*(engine.answer(task, task.inputs[0]) for task in tasks))


def echo(content):
    return ours(*((200, value["text"].encode()) for value in unpacked(content)[0]))


def test_what_is_asked_at_once_is_one_request(manifest):
    seen = []

    def answer(content):
        seen.append(unpacked(content)[1])
        return echo(content)

    assert run(manifest, answer, in_turn(manifest, "a", "b", "c")) == [(200, b"a"), (200, b"b"), (200, b"c")]
    assert seen == [["a", "b", "c"]]


@pytest.mark.parametrize("limit", ["MAX_REQUEST_BYTES", "MAX_RESPONSE_BYTES"])
def test_what_does_not_fit_into_one_request_or_response_is_asked_for_in_others(manifest, monkeypatch, limit):
    seen = []

    def answer(content):
        seen.append(len(unpacked(content)[1]))
        return echo(content)

    monkeypatch.setattr(parcels, limit, 1)
    metrics = Metrics()
    assert run(manifest, answer, in_turn(manifest, "a", "b", "c"), metrics=metrics) == [
        (200, b"a"),
        (200, b"b"),
        (200, b"c"),
    ]
    assert seen == ([1, 1, 1] if limit == "MAX_REQUEST_BYTES" else [3, 2, 1])
    assert b'enface_stage_seconds_sum{stage="compute"} 0.036' in metrics.text()


@pytest.mark.parametrize("status", [400, 404, 500, 503, 507])
def test_what_torchserve_says_itself_is_a_503_to_try_again(manifest, status):
    with pytest.raises(RefusedError, match=f"TorchServe answered {status} itself; try again") as caught:
        run(manifest, lambda content: Answer(status, {}, b"{}"), asking(manifest))
    assert (caught.value.status, caught.value.code, caught.value.retry_after_s) == (503, "unavailable", 1)


@pytest.mark.parametrize("error", [ConnectionError, ConnectionRefusedError, ServingError])
def test_a_connection_that_ends_is_tried_once_more(manifest, error):
    tries = []

    def answer(content, failing):
        tries.append(1)
        if len(tries) <= failing:
            raise error("gone")
        return ours((200, b"{}"))

    assert run(manifest, lambda content: answer(content, 1), asking(manifest)) == (200, b"{}")
    tries.clear()
    with pytest.raises(RefusedError, match="TorchServe ended; try again"):
        run(manifest, lambda content: answer(content, 9), asking(manifest))
    assert len(tries) == 2


def test_while_others_renew_the_token_it_waits(manifest, monkeypatch):
    monkeypatch.setattr(module, "_RENEWAL_PAUSE_S", 0.001)
    tries, used = [], []

    async def use(engine, server):
        used.append(server)

    def answer(content, refused):
        tries.append(1)
        if len(tries) <= refused:
            return Answer(400, {}, b'{"code": 400, "type": "InvalidKeyException"}')
        return ours((200, b"{}"))

    monkeypatch.setattr(TorchServeEngine, "_use_token", use)
    assert run(manifest, lambda content: answer(content, 3), asking(manifest)) == (200, b"{}")
    assert used == [SERVER]
    with pytest.raises(RefusedError, match="TorchServe answered 400 itself"):
        run(manifest, lambda content: answer(content, 99), asking(manifest))


def test_while_none_is_there_it_says_when_to_try_again(manifest):
    with pytest.raises(RefusedError, match="the translator is being started; try again") as caught:
        run(manifest, None, asking(manifest), server=None)
    assert caught.value.retry_after_s == 3
    assert run(manifest, None, lambda engine: engine.is_ready(), server=None) is False
    assert run(manifest, None, lambda engine: engine.metrics(), server=None) == b""


def gone(request):
    raise httpx.ConnectError("gone")


@pytest.mark.parametrize(
    ("answer", "ready"),
    [
        (lambda request: httpx.Response(200, json=READY), True),
        (lambda request: httpx.Response(200, json=STARTING), False),
        (lambda request: httpx.Response(404), False),
        (gone, False),
    ],
)
def test_it_is_ready_when_a_worker_is(manifest, answer, ready):
    assert run(manifest, answer, lambda engine: engine.is_ready()) is ready


def test_torchserves_figures_are_passed_on_while_it_is_there(manifest):
    assert run(manifest, lambda request: httpx.Response(200, content=b"ts 1\n"), lambda e: e.metrics()) == b"ts 1\n"
    assert run(manifest, gone, lambda engine: engine.metrics()) == b""


def test_the_token_is_used_now_and_then_though_nobody_asks(manifest, monkeypatch):
    monkeypatch.setattr(module, "_FRESH_EVERY_S", 0.01)
    paths = []

    def answer(request):
        paths.append(request.url.path)
        return gone(request)

    run(manifest, answer, lambda engine: asyncio.sleep(0.1))
    assert len(paths) > 1
    assert set(paths) == {"/ping"}
