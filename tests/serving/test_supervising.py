"""A server that is started again, with a stand-in for TorchServe; `enface serve` is tested with the real one."""

import threading
import time

import pytest

from enface.errors import ServingError
from serving.supervising import Supervised


class StandIn:
    """Runs until it is stopped or ended."""

    def __init__(self, *, starts=True):
        self.starts = starts
        self.ended = threading.Event()
        self.stopped = False

    def __enter__(self):
        if not self.starts:
            raise ServingError("it cannot start")
        return self

    def __exit__(self, *_):
        self.stop()

    def wait(self):
        self.ended.wait()
        raise ServingError("TorchServe ended by itself")

    def stop(self):
        self.stopped = True
        self.ended.set()


def wait_until(condition):
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()


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


@pytest.mark.parametrize("good_starts", [0, 1])
def test_a_start_that_fails_is_final(good_starts):
    servers = [*(StandIn() for _ in range(good_starts)), StandIn(starts=False)]
    for server in servers:
        server.ended.set()
    waiting = iter(servers)
    with Supervised(lambda: next(waiting)) as supervised:
        wait_until(lambda: supervised.failure)
    assert str(supervised.failure) == "it cannot start"
