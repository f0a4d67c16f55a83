"""A server that is started again, with a stand-in for TorchServe; `enface serve` is tested with the real one."""

import threading

import pytest

from enface.errors import ServingError
from serving.supervising import Supervised
from tests.serving.gateway.served import wait_until


class StandIn:
    """Runs until it is stopped or ended."""

    def __init__(self, error=None):
        self.error = error
        self.ended = threading.Event()
        self.stopped = False

    def __enter__(self):
        if self.error:
            raise self.error
        return self

    def __exit__(self, *_):
        self.stop()

    def wait(self):
        self.ended.wait()
        raise ServingError("TorchServe ended by itself")

    def stop(self):
        self.stopped = True
        self.ended.set()


def test_one_that_ends_is_started_again_and_the_block_ends_it(caplog):
    servers = [StandIn(), StandIn()]
    waiting = iter(servers)
    with Supervised(lambda: next(waiting)) as supervised:
        wait_until(lambda: supervised.current is servers[0])
        servers[0].ended.set()
        wait_until(lambda: supervised.current is servers[1])
        assert servers[0].stopped
    assert supervised.current is None
    assert supervised.failure is None
    assert servers[1].stopped
    assert caplog.messages == ["TorchServe ended by itself\nIt is started again."]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ServingError("it cannot start"), "it cannot start"),
        (OSError(28, "No space left on device"), "TorchServe cannot be started: [Errno 28] No space left on device"),
    ],
)
@pytest.mark.parametrize("good_starts", [0, 1])
def test_a_start_that_fails_is_final(good_starts, error, message):
    servers = [*(StandIn() for _ in range(good_starts)), StandIn(error)]
    for server in servers:
        server.ended.set()
    waiting = iter(servers)
    with Supervised(lambda: next(waiting)) as supervised:
        wait_until(lambda: supervised.failure)
    assert str(supervised.failure) == message
